// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
)

// Select picks recipes by what someone wrote on a command line. A selector is a name ("numpy": all its versions), a pattern of names
// ("py*"), a version ("numpy==1.24.0", "numpy==1.2*"), a tag ("tag:core"), or any of these after "!", which takes away what the others
// picked; a string can hold several with commas between them. No selector that picks means all. The order of recipes is kept.
// What the picked ones use is not added: [Order] does that. A selector that fits nothing is an error.
func Select(recipes []*Recipe, selectors []string) ([]*Recipe, error) {
	picked, dropped := map[*Recipe]bool{}, map[*Recipe]bool{}
	everything := true
	var errs []error
	for _, selector := range strings.Split(strings.Join(selectors, ","), ",") {
		selector = strings.TrimSpace(selector)
		if selector == "" {
			continue
		}
		into := dropped
		rest, negated := strings.CutPrefix(selector, "!")
		if !negated {
			into, everything = picked, false
		}
		matches, err := match(recipes, strings.TrimSpace(rest))
		if err != nil {
			errs = append(errs, err)
		}
		for _, r := range matches {
			into[r] = true
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	var selected []*Recipe
	for _, r := range recipes {
		if (everything || picked[r]) && !dropped[r] {
			selected = append(selected, r)
		}
	}
	return selected, nil
}

// match returns the recipes that one selector fits.
func match(recipes []*Recipe, selector string) ([]*Recipe, error) {
	if tag, ok := strings.CutPrefix(selector, "tag:"); ok {
		return matchTag(recipes, tag)
	}
	name, version, pinned := strings.Cut(selector, "==")
	name, version = normalizePattern(strings.TrimSpace(name)), strings.TrimSpace(version)
	named, err := filter(recipes, name, func(r *Recipe) bool { return matches(name, normalize(r.Name)) })
	if err != nil {
		return nil, err
	}
	if len(named) == 0 {
		return nil, unknownName(recipes, name)
	}
	if !pinned {
		return named, nil
	}
	fitting, err := filter(named, version, func(r *Recipe) bool { return matches(version, r.Version) || r.isVersion(version) })
	if err == nil && len(fitting) == 0 {
		err = unknownVersion(named, version)
	}
	return fitting, err
}

func matchTag(recipes []*Recipe, tag string) ([]*Recipe, error) {
	tagged, err := filter(recipes, tag, func(r *Recipe) bool {
		return slices.ContainsFunc(r.Tags, func(t string) bool { return matches(tag, t) })
	})
	if err != nil || len(tagged) > 0 {
		return tagged, err
	}
	known := map[string]bool{}
	for _, r := range recipes {
		for _, t := range r.Tags {
			known[t] = true
		}
	}
	return nil, fmt.Errorf("no recipe has the tag %q.%s The list function shows all tags", tag, DidYouMean(tag, sortedKeys(known)))
}

// filter checks the pattern once, so that matches need not.
func filter(recipes []*Recipe, pattern string, fits func(*Recipe) bool) ([]*Recipe, error) {
	if _, err := path.Match(pattern, ""); err != nil {
		return nil, fmt.Errorf("%q is not a pattern: a bracket is not closed", pattern)
	}
	return slices.DeleteFunc(slices.Clone(recipes), func(r *Recipe) bool { return !fits(r) }), nil
}

func matches(pattern, s string) bool {
	ok, _ := path.Match(pattern, s)
	return ok
}

// normalizePattern leaves alone the hyphens inside brackets.
func normalizePattern(pattern string) string {
	if strings.Contains(pattern, "[") {
		return pattern
	}
	return normalize(pattern)
}

// Find returns one version of one recipe. Without a version there must be no choice among those that are built for the target.
func Find(recipes []*Recipe, name, version string) (*Recipe, error) {
	named := slices.DeleteFunc(slices.Clone(recipes), func(r *Recipe) bool { return normalize(r.Name) != normalize(name) })
	built := slices.DeleteFunc(slices.Clone(named), func(r *Recipe) bool { return r.Disabled != "" })
	switch {
	case len(named) == 0:
		return nil, unknownName(recipes, normalize(name))
	case version == "" && len(built) == 1:
		return built[0], nil
	case version == "" && len(named) > 1:
		return nil, fmt.Errorf("%s has several versions: %s. Say which one: --version", named[0].Name, enumerate(versionsOf(named), "and"))
	case version == "":
		return named[0], nil
	}
	if r := withVersion(named, version); r != nil {
		return r, nil
	}
	return nil, unknownVersion(named, version)
}

func unknownName(recipes []*Recipe, name string) error {
	names := map[string]bool{}
	for _, r := range recipes {
		names[normalize(r.Name)] = true
	}
	return fmt.Errorf("there is no recipe %q.%s The list function shows all recipes", name, DidYouMean(name, sortedKeys(names)))
}

// unknownVersion is about one recipe, or about the several that a pattern fits.
func unknownVersion(named []*Recipe, version string) error {
	if named[0].Name != named[len(named)-1].Name {
		return fmt.Errorf("none of these recipes has a version %q: %s", version, enumerate(namesOf(named), "and"))
	}
	return fmt.Errorf("%s has no version %q; it has %s", named[0].Name, version, enumerate(versionsOf(named), "and"))
}

func namesOf(recipes []*Recipe) []string {
	names := map[string]bool{}
	for _, r := range recipes {
		names[r.Name] = true
	}
	return sortedKeys(names)
}
