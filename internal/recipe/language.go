// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
)

// blockSpec is one kind of block of the language: what may be written in it, and where the values go.
// The language is the tables below; reading, merging, evaluating and "did you mean" all walk them.
type blockSpec struct {
	name       string
	kind       Kind // of the recipes that may have it; empty: both
	attributes []attributeSpec
	blocks     []*blockSpec
	header     *hcl.Range // receives where the block stands

	// chosen is set where exactly one of blocks must be there, and receives its name.
	chosen *SourceKind
}

// attributeSpec is one attribute of a block.
type attributeSpec struct {
	name    string
	kind    Kind // of the recipes that may have it; empty: both
	into    any  // receives the value, and by its type decides what may be written: *string, *int, *[]string, *map[string]string or *[]Use
	example string
	at      *hcl.Range // receives where the value stands

	required []Kind              // of the recipes that must have it
	beside   beside              // each string names something in the recipe's folder, which must be there
	empty    bool                // the empty string is a value too
	check    func(string) string // says in a sentence what is wrong with a string, with each string of a list, with each key of a map; empty: nothing
}

// always is for attributes that a block must have wherever it stands; targets have no kind.
var always = []Kind{Package, Library, ""}

// beside is what a path in a recipe leads to.
type beside string

const (
	besideFile   beside = "file"
	besideFolder beside = "folder"
)

// recipeSpec is what a version of a recipe can say, in its version block or in the package or library block around it.
func recipeSpec(r *Recipe) *blockSpec {
	return &blockSpec{
		attributes: []attributeSpec{
			{name: "summary", into: &r.Summary, example: `"Fundamental package for array computing"`},
			{name: "license", into: &r.License, example: `"BSD-3-Clause"`},
			{name: "homepage", into: &r.Homepage, example: `"https://numpy.org"`, check: webAddress},
			{name: "tags", into: &r.Tags, example: `["core"]`, check: tagName},
			{name: "maintainers", into: &r.Maintainers, example: `["Ada Lovelace <ada@example.org>"]`},
			{name: "disabled", into: &r.Disabled, example: `target.python == "3.13" ? "does not know Python 3.13" : null`},
		},
		blocks: []*blockSpec{needsSpec(&r.Needs), sourceSpec(&r.Source), buildSpec(&r.Build), testSpec(&r.Test)},
	}
}

// versionSpec is recipeSpec with what only a version block can say.
func versionSpec(r *Recipe) *blockSpec {
	spec := recipeSpec(r)
	spec.name = "version"
	spec.attributes = append(spec.attributes, attributeSpec{
		name: "sha256", into: &r.Source.SHA256, at: &r.Source.SHA256Range, empty: true, check: sha256Digits,
		example: `"c642ae9b75fee120b2d96c712538bd2cf283228d2337df2cf2988e3c02678ef4"`,
	})
	return spec
}

// versionSyntax and topSyntax are the tables as reading needs them: their values go nowhere.
var (
	versionSyntax = versionSpec(&Recipe{})
	topSyntax     = map[Kind]*blockSpec{Package: topSpec(Package), Library: topSpec(Library)}
)

// topSpec is recipeSpec with what only a package or library block can say.
func topSpec(kind Kind) *blockSpec {
	spec := recipeSpec(&Recipe{})
	spec.name = string(kind)
	spec.blocks = append(spec.blocks, versionSpec(&Recipe{}))
	return spec
}

func needsSpec(n *Needs) *blockSpec {
	return &blockSpec{name: "needs", header: &n.Range, attributes: []attributeSpec{
		{name: "gcc", into: &n.GCC, example: `">= 8.4"`, check: constraintText},
		{name: "python", into: &n.Python, example: `">= 3.9, < 3.12"`, check: constraintText},
	}}
}

