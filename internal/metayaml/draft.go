// SPDX-License-Identifier: Apache-2.0

package metayaml

import (
	"fmt"
	"slices"
	"strings"

	"crosswheel/internal/recipe"

	"github.com/hashicorp/hcl/v2/hclwrite"
)

// draft is a recipe on its way to be written.
type draft struct {
	kind    recipe.Kind
	name    string
	version string
	head    []string       // comment lines above everything
	items   map[word]*item // what it says
}

// item is one thing that a recipe says.
type item struct {
	// value is a string, int, bool, []string, map[string]string, map[string][]string, or nil for a block with nothing in it.
	// Strings have marks in them: see versionMark.
	value   any
	comment []string // lines above it
	entries []*Entry // what it came from
	refused string   // why it is a comment; empty: it is none

	first, last int // lines of the rendered text
}

// set says something, whatever was said before.
func (d *draft) set(w word, value any, from *Entry) *item {
	it := d.item(w, from)
	it.value = value
	return it
}

// add adds to a list.
func (d *draft) add(w word, values []string, from *Entry) *item {
	it := d.item(w, from)
	list, _ := it.value.([]string)
	for _, value := range values {
		if !slices.Contains(list, value) || w == wordCFlags || w == wordCXXFlags || w == wordLDFlags {
			list = append(list, value)
		}
	}
	it.value = list
	return it
}

// assign adds to a map.
func (d *draft) assign(w word, name string, value string, from *Entry) *item {
	it := d.item(w, from)
	values, _ := it.value.(map[string]string)
	if values == nil {
		values = map[string]string{}
	}
	values[name] = value
	it.value = values
	return it
}

func (d *draft) item(w word, from *Entry) *item {
	it := d.items[w]
	if it == nil {
		it = &item{}
		d.items[w] = it
	}
	it.entries = append(it.entries, from)
	from.Into = string(w)
	return it
}

// list is what a list has so far.
func (d *draft) list(w word) []string {
	if it := d.items[w]; it != nil {
		list, _ := it.value.([]string)
		return list
	}
	return nil
}

// render writes the recipe, formatted, and notes the lines of its items.
func (d *draft) render() []byte {
	p := printer{line: 1}
	p.comment(d.head)
	p.write("%s %s {\n", d.kind, quote(d.name))
	d.block(&p, "")
	p.write("}\n")
	return hclwrite.Format([]byte(p.text.String()))
}

// block writes what is in a block of the recipe, and the blocks in it.
func (d *draft) block(p *printer, in string) {
	var inner []string
	for _, w := range order {
		rest, ok := strings.CutPrefix(string(w), in)
		it := d.items[w]
		if !ok || it == nil && w != wordSHA256 {
			continue
		}
		if name, _, deeper := strings.Cut(rest, "."); deeper {
			if !slices.Contains(inner, name) {
				inner = append(inner, name)
			}
			continue
		}
		p.item(rest, it)
	}
	for _, name := range inner {
		p.blank()
		header := name
		if name == "version" {
			header += " " + quote(d.version)
			if d.items[wordSHA256] == nil {
				p.write("%s {}\n", header)
				continue
			}
		}
		p.write("%s {\n", header)
		d.block(p, in+name+".")
		p.write("}\n")
	}
}

// printer counts the lines that it writes.
type printer struct {
	text strings.Builder
	line int
}

func (p *printer) write(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	p.line += strings.Count(text, "\n")
	p.text.WriteString(text)
}

func (p *printer) comment(lines []string) {
	for _, line := range lines {
		p.write("%s\n", strings.TrimRight("# "+visible(line), " "))
	}
}

// blank sets blocks apart.
func (p *printer) blank() {
	if !strings.HasSuffix(p.text.String(), "{\n") {
		p.write("\n")
	}
}

// item writes one, or its comment.
func (p *printer) item(name string, it *item) {
	if it == nil {
		return
	}
	it.first = p.line
	defer func() { it.last = p.line - 1 }()
	p.comment(it.comment)
	text := name + " {}"
	if it.value != nil {
		text = name + " = " + expression(it.value)
	}
	if it.refused == "" {
		p.write("%s\n", text)
		return
	}
	p.comment([]string{it.refused})
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		p.write("%s\n", strings.TrimRight("# "+line, " \r"))
	}
}

// visible is a line of text without what would end a comment or hide in it.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\u0085' || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s)
}
