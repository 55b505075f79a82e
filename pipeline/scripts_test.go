// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"crosswheel/internal/recipe"
)

// python runs a script of a stage with this machine's Python, in a folder of these files.
func python(t *testing.T, script string, files map[string]string, arguments ...string) (string, error) {
	t.Helper()
	script, err := filepath.Abs(script)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, text := range files {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	command := exec.Command("python3", append([]string{script}, arguments...)...)
	command.Dir = dir
	command.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1", "PYTHONPATH=")
	out, err := command.CombinedOutput()
	return string(out), err
}

func TestTestScript(t *testing.T) {
	out, err := python(t, "test.py", nil, `{"imports": ["json", "xml.dom"], "commands": ["x = 1; print(x)", "assert __name__ == '__main__'"]}`)
	for _, want := range []string{"import json: ok, ", "import xml.dom: ok, ", "1\ncommand 1: ok\ncommand 2: ok\n"} {
		if err != nil || !strings.Contains(out, want) {
			t.Errorf("got %v\n%s\nwant %q", err, out, want)
		}
	}
	if out, err := python(t, "test.py", nil, `{"imports": null, "commands": null}`); err != nil || out != "" {
		t.Errorf("nothing to test: %v\n%s", err, out)
	}
	for tests, want := range map[string]string{
		`{"imports": ["no_such_module"], "commands": null}`:              "No module named 'no_such_module'",
		`{"imports": null, "commands": ["x = 1", "assert 1 == 2, 'a'"]}`: "<test command 2>",
	} {
		if out, err := python(t, "test.py", nil, tests); err == nil || !strings.Contains(out, want) {
			t.Errorf("%s: got %v\n%s", tests, err, out)
		}
	}
}

// The backend is a source's own: it may lie in it, be an object in a module, and the source may have files that are
// called like modules of the standard library.
func TestWheelScript(t *testing.T) {
	const backend = `
import json, os, sys
class Inner:
    @staticmethod
    def build_wheel(folder, settings=None):
        return f"{folder} {settings} {os.path.basename(json.__file__)} {'' in sys.path or os.getcwd() in sys.path}"
class Outer:
    inner = Inner
`
	files := map[string]string{
		"tools/backend.py": backend, "json.py": "raise SystemExit('the source hides the standard library')",
		"build-system.json": `{"backend": "backend:Outer.inner", "backend_path": ["tools"], "requires": []}`,
	}
	for settings, want := range map[string]string{"null": "None", `{"a": "b"}`: "{'a': 'b'}"} {
		out, err := python(t, "wheel.py", files, "build-system.json", settings)
		if want := "wheel.py: /out/wheel " + want + " __init__.py False\n"; err != nil || out != want {
			t.Errorf("got %v\n%s\nwant %q", err, out, want)
		}
	}
}

// meson learns of the target on its command line alone, before what the recipe says; its folder has one name always, and what it logged
// there is shown when it fails.
func TestMesonSettings(t *testing.T) {
	const backend = `
import os
def build_wheel(folder, settings=None):
    print(settings)
    if "fail" in settings["setup-args"]:
        os.makedirs(settings["builddir"] + "/meson-logs")
        with open(settings["builddir"] + "/meson-logs/meson-log.txt", "w") as file:
            file.write("first\n" * 60 + "what the compiler said\n")
        raise SystemExit("it failed")
`
	files := map[string]string{"mesonpy.py": backend, "build-system.json": `{"backend": "mesonpy", "backend_path": ["."], "requires": []}`}
	const cross = `['--cross-file=/crosswheel/cross/meson-cross.ini', '--native-file=/crosswheel/cross/meson-native.ini'`
	for settings, want := range map[string]string{
		"null":                             `{'setup-args': ` + cross + `], 'builddir': '.crosswheel'}`,
		`{"setup-args": ["-Da=b"]}`:        `{'setup-args': ` + cross + `, '-Da=b'], 'builddir': '.crosswheel'}`,
		`{"setup-args": "-Da=b"}`:          `{'setup-args': ` + cross + `, '-Da=b'], 'builddir': '.crosswheel'}`,
		`{"build-dir": "b"}`:               `{'build-dir': 'b', 'setup-args': ` + cross + `]}`,
		`{"install-args": "--tags=devel"}`: `{'install-args': '--tags=devel', 'setup-args': ` + cross + `], 'builddir': '.crosswheel'}`,
	} {
		if out, err := python(t, "wheel.py", files, "build-system.json", settings); err != nil || !strings.HasPrefix(out, want+"\n") {
			t.Errorf("%s: got %v\n%s\nwant %s", settings, err, out, want)
		}
	}
	out, err := python(t, "wheel.py", files, "build-system.json", `{"setup-args": "fail"}`)
	if err == nil || strings.Count(out, "first\n") != 59 || !strings.Contains(out, "what the compiler said\n---\n") || !strings.HasSuffix(out, "it failed\n") {
		t.Errorf("a failure: %v\n%s", err, out)
	}
}

// A wheel is changed by the recipe's script, wherever it is: built a moment ago, or unpacked as the source.
func TestPostScript(t *testing.T) {
	script := filepath.Join(t.TempDir(), "post.sh")
	if err := os.WriteFile(script, []byte("rm tests.py\ntest ! -e nowhere\necho changed > pkg.py\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	names := func(wheels string) string {
		out, err := exec.Command("python3", "-c", "import glob,sys,zipfile; w, = glob.glob(sys.argv[1] + '/*.whl'); z = zipfile.ZipFile(w); print(sorted(z.namelist()), z.read('pkg.py'))", wheels).CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return strings.TrimSpace(string(out))
	}
	const want = `['pkg-1.0.dist-info/WHEEL', 'pkg.py'] b'changed\n'`
	tree := map[string]string{"pkg.py": "", "tests.py": "", "pkg-1.0.dist-info/WHEEL": ""}
	wheels := t.TempDir()
	if out, err := python(t, "post.py", tree, wheels, script); err != nil || names(wheels) != want {
		t.Errorf("of an unpacked wheel: %v\n%s\n%s", err, out, names(wheels))
	}
	wheels = t.TempDir()
	if out, err := exec.Command("python3", "-c", "import sys,zipfile\nz = zipfile.ZipFile(sys.argv[1] + '/pkg-1.0-py3-none-any.whl', 'w')\nfor n in sys.argv[2:]: z.writestr(n, '')",
		wheels, "pkg.py", "tests.py", "pkg-1.0.dist-info/WHEEL").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err := python(t, "post.py", nil, wheels, script); err != nil || names(wheels) != want {
		t.Errorf("of a built wheel: %v\n%s\n%s", err, out, names(wheels))
	}
	if out, err := python(t, "post.py", nil, wheels, script); err == nil || !strings.Contains(out, "the recipe's post failed") {
		t.Errorf("a failing script: %v\n%s", err, out)
	}
}

// What stands around a build is one program for sh: it runs, in order, and stops at the first failure.
func TestScripted(t *testing.T) {
	run := func(build recipe.Build) (string, error) {
		s := &stage{}
		b := &Build{Recipe: &recipe.Recipe{Name: "demo", Build: build}}
		arguments := scripted(b, s, []string{"sh", "-c", "echo backend $MAKEFLAGS"})
		dir := t.TempDir()
		for _, m := range s.mounts { // they are mounted below /in
			if err := os.WriteFile(filepath.Join(dir, filepath.Base(m.at)), []byte(m.text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		arguments[2] = strings.ReplaceAll(arguments[2], "/in/", dir+"/")
		command := exec.Command(arguments[0], arguments[1:]...)
		command.Env = []string{"PATH=" + os.Getenv("PATH")}
		out, err := command.CombinedOutput()
		return string(out), err
	}
	for want, build := range map[string]recipe.Build{
		"backend\n":                {},
		"before\nbackend\nafter\n": {Before: "echo before", After: "echo after"},
		"backend -j1\n":            {Jobs: 1, Executables: []string{"sh"}},
		"The build needs the program no-such-tool, and it is neither in the build image nor in requires.\n": {Executables: []string{"no-such-tool"}},
		"before\n": {Before: "echo before; false; echo not here"},
	} {
		out, err := run(build)
		if out != want || (err == nil) != strings.Contains(want, "backend") {
			t.Errorf("%+v: got %v\n%s", build, err, out)
		}
	}
}
