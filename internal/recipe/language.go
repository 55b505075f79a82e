// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"fmt"
	"time"

	"github.com/hashicorp/hcl/v2"
)

// blockSpec is one kind of block of the language: what may be written in it, and where the values go.
// The language is the tables of tables.go; reading, merging, evaluating, "did you mean" and the reference all walk them.
type blockSpec struct {
	name       string
	kind       Kind   // of the recipes that may have it; empty: both
	doc        string // for the reference and the schema: a sentence or two
	attributes []attributeSpec
	blocks     []*blockSpec
	open       bool       // its attributes have any names; [evaluator.locals] takes them
	header     *hcl.Range // receives where the block stands

	// chosen is set where exactly one of blocks must be there, and receives its name.
	chosen *SourceKind
}

// attributeSpec is one attribute of a block.
type attributeSpec struct {
	name    string
	kind    Kind   // of the recipes that may have it; empty: both
	into    any    // receives the value, and by its type decides what may be written; see takes
	doc     string // for the reference and the schema: a sentence or two
	example string
	at      *hcl.Range // receives where the value stands

	required []Kind   // of the recipes that must have it
	oneOf    []string // the only values
	beside   beside   // each string names something in the recipe's folder, which must be there
	empty    bool     // the empty string is a value too
	// checkValue is as check, for each value of a map.
	checkValue func(string) string
	check      func(string) string // says in a sentence what is wrong with a string, with each string of a list, with each key of a map; empty: nothing
}

// always is for attributes that a block must have wherever it stands; targets have no kind.
var always = []Kind{Package, Library, ""}

// beside is what a path in a recipe leads to.
type beside string

const (
	besideFile   beside = "file"
	besideFolder beside = "folder"
	besideAny    beside = "file or folder"
)

// suits says whether something of the language that is for recipes of one kind may be written in recipes of another.
// In targets.hcl there are no kinds: all is empty.
func suits(of, recipe Kind) bool { return of == "" || of == recipe }

// names returns what may be written in a block of a recipe of a kind: attributes and blocks.
func (spec *blockSpec) names(kind Kind) (attributes, blocks []string) {
	for _, a := range spec.attributes {
		if suits(a.kind, kind) {
			attributes = append(attributes, a.name)
		}
	}
	for _, b := range spec.blocks {
		if suits(b.kind, kind) {
			blocks = append(blocks, b.name)
		}
	}
	return attributes, blocks
}

// attribute returns the named attribute, or nil.
func (spec *blockSpec) attribute(name string) *attributeSpec {
	for i := range spec.attributes {
		if spec.attributes[i].name == name {
			return &spec.attributes[i]
		}
	}
	return nil
}

// block returns the named block, or nil.
func (spec *blockSpec) block(name string) *blockSpec {
	for _, b := range spec.blocks {
		if b.name == name {
			return b
		}
	}
	return nil
}

// home returns the block inside spec, at any depth, that has an attribute of that name: what was written in the wrong place has one.
func (spec *blockSpec) home(name string) *blockSpec {
	for _, b := range spec.blocks {
		if b.attribute(name) != nil {
			return b
		}
		if deeper := b.home(name); deeper != nil {
			return deeper
		}
	}
	return nil
}

// instance shows the attribute as it can be written, on a line of its own.
func (a *attributeSpec) instance() string {
	return fmt.Sprintf("For instance:\n\n  %s = %s", a.name, a.example)
}

// takes names, for people, what an attribute's value must be.
func (a *attributeSpec) takes() string {
	switch a.into.(type) {
	case *string:
		return "a string"
	case *int:
		return "a whole number from 0 to 999"
	case *bool:
		return "true or false"
	case *time.Duration:
		return `a duration in quotes, such as "90m"`
	case *Size:
		return `a size in quotes, such as "2GB"`
	case *[]string, *[]Use:
		return "a list of strings"
	case *map[string]string:
		return "a map of strings"
	case *map[string][]string:
		return "a map of strings or lists of strings"
	default:
		panic("recipe: no value of the language has the type of " + a.name)
	}
}
