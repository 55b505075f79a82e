// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"context"
	"strings"
	"testing"
	"time"

	"crosswheel/internal/recipe"
	"crosswheel/internal/step"
)

func TestCheckRequires(t *testing.T) {
	const metadata = "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\nRequires-Dist: numpy (>=1.21)\nRequires-Dist: Typing_Extensions ; python_version < '3.11'\n" +
		"Requires-Dist: pytest ; extra == 'test'\n"
	for requires, want := range map[string]string{
		"":                              "",
		"numpy":                         "",
		"NumPy>=1.21,typing-extensions": "",
		"typing-extensions":             "the wheel requires numpy, and the recipe does not say so",
		"numpy,pytest":                  "the recipe says that it requires pytest, and the wheel does not",
	} {
		o := &outcome{build: &Build{Recipe: &recipe.Recipe{Name: "demo", Version: "1.0"}}, wheel: step.Finished{Metadata: metadata}}
		for one := range strings.SplitSeq(requires, ",") {
			if one != "" && !strings.HasPrefix(one, "1") {
				o.build.Recipe.Requires = append(o.build.Recipe.Requires, one)
			}
		}
		err := o.checkRequires()
		if (err == nil) != (want == "") || err != nil && (!strings.Contains(err.Error(), want) || len(o.diagnostics) != 1) {
			t.Errorf("%q: got %v, want %q", requires, err, want)
		}
	}
}

// Builds wait for the memory that they say they need.
func TestMemory(t *testing.T) {
	m := &memory{total: 10, changed: make(chan struct{})}
	acquire := func(ctx context.Context, bytes int64) func() {
		release, err := m.acquire(ctx, bytes)
		if err != nil {
			t.Fatal(err)
		}
		return release
	}
	first := acquire(t.Context(), 99) // more than there is: alone
	acquire(t.Context(), 0)()         // who says nothing waits for nothing
	short, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := m.acquire(short, 1); err == nil {
		t.Error("there was memory left beside a build that takes all")
	}
	go func() {
		time.Sleep(10 * time.Millisecond)
		first()
	}()
	release := acquire(t.Context(), 4)
	acquire(t.Context(), 6)()
	release()
	if m.used != 0 {
		t.Errorf("%d bytes are taken by nobody", m.used)
	}
	if machineMemory().total <= 0 {
		t.Error("this machine has no memory")
	}
}

func TestGitHubURL(t *testing.T) {
	const server = "http://git.lab.example/"
	s := recipe.Source{Owner: "yaml", Repo: "libyaml", Tag: "v0.2.5"}
	if got := gitHubURL(server, s); got != "http://git.lab.example/yaml/libyaml/archive/refs/tags/v0.2.5.tar.gz" {
		t.Errorf("a tag's archive is at %s", got)
	}
	s.Asset = "yaml.tar.gz"
	if got := gitHubURL(server, s); got != "http://git.lab.example/yaml/libyaml/releases/download/v0.2.5/yaml.tar.gz" {
		t.Errorf("a release's file is at %s", got)
	}
}
