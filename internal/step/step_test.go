// SPDX-License-Identifier: Apache-2.0

package step

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"crosswheel/internal/recipe"
	"crosswheel/internal/source"
)

func writeFiles(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		name = filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestOptions(t *testing.T) {
	var got IndexOptions
	run := options(func(_ context.Context, o IndexOptions) error { got = o; return nil })
	if err := run(t.Context(), []byte(`{"Wheels": "/in"}`)); err != nil || got.Wheels != "/in" {
		t.Errorf("got %+v, %v", got, err)
	}
	for _, text := range []string{`{"Wheel": "/in"}`, `{`, `[]`} {
		if err := run(t.Context(), []byte(text)); err == nil || !strings.HasPrefix(err.Error(), "the step's options: ") {
			t.Errorf("%s: got %v", text, err)
		}
	}
}

func TestOnlyWheel(t *testing.T) {
	dir := writeFiles(t, map[string]string{"a-1.0-py3-none-any.whl": "", "log": ""})
	if got, err := onlyWheel(dir); err != nil || filepath.Base(got) != "a-1.0-py3-none-any.whl" {
		t.Errorf("got %q, %v", got, err)
	}
	for want, files := range map[string]map[string]string{"0 wheels": nil, "2 wheels": {"a.whl": "", "b.whl": ""}} {
		if _, err := onlyWheel(writeFiles(t, files)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// Requirements are resolved as of the day after the latest release among a source and what it uses.
func TestDayAfter(t *testing.T) {
	at := func(text string) string {
		uploaded, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		out, _ := json.Marshal(Fetched{Uploaded: uploaded})
		return string(out)
	}
	dir := writeFiles(t, map[string]string{"early": at("2022-12-18T23:48:00.5Z"), "late": at("2022-12-31T23:59:59.9+01:00"), "never": "{}", "broken": "{"})
	for want, names := range map[string][]string{
		"2022-12-19T23:48:00Z": {"early", "never"},
		"2023-01-01T22:59:59Z": {"late", "early"},
		"0001-01-01T00:00:00Z": {"never"},
	} {
		var paths []string
		for _, name := range names {
			paths = append(paths, filepath.Join(dir, name))
		}
		got, err := dayAfter(paths)
		if err != nil || got.Format(time.RFC3339Nano) != want {
			t.Errorf("%v: got %v, %v, want %s", names, got, err, want)
		}
	}
	if _, err := dayAfter([]string{filepath.Join(dir, "broken")}); err == nil {
		t.Error("a broken file: no error")
	}
}

func TestLockedWheels(t *testing.T) {
	dir := writeFiles(t, map[string]string{"ruamel.yaml-0.18.5-py3-none-any.whl": "abc", "Cython-0.29.36-py2.py3-none-any.whl": "abc"})
	got, err := lockedWheels(dir)
	if err != nil || len(got) != 2 {
		t.Fatalf("got %+v, %v", got, err)
	}
	const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" // FIPS 180-4's own example
	if p := got[1]; p.Name != "ruamel-yaml" || p.Version != "0.18.5" || p.Wheels[0].Name != "ruamel.yaml-0.18.5-py3-none-any.whl" || p.Wheels[0].Hashes.SHA256 != abc {
		t.Errorf("got %+v", p)
	}
	if _, err := lockedWheels(writeFiles(t, map[string]string{"a-1.0.tar.gz": ""})); err == nil {
		t.Error("an sdist: no error")
	}
}

// Both formats of apt's sources, with comments that name other mirrors.
func TestMirrorPattern(t *testing.T) {
	for name, text := range map[string]string{
		"one line": "# deb http://snapshot.test/debian bookworm main\n\ndeb [signed-by=/a] http://mirror.test/debian bookworm main\ndeb http://security.test/debian bookworm-security main\n",
		"deb822":   "Types: deb\n# http://snapshot.test/archive\nURIs: http://mirror.test/debian\nSuites: bookworm\n",
	} {
		found := mirrorPattern.FindStringSubmatch(text)
		if len(found) != 2 || found[1] != "http://mirror.test/debian" {
			t.Errorf("%s: got %q", name, found)
		}
	}
}

func TestResolveDebian(t *testing.T) {
	urls := []string{"https://example.org/a.tar.gz", "http://example.org/debian:pool"}
	got, err := resolveDebian(urls)
	if err != nil || !slices.Equal(got, urls) {
		t.Errorf("got %q, %v", got, err)
	}
}

// The names that recipes may give a backend are those that sources can be built with.
func TestBackends(t *testing.T) {
	for _, name := range recipe.Backends {
		if _, ok := source.Backends[name]; !ok && name != "pep517" {
			t.Errorf("recipes may name %q, and nothing is known of it", name)
		}
	}
	if len(recipe.Backends) != len(source.Backends)+1 {
		t.Error("a backend is known that no recipe may name")
	}
}

func TestPlace(t *testing.T) {
	folder := t.TempDir()
	if err := errors.Join(os.MkdirAll(filepath.Join(folder, "lib", "python"), 0o755), os.WriteFile(filepath.Join(folder, "lib", "python", "setup.py"), nil, 0o644),
		os.WriteFile(filepath.Join(folder, "README"), nil, 0o644)); err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[string]string{"": "lib/python/setup.py", "lib": "python/setup.py", "lib/python": "setup.py"} {
		tree := filepath.Join(t.TempDir(), "source")
		if err := place(UnpackOptions{Folder: folder, Dir: dir}, tree); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(filepath.Join(tree, want)); err != nil {
			t.Errorf("of %q: %v", dir, err)
		}
		if left, _ := filepath.Glob(tree + ".*"); len(left) > 0 {
			t.Errorf("of %q is left: %v", dir, left)
		}
	}
	for _, dir := range []string{"pyhton", "README"} {
		err := place(UnpackOptions{Folder: folder, Dir: dir}, filepath.Join(t.TempDir(), "source"))
		if want := `no folder "` + dir + `"; at its top are: README, lib`; err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// What a recipe uses natively takes the place of what a source asks for of the same name.
func TestWithout(t *testing.T) {
	requires := []string{"setuptools", "oldest-supported-numpy", "NumPy>=1.20; python_version<'3.12'", "numpydoc", "Markup_Safe==1"}
	for projects, want := range map[string]string{"": strings.Join(requires, " "), "numpy markup-safe": "setuptools numpydoc"} {
		if got := strings.Join(without(requires, strings.Fields(projects)), " "); got != want {
			t.Errorf("without %s: %s", projects, got)
		}
	}
}
