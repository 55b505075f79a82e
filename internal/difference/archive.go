// SPDX-License-Identifier: Apache-2.0

package difference

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
)

// largest is how much of a member of an archive is read: 512 MiB.
const largest = 512 << 20

// member is one of an archive.
type member struct {
	name string
	data []byte
	info string // what the archive says of it besides
}

// zips compares two zip archives, wheels above all; false if one of them is none.
func (c *comparer) zips(where []string, a, b []byte) bool {
	usual, err := zipMembers(a)
	if err != nil {
		return false
	}
	unlike, err := zipMembers(b)
	if err != nil {
		return false
	}
	c.members(where, usual, unlike)
	return true
}

func zipMembers(data []byte) ([]member, error) {
	reader, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	var members []member
	left := int64(largest)
	for _, f := range reader.File {
		opened, err := f.Open()
		if err != nil {
			return nil, err
		}
		text, err := io.ReadAll(io.LimitReader(opened, left))
		if left -= int64(len(text)); err != nil {
			return nil, err
		}
		info := fmt.Sprintf("%v, %s, method %d, flags %#x, made by %#x", f.Mode(), f.Modified.UTC().Format("2006-01-02 15:04:05"), f.Method, f.Flags, f.CreatorVersion)
		members = append(members, member{f.Name, text, info})
	}
	return members, nil
}

const arMagic = "!<arch>\n"

// archives compares two static libraries; false if one of them is none.
func (c *comparer) archives(where []string, a, b []byte) bool {
	usual, ok := arMembers(a)
	unlike, ok2 := arMembers(b)
	if !ok || !ok2 {
		return false
	}
	c.members(where, usual, unlike)
	return true
}

// arMembers reads the archives that GNU's ar writes. Its index of symbols is left out: it follows from the members.
func arMembers(data []byte) ([]member, bool) {
	const header = 60
	var members []member
	var long []byte
	for at := len(arMagic); at+header <= len(data); {
		h := data[at : at+header]
		size, err := strconv.Atoi(strings.TrimSpace(string(h[48:58])))
		at += header
		if err != nil || size < 0 || size > len(data)-at || string(h[58:]) != "`\n" {
			return nil, false
		}
		content := data[at : at+size]
		at += size + size%2
		name := strings.TrimRight(string(h[:16]), " ")
		switch {
		case name == "/" || name == "/SYM64/":
			continue
		case name == "//":
			long = content
			continue
		case strings.HasPrefix(name, "/"):
			from, err := strconv.Atoi(name[1:])
			if err != nil || from < 0 || from > len(long) {
				return nil, false
			}
			name, _, _ = strings.Cut(string(long[from:]), "\n")
		}
		info := fmt.Sprintf("time %s, owner %s, group %s, mode %s", bytes.TrimSpace(h[16:28]), bytes.TrimSpace(h[28:34]), bytes.TrimSpace(h[34:40]), bytes.TrimSpace(h[40:48]))
		members = append(members, member{strings.TrimSuffix(name, "/"), content, info})
	}
	return members, true
}

// members compares those of two archives: which there are, in which order, and each.
func (c *comparer) members(where []string, usual, unlike []member) {
	before := len(c.findings)
	a, b := number(usual), number(unlike)
	both := inBoth(c, where, a.members, b.members)
	kept := func(all []string, other map[string]member) []string {
		return slices.DeleteFunc(slices.Clone(all), func(name string) bool { _, ok := other[name]; return !ok })
	}
	if x, y := kept(a.order, b.members), kept(b.order, a.members); !slices.Equal(x, y) {
		c.add(Finding{Where: where, What: "The members are in another order.", Usual: some(strings.Join(x, "\n")), Unlike: some(strings.Join(y, "\n")), Cause: orderCause, Cure: orderCure})
	}
	differing := map[string]bool{}
	var records []string
	for _, name := range both {
		x, y := a.members[name], b.members[name]
		if x.info != y.info {
			cause, cure := c.known([]byte(x.info), []byte(y.info))
			c.add(Finding{Where: place(where, name), What: "The archive says other things of it.", Usual: x.info, Unlike: y.info, Cause: cause, Cure: cure})
		}
		if differing[name] = !bytes.Equal(x.data, y.data); differing[name] && isRecord(name) {
			records = append(records, name)
			continue
		}
		c.contents(place(where, name), x.data, y.data)
	}
	for _, name := range records { // the lines about what differs follow from that
		c.contents(place(where, name), undisputed(a.members[name].data, differing), undisputed(b.members[name].data, differing))
	}
	if len(c.findings) == before {
		c.add(Finding{Where: where, What: "All members are the same; the archives were written in other ways.", Cause: unknownCause, Cure: unknownCure})
	}
}

func isRecord(name string) bool {
	return path.Base(name) == "RECORD" && strings.HasSuffix(path.Dir(name), ".dist-info")
}

// undisputed is a RECORD in which the lines of files that differ, or are not in both, are empty.
func undisputed(record []byte, differing map[string]bool) []byte {
	var kept []string
	for line := range strings.Lines(string(record)) {
		name := line[:max(strings.LastIndex(line, ",sha256="), 0)]
		if different, both := differing[strings.Trim(name, `"`)]; both && !different {
			kept = append(kept, line)
		} else {
			kept = append(kept, "\n")
		}
	}
	return []byte(strings.Join(kept, ""))
}

// numbered are members by names that each has for itself: an archive may have several of one name.
type numbered struct {
	members map[string]member
	order   []string
}

func number(members []member) numbered {
	n, names := numbered{members: map[string]member{}}, own{}
	for _, m := range members {
		name := names.name(m.name)
		n.members[name] = m
		n.order = append(n.order, name)
	}
	return n
}
