// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
)

// Value is one thing that an evaluated recipe says.
type Value struct {
	Path  string    // "build.requires"; that of a block with nothing in it ends there: "source.pypi"
	Value any       // a string, a number, true or false, or a list or map of these; nil for such a block
	At    hcl.Range // where it is written
}

// Values are all that the recipe says, in the language's order. What is not written, and has its default, is not among them.
func (r *Recipe) Values() []Value {
	return values(versionSpec(r), r.section, r.Kind, "")
}

func values(spec *blockSpec, s *section, kind Kind, prefix string) []Value {
	var found []Value
	for _, a := range spec.attributes {
		attr := s.attributes[a.name]
		if attr == nil || !suits(a.kind, kind) || reflect.ValueOf(a.into).Elem().IsZero() && !a.empty {
			continue // what is null counts as not written
		}
		found = append(found, Value{prefix + a.name, plainValue(a.into), attr.Expr.Range()})
	}
	for _, b := range spec.blocks {
		inner := s.blocks[b.name]
		if inner == nil || !suits(b.kind, kind) {
			continue
		}
		more := values(b, inner, kind, prefix+b.name+".")
		if len(more) == 0 && spec.chosen != nil {
			more = []Value{{prefix + b.name, nil, inner.header}}
		}
		found = append(found, more...)
	}
	return found
}

// plainValue is what into points to, in types that every reader of JSON has.
func plainValue(into any) any {
	switch into := into.(type) {
	case *time.Duration:
		return into.String()
	case *Size:
		return into.String()
	case *[]Use:
		uses := []string{}
		for _, use := range *into {
			text := use.Name
			if use.Version != "" {
				text += "==" + use.Version
			}
			uses = append(uses, text)
		}
		return uses
	}
	return reflect.ValueOf(into).Elem().Interface()
}

// String is the size as recipes write it.
func (s Size) String() string {
	if s%1e9 == 0 {
		return fmt.Sprintf("%dGB", s/1e9)
	}
	return fmt.Sprintf("%dMB", s/1e6)
}

// Shown is an evaluated recipe as programs read it.
type Shown struct {
	Name     string       `json:"name"`
	Version  string       `json:"version"`
	Kind     Kind         `json:"kind"`
	Target   string       `json:"target"`
	Disabled string       `json:"disabled,omitempty"` // also where the recipe does not say so itself
	Uses     []string     `json:"uses,omitempty"`     // with the versions that they stand for: "numpy 1.24.0"
	Values   []ShownValue `json:"values"`
}

// ShownValue is a [Value] with its place taken apart.
type ShownValue struct {
	Path   string `json:"path"`
	Value  any    `json:"value"`
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

// Show makes an evaluated recipe plain.
func (r *Recipe) Show(target string) Shown {
	shown := Shown{Name: r.Name, Version: r.Version, Kind: r.Kind, Target: target, Disabled: r.Disabled}
	for _, use := range r.Build.Uses {
		if use.Recipe != nil {
			shown.Uses = append(shown.Uses, use.Recipe.Name+" "+use.Recipe.Version)
		}
	}
	for _, v := range r.Values() {
		shown.Values = append(shown.Values, ShownValue{v.Path, v.Value, v.At.Filename, v.At.Start.Line, v.At.Start.Column})
	}
	return shown
}

// Text is the recipe for people: a value on a line, with the place where it is written.
func (s Shown) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s, a %s, for %s\n", s.Name, s.Version, s.Kind, s.Target)
	if s.Disabled != "" {
		fmt.Fprintf(&b, "It is not built: %s\n", s.Disabled)
	}
	if len(s.Uses) > 0 {
		fmt.Fprintf(&b, "It is compiled against %s\n", enumerate(s.Uses, "and"))
	}
	for _, v := range s.Values {
		fmt.Fprintf(&b, "\n%s:%d:%d\n  %s", v.File, v.Line, v.Column, v.Path)
		switch value := v.Value.(type) {
		case nil:
		case string:
			if strings.Contains(value, "\n") {
				value = "\n    " + strings.ReplaceAll(strings.TrimRight(value, "\n"), "\n", "\n    ")
				fmt.Fprintf(&b, " =%s", value)
				break
			}
			fmt.Fprintf(&b, " = %s", plainJSON(value))
		default:
			fmt.Fprintf(&b, " = %s", plainJSON(value))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// plainJSON leaves < and > as they are: people read it.
func plainJSON(value any) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic("recipe: " + err.Error()) // the language has strings, numbers, and lists and maps of them
	}
	return strings.TrimSpace(b.String())
}
