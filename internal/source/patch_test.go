// SPDX-License-Identifier: Apache-2.0

package source

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// sourceTree has one file, as it is unpacked.
func sourceTree(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "setup.cfg"), []byte("one\ntwo\nthree\nfour\nfive\nsix\nseven\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := setTimes(dir, func(string, os.FileInfo) time.Time { return shipped }); err != nil {
		t.Fatal(err)
	}
	return dir
}

func patchFile(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "fix.patch")
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

const fix = `Says why.
--- a/setup.cfg
+++ b/setup.cfg
@@ -2,3 +2,3 @@
 two
-three
+3
 four
`

func TestPatch(t *testing.T) {
	dir := sourceTree(t)
	patch := patchFile(t, fix+`--- /dev/null
+++ b/new/file
@@ -0,0 +1 @@
+made by a patch
`)
	if err := Patch(dir, patch); err != nil {
		t.Fatal(err)
	}
	if err := Settle(dir); err != nil {
		t.Fatal(err)
	}
	// Nothing is left behind, and what is new is newer.
	got := describe(t, dir)
	want := `drwx------ +0 .
drwxr-xr-x +0 new
-rw-r--r-- +1 new/file "made by a patch\n"
-rw-r--r-- +1 setup.cfg "one\ntwo\n3\nfour\nfive\nsix\nseven\n"
`
	if _, after, _ := strings.Cut(got, "\n"); after != want[strings.Index(want, "\n")+1:] {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	var failure *PatchError
	if err := Patch(dir, patch); !errors.As(err, &failure) || !failure.Applied {
		t.Errorf("a second time: %v", err)
	}
	if after := describe(t, dir); strings.Contains(after, "three") {
		t.Errorf("the second time took it back:\n%s", after)
	}
}

func TestPatchRefuses(t *testing.T) {
	const second = "@@ -6,2 +6,2 @@\n six\n-eight\n+7\n"
	for name, c := range map[string]struct{ patch, want string }{
		"fuzz":          {strings.Replace(fix, " two\n", " 2\n", 1), "Hunk #1 FAILED at 2"},
		"a later hunk":  {fix + second, "Hunk #2 FAILED at 6"},
		"no such file":  {strings.ReplaceAll(fix, "setup.cfg", "setup.py"), "setup.py"},
		"file outside":  {strings.ReplaceAll(fix, "/setup.cfg", "/../setup.cfg"), "../setup.cfg"},
		"no patch":      {"What should be changed here:\n", "Only garbage was found"},
		"an empty file": {"", "the patch file is empty"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := sourceTree(t)
			if err := Patch(dir, patchFile(t, c.patch)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestReadBuildSystem(t *testing.T) {
	for name, c := range map[string]struct {
		pyproject string
		want      BuildSystem
	}{
		"nothing said": {"[tool.black]\nline-length = 88\n", legacy},
		"requirements alone": {"[build-system]\nrequires = ['setuptools', 'Cython']\n",
			BuildSystem{Backend: legacy.Backend, Requires: []string{"setuptools", "Cython"}}},
		"its own backend": {"[build-system]\nrequires = []\nbuild-backend = 'backend:it'\nbackend-path = ['tools']\n",
			BuildSystem{Backend: "backend:it", BackendPath: []string{"tools"}, Requires: legacy.Requires}},
		"one that asks for programs": {"[build-system]\nrequires = ['meson-python']\nbuild-backend = 'mesonpy'\n",
			BuildSystem{Backend: "mesonpy", Requires: []string{"meson-python", "ninja"}}},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "pyproject.toml"), []byte(c.pyproject), 0o644); err != nil {
			t.Fatal(err)
		}
		got, err := ReadBuildSystem(dir, "")
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %+v, %v; want %+v", name, got, err, c.want)
		}
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "pyproject.toml"), []byte("[build-system\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadBuildSystem(dir, ""); err == nil || !strings.Contains(err.Error(), "pyproject.toml of the source: ") {
		t.Errorf("a broken one: %v", err)
	}
	for backend, want := range map[string]string{
		"": "setuptools.build_meta", "setuptools": "setuptools.build_meta", "setuptools-rust": "setuptools.build_meta", "pep517": "setuptools.build_meta",
		"meson-python": "mesonpy", "maturin": "maturin",
	} {
		dir := t.TempDir()
		text := "[build-system]\nrequires = ['setuptools>=61']\nbuild-backend = 'setuptools.build_meta'\n"
		if err := os.WriteFile(filepath.Join(dir, "pyproject.toml"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if got, err := ReadBuildSystem(dir, backend); err != nil || got.Backend != want {
			t.Errorf("the recipe's backend %q: got %+v, %v", backend, got, err)
		}
	}
	if got, err := ReadBuildSystem(t.TempDir(), "hatchling"); err != nil || !reflect.DeepEqual(got, Backends["hatchling"]) {
		t.Errorf("a backend for a source that names none: %+v, %v", got, err)
	}
	if _, err := ReadBuildSystem(t.TempDir(), "pep517"); err == nil || !strings.Contains(err.Error(), "names no build backend") {
		t.Errorf("pep517 without pyproject.toml: %v", err)
	}
}

func TestCopy(t *testing.T) {
	from, tree, outside := t.TempDir(), t.TempDir(), t.TempDir()
	for name, text := range map[string]string{from + "/site.cfg": "new", from + "/sub/a": "a", tree + "/site.cfg": "old"} {
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(Copy(from+"/site.cfg", tree, "site.cfg"), Copy(from, tree, "deep/er"), os.Symlink(outside, tree+"/link")); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"site.cfg": "new", "deep/er/site.cfg": "new", "deep/er/sub/a": "a"} {
		if got, err := os.ReadFile(filepath.Join(tree, name)); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if err := Copy(from, tree, "link/in"); err == nil {
		t.Error("a link of the source leads what is copied out of it")
	}
}

func TestRequiresPython(t *testing.T) {
	const info = "Metadata-Version: 2.1\nName: x\nVersion: 1\nRequires-Python: >=3.8\n"
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"an sdist":       {map[string]string{"PKG-INFO": info, "pyproject.toml": "[project]\nrequires-python = '>=3'\n"}, ">=3.8"},
		"a wheel":        {map[string]string{"x-1.dist-info/METADATA": info}, ">=3.8"},
		"a commit":       {map[string]string{"pyproject.toml": "[project]\nrequires-python = '>=3'\n"}, ">=3"},
		"an old sdist":   {map[string]string{"PKG-INFO": "Metadata-Version: 1.0\nName: x\nVersion: 1\n"}, ""},
		"a broken sdist": {map[string]string{"PKG-INFO": "Requires-Python: >=3.8\n"}, ""},
		"nothing":        {nil, ""},
	} {
		dir := t.TempDir()
		for name, text := range c.files {
			name = filepath.Join(dir, name)
			if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := RequiresPython(dir); err != nil || got != c.want {
			t.Errorf("%s: got %q, %v; want %q", name, got, err, c.want)
		}
	}
}

// A hunk that does not fit is found in the patch, whatever is before it.
func TestPatchPosition(t *testing.T) {
	const other = "--- a/other.c\n+++ b/other.c\t2020-01-01\n@@ -1 +1 @@\n-a\n+b\n@@ -9 +9 @@\n-not there\n+b\n"
	dir := sourceTree(t)
	if err := os.WriteFile(filepath.Join(dir, "other.c"), []byte("a\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	var failure *PatchError
	if err := Patch(dir, patchFile(t, fix+other)); !errors.As(err, &failure) || failure.File != "other.c" || failure.Hunk != 2 || failure.Line != 14 {
		t.Errorf("got %+v", failure)
	}
}

// What a source says in passing of how it is built.
func TestGuess(t *testing.T) {
	for name, c := range map[string]struct {
		files    map[string]string
		backend  string
		requires string // one of them
	}{
		"setup.py":              {map[string]string{"setup.py": "from setuptools import setup\n"}, legacy.Backend, "setuptools"},
		"setup.cfg":             {map[string]string{"setup.cfg": "[metadata]\n"}, legacy.Backend, "setuptools"},
		"Rust":                  {map[string]string{"setup.py": "from setuptools import setup\nfrom setuptools_rust import Binding\n"}, legacy.Backend, "setuptools-rust"},
		"CMake":                 {map[string]string{"setup.py": "from skbuild import setup  # not scikit-build-core\n"}, legacy.Backend, "scikit-build"},
		"maturin, not named":    {map[string]string{"pyproject.toml": "[build-system]\nrequires = ['maturin>=0.14,<0.15']\n"}, "maturin", "maturin>=0.14,<0.15"},
		"meson, not named":      {map[string]string{"pyproject.toml": "[build-system]\nrequires = ['Cython', 'meson_python']\n"}, "mesonpy", "meson_python"},
		"scikit-build, a table": {map[string]string{"pyproject.toml": "[build-system]\nrequires = ['scikit-build-core[pyproject]']\n"}, "scikit_build_core.build", "scikit-build-core[pyproject]"},
	} {
		dir := t.TempDir()
		for file, text := range c.files {
			if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := ReadBuildSystem(dir, "")
		if err != nil || got.Backend != c.backend || !slices.Contains(got.Requires, c.requires) {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "meson.build"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	var none *NoBuildSystemError
	if _, err := ReadBuildSystem(dir, ""); !errors.As(err, &none) || !slices.Equal(none.Names, []string{"meson.build"}) {
		t.Errorf("nothing said: %v", err)
	}
}
