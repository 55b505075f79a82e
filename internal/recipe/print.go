// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	wordwrap "github.com/mitchellh/go-wordwrap"
	"github.com/zclconf/go-cty/cty"
)

// snippetLines is how many lines of a long subject are shown.
const snippetLines = 4

// WriteDiagnostics writes diagnostics for people, with the lines of the files that they are about. It keeps to the style of hcl's own
// writer and adds what that one leaves out: the column, in a form that editors can follow, and a mark under the subject without colour.
// A width of 0 does not wrap.
func WriteDiagnostics(w io.Writer, files map[string]*hcl.File, diags hcl.Diagnostics, color bool, width uint) error {
	for i, diag := range diags {
		p := printer{color: color, width: width}
		if i > 0 {
			p.text.WriteByte('\n')
		}
		p.diagnostic(files, diag)
		if _, err := w.Write(p.text.Bytes()); err != nil {
			return fmt.Errorf("writing diagnostics: %w", err)
		}
	}
	return nil
}

// printer renders one diagnostic.
type printer struct {
	text  bytes.Buffer
	color bool
	width uint
}

func (p *printer) diagnostic(files map[string]*hcl.File, diag *hcl.Diagnostic) {
	severity, code := "Error", "31"
	if diag.Severity == hcl.DiagWarning {
		severity, code = "Warning", "33"
	}
	fmt.Fprintf(&p.text, "%s: %s\n\n", p.paint("1;"+code, severity), p.paint("1", diag.Summary))
	if at := diag.Subject; at != nil {
		p.place(files[at.Filename], *at)
		p.snippet(files[at.Filename], *at, code)
		p.values(diag)
	}
	if diag.Detail != "" {
		fmt.Fprintln(&p.text, p.wrap(diag.Detail))
	}
}

// place writes where the subject is, and the block around it, as hcl names it.
func (p *printer) place(file *hcl.File, at hcl.Range) {
	fmt.Fprintf(&p.text, "  %s:%d:%d", at.Filename, at.Start.Line, at.Start.Column)
	if file != nil {
		if nav, ok := file.Nav.(interface{ ContextString(offset int) string }); ok {
			if block := nav.ContextString(at.Start.Byte); block != "" {
				fmt.Fprintf(&p.text, ", in %s", block)
			}
		}
	}
	p.text.WriteString(":\n")
}

// snippet writes the subject's lines, and marks it where it lies within one line.
func (p *printer) snippet(file *hcl.File, at hcl.Range, code string) {
	if file == nil {
		p.text.WriteByte('\n')
		return
	}
	lines := strings.Split(string(file.Bytes), "\n")
	last := at.End.Line
	if at.End.Column == 1 && last > at.Start.Line {
		last-- // it ends with the line before
	}
	for n := at.Start.Line; n <= min(last, at.Start.Line+snippetLines-1, len(lines)); n++ {
		fmt.Fprintf(&p.text, "%4d: %s\n", n, strings.TrimSuffix(lines[n-1], "\r"))
	}
	if at.Start.Line == at.End.Line && at.Start.Line <= len(lines) {
		before := file.Bytes[:min(at.Start.Byte, len(file.Bytes))]
		before = before[bytes.LastIndexByte(before, '\n')+1:]
		mark := strings.Repeat("^", max(at.End.Column-at.Start.Column, 1))
		fmt.Fprintf(&p.text, "      %s%s\n", blank(string(before)), p.paint(code, mark))
	}
	p.text.WriteByte('\n')
}

// values writes what the variables of a failed expression stood for: the same expression may be fine for another version or target.
func (p *printer) values(diag *hcl.Diagnostic) {
	if diag.Expression == nil || diag.EvalContext == nil {
		return
	}
	known := map[string]bool{}
	for _, traversal := range diag.Expression.Variables() {
		v, diags := traversal.TraverseAbs(diag.EvalContext)
		if diags.HasErrors() || v.IsNull() || !v.IsKnown() || v.Type() != cty.String {
			continue
		}
		known[fmt.Sprintf("%s is %q", dotted(traversal), v.AsString())] = true
	}
	if len(known) > 0 {
		fmt.Fprintf(&p.text, "  Here %s.\n\n", enumerate(slices.Sorted(maps.Keys(known)), "and"))
	}
}

func (p *printer) wrap(text string) string {
	if p.width == 0 {
		return text
	}
	return wordwrap.WrapString(text, p.width)
}

func (p *printer) paint(code, text string) string {
	if !p.color {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// blank is as wide as s: tabs stay, all else becomes spaces.
func blank(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, s)
}

// dotted writes a traversal as it stands in the file, down to the first index.
func dotted(traversal hcl.Traversal) string {
	name := traversal.RootName()
	for _, step := range traversal[1:] {
		attr, ok := step.(hcl.TraverseAttr)
		if !ok {
			break
		}
		name += "." + attr.Name
	}
	return name
}
