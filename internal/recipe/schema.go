// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"encoding/json"
	"slices"
)

// Schema describes the language for programs: editors, and the tables of docs/recipes.md.
type Schema struct {
	Blocks    []SchemaBlock `json:"blocks"`    // package and library
	Functions []string      `json:"functions"` // that expressions can call
	Variables []string      `json:"variables"` // that expressions see
}

// SchemaBlock is a block that can be written.
type SchemaBlock struct {
	Name       string            `json:"name"`
	Doc        string            `json:"doc"`
	Labels     []string          `json:"labels,omitempty"` // what its labels are
	ExactlyOne bool              `json:"exactly_one,omitempty"`
	Open       bool              `json:"open,omitempty"` // attributes of any names can be written
	Attributes []SchemaAttribute `json:"attributes,omitempty"`
	Blocks     []SchemaBlock     `json:"blocks,omitempty"` // with ExactlyOne: one of these must be there
}

// SchemaAttribute is an attribute that can be written.
type SchemaAttribute struct {
	Name     string   `json:"name"`
	Type     string   `json:"type"` // in words
	Doc      string   `json:"doc"`
	Example  string   `json:"example"` // an expression
	Required bool     `json:"required,omitempty"`
	OneOf    []string `json:"one_of,omitempty"`
}

// Language is the schema of this program's recipes.
func Language() Schema {
	s := Schema{Functions: sortedKeys(functions), Variables: []string{"name", "version"}}
	for _, fact := range sortedKeys((&Target{}).facts()) {
		s.Variables = append(s.Variables, "target."+fact)
	}
	s.Variables = append(s.Variables, "local.NAME")
	for _, kind := range []Kind{Package, Library} {
		s.Blocks = append(s.Blocks, schemaBlock(topSyntax[kind], kind))
	}
	return s
}

func schemaBlock(spec *blockSpec, kind Kind) SchemaBlock {
	b := SchemaBlock{Name: spec.name, Doc: spec.doc, ExactlyOne: spec.chosen != nil, Open: spec.open}
	switch spec.name {
	case string(Package), string(Library):
		b.Labels = []string{"name"}
	case "version":
		b.Labels = []string{"version"}
	}
	for _, a := range spec.attributes {
		if suits(a.kind, kind) {
			b.Attributes = append(b.Attributes, SchemaAttribute{a.name, a.takes(), a.doc, a.example, slices.Contains(a.required, kind), a.oneOf})
		}
	}
	for _, inner := range spec.blocks {
		if suits(inner.kind, kind) {
			b.Blocks = append(b.Blocks, schemaBlock(inner, kind))
		}
	}
	return b
}

// JSON is the schema as a file.
func (s Schema) JSON() []byte {
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		panic("recipe: " + err.Error()) // it is made of strings
	}
	return append(text, '\n')
}
