// SPDX-License-Identifier: Apache-2.0

package metayaml

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
)

// Marks stand, in strings, for what is an expression in HCL: the version of the recipe, which is written as ${version}, and the name
// that the target's compiler has for it. No YAML that is read has the character that is around them.
const (
	mark        = "\x00"
	versionMark = mark + "version" + mark
	tripleMark  = mark + "target.triple" + mark
)

// versioned marks the version in a string.
func (c *converter) versioned(s string) string {
	if !strings.Contains(c.draft.version, ".") {
		return s
	}
	var b strings.Builder
	for {
		before, after, found := cutVersion(s, c.draft.version)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		b.WriteString(versionMark)
		s = after
	}
}

// cutVersion cuts a string where the version is, and not a longer one.
func cutVersion(s, version string) (before, after string, found bool) {
	for from := 0; ; {
		at := strings.Index(s[from:], version)
		if at < 0 {
			return s, "", false
		}
		at += from
		end := at + len(version)
		if !endsInNumber(s[:at]) && !beginsWithNumber(s[end:]) {
			return s[:at], s[end:], true
		}
		from = end
	}
}

// endsInNumber says whether a version behind s would go on with a number in s: "1" and "1.".
func endsInNumber(s string) bool {
	s = strings.TrimSuffix(s, ".")
	return s != "" && isDigit(s[len(s)-1])
}

func beginsWithNumber(s string) bool {
	s = strings.TrimPrefix(s, ".")
	return s != "" && isDigit(s[0])
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// expression writes a value in HCL.
func expression(value any) string {
	switch value := value.(type) {
	case string:
		return text(value)
	case bool, int:
		return fmt.Sprint(value)
	case []string:
		return list(value)
	case map[string]string:
		return object(value, quote)
	case map[string][]string:
		return object(value, func(values []string) string {
			if len(values) == 1 {
				return quote(values[0])
			}
			return list(values)
		})
	default:
		panic(fmt.Sprintf("metayaml: a recipe says no %T", value))
	}
}

// quote writes a string on one line.
func quote(s string) string {
	var b strings.Builder
	for i, part := range strings.Split(s, mark) {
		if i%2 == 1 {
			b.WriteString("${" + part + "}")
			continue
		}
		literal := hclwrite.TokensForValue(cty.StringVal(part)).Bytes()
		b.Write(literal[1 : len(literal)-1])
	}
	return `"` + b.String() + `"`
}

// text writes a string of several lines as a heredoc, if that reads back as the same.
func text(s string) string {
	if !strings.Contains(s, "\n") {
		return quote(s)
	}
	const indent = "    " // inside of a block in a block
	body := strings.TrimRight(s, "\n") + "\n"
	var heredoc strings.Builder
	heredoc.WriteString("<<-EOT\n")
	for line := range strings.Lines(strings.NewReplacer("${", "$${", "%{", "%%{", versionMark, "${version}", tripleMark, "${target.triple}").Replace(body)) {
		if line != "\n" {
			line = indent + "  " + line
		}
		heredoc.WriteString(line)
	}
	heredoc.WriteString(indent + "EOT\n")
	if evaluate(heredoc.String()) != evaluate(quote(body)) {
		return quote(s)
	}
	return strings.TrimSuffix(heredoc.String(), "\n")
}

// evaluate reads a string back.
func evaluate(expression string) string {
	scope := &hcl.EvalContext{Variables: map[string]cty.Value{
		"version": cty.StringVal(versionMark), "target": cty.ObjectVal(map[string]cty.Value{"triple": cty.StringVal(tripleMark)}),
	}}
	expr, diags := hclsyntax.ParseExpression([]byte(expression), "", hcl.InitialPos)
	if diags.HasErrors() {
		return ""
	}
	value, diags := expr.Value(scope)
	if diags.HasErrors() || value.Type() != cty.String {
		return ""
	}
	return value.AsString()
}

// list writes short lists on one line, long ones on several.
func list(values []string) string {
	var quoted []string
	length := 0
	for _, value := range values {
		quoted = append(quoted, quote(value))
		length += len(value) + 4
	}
	if length <= 110 {
		return "[" + strings.Join(quoted, ", ") + "]"
	}
	return "[\n" + strings.Join(quoted, ",\n") + ",\n]"
}

func object[V any](values map[string]V, write func(V) string) string {
	var pairs []string
	length := 0
	for _, name := range slices.Sorted(maps.Keys(values)) {
		label := name
		if !hclsyntax.ValidIdentifier(name) || strings.Contains(name, "-") {
			label = quote(name)
		}
		pair := label + " = " + write(values[name])
		pairs = append(pairs, pair)
		length += len(pair) + 2
	}
	if length <= 110 {
		return "{ " + strings.Join(pairs, ", ") + " }"
	}
	return "{\n" + strings.Join(pairs, "\n") + "\n}"
}
