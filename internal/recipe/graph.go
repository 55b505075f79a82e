// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

var usePattern = regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9._-]*?)\s*(?:==\s*([^\s=<>!~,]+))?$`)

// use reads one entry of uses.
func (e *evaluator) use(s string, at hcl.Range) (Use, bool) {
	m := usePattern.FindStringSubmatch(s)
	if m == nil {
		e.problem(at, "Invalid uses", "%q is not the name of a recipe. Write a name alone, \"numpy\", or pin one version of it, \"numpy==1.24.0\".", s)
		return Use{}, false
	}
	return Use{Name: m[1], Version: m[2], Range: at}, true
}

// linker finds the recipes that recipes use.
type linker struct {
	recipes []*Recipe
	byName  map[string][]*Recipe // by normalized name, oldest version first
	unread  map[string]bool
	visited map[*Recipe]bool
	path    []usage // from the recipe at which the walk began down to the one it is at
	diags   hcl.Diagnostics
}

// usage is one step of the walk: a recipe, and which of its uses is being followed.
type usage struct {
	recipe *Recipe
	use    *Use
}

func newLinker(recipes []*Recipe, unread map[string]bool) *linker {
	l := &linker{recipes: recipes, byName: map[string][]*Recipe{}, unread: unread, visited: map[*Recipe]bool{}}
	for _, r := range recipes {
		l.byName[normalize(r.Name)] = append(l.byName[normalize(r.Name)], r)
	}
	return l
}

// checkUses reports uses of recipes and versions that do not exist. What cannot be read is not said to be missing.
func (l *linker) checkUses() hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, r := range l.recipes {
		for _, use := range r.Build.Uses {
			versions := l.byName[normalize(use.Name)]
			switch {
			case l.unread[normalize(use.Name)]:
			case versions == nil:
				names := slices.Sorted(maps.Keys(l.byName))
				diags = append(diags, Problem(use.Range, "Unknown recipe", "%s uses %q, and there is no recipe of that name.%s", r.Name, use.Name, DidYouMean(normalize(use.Name), names)))
			case use.Version != "" && withVersion(versions, use.Version) == nil:
				diags = append(diags, Problem(use.Range, "Unknown version", "%s uses version %q of %s, which has %s. Write one of these, or add a version block there.",
					r.Name, use.Version, use.Name, enumerate(versionsOf(versions), "and")))
			}
		}
	}
	return diags
}

// link sets what each use stands for on the target, disables what uses something that is not built there, and reports cycles.
func (l *linker) link(t Target) hcl.Diagnostics {
	for _, r := range l.recipes {
		l.visit(r, t)
	}
	for _, r := range l.recipes {
		if r.Disabled == "" {
			l.checkTogether(r)
		}
	}
	return l.diags
}

// checkTogether reports what cannot be there at once while r is built: two versions of one recipe, and libraries of the target's in what is
// built for the build machine.
func (l *linker) checkTogether(r *Recipe) {
	found := map[string]usage{}
	told := false
	var walk func(by *Recipe, from *Use)
	walk = func(by *Recipe, from *Use) {
		for i := range by.Build.Uses {
			use := &by.Build.Uses[i]
			at := from
			if at == nil {
				at = use
			}
			if use.Recipe == nil {
				continue
			}
			other, seen := found[normalize(use.Name)]
			if seen && other.recipe != use.Recipe && !told {
				told = true // the rest mostly follows from it
				l.diags = append(l.diags, Problem(at.Range, "Two versions", "%s %s would be compiled against %s %s, by way of %s, and against version %s, by way of %s. Pin one version in all of them.",
					r.Name, r.Version, use.Name, other.recipe.Version, place(other.use.Range), use.Recipe.Version, place(use.Range)))
			}
			found[normalize(use.Name)] = usage{use.Recipe, use}
			if !seen && use.Recipe.Kind == Library { // what a package uses is no concern of those that use it
				walk(use.Recipe, at)
			}
		}
	}
	walk(r, nil)
	if i := slices.IndexFunc(r.Build.Uses, func(u Use) bool { return u.Recipe != nil && u.Recipe.Kind == Library }); i >= 0 && r.Build.Native == NativeBuild {
		l.diags = append(l.diags, Problem(r.At("build", "native"), "No native library", "%s links %s, which is built for the target only: it cannot be built for the build machine. Write native = \"wheel\" if the package index has one.",
			r.Name, r.Build.Uses[i].Name))
	}
}

func (l *linker) visit(r *Recipe, t Target) {
	if l.visited[r] {
		return
	}
	l.visited[r] = true
	if r.Disabled != "" {
		return
	}
	l.path = append(l.path, usage{recipe: r})
	for i := range r.Build.Uses {
		use := &r.Build.Uses[i]
		l.path[len(l.path)-1].use = use
		l.resolve(r, use, t)
	}
	l.path = l.path[:len(l.path)-1]
}

// resolve takes the newest version that is built, which is known of a version only once it was visited itself.
func (l *linker) resolve(r *Recipe, use *Use, t Target) {
	candidates := l.byName[normalize(use.Name)]
	if use.Version != "" {
		candidates = slices.DeleteFunc(slices.Clone(candidates), func(c *Recipe) bool { return !c.isVersion(use.Version) })
	}
	for _, candidate := range slices.Backward(candidates) {
		if at := slices.IndexFunc(l.path, func(u usage) bool { return u.recipe == candidate }); at >= 0 {
			l.diags = append(l.diags, cycle(l.path[at:]))
			return
		}
		l.visit(candidate, t)
		if candidate.Disabled == "" {
			use.Recipe = candidate
			return
		}
	}
	if len(candidates) > 0 && r.Disabled == "" {
		newest := candidates[len(candidates)-1]
		r.Disabled = fmt.Sprintf("uses %s %s, which is not built for %s: %s", newest.Name, newest.Version, t.Name, newest.Disabled)
	}
}

// cycle draws a loop, starting at the recipe whose name sorts first, wherever the walk came upon it.
func cycle(loop []usage) *hcl.Diagnostic {
	first := 0
	for i, u := range loop {
		if compareRecipes(u.recipe, loop[first].recipe) < 0 {
			first = i
		}
	}
	loop = slices.Concat(loop[first:], loop[:first])
	if len(loop) == 1 {
		return Problem(loop[0].use.Range, "Dependency cycle", "%s %s uses itself. Take this away, or pin another version.", loop[0].recipe.Name, loop[0].recipe.Version)
	}
	var drawing strings.Builder
	for i, u := range loop {
		next := loop[(i+1)%len(loop)].recipe
		fmt.Fprintf(&drawing, "  %s %s uses %s %s (%s)\n", u.recipe.Name, u.recipe.Version, next.Name, next.Version, place(u.use.Range))
	}
	return Problem(loop[0].use.Range, "Dependency cycle", "Each of these has to be built before the one above it, so none can be the first:\n\n%s\nTake one of these uses away, or pin another version in it.", drawing.String())
}

// compareRecipes orders by name, then by version.
func compareRecipes(a, b *Recipe) int {
	if c := strings.Compare(normalize(a.Name), normalize(b.Name)); c != 0 {
		return c
	}
	return compareVersions(a.Kind, a.Version, b.Version)
}

// isVersion says whether r is that version, however it is spelled.
func (r *Recipe) isVersion(version string) bool {
	return compareVersions(r.Kind, r.Version, version) == 0
}

func withVersion(recipes []*Recipe, version string) *Recipe {
	if i := slices.IndexFunc(recipes, func(r *Recipe) bool { return r.isVersion(version) }); i >= 0 {
		return recipes[i]
	}
	return nil
}

func versionsOf(recipes []*Recipe) []string {
	var versions []string
	for _, r := range recipes {
		versions = append(versions, r.Version)
	}
	return versions
}

// Order returns recipes and all that they use, directly or not: each once, after what it uses, and otherwise in the order given.
// A recipe that is disabled is kept; what it uses is not followed.
func Order(recipes []*Recipe) []*Recipe {
	var ordered []*Recipe
	seen := map[*Recipe]bool{}
	var add func(r *Recipe)
	add = func(r *Recipe) {
		if seen[r] {
			return
		}
		seen[r] = true
		for _, use := range r.Build.Uses {
			if r.Disabled == "" && use.Recipe != nil {
				add(use.Recipe)
			}
		}
		ordered = append(ordered, r)
	}
	for _, r := range recipes {
		add(r)
	}
	return ordered
}
