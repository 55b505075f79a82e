// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"strings"
	"testing"

	"crosswheel/internal/recipe"
	sdkimage "crosswheel/sdk-image"
)

// An SDK with a Python of its own, whose target's Python cannot run pip, is built with in other containers.
func TestGraphOfSDK(t *testing.T) {
	p, plainBuilds := plain(t, catalogue(t))
	var recipes []*recipe.Recipe
	for _, b := range plainBuilds {
		recipes = append(recipes, b.Recipe)
	}
	p.keys, p.image.Native, p.image.Lacks = map[*stage]string{}, sdkimage.SDKDir+"/bin/python3", []string{"xml.parsers.expat"}
	tested := 0
	for i, b := range p.graph(recipe.Order(recipes)) {
		if b.requirements != nil {
			if command := b.requirements.execs[0][len(b.requirements.execs[0])-1]; b.requirements.base != sdk || !strings.Contains(command, `"Native":"/crosswheel/sdk/bin/python3","Python":"3.11"`) {
				t.Errorf("%s: requirements in %s: %s", b.Label(), b.requirements.base, command)
			}
			if plainBuilds[i].requirements.base != tools {
				t.Errorf("%s: without it, requirements in %s", b.Label(), plainBuilds[i].requirements.base)
			}
		}
		if b.lock != nil && !strings.Contains(b.lock.execs[0][len(b.lock.execs[0])-1], `"Native":"/crosswheel/sdk/bin/python3"`) {
			t.Errorf("%s: lock: %v", b.Label(), b.lock.execs)
		}
		if b.test == nil {
			continue
		}
		tested++
		if b.index.name != "install" || len(b.test.execs) != 1 {
			t.Errorf("%s: %s; %v", b.Label(), b.index.name, b.test.execs)
		}
		if len(plainBuilds[i].test.execs) != 3 || plainBuilds[i].index.name != "index" {
			t.Errorf("%s: where pip runs: %v", b.Label(), plainBuilds[i].test.execs)
		}
	}
	if tested == 0 {
		t.Error("nothing is tested")
	}
	if note := p.note(); !strings.Contains(note, "each file checked against RECORD") {
		t.Errorf("the note is %q", note)
	}
}
