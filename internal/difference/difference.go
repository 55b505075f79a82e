// SPDX-License-Identifier: Apache-2.0

// Package difference says where the results of two builds differ, in terms that a person understands: the file in the
// wheel, the section of an ELF file, the offset and the symbol there, the line of a text; and, from what is known of the
// circumstances of both builds, what it looks like and what can be done about it.
//
// It is not for judging wheels: what both builds have in common is nothing to it.
package difference

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Circumstances are what is known of the circumstances of a build. What is empty is not looked for.
type Circumstances struct {
	Folder string // where the source lay
	Home   string
	User   string
	UserID string
	Host   string
	Epoch  time.Time // SOURCE_DATE_EPOCH
	// From and To are what the clock said when the build began and ended.
	From, To time.Time
}

// Finding is one difference.
type Finding struct {
	// Where is the place, from the outside in: a wheel, a file in it, a section and offset of that.
	Where []string
	// What differs, where it is not the bytes at that place.
	What string `json:",omitempty"`
	// Usual and Unlike are what is there in the first and in the second result.
	Usual  string `json:",omitempty"`
	Unlike string `json:",omitempty"`
	// Cause is what it looks like, Cure what can be done about it. They are guesses.
	Cause string `json:",omitempty"`
	Cure  string `json:",omitempty"`
}

// recognised says that the cause is one of the circumstances, and not only guessed from how the difference looks.
func (f Finding) recognised() bool {
	return f.Cause != "" && f.Cause != orderCause && f.Cause != unknownCause
}

// most is how many differences are told.
const most = 40

// Compare compares two folders. Times and owners of the files themselves are not compared, and of their modes only whether they can be run.
func Compare(usual, unlike fs.FS, of, against Circumstances) ([]Finding, error) {
	c := &comparer{usual: of, unlike: against}
	if err := c.folders(usual, unlike); err != nil {
		return nil, err
	}
	if more := len(c.findings) - most; more > 0 {
		c.findings = append(c.findings[:most], Finding{What: fmt.Sprintf("There are %d more differences.", more)})
	}
	return c.findings, nil
}

// comparer collects what differs.
type comparer struct {
	usual, unlike Circumstances
	findings      []Finding
}

func (c *comparer) add(f Finding) { c.findings = append(c.findings, f) }

// place is where, and what is within.
func place(where []string, within ...string) []string { return slices.Concat(where, within) }

// folders compares all files of two folders.
func (c *comparer) folders(a, b fs.FS) error {
	usual, err := files(a)
	if err != nil {
		return err
	}
	unlike, err := files(b)
	if err != nil {
		return err
	}
	c.rename(usual, unlike)
	for _, name := range inBoth(c, nil, usual, unlike) {
		if err := c.file(name, usual[name], unlike[name]); err != nil {
			return err
		}
	}
	return nil
}

// file is one of a folder.
type file struct {
	from fs.FS
	name string
	mode fs.FileMode
}

// files are those of a folder, by name.
func files(from fs.FS) (map[string]file, error) {
	found := map[string]file{}
	err := fs.WalkDir(from, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		found[name] = file{from, name, info.Mode()}
		return nil
	})
	return found, err
}

// rename gives the only wheel of one folder the name of the other's, so that they are compared.
func (c *comparer) rename(usual, unlike map[string]file) {
	a, b := wheels(usual), wheels(unlike)
	if len(a) != 1 || len(b) != 1 || a[0] == b[0] {
		return
	}
	cause, cure := c.known([]byte(a[0]), []byte(b[0]))
	c.add(Finding{What: "The wheels have different names.", Usual: a[0], Unlike: b[0], Cause: cause, Cure: cure})
	unlike[a[0]] = unlike[b[0]]
	delete(unlike, b[0])
}

func wheels(files map[string]file) []string {
	return slices.Collect(func(yield func(string) bool) {
		for name := range files {
			if path.Ext(name) == ".whl" && !yield(name) {
				return
			}
		}
	})
}

// inBoth reports what only one of two has, and returns the names that both have, in order.
func inBoth[V any](c *comparer, where []string, usual, unlike map[string]V) []string {
	less := func(a, b map[string]V) []string {
		return slices.DeleteFunc(slices.Sorted(maps.Keys(a)), func(name string) bool { _, ok := b[name]; return ok })
	}
	c.missing(where, less(usual, unlike), less(unlike, usual))
	return slices.DeleteFunc(slices.Sorted(maps.Keys(usual)), func(name string) bool { _, ok := unlike[name]; return !ok })
}

