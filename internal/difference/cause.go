// SPDX-License-Identifier: Apache-2.0

package difference

import (
	"encoding/binary"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Guesses at causes, with their cures.
const (
	pathCause = "The folder in which it was built. The compilers leave it out of what they write; something else writes it, such as os.getcwd(), " +
		"__file__ or the shell's $PWD while building, or a path that configure or CMake puts into a header."
	pathCure = `Take it out with a patch, or name a fixed path in its place; in a text of a wheel, by post = "sed -i \"s,$CROSSWHEEL_BUILD/,,\" FILE".`

	homeCause = "The home folder of the user who built it."
	userCause = "The user who built it."
	userCure  = "Take it out with a patch; a variable such as USER or LOGNAME may do, in the recipe's env."

	hostCause = "The name of the machine on which it was built."
	hostCure  = "Take it out with a patch, or tell the build another name: many take HOST or HOSTNAME from the recipe's env."

	temporaryCause = "A file's name in /tmp that is another one each time."
	temporaryCure  = "Let the build use a name of its own below its folder."

	macroCause = "A date as SOURCE_DATE_EPOCH says it. That variable is the same for every build that is published, but the date says nothing then; __DATE__ and __TIME__ of a compiler are such dates."
	macroCure  = `Take the date out with a patch, or give it a value: cflags = ["-Wno-builtin-macro-redefined", "-D__DATE__=\"\"", "-D__TIME__=\"\""]. ` +
		`Where it may stay, let the recipe say which it is: env = { SOURCE_DATE_EPOCH = "315532800" }.`

	clockCause = "What the clock said when it was built."
	clockCure  = "Take it out with a patch, or let the build ask SOURCE_DATE_EPOCH in the clock's place."

	orderCause = "The same in another order, as of a folder's files as they come (os.listdir, glob, find), of a set or a dict that was made of one, of a random order, or of jobs that end in another order."
	orderCure  = "Sort it with a patch where it is made. If it is the order of jobs: jobs = 1."

	unknownCause = "Nothing of what was changed is recognised in it. It may be a random number, a process id, an address, or follow from another difference."
	unknownCure  = "Look for what writes it: grep for random, uuid, getpid, time and hash in the source, and compare the logs of both builds."
)

// known are the causes of a difference in which something is recognised of the circumstances under which each was built, a line for each.
func (c *comparer) known(usual, unlike []byte) (cause, cure string) {
	a, b := string(usual), string(unlike)
	both := func(x, y string) bool { // each is on its side, and not just in what both have in common
		return x != "" && y != "" && strings.Contains(a, x) && strings.Contains(b, y) && (strings.Count(a, x) != strings.Count(b, x) || strings.Count(a, y) != strings.Count(b, y))
	}
	home := func(c Circumstances) string {
		if c.Home == "" {
			return ""
		}
		return c.Home + "/"
	}
	timed := func(from, to, otherFrom, otherTo time.Time) bool {
		return says(from, to, a) && says(otherFrom, otherTo, b) || counts(from, to, usual) && counts(otherFrom, otherTo, unlike)
	}
	var causes, cures []string
	add := func(is bool, cause, cure string) {
		if is {
			causes, cures = append(causes, cause), append(cures, cure)
		}
	}
	one := func(name string) bool { return name != "" && strings.Count(a, name) != strings.Count(b, name) }
	add(one(c.usual.Folder) || one(c.unlike.Folder), pathCause, pathCure) // some tools drop the one that they know
	add(both(c.usual.Host, c.unlike.Host), hostCause, hostCure)
	add(both(c.usual.User, c.unlike.User) || both(c.usual.UserID, c.unlike.UserID), userCause, userCure)
	add(both(home(c.usual), home(c.unlike)), homeCause, userCure)
	add(timed(c.usual.Epoch, c.usual.Epoch, c.unlike.Epoch, c.unlike.Epoch), macroCause, macroCure)
	add(timed(c.usual.From, c.usual.To, c.unlike.From, c.unlike.To), clockCause, clockCure)
	if len(causes) == 0 {
		add(temporary(a) != temporary(b) && temporary(a) != "" && temporary(b) != "", temporaryCause, temporaryCure)
		add(isDate(a, b), clockCause, clockCure)
	}
	return strings.Join(causes, "\n"), strings.Join(cures, "\n")
}

var temporaryPattern = regexp.MustCompile(`/tmp/[^/\s"']*[A-Za-z0-9_]{6}`)

func temporary(text string) string { return temporaryPattern.FindString(text) }

// dates are the ways in which days are written, the most telling first.
var dates = []string{
	"Jan _2 2006", "Jan 02 2006", "Jan 2, 2006", "2006-01-02", "20060102", "2006/01/02", "2006.01.02", "01/02/2006", "02/01/2006", "01/02/06", "02.01.2006", "2 Jan 2006", "02 Jan 2006",
	"02-Jan-2006", "January 2, 2006", "2 January 2006", "Mon Jan _2", "Jan 2006", "2006",
}

// says says whether a text has a day between two times, in UTC or a zone near to it.
func says(from, to time.Time, text string) bool {
	if from.IsZero() {
		return false
	}
	for day := from.Add(-6 * time.Hour); ; day = day.Add(24 * time.Hour) {
		if last := to.Add(6 * time.Hour); day.After(last) {
			day = last
		}
		for _, layout := range dates {
			if strings.Contains(text, day.UTC().Format(layout)) {
				return true
			}
		}
		if !day.Before(to) {
			return false
		}
	}
}

var (
	digits      = regexp.MustCompile(`[0-9]{9,}`)
	timePattern = regexp.MustCompile(`\b[0-2][0-9]:[0-5][0-9](:[0-6][0-9])?\b`)
	dayPattern  = regexp.MustCompile(`\b(19|20)[0-9][0-9][-/.]?[01][0-9][-/.]?[0-3][0-9]\b|\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* +[0-3]?[0-9],? `)
)

// isDate says whether two texts have different dates or times of the day.
func isDate(a, b string) bool {
	for _, pattern := range []*regexp.Regexp{timePattern, dayPattern} {
		if x, y := pattern.FindString(a), pattern.FindString(b); x != "" && y != "" && x != y {
			return true
		}
	}
	return false
}

// counts says whether there is a number of seconds since 1970 between two times, as text or as a number of 32 or 64 bits.
func counts(from, to time.Time, data []byte) bool {
	if from.IsZero() {
		return false
	}
	within := func(seconds int64) bool { return seconds >= from.Unix() && seconds <= to.Unix() }
	for _, number := range digits.FindAllString(string(data), -1) {
		for _, length := range []int{10, 9} { // what follows are milliseconds and the like
			if length <= len(number) {
				if seconds, err := strconv.ParseInt(number[:length], 10, 64); err == nil && within(seconds) {
					return true
				}
			}
		}
	}
	for i := 0; i+4 <= len(data) && i < 4*around; i++ {
		if within(int64(binary.LittleEndian.Uint32(data[i:]))) {
			return true
		}
	}
	return false
}
