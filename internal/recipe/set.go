// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"cmp"
	"io/fs"
	"slices"

	"github.com/hashicorp/hcl/v2"
)

// Set is a folder of recipes, parsed and not yet evaluated. It does not change: many targets can be evaluated at once.
type Set struct {
	fsys    fs.FS
	dir     string
	files   map[string]*hcl.File
	recipes []*declaration
	unread  map[string]bool // by normalized name: recipes whose file has a mistake that hides what it declares
	told    hcl.Diagnostics // what Load has reported, sorted
}

// declaration is one package or library block.
type declaration struct {
	kind     Kind
	name     string
	folder   string
	header   hcl.Range
	versions []declaredVersion // oldest first
}

// declaredVersion is one version block, laid over the block around it.
type declaredVersion struct {
	version string
	header  hcl.Range
	section *section
}

// Files returns the parsed files by the names that positions carry, for [WriteDiagnostics].
func (s *Set) Files() map[string]*hcl.File { return s.files }

// Error makes an error of diagnostics about this set's recipes; nil where none of them is an error.
func (s *Set) Error(diags hcl.Diagnostics) error {
	if !diags.HasErrors() {
		return nil
	}
	return &Error{Diagnostics: diags, Files: s.files}
}

// Evaluate gives every expression its value for a target and returns all versions of all recipes, sorted by name, then oldest first.
// It reports what [Load] has not reported already; where either found an error the recipes are not to be built.
func (s *Set) Evaluate(t Target) ([]*Recipe, hcl.Diagnostics) {
	recipes, diags := s.evaluate(&t)
	links := newLinker(recipes, s.unread)
	diags = append(diags, links.checkUses()...)
	diags = append(diags, links.link(t)...)
	diags = slices.DeleteFunc(arrange(diags), func(d *hcl.Diagnostic) bool {
		_, told := slices.BinarySearchFunc(s.told, d, compareDiagnostics)
		return told
	})
	return recipes, diags
}

// defaultStrip stands for a strip that no recipe says.
const defaultStrip = -1

// evaluate evaluates each version by itself; without a target as far as that goes.
func (s *Set) evaluate(t *Target) ([]*Recipe, hcl.Diagnostics) {
	var recipes []*Recipe
	var diags hcl.Diagnostics
	scope := newScope(t)
	for _, decl := range s.recipes {
		folder, err := fs.Sub(s.fsys, decl.folder)
		if err != nil {
			panic(err) // the name came from fsys
		}
		for _, v := range decl.versions {
			r := &Recipe{Kind: decl.kind, Name: decl.name, Version: v.version, Dir: decl.folder, Range: decl.header, VersionRange: v.header, section: v.section}
			r.Source.Strip = defaultStrip
			e := &evaluator{scope: versionScope(scope, decl.name, v.version), kind: decl.kind, folder: folder}
			e.block(versionSpec(r), v.section)
			if r.Source.Strip == defaultStrip {
				r.Source.Strip = 1
				if r.Source.IsWheel() {
					r.Source.Strip = 0
				}
			}
			e.checkRecipe(r, v.section)
			if t != nil {
				r.Disabled = cmp.Or(r.Disabled, r.Needs.unmet(*t))
			}
			// What is not built for a target may well have no sensible value there.
			if t == nil || r.Disabled == "" {
				diags = append(diags, e.diags...)
			}
			recipes = append(recipes, r)
		}
	}
	return recipes, diags
}
