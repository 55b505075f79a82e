// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
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
