// SPDX-License-Identifier: Apache-2.0

package index

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"crosswheel/internal/wheel"
)

// TestPipInstalls has the machine's own pip install from an index, by HTTP in both forms and from the disk: two projects, one of which
// requires the other by another spelling of its name.
func TestPipInstalls(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("there is no python3 on this machine")
	}
	if out, err := exec.Command(python, "-m", "pip", "--version").CombinedOutput(); err != nil {
		t.Skipf("there is no pip on this machine: %s", out)
	}
	dist := t.TempDir()
	files := publish(t, dist,
		[3]string{"Ruamel.YAML", "0.17", ""},
		[3]string{"demo", "1.0", ""},
		[3]string{"demo", "1.0+ot2.1", "Requires-Python: >=3\nRequires-Dist: ruamel_yaml==0.17\n"},
		[3]string{"demo", "2.0", "Requires-Python: >=9\n"})
	requirements := filepath.Join(t.TempDir(), "requirements.txt")
	locked := ""
	for _, f := range files {
		if name, _ := wheel.ParseFilename(f.Filename); name.Version == "0.17" || name.Version == "1.0+ot2.1" {
			locked += fmt.Sprintf("%s==%s --hash=sha256:%s\n", name.Project(), name.Version, f.SHA256)
		}
	}
	if err := os.WriteFile(requirements, []byte(locked), 0o644); err != nil {
		t.Fatal(err)
	}
	html := httptest.NewServer(http.StripPrefix("/some/where", http.FileServer(http.Dir(dist))))
	defer html.Close()
	json := httptest.NewServer(jsonPages(dist))
	defer json.Close()
	byHash := []string{"--require-hashes", "-r", requirements}
	for _, test := range []struct {
		what, index string
		arguments   []string
	}{
		{"HTML by name", html.URL + "/some/where/simple", []string{"demo"}},
		{"HTML by hash", html.URL + "/some/where/simple", byHash},
		{"JSON by hash", json.URL + "/simple", byHash},
		{"disk by name", "file://" + filepath.Join(dist, "simple"), []string{"demo"}},
	} {
		t.Run(test.what, func(t *testing.T) {
			target := t.TempDir()
			run(t, append([]string{python, "-m", "pip", "install", "--isolated", "--no-cache-dir", "--disable-pip-version-check", "--only-binary", ":all:",
				"--index-url", test.index, "--target", target}, test.arguments...)...)
			out := run(t, python, "-c", "import sys; sys.path.insert(0, sys.argv[1]); import demo, ruamel_yaml; print(demo.version, ruamel_yaml.version)", target)
			if strings.TrimSpace(out) != "1.0+ot2.1 0.17" {
				t.Errorf("installed: %s", out)
			}
		})
	}
}

// jsonPages serves dist as a host does that gives JSON to those who know it; the pips before 22.2 do not.
func jsonPages(dist string) http.Handler {
	files := http.FileServer(http.Dir(dist))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/") && strings.Contains(r.Header.Get("Accept"), "application/vnd.pypi.simple.v1+json") {
			w.Header().Set("Content-Type", "application/vnd.pypi.simple.v1+json")
			http.ServeFile(w, r, filepath.Join(dist, filepath.FromSlash(r.URL.Path), "index.v1_json"))
			return
		}
		files.ServeHTTP(w, r)
	})
}

// publish makes wheels (project, version, more of METADATA) and their index below dir, and gives their descriptions.
func publish(t *testing.T, dir string, wheels ...[3]string) []File {
	var files []File
	contents := map[string][]byte{}
	for _, w := range wheels {
		name, content := makeWheel(t, w[0], w[1], w[2])
		f, err := FromWheel(fstest.MapFS{name: {Data: content}}, name)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
		contents[path.Join("simple", wheel.NormalizeProject(w[0]), name)] = content
	}
	write(t, dir, contents)
	write(t, dir, render(t, files))
	return files
}

func run(t *testing.T, command ...string) string {
	t.Helper()
	out, err := exec.Command(command[0], command[1:]...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(command, " "), err, out)
	}
	return string(out)
}

// makeWheel packs a small pure wheel, and gives its name and bytes.
func makeWheel(t testing.TB, project, version, headers string) (string, []byte) {
	t.Helper()
	module := strings.ReplaceAll(wheel.NormalizeProject(project), "-", "_")
	info := fmt.Sprintf("%s-%s.dist-info/", module, version)
	tree := fstest.MapFS{
		module + ".py": {Data: fmt.Appendf(nil, "version = %q\n", version)},
		info + "METADATA": {Data: fmt.Appendf(nil, "Metadata-Version: 2.1\nName: %s\nVersion: %s\n%s\n<script>alert(1)</script>\n",
			project, version, headers)},
		info + "WHEEL": {Data: []byte("Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")},
	}
	var b bytes.Buffer
	name, err := wheel.Pack(&b, tree, wheel.PackOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return name.String(), b.Bytes()
}
