// SPDX-License-Identifier: Apache-2.0

package metayaml

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"crosswheel/internal/recipe"
	"crosswheel/internal/wheel"
)

// Conversion is a recipe made of a meta.yaml.
type Conversion struct {
	Folder string            // what the recipe's folder has to be called
	Recipe []byte            // the text of recipe.hcl
	Beside map[string][]byte // files that the recipe names, found beside the meta.yaml: patches, extras
	Report FileReport
}

// Convert makes a recipe of a meta.yaml. Positions call the file name; beside is the folder that it is in, for patches and other files
// that it names, or nil. Only what is no meta.yaml at all is an error, which begins with name and the line.
func Convert(name string, src []byte, beside fs.FS) (*Conversion, error) {
	keys, err := read(name, src)
	if err != nil {
		return nil, err
	}
	c := &converter{
		draft:  &draft{kind: recipe.Package, items: map[word]*item{}},
		beside: beside,
		files:  map[string][]byte{},
		absent: map[string]bool{},

		remarked: map[string]bool{},
	}
	if err := c.identify(name, keys); err != nil {
		return nil, err
	}
	for _, rule := range rules {
		for _, k := range keys {
			if k.path == rule.key {
				c.convert(k, rule.convert)
			}
		}
	}
	for _, k := range keys {
		if !slices.ContainsFunc(rules, func(r rule) bool { return r.key == k.path }) {
			c.convert(k, (*converter).unknown)
		}
	}
	c.complete()
	text := c.accepted()
	folder := wheel.NormalizeProject(c.draft.name)
	entries := arrange(c.entries)
	return &Conversion{
		Folder: folder,
		Recipe: text,
		Beside: c.files,
		Report: FileReport{File: name, Recipe: path.Join("recipes", folder, "recipe.hcl"), Keys: count(entries), Entries: entries},
	}, nil
}

// converter is a conversion on its way.
type converter struct {
	draft   *draft
	entries []*Entry
	beside  fs.FS
	files   map[string][]byte
	absent  map[string]bool // files that the recipe names and that were not beside the meta.yaml
	lost    []string        // comments about what the recipe does not say

	remarked map[string]bool // keys whose comments are in the recipe
}

// identify learns what everything else depends on: which recipe this is, and what kind of one.
func (c *converter) identify(file string, keys []key) error {
	for _, k := range keys {
		text, _ := k.text()
		switch k.path {
		case "package.name":
			c.draft.name = text
		case "package.version":
			c.draft.version = normalVersion(text)
		case "build.type":
			if text == "static_library" || text == "shared_library" {
				c.draft.kind = recipe.Library
			}
		case "build.library", "build.sharedlibrary": // what build.type was in its first years
			if yes, _ := k.truth(); yes {
				c.draft.kind = recipe.Library
			}
		}
	}
	for name, value := range map[string]string{"package.name": c.draft.name, "package.version": c.draft.version} {
		if value == "" {
			return fmt.Errorf("%s:1: %s is missing, and no recipe is without: this is no meta.yaml of Pyodide's", file, name)
		}
	}
	if wheel.NormalizeProject(c.draft.name) != strings.Trim(wheel.NormalizeProject(c.draft.name), "-") || strings.ContainsAny(c.draft.name, "/\\\x00") {
		return fmt.Errorf("%s:1: package.name is %q, which no folder of recipes can have", file, c.draft.name)
	}
	return nil
}

// convert applies a rule. What a rule says nothing of is not lost either.
func (c *converter) convert(k key, convert func(*converter, key)) {
	if k.isEmpty() {
		c.entry(k, Dropped, "it says nothing")
		return
	}
	before := len(c.entries)
	convert(c, k)
	if len(c.entries) == before { // comments, where a script or flags are expected
		c.entry(k, Dropped, "it says nothing")
		c.lost = append(c.lost, k.comment...)
	}
}

// entry reports what became of a key. Part is about a part of its value.
func (c *converter) entry(k key, outcome Outcome, note string, args ...any) *Entry {
	e := &Entry{Key: k.path, Line: k.line, Outcome: outcome, Note: fmt.Sprintf(note, args...)}
	c.entries = append(c.entries, e)
	return e
}

// pyodide drops what means something in Pyodide only.
func (c *converter) pyodide(k key, part, reason string) {
	e := c.entry(k, Dropped, "%s", reason)
	e.Value, e.Pyodide = part, true
}

// person leaves a key, or a part of it, to a person.
func (c *converter) person(k key, part, note string, args ...any) *Entry {
	e := c.entry(k, Person, note, args...)
	e.Value = part
	return e
}

// keep leaves a key whose value the recipe can not say to a person, and keeps the value in a comment.
func (c *converter) keep(k key, note string, args ...any) {
	e := c.person(k, "", note, args...)
	lines := strings.Split(k.written(), "\n")
	if len(lines) == 1 {
		c.lost = append(c.lost, fmt.Sprintf("%s: %s (%s)", k.path, lines[0], e.Note))
		return
	}
	c.lost = append(append(c.lost, fmt.Sprintf("%s (%s):", k.path, e.Note)), lines...)
}

// say sets what the recipe says.
func (c *converter) say(k key, w word, value any) *Entry {
	e := c.entry(k, Converted, "")
	c.remark(c.draft.set(w, value, e), k)
	return e
}

// remark takes the comments of a key along, once.
func (c *converter) remark(it *item, k key) {
	if !c.remarked[k.path] {
		it.comment = append(it.comment, k.comment...)
	}
	c.remarked[k.path] = true
}

func (c *converter) isLibrary() bool { return c.draft.kind == recipe.Library }

// complete adds what every recipe has to say and no meta.yaml says.
func (c *converter) complete() {
	if c.isLibrary() {
		c.draft.items[wordExports] = &item{value: []string{"include/**", "lib/**"}, comment: []string{"All of it. Name less where dependants need less."}}
	}
	if c.draft.items[wordSHA256] == nil && c.draft.items[wordPath] == nil {
		c.draft.items[wordSHA256] = &item{value: "", comment: []string{"Fetching prints the actual one."}}
	}
	c.draft.head = c.lost
}

// accepted is the text of the recipe, in which all that this program's language refuses is a comment.
func (c *converter) accepted() []byte {
	for {
		text := c.draft.render()
		problems := c.problems(text)
		progress := false
		for _, p := range problems {
			progress = c.refuse(p) || progress
		}
		if !progress {
			for _, p := range problems {
				c.leave(p)
			}
			return text
		}
	}
}
