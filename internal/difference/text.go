// SPDX-License-Identifier: Apache-2.0

package difference

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// texts compares two texts by lines.
func (c *comparer) texts(where []string, a, b string) {
	usual, unlike := strings.Split(a, "\n"), strings.Split(b, "\n")
	blocks := blocks(usual, unlike)
	for i, block := range blocks {
		left, right := strings.Join(usual[block.usual.from:block.usual.to], "\n"), strings.Join(unlike[block.unlike.from:block.unlike.to], "\n")
		f := Finding{Where: place(where, fmt.Sprintf("line %d", block.usual.from+1)), Usual: some(left), Unlike: some(right)}
		if i == shown {
			c.add(Finding{Where: f.Where, What: fmt.Sprintf("Here and in %d more places it differs, too.", len(blocks)-i-1)})
			return
		}
		switch cause, cure := c.known([]byte(left), []byte(right)); {
		case cause != "":
			f.Cause, f.Cure = cause, cure
		case samePieces(pieces(left), pieces(right), strings.Compare):
			f.Cause, f.Cure = orderCause, orderCure
		default:
			f.Cause, f.Cure = unknownCause, unknownCure
		}
		c.add(f)
	}
}

// block is lines that differ.
type block struct{ usual, unlike span }

// blocks are the lines that differ: one by one where there are as many of them in both, and else from the first to the last one.
func blocks(a, b []string) []block {
	if len(a) == len(b) {
		var found []block
		for i := 0; i < len(a); i++ {
			from := i
			for i < len(a) && a[i] != b[i] {
				i++
			}
			if i > from {
				found = append(found, block{span{from, i}, span{from, i}})
			}
		}
		return found
	}
	start, end := 0, 0
	for start < min(len(a), len(b)) && a[start] == b[start] {
		start++
	}
	for end < min(len(a), len(b))-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	return []block{{span{start, len(a) - end}, span{start, len(b) - end}}}
}

// some is the beginning of a text of several lines.
func some(text string) string {
	lines := strings.Split(text, "\n")
	if len(lines) > shown {
		lines = append(lines[:shown], fmt.Sprintf("… and %d more lines", len(lines)-shown))
	}
	for i := range lines {
		if len(lines[i]) > 4*around {
			lines[i] = strings.ToValidUTF8(lines[i][:4*around], "") + " …"
		}
	}
	return strings.Join(lines, "\n")
}

// pieces are the words of a text. RECORD's and JSON's are those that mean something, too.
func pieces(text string) []string {
	return slices.Clone(strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("_-./", r)
	}))
}
