// SPDX-License-Identifier: Apache-2.0

package step

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// What a wheel was linked with statically is told, and its licences go along. That shared libraries are put in is a matter for real ones: see the
// end-to-end test of the manual's recipe.
func TestGraftStatic(t *testing.T) {
	tree, licenses := t.TempDir(), writeFiles(t, map[string]string{"COPYING": "do what you like"})
	library := Library{Name: "lib", Version: "1.2", License: "Zlib", Files: t.TempDir(), Licenses: licenses}
	options := FinishOptions{Libraries: []Library{library, {Name: "bare", Version: "2", Licenses: t.TempDir()}}}
	if _, err := graft(t.Context(), tree, nil, options); err == nil || !strings.Contains(err.Error(), "0 .dist-info folders") {
		t.Errorf("no wheel: %v", err)
	}
	if err := os.Mkdir(filepath.Join(tree, "demo-1.0.dist-info"), 0o755); err != nil {
		t.Fatal(err)
	}
	got, err := graft(t.Context(), tree, nil, options)
	if want := []Bundled{{Name: "lib", Version: "1.2", License: "Zlib", Linkage: "static"}, {Name: "bare", Version: "2", Linkage: "static"}}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	if text, err := os.ReadFile(filepath.Join(tree, "demo-1.0.dist-info/licenses/lib/COPYING")); err != nil || string(text) != "do what you like" {
		t.Errorf("the licence is %q, %v", text, err)
	}
	if entries, _ := os.ReadDir(filepath.Join(tree, "demo-1.0.dist-info/licenses")); len(entries) != 1 {
		t.Errorf("of a library without licences is left %v", entries)
	}
}

func TestExport(t *testing.T) {
	tree := t.TempDir()
	if err := errors.Join(os.MkdirAll(filepath.Join(tree, "lib"), 0o755), os.WriteFile(filepath.Join(tree, "lib/libx.so.1.2"), []byte("x"), 0o755),
		os.Symlink("libx.so.1.2", filepath.Join(tree, "lib/libx.so")), os.WriteFile(filepath.Join(tree, "README"), nil, 0o644)); err != nil {
		t.Fatal(err)
	}
	to := t.TempDir()
	if err := export(tree, to, []string{"lib/*.so*"}); err != nil {
		t.Fatal(err)
	}
	if err := makeAlike(tree, to); err != nil {
		t.Fatal(err)
	}
	target, err := os.Readlink(filepath.Join(to, "lib/libx.so"))
	info, err2 := os.Stat(filepath.Join(to, "lib/libx.so.1.2"))
	if err != nil || err2 != nil || target != "libx.so.1.2" || info.Mode().Perm() != 0o755 {
		t.Errorf("got a link to %q (%v) of mode %v (%v)", target, err, info.Mode(), err2)
	}
	if _, err := os.Stat(filepath.Join(to, "README")); err == nil {
		t.Error("what no pattern matches is exported")
	}
	for _, c := range []struct {
		pattern, want string
		item          int
	}{{"include/**", "there are, for instance: README, lib/libx.so, lib/libx.so.1.2", 1}, {"lib/*.so", "lib/libx.so is a link to libx.so.1.2", -1}} {
		var m *Mistake
		patterns := []string{"README", c.pattern}
		if err := export(tree, t.TempDir(), patterns); !errors.As(err, &m) || m.At != "build.exports" || m.Item != c.item || !strings.Contains(m.Detail, c.want) {
			t.Errorf("%q: %v", patterns, err)
		}
	}
}

func TestMovePkgConfig(t *testing.T) {
	const at = "/crosswheel/libs/x"
	for old, want := range map[string]string{
		"prefix=/usr/local\nlibdir=${prefix}/lib\nCflags: -I/usr/local/include -I/usr/localized\n": "prefix=" + at + "\nlibdir=${prefix}/lib\nCflags: -I" + at + "/include -I/usr/localized\n",
		"prefix = /\nLibs: -L/lib\n":                 "prefix=" + at + "\nLibs: -L/lib\n",
		"prefix=" + at + "\nLibs: -L${prefix}/lib\n": "prefix=" + at + "\nLibs: -L${prefix}/lib\n",
		"prefix=${pcfiledir}/../..\n":                "prefix=${pcfiledir}/../..\n",
		"Libs: -lx\n":                                "Libs: -lx\n",
	} {
		dir := writeFiles(t, map[string]string{"x.pc": old, "x.txt": old})
		if err := movePkgConfig(dir, at); err != nil {
			t.Fatal(err)
		}
		if got, _ := os.ReadFile(filepath.Join(dir, "x.pc")); string(got) != want {
			t.Errorf("%q becomes %q", old, got)
		}
		if got, _ := os.ReadFile(filepath.Join(dir, "x.txt")); string(got) != old {
			t.Errorf("another file becomes %q", got)
		}
	}
}