// own gives things names that each has for itself: the second "a" becomes "a (2.)".
type own map[string]int

func (o own) name(name string) string {
	if o[name]++; o[name] > 1 {
		return o.name(fmt.Sprintf("%s (%d.)", name, o[name]))
	}
	return name
}

// missing reports the names that only one of two has.
func (c *comparer) missing(where []string, usual, unlike []string) {
	for i := range max(len(usual), len(unlike)) {
		switch {
		case i < len(usual) && i < len(unlike):
			cause, cure := c.known([]byte(usual[i]), []byte(unlike[i]))
			c.add(Finding{Where: where, What: "Each has a file that the other has not.", Usual: usual[i], Unlike: unlike[i], Cause: cause, Cure: cure})
		case i < len(usual):
			c.add(Finding{Where: place(where, usual[i]), What: "Only the usual build made it.", Cause: onlyCause, Cure: onlyCure})
		default:
			c.add(Finding{Where: place(where, unlike[i]), What: "Only the unlike build made it.", Cause: onlyCause, Cure: onlyCure})
		}
	}
}

const (
	onlyCause = "The build leaves it out, or makes it, depending on its circumstances."
	onlyCure  = "See in the logs of both builds why."
)

// file compares two files of one name.
func (c *comparer) file(name string, a, b file) error {
	switch {
	case a.mode.Type() != b.mode.Type():
		c.add(Finding{Where: []string{name}, What: "One is a link and one is not.", Usual: a.mode.String(), Unlike: b.mode.String()})
		return nil
	case a.mode&fs.ModeSymlink != 0:
		to, err := fs.ReadLink(a.from, a.name)
		other, err2 := fs.ReadLink(b.from, b.name)
		if to != other {
			cause, cure := c.known([]byte(to), []byte(other))
			c.add(Finding{Where: []string{name}, What: "The links lead elsewhere.", Usual: to, Unlike: other, Cause: cause, Cure: cure})
		}
		return errors.Join(err, err2)
	case a.mode&0o100 != b.mode&0o100:
		c.add(Finding{Where: []string{name}, What: "Only one of them can be run.", Usual: a.mode.String(), Unlike: b.mode.String(), Cause: "The umask, if it is the mode that differs.",
			Cure: "Let the build set the mode that it means (install -m)."})
	}
	usual, err := fs.ReadFile(a.from, a.name)
	if err != nil {
		return err
	}
	unlike, err := fs.ReadFile(b.from, b.name)
	if err != nil {
		return err
	}
	c.contents([]string{name}, usual, unlike)
	return nil
}

// contents compares two files by what they are.
func (c *comparer) contents(where []string, a, b []byte) {
	both := func(magic string) bool { return bytes.HasPrefix(a, []byte(magic)) && bytes.HasPrefix(b, []byte(magic)) }
	switch {
	case bytes.Equal(a, b):
	case both("PK\x03\x04") && c.zips(where, a, b):
	case both(arMagic) && c.archives(where, a, b):
	case both("\x7fELF") && c.objects(where, a, b):
	case isText(a) && isText(b):
		c.texts(where, string(a), string(b))
	default:
		c.bytes(a, b, func(offset int) []string { return place(where, fmt.Sprintf("offset %#x", offset)) })
	}
}

func isText(data []byte) bool {
	control := func(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) }
	return utf8.Valid(data) && !bytes.ContainsFunc(data, control)
}

// Text is findings as people read them.
func Text(findings []Finding) string {
	var b strings.Builder
	line := func(name, text string) {
		if text != "" {
			fmt.Fprintf(&b, "    %-7s %s\n", name, strings.ReplaceAll(text, "\n", "\n            "))
		}
	}
	for _, f := range findings {
		if len(f.Where) > 0 {
			fmt.Fprintf(&b, "  %s\n", strings.Join(f.Where, " > "))
		}
		line("what", f.What)
		line("usual", f.Usual)
		line("unlike", f.Unlike)
		line("cause", f.Cause)
		line("cure", f.Cure)
	}
	return b.String()
}
