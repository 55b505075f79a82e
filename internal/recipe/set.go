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

// evaluate evaluates each version by itself; without a target as far as that goes.
func (s *Set) evaluate(t *Target) ([]*Recipe, hcl.Diagnostics) {
	scope := newScope(t)
	evaluated := make([][]*Recipe, len(s.recipes))
	found := make([]hcl.Diagnostics, len(s.recipes))
	inParallel(len(s.recipes), func() func(i int) {
		var values Recipe // where the tables put them, one version after the other: the tables are large
		spec := versionSpec(&values)
		return func(i int) { evaluated[i], found[i] = s.evaluateVersions(s.recipes[i], t, scope, spec, &values) }
	})
	return slices.Concat(evaluated...), slices.Concat(found...)
}

// evaluateVersions evaluates all versions of one recipe. spec puts what it finds into values.
func (s *Set) evaluateVersions(decl *declaration, t *Target, scope *hcl.EvalContext, spec *blockSpec, values *Recipe) ([]*Recipe, hcl.Diagnostics) {
	folder, err := fs.Sub(s.fsys, decl.folder)
	if err != nil {
		panic(err) // the name came from fsys
	}
	var recipes []*Recipe
	var diags hcl.Diagnostics
	for _, v := range decl.versions {
		*values = Recipe{Kind: decl.kind, Name: decl.name, Version: v.version, Dir: decl.folder, Range: decl.header, VersionRange: v.header, section: v.section}
		values.Source.Strip = defaultStrip
		e := &evaluator{scope: versionScope(scope, decl.name, v.version), kind: decl.kind, folder: folder}
		e.locals(v.section.blocks["locals"])
		e.block(spec, v.section)
		r := new(Recipe)
		*r = *values
		r.Source.settleStrip()
		e.checkRecipe(r, v.section)
		if t != nil {
			r.Refused = r.Disabled != ""
			r.Disabled = cmp.Or(r.Disabled, r.Needs.unmet(*t))
		}
		// What is not built for a target may well have no sensible value there.
		if t == nil || r.Disabled == "" {
			diags = append(diags, e.diags...)
		}
		recipes = append(recipes, r)
	}
	return recipes, diags
}

// defaultStrip stands for a strip that no recipe says.
const defaultStrip = -1

func (s *Source) settleStrip() {
	if s.Strip != defaultStrip {
		return
	}
	s.Strip = 1
	if s.IsWheel() {
		s.Strip = 0
	}
}
