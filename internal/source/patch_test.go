// SPDX-License-Identifier: Apache-2.0

package source

import (
	"os"
	"path/filepath"
	"reflect"
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
	if err := setTimes(dir, func(os.FileInfo) time.Time { return shipped }); err != nil {
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
	if err := Patch(dir, patch); err == nil || !strings.Contains(err.Error(), "is already applied to this source") {
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
		"nothing said": {"[tool.black]\nline-length = 88\n", Legacy},
		"requirements alone": {"[build-system]\nrequires = ['setuptools', 'Cython']\n",
			BuildSystem{Backend: Legacy.Backend, Requires: []string{"setuptools", "Cython"}}},
		"its own backend": {"[build-system]\nrequires = []\nbuild-backend = 'backend:it'\nbackend-path = ['tools']\n",
			BuildSystem{Backend: "backend:it", BackendPath: []string{"tools"}, Requires: Legacy.Requires}},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "pyproject.toml"), []byte(c.pyproject), 0o644); err != nil {
			t.Fatal(err)
		}
		got, err := ReadBuildSystem(dir)
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %+v, %v; want %+v", name, got, err, c.want)
		}
	}
	if got, err := ReadBuildSystem(t.TempDir()); err != nil || !reflect.DeepEqual(got, Legacy) {
		t.Errorf("no pyproject.toml: got %+v, %v", got, err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "pyproject.toml"), []byte("[build-system\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadBuildSystem(dir); err == nil || !strings.Contains(err.Error(), "pyproject.toml of the source: ") {
		t.Errorf("a broken one: %v", err)
	}
}
