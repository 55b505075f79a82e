// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"bytes"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
)

// Format gives a recipe file its canonical layout: hcl's own, no more than one empty line anywhere and none beside a brace, one line break at
// the end. It changes white space outside of texts, and nothing else: the recipe says the same. A file with mistakes in its syntax comes
// back as it is, with them.
func Format(filename string, src []byte) ([]byte, hcl.Diagnostics) {
	if _, diags := hclsyntax.ParseConfig(src, filename, hcl.InitialPos); diags.HasErrors() {
		return src, diags
	}
	formatted := src
	for range 4 { // hcl's own formatter needs a second look at some files
		next := hclwrite.Format(squeeze(formatted))
		if bytes.Equal(next, formatted) {
			break
		}
		formatted = next
	}
	return formatted, nil
}

// squeeze takes empty lines away where there is more than one, and beside braces. What looks like an empty line inside of a text is none.
func squeeze(src []byte) []byte {
	tokens, _ := hclsyntax.LexConfig(src, "", hcl.InitialPos) // it was parsed already
	var b bytes.Buffer
	breaks := 1    // line breaks since anything else; the file's start counts as one
	opened := true // what came before the line breaks is an opening brace, or the file's start
	end := 0
	for _, token := range tokens {
		gap := src[end:token.Range.Start.Byte]
		end = token.Range.End.Byte
		switch token.Type {
		case hclsyntax.TokenNewline:
			breaks++
			if breaks == 1 {
				b.WriteByte('\n')
			}
			continue
		case hclsyntax.TokenEOF:
			if breaks == 0 {
				b.WriteByte('\n')
			}
			continue
		}
		closes := token.Type == hclsyntax.TokenCBrace || token.Type == hclsyntax.TokenCBrack || token.Type == hclsyntax.TokenCParen
		if breaks > 1 && !opened && !closes {
			b.WriteByte('\n')
		}
		b.Write(gap)
		b.Write(token.Bytes)
		breaks = 0
		opened = token.Type == hclsyntax.TokenOBrace || token.Type == hclsyntax.TokenOBrack || token.Type == hclsyntax.TokenOParen
		if token.Type == hclsyntax.TokenComment && bytes.HasSuffix(token.Bytes, []byte("\n")) {
			breaks = 1 // the comment of a line holds its line break
		}
	}
	return b.Bytes()
}
