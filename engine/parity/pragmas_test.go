// SPDX-License-Identifier: Apache-2.0

package parity

import (
	"encoding/json"
	"go/ast"
	"go/types"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
)

// pragmaPattern is Dagger's own. It is tied to nothing: a plus sign before the last word of any line is a pragma.
var pragmaPattern = regexp.MustCompile(`[ \t]*\+[ \t]*(\S+?)(?:(=[ \t]*)|(?:\r?\n|$))`)

// pragmas are those of a comment, with their values, "" where there is none.
func pragmas(doc *ast.CommentGroup) map[string]string {
	found := map[string]string{}
	for line := range strings.Lines(doc.Text()) {
		if match := pragmaPattern.FindStringSubmatchIndex(line); match != nil {
			found[line[match[2]:match[3]]] = strings.TrimSpace(line[match[1]:])
		}
	}
	return found
}

// comment checks that something has a comment, and the pragmas in it.
func (m *moduleCheck) comment(at ast.Node, doc *ast.CommentGroup, what string, t types.Type, allowed ...string) map[string]string {
	written := false
	for line := range strings.Lines(doc.Text()) {
		written = written || strings.TrimSpace(line) != "" && !pragmaPattern.MatchString(line)
	}
	if !written {
		m.problem(at, "%s has no comment, which is its help", what)
	}
	return m.pragmas(at, doc, what, t, allowed...)
}

// pragmas checks those of a comment on something of type t, if it has one.
func (m *moduleCheck) pragmas(at ast.Node, doc *ast.CommentGroup, what string, t types.Type, allowed ...string) map[string]string {
	found := pragmas(doc)
	for _, name := range slices.Sorted(maps.Keys(found)) {
		if !slices.Contains(allowed, name) {
			m.problem(at, "%s: Dagger reads +%s as a pragma, and there is none for this place", what, name)
			continue
		}
		if reason := badValue(name, found[name], t); reason != "" {
			m.problem(at, "%s: +%s %s", what, name, reason)
		}
	}
	return found
}

// badValue says what is wrong with a pragma's value, or nothing.
func badValue(name, text string, t types.Type) string {
	var value any
	if text != "" && json.Unmarshal([]byte(text), &value) != nil {
		return "has a value that is not JSON"
	}
	str, isString := value.(string)
	switch name {
	case "optional", "private", "check", "generate":
		if _, isBool := value.(bool); text != "" && !isBool {
			return "is true or false"
		}
	case "default":
		if reflected := reflectKind(t); reflected != kindOf(value) {
			return "has a value of another type"
		}
	case "defaultPath":
		if !isString || !isDagger(t, "Directory") && !isDagger(t, "File") {
			return "is the path of a directory or file"
		}
	case "ignore":
		if kindOf(value) != "array" || !isDagger(t, "Directory") {
			return "is a list of patterns for a directory"
		}
	case "cache":
		if _, err := time.ParseDuration(str); err != nil && str != "never" && str != "session" {
			return `is "never", "session" or a duration such as "10m"`
		}
	}
	return ""
}

// kindOf names the kind of a JSON value.
func kindOf(value any) string {
	switch value.(type) {
	case string:
		return "string"
	case bool:
		return "boolean"
	case float64:
		return "number"
	case []any:
		return "array"
	}
	return ""
}

// reflectKind names the kind of JSON value that a Go type is read from.
func reflectKind(t types.Type) string {
	switch t := t.Underlying().(type) {
	case *types.Slice:
		return "array"
	case *types.Basic:
		switch {
		case t.Info()&types.IsString != 0:
			return "string"
		case t.Info()&types.IsBoolean != 0:
			return "boolean"
		case t.Info()&types.IsNumeric != 0:
			return "number"
		}
	}
	return "none"
}
