// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"crosswheel/internal/recipe"
	sdkimage "crosswheel/sdk-image"
)

// TestRebuild shows the stages of a second build, of a library and of a package that uses one and sets variables of its own.
func TestRebuild(t *testing.T) {
	folder := catalogue(t)
	edit(t, folder, "numeric/recipe.hcl", `env        = {`, `env        = { TZ = "Europe/Vienna",`)
	p, builds := plain(t, folder)
	var recipes []*recipe.Recipe
	var usual []string
	for _, b := range builds {
		if b.Recipe.Name == "cyaml" || b.Recipe.Name == "numeric" {
			recipes = append(recipes, b.Recipe)
		}
		if b.compile != nil {
			usual = append(usual, p.key(b.compile))
		}
	}
	p.addRebuilds(builds, recipes)
	var text strings.Builder
	for _, b := range builds {
		for _, s := range b.stages() {
			if s == b.rebuild || s == b.refinish || s == b.compare {
				text.WriteString(described(s))
			}
		}
		if b.test != nil {
			t.Errorf("%s is tested", b.Label())
		}
		if b.compile != nil && !slices.Contains(usual, p.key(b.compile)) {
			t.Errorf("%s is compiled in another way than to be published", b.Label())
		}
	}
	checkGolden(t, "rebuild.txt", text.String())
}

// described is a stage with what is common to all of a long file cut out: the folder is what it is about.
func described(s *stage) string {
	text := s.describe()
	for _, m := range s.mounts {
		if strings.HasPrefix(m.at, sdkimage.CrossDir) {
			text = strings.Replace(text, fmt.Sprintf("%q", m.text), fmt.Sprintf("with %q", regexp.MustCompile("/somewhere.*").FindString(m.text)), 1)
		}
	}
	return text
}
