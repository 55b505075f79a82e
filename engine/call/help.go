// SPDX-License-Identifier: Apache-2.0

package call

import (
	"fmt"
	"go/doc"
	"io"
	"strings"
)

const exitCodeHelp = "0 success, 1 a function failed, 2 wrong command line (nothing was run), 128+N ended by signal N."

// usage adds to err, which is about the last step of l, where to read more.
func (p *program) usage(l *line, err error) error {
	return fmt.Errorf("%w\nRun '%s --help' for usage", err, p.path(l))
}

// path is the line up to its last function, without arguments.
func (p *program) path(l *line) string {
	words := []string{p.name}
	for _, s := range l.steps[1:] {
		words = append(words, s.name)
	}
	return strings.Join(words, " ")
}

// writeHelp prints the help on the last step of l.
func (p *program) writeHelp(w io.Writer, l *line) {
	f := l.last().function
	text, usage := f.doc, p.path(l)+" [options]"
	if f == p.constructor {
		text = p.doc
	}
	if len(f.arguments) > 0 {
		usage += " [arguments]"
	}
	switch {
	case f == p.constructor:
		usage += " <function>"
	case f.object != nil:
		usage += " [function]"
	}
	if text != "" {
		fmt.Fprintf(w, "%s\n\n", text)
	}
	fmt.Fprintf(w, "USAGE\n  %s\n", usage)
	if f.object != nil {
		var rows []row
		for _, next := range f.object.functions {
			rows = append(rows, row{next.name, new(doc.Package).Synopsis(next.doc)})
		}
		writeRows(w, "FUNCTIONS", rows)
	}
	writeRows(w, "ARGUMENTS", flagRows(f.arguments))
	writeRows(w, "OPTIONS", flagRows(globals))
	if f == p.constructor {
		fmt.Fprintf(w, "\nEXIT CODES\n  %s\n", exitCodeHelp)
	}
}

// A row is a name and what it means.
type row struct{ name, meaning string }

func flagRows(arguments []*argument) []row {
	var rows []row
	for _, a := range arguments {
		name := "    --" + a.flag
		if a.short != "" {
			name = "-" + a.short + ", --" + a.flag
		}
		if t := typeName(a.typ); t != "bool" {
			name += " " + t
		}
		meaning := a.doc
		switch {
		case a.fallback != nil:
			meaning += fmt.Sprintf(" (default %s)", *a.fallback)
		case a.path != "":
			meaning += fmt.Sprintf(" (default: %s of the project)", a.path)
		}
		if a.required() {
			meaning += " [required]"
		}
		rows = append(rows, row{name, strings.TrimSpace(meaning)})
	}
	return rows
}

const helpWidth = 100

// writeRows prints a headed table of two columns, the second one wrapped.
func writeRows(w io.Writer, heading string, rows []row) {
	if len(rows) == 0 {
		return
	}
	column := 0
	for _, r := range rows {
		column = max(column, len(r.name)+4)
	}
	fmt.Fprintf(w, "\n%s\n", heading)
	for _, r := range rows {
		for i, text := range wrap(r.meaning, helpWidth-column) {
			name := ""
			if i == 0 {
				name = r.name
			}
			fmt.Fprintln(w, strings.TrimRight(fmt.Sprintf("  %-*s%s", column-2, name, text), " "))
		}
	}
}

// wrap breaks text into lines of width, at least one; it does not keep the line breaks of text.
func wrap(text string, width int) []string {
	lines := []string{""}
	for _, word := range strings.Fields(text) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = word
		case len(*last)+1+len(word) <= width:
			*last += " " + word
		default:
			lines = append(lines, word)
		}
	}
	return lines
}
