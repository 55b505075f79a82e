// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// comment is a comment of a recipe file.
type comment struct {
	text  string
	at    hcl.Range
	about int // the line that it is about: its own, if something stands before it there, or the next one that is no comment
}

// commentsOf are a file's comments, in order.
func commentsOf(filename string, src []byte) []comment {
	tokens, _ := hclsyntax.LexConfig(src, filename, hcl.InitialPos) // it was parsed already
	var found []comment
	waiting := 0 // of found, those from here on are about what comes next
	line := 0    // of the last token that is neither a comment nor a line break
	for _, token := range tokens {
		at := token.Range
		switch token.Type {
		case hclsyntax.TokenNewline:
		case hclsyntax.TokenComment:
			c := comment{text: strings.TrimSpace(string(token.Bytes)), at: at, about: line}
			if at.Start.Line == line && waiting == len(found) {
				waiting++
			}
			found = append(found, c)
		default:
			for ; waiting < len(found); waiting++ {
				found[waiting].about = at.Start.Line
			}
			line = at.End.Line
		}
	}
	return found
}

var ignorePattern = regexp.MustCompile(`^(?:#|//)\s*lint:ignore\s+(\S+)\s*(.*)$`)

// silence takes away the findings in one file that its comments speak of, and adds what is wrong with those comments.
func silence(filename string, src []byte, diags hcl.Diagnostics) hcl.Diagnostics {
	for _, c := range commentsOf(filename, src) {
		m := ignorePattern.FindStringSubmatch(c.text)
		if m == nil {
			continue
		}
		before := len(diags)
		diags = slices.DeleteFunc(diags, func(d *hcl.Diagnostic) bool {
			return codeOf(d) == m[1] && d.Subject.Filename == filename && d.Subject.Start.Line <= c.about && c.about <= d.Subject.End.Line
		})
		at := c.at
		if at.End.Line > at.Start.Line { // a comment holds the end of its line
			at.End = at.Start
			at.End.Byte += len(c.text)
			at.End.Column += len([]rune(c.text))
		}
		_, known := ExplainLint(m[1])
		switch {
		case !known:
			diags = append(diags, finding("IDLE-IGNORE", at, "There is no code %q.%s", m[1], DidYouMean(m[1], lintNames())))
		case len(diags) == before:
			diags = append(diags, finding("IDLE-IGNORE", at, ""))
		case m[2] == "":
			diags = append(diags, finding("IGNORE-REASON", at, ""))
		}
	}
	return diags
}

func lintNames() []string {
	var names []string
	for _, c := range LintCodes {
		names = append(names, c.Code)
	}
	return names
}
