// SPDX-License-Identifier: Apache-2.0

package metayaml

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Outcome is what became of a key of a meta.yaml, or of a part of its value.
type Outcome string

const (
	// Converted is what the recipe says now.
	Converted Outcome = "converted"
	// Dropped is what is left out, with the reason.
	Dropped Outcome = "dropped"
	// Person is what somebody has to decide, complete or bring; the recipe has it as far as it can be said there.
	Person Outcome = "needs a person"
)

// Entry says what became of one key, or of a part of its value.
type Entry struct {
	Key     string  `json:"key"`             // "build.cflags"
	Line    int     `json:"line"`            // where it stands
	Value   string  `json:"value,omitempty"` // which part of the value this is about; empty: all of it
	Outcome Outcome `json:"outcome"`
	// Into is what of the recipe says it now: "build.cflags". Empty: nothing does.
	Into string `json:"into,omitempty"`
	Note string `json:"note,omitempty"`
	// Pyodide is set on what was dropped because it means something in Pyodide only: WebAssembly, and how Pyodide publishes.
	Pyodide bool `json:"pyodide,omitempty"`
}

// FileReport is what became of one meta.yaml.
type FileReport struct {
	File    string  `json:"file"`
	Recipe  string  `json:"recipe"`
	Keys    Counts  `json:"keys"`
	Entries []Entry `json:"entries"` // by line
}

// Counts counts keys by outcome. A key is what the worst of its parts is.
type Counts struct {
	Converted int `json:"converted"`
	Dropped   int `json:"dropped"`
	Person    int `json:"person"`
	Pyodide   int `json:"pyodide"` // of those dropped: without meaning elsewhere
}

func (c *Counts) add(d Counts) {
	c.Converted, c.Dropped, c.Person, c.Pyodide = c.Converted+d.Converted, c.Dropped+d.Dropped, c.Person+d.Person, c.Pyodide+d.Pyodide
}

func (c Counts) String() string {
	return fmt.Sprintf("%d converted, %d dropped, %d left to a person", c.Converted, c.Dropped, c.Person)
}

// count counts the keys of the entries.
func count(entries []Entry) Counts {
	parts := map[string][]Entry{}
	for _, e := range entries {
		parts[e.Key] = append(parts[e.Key], e)
	}
	var c Counts
	for _, of := range parts {
		has := func(is func(Entry) bool) bool { return slices.ContainsFunc(of, is) }
		switch {
		case has(func(e Entry) bool { return e.Outcome == Person }):
			c.Person++
		case has(func(e Entry) bool { return e.Outcome == Converted }):
			c.Converted++
		default:
			c.Dropped++
			if !has(func(e Entry) bool { return !e.Pyodide }) {
				c.Pyodide++
			}
		}
	}
	return c
}

// Report is what became of a tree of meta.yaml files.
type Report struct {
	Keys  Counts       `json:"keys"`
	Files []FileReport `json:"files"`
}

// JSON is the report for programs.
func (r Report) JSON() []byte {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		panic(err) // strings and numbers
	}
	return append(text, '\n')
}

// Text is the report for people: what they have to do first.
func (r Report) Text() string {
	var b strings.Builder
	for _, f := range r.Files {
		fmt.Fprintf(&b, "%s -> %s: %s\n", f.File, f.Recipe, f.Keys)
		for _, outcome := range []Outcome{Person, Dropped, Converted} {
			f.write(&b, outcome)
		}
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "%d files, %d keys: %s\n", len(r.Files), r.Keys.Converted+r.Keys.Dropped+r.Keys.Person, r.Keys)
	return b.String()
}

func (f FileReport) write(b *strings.Builder, outcome Outcome) {
	title := "  " + string(outcome) + ":\n"
	for _, e := range f.Entries {
		if e.Outcome != outcome {
			continue
		}
		fmt.Fprintf(b, "%s    line %d, %s", title, e.Line, e.Key)
		title = ""
		if e.Value != "" {
			fmt.Fprintf(b, " %s", e.Value)
		}
		if e.Into != "" {
			fmt.Fprintf(b, " -> %s", e.Into)
		}
		if e.Note != "" {
			fmt.Fprintf(b, ": %s", e.Note)
		}
		b.WriteByte('\n')
	}
}

// arrange sorts entries as their keys stand in the file; parts of a value keep the order in which they were met.
func arrange(entries []*Entry) []Entry {
	slices.SortStableFunc(entries, func(a, b *Entry) int { return cmp.Or(cmp.Compare(a.Line, b.Line), strings.Compare(a.Key, b.Key)) })
	sorted := make([]Entry, len(entries))
	for i, e := range entries {
		sorted[i] = *e
	}
	return sorted
}
