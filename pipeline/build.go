// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"slices"

	"crosswheel/internal/recipe"
)

// Build is one recipe for one target: the stages from its source to its proof. A stage that does not apply is nil: a
// library has only the first ones.
type Build struct {
	Recipe *recipe.Recipe
	Uses   []*Build // what it is compiled against

	fetch, unpack      *stage
	crates             *stage // nil where nothing is compiled by cargo
	lock, requirements *stage // lock is nil where the recipe has a committed one
	native             *stage
	compile            *stage
	export             *stage // of a library
	finish             *stage
	debug              *stage // nil unless somebody wants debug files
	reference, audit   *stage // reference is nil where the source is no index's
	wheelhouse, index  *stage
	test               *stage

	rebuild, refinish, compare *stage // where it is built twice: see rebuild.go

	finishOf *Pipeline // that finish is a stage of, where that is another one: see share.go

	outcome *outcome // while it runs
}

// Label names the build for people: "numpy 1.24.0".
func (b *Build) Label() string { return b.Recipe.Name + " " + b.Recipe.Version }

// slug is the label as one word, for files and folders.
func (b *Build) slug() string { return b.Recipe.Name + "-" + b.Recipe.Version }

// stages are those that apply, in the order in which they run.
func (b *Build) stages() []*stage {
	all := []*stage{b.fetch, b.unpack, b.crates, b.lock, b.requirements, b.native, b.compile, b.export, b.finish, b.debug, b.reference, b.audit, b.wheelhouse, b.index, b.test,
		b.rebuild, b.refinish, b.compare}
	return slices.DeleteFunc(all, func(s *stage) bool { return s == nil })
}

// graph makes the builds of recipes that are in dependency order, with their stages. Disabled recipes get none.
func (p *Pipeline) graph(recipes []*recipe.Recipe) []*Build {
	byRecipe := map[*recipe.Recipe]*Build{}
	var builds []*Build
	for _, r := range recipes {
		b := &Build{Recipe: r}
		byRecipe[r] = b
		builds = append(builds, b)
		if r.Disabled != "" {
			continue
		}
		for _, use := range r.Build.Uses {
			b.Uses = append(b.Uses, byRecipe[use.Recipe])
		}
		p.addSource(b)
		if usesRust(r) {
			p.addCrates(b)
		}
		if r.Kind == recipe.Library {
			p.addLibrary(b)
			continue
		}
		if r.Source.IsWheel() {
			p.addRepack(b)
		} else {
			p.addRequirements(b)
			p.addNative(b)
			p.addCompile(b)
		}
		p.addFinish(b, false)
		p.addAudit(b)
		p.addTest(b)
	}
	return builds
}

// wheels are the packages that a build's wheel may need at run time among what it was compiled against, itself first.
func (b *Build) wheels() []*Build {
	var found []*Build
	var add func(b *Build)
	add = func(b *Build) {
		if b.finish != nil && !slices.Contains(found, b) {
			found = append(found, b)
		}
		for _, use := range b.Uses {
			add(use)
		}
	}
	add(b)
	return found
}
