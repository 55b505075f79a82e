// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"errors"
	"strings"
	"testing"
	"time"

	"crosswheel/internal/dagger"
	"crosswheel/internal/step"
)

// A mistake that a step has found is told at its line of the recipe.
func TestFindMistake(t *testing.T) {
	_, builds := plain(t, readFolder(t, "testdata/language"))
	for _, c := range []struct {
		name string
		m    step.Mistake
		want string
	}{
		{"scripted", step.Mistake{At: "source", Item: -1}, "recipes/scripted/recipe.hcl:9,5"},
		{"scripted", step.Mistake{At: "source.git.commit", Item: -1}, "recipes/scripted/recipe.hcl:11,20"},
		{"scripted", step.Mistake{At: "build.uses", Item: 1}, "recipes/scripted/recipe.hcl:21,34"},
		{"scripted", step.Mistake{At: "build.uses", Item: 9}, "recipes/scripted/recipe.hcl:21,23"},
		{"scripted", step.Mistake{At: "version", Item: -1}, "recipes/scripted/recipe.hcl:6,3"},
		{"scripted", step.Mistake{At: "build.script", Item: -1}, "recipes/scripted/recipe.hcl:17,3"}, // which it has not got
	} {
		c.m.Summary, c.m.Detail = "Not so", "Do it otherwise."
		for i, b := range builds {
			if b.Recipe.Name != c.name {
				continue
			}
			o := &outcome{build: builds[i]}
			o.findMistake(&dagger.ExecError{Stderr: "words before\n" + c.m.Error() + "\n"})
			if len(o.diagnostics) != 1 || !strings.HasPrefix(o.diagnostics[0].Subject.String(), c.want) || o.diagnostics[0].Summary != "Not so" || o.reason != "Not so: Do it otherwise." {
				t.Errorf("%+v: got %v, %q; want it at %s", c.m, o.diagnostics, o.reason, c.want)
			}
		}
	}
	for _, b := range builds {
		if b.Recipe.Name != "cprobe" {
			continue
		}
		o := &outcome{build: b}
		o.findMistake(&dagger.ExecError{Stdout: "The build needs the program make, and it is neither in the build image nor in requires.\n"})
		if len(o.diagnostics) != 1 || !strings.HasPrefix(o.diagnostics[0].Subject.String(), "recipes/cprobe/recipe.hcl:20,22") {
			t.Errorf("a missing program: %v", o.diagnostics)
		}
	}
	o := &outcome{build: builds[0]}
	for _, err := range []error{errors.New("the disk is full"), &dagger.ExecError{Stderr: "gcc: no"}} {
		if o.findMistake(err); len(o.diagnostics) > 0 {
			t.Errorf("%v is the recipe's mistake: %v", err, o.diagnostics)
		}
	}
}

// Compiling takes as long as it likes where the recipe does not say otherwise; a test does not.
func TestLimit(t *testing.T) {
	_, builds := plain(t, readFolder(t, "testdata/language"))
	got := map[string]time.Duration{}
	for _, b := range builds {
		for _, s := range b.stages() {
			limit, _ := b.limit(s)
			got[b.Recipe.Name+" "+s.name] = limit
		}
	}
	for name, want := range map[string]time.Duration{
		"scripted compile": 90 * time.Minute, "generated compile": 0, "codegen native": 0,
		"generated test": 5 * time.Minute, "scripted test": time.Hour, "scripted fetch": 0,
	} {
		if limit, there := got[name]; !there || limit != want {
			t.Errorf("%s: %v, want %v", name, limit, want)
		}
	}
}

// What is used natively must be in the lock, at its version.
func TestNativeLocks(t *testing.T) {
	const lock = "generated/pylock.1_0-cp311.toml"
	sum := strings.Repeat("4", 64)
	text := "lock-version = \"1.0\"\ncreated-by = \"crosswheel\"\nrequires-python = \"==3.11.*\"\n" +
		"packages = [\n{ name = \"ply\", version = \"3.11\", wheels = [{ name = \"ply-3.11-py3-none-any.whl\", path = \"ply-3.11-py3-none-any.whl\", hashes = { sha256 = \"" + sum + "\" } }] },\n" +
		"{ name = \"plain\", version = \"1.16.0\", wheels = [{ name = \"plain-1.16.0-py3-none-any.whl\", path = \"plain-1.16.0-py3-none-any.whl\", hashes = { sha256 = \"" + sum + "\" } }] },\n]\n[tool.crosswheel]\nrequires = []\n"
	for old, want := range map[string]string{"": "", "ply": "ply", "1.16.0": "plain==1.16.0"} {
		files := readFolder(t, "testdata/language")
		files[lock] = catalogue(t)["spline/pylock.2_0-cp311.toml"]
		files[lock].Data = []byte(strings.ReplaceAll(text, old+"\"", "other\""))
		if old == "" {
			files[lock].Data = []byte(text)
		}
		p, _ := plain(t, files)
		told := ""
		if len(p.problems) > 0 {
			told = p.problems[0].Detail
		}
		if (want == "") != (told == "") || !strings.Contains(told, want) {
			t.Errorf("without %q: %q", old, told)
		}
	}
}