func sourceSpec(s *Source) *blockSpec {
	return &blockSpec{
		name: "source", header: &s.Range, chosen: &s.Kind,
		attributes: []attributeSpec{
			{name: "patches", into: &s.Patches, example: `["fix-cross.patch"]`, beside: besideFile, check: localPath},
			{name: "strip", into: &s.Strip, example: `1`},
		},
		blocks: []*blockSpec{
			{name: string(PyPI), kind: Package},
			{name: string(URL), attributes: []attributeSpec{
				{name: "url", into: &s.URL, example: `"https://example.org/yaml-${version}.tar.gz"`, required: always, check: webAddress},
				{name: "mirrors", into: &s.Mirrors, example: `["https://mirror.example.org/yaml-${version}.tar.gz"]`, check: sourceAddress},
			}},
			{name: string(Path), attributes: []attributeSpec{
				{name: "path", into: &s.Path, example: `"files/src"`, required: always, beside: besideFolder, check: localPath},
			}},
		},
	}
}

func buildSpec(b *Build) *blockSpec {
	return &blockSpec{name: "build", header: &b.Range, attributes: []attributeSpec{
		{name: "backend", kind: Package, into: &b.Backend, example: `"setuptools"`, check: backendName},
		{name: "requires", kind: Package, into: &b.Requires, example: `["Cython==0.29.36", "setuptools<60"]`},
		{name: "uses", into: &b.Uses, example: `["libyaml", "numpy==1.24.0"]`},
		{name: "env", into: &b.Env, example: `{ NPY_BLAS_ORDER = "" }`, check: variableName},
		{name: "cflags", into: &b.CFlags, example: `["-O2"]`},
		{name: "ldflags", into: &b.LDFlags, example: `["-Wl,--as-needed"]`},
		{name: "config_settings", kind: Package, into: &b.ConfigSettings, example: `{ "setup-args" = "-Dblas=none" }`},
		{name: "script", kind: Library, into: &b.Script, example: `"./configure --host=$HOST --prefix=$PREFIX && make install"`, required: always},
		{name: "exports", into: &b.Exports, example: `["include/**", "lib/*.a"]`, required: []Kind{Library}, check: filePattern},
		{name: "extensions", kind: Package, into: &b.Extensions, example: `["yaml/_yaml*.so"]`, check: filePattern},
	}}
}

func testSpec(t *Test) *blockSpec {
	return &blockSpec{name: "test", kind: Package, header: &t.Range, attributes: []attributeSpec{
		{name: "imports", into: &t.Imports, example: `["numpy", "numpy.linalg"]`, check: moduleName},
		{name: "commands", into: &t.Commands, example: `["import numpy; print(numpy.arange(3).sum())"]`},
		{name: "requires", into: &t.Requires, example: `["pytest"]`},
	}}
}

// targetSpec is what a target block of targets.hcl can say.
func targetSpec(t *Target) *blockSpec {
	return &blockSpec{name: "target", attributes: []attributeSpec{
		{name: "summary", into: &t.Summary, example: `"Debian 12 on ARMv7 hard-float"`},
		{name: "provider", into: &t.Provider, example: `"debian"`, required: always, check: providerName},
		{name: "arch", into: &t.Arch, example: `"armv7l"`, required: always},
		{name: "triple", into: &t.Triple, example: `"arm-linux-gnueabihf"`, required: always},
		{name: "python", into: &t.Python, example: `"3.11"`, required: always, check: minorVersion},
		{name: "glibc", into: &t.Glibc, example: `"2.36"`, required: always, check: dottedNumber},
		{name: "gcc", into: &t.GCC, example: `"12.2"`, required: always, check: dottedNumber},
		{name: "pip", into: &t.Pip, example: `"22.3.1"`, required: always, check: dottedNumber},
		{name: "suite", into: &t.Suite, example: `"bookworm"`},
		{name: "packages", into: &t.Packages, example: `["libffi-dev"]`},
	}}
}

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
	case *[]string, *[]Use:
		return "a list of strings"
	case *map[string]string:
		return "a map of strings"
	default:
		panic("recipe: no value of the language has the type of " + a.name)
	}
}
