// SPDX-License-Identifier: Apache-2.0

package step

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Mistake is a failure of a step that a line of the recipe is to blame for. As text it is for people who read a log, and the pipeline finds it
// there again ([FindMistake]) to say it at that line.
type Mistake struct {
	At      string // an attribute or a block of the recipe: "source.patches"
	Item    int    // which element of a list; -1: the whole value
	Summary string // in a few words, without a colon
	Detail  string // what is wrong, and what to do; all that follows in the log belongs to it
}

func (m *Mistake) Error() string {
	at := m.At
	if m.Item >= 0 {
		at += fmt.Sprintf("[%d]", m.Item)
	}
	return fmt.Sprintf("the recipe's %s: %s\n%s", at, m.Summary, m.Detail)
}

// mistake blames a whole value.
func mistake(at, summary, detail string, args ...any) error {
	return &Mistake{at, -1, summary, fmt.Sprintf(detail, args...)}
}

var mistakePattern = regexp.MustCompile(`(?s)(?:^|\n)the recipe's ([a-z0-9_.]+)(?:\[(\d+)\])?: ([^\n]+)\n(.*)`)

// FindMistake finds a mistake in what a step has printed.
func FindMistake(log string) (Mistake, bool) {
	found := mistakePattern.FindStringSubmatch(log)
	if found == nil {
		return Mistake{}, false
	}
	item := -1
	if found[2] != "" {
		item, _ = strconv.Atoi(found[2]) // digits
	}
	return Mistake{found[1], item, found[3], strings.TrimSpace(found[4])}, true
}
