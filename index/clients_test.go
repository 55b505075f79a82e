// SPDX-License-Identifier: Apache-2.0

package index

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"crosswheel/internal/wheel"
)

// shelf is what clients are given: of each of these wheels the index says something that they have to heed.
//
//	demo 0.9          nothing
//	demo 1.0+ot2.1    what is to be installed; it requires another spelling of Zope.Interface, and for the extra "yaml" of Ruamel.YAML
//	demo 1.5          yanked
//	demo 2.0          for a Python that does not exist
func shelf(t testing.TB) fstest.MapFS {
	wheels := fstest.MapFS{}
	for _, w := range [][3]string{
		{"Ruamel.YAML", "0.17", ""},
		{"Zope.Interface", "6.0", ""},
		{"demo", "0.9", ""},
		{"demo", "1.0+ot2.1", "Requires-Python: >=3\nRequires-Dist: zope_interface==6.0\nProvides-Extra: yaml\nRequires-Dist: ruamel_yaml>=0.17; extra == \"yaml\"\n"},
		{"demo", "1.5", "Requires-Dist: zope_interface==6.0\n"},
		{"demo", "2.0", "Requires-Python: >=9\n"},
	} {
		name, content := makeWheel(t, w[0], w[1], w[2])
		name = "of/" + w[0] + "/" + name
		wheels[name] = &fstest.MapFile{Data: content}
		year := 2023
		if w[1] == "0.9" {
			year = 2021
		}
		wheels[name+provenanceSuffix] = &fstest.MapFile{Data: provenance(content, time.Date(year, 1, 2, 4, 0, 0, 0, time.FixedZone("", 3600)))}
	}
	return wheels
}

// provenance is what a build says of a wheel.
func provenance(wheel []byte, finished time.Time) []byte {
	return fmt.Appendf(nil, `{"_type": "https://in-toto.io/Statement/v1", "subject": [{"name": "a wheel", "digest": {"sha256": "%x"}}],
		"predicateType": "https://slsa.dev/provenance/v1", "predicate": {"runDetails": {"metadata": {"finishedOn": %q}}}}`, sha256.Sum256(wheel), finished.Format(time.RFC3339))
}

const yankedReason = `eats "spam" & <eggs>`

// published makes the index of the shelf, as the command does.
func published(t testing.TB) (dist string, p *Published) {
	t.Helper()
	source, dist := t.TempDir(), filepath.Join(t.TempDir(), "dist")
	wheels := map[string][]byte{}
	for name, file := range shelf(t) {
		wheels[name] = file.Data
	}
	write(t, source, wheels)
	marks, err := ParseMarks([]byte("yank demo==1.5 " + yankedReason + "\ndeprecated demo take another\n"))
	if err != nil {
		t.Fatal(err)
	}
	lab := Target{"lab", clientPython, "linux_armv7l", "2.36"}
	p, err = Write(Input{Wheels: os.DirFS(source), Marks: marks, Targets: []Target{lab}, Hosts: HostKinds}, &Folder{Dir: dist, Wheels: source})
	if err != nil {
		t.Fatal(err)
	}
	return dist, p
}

func readPublished(t testing.TB, dist string) *Published {
	t.Helper()
	var texts [2]string
	for i, name := range []string{PackagesFile, SumsFile} {
		text, err := os.ReadFile(filepath.Join(dist, name))
		if err != nil {
			t.Fatal(err)
		}
		texts[i] = string(text)
	}
	p, err := ParsePublished(texts[0], texts[1])
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// serving is a way in which clients get at an index.
type serving struct {
	name, url string
	thorough  bool // every question is asked, and not only the first
}

// serve serves an index in all ways: both forms of the pages, with and without a path before, and the disk.
func serve(t *testing.T, dist string) []serving {
	html, json := http.FileServer(http.Dir(dist)), jsonPages(dist)
	start := func(h http.Handler) string {
		server := httptest.NewServer(h)
		t.Cleanup(server.Close)
		return server.URL
	}
	return []serving{
		{"HTML", start(html) + "/simple/", false},
		{"HTML below a path", start(http.StripPrefix("/some/where", html)) + "/some/where/simple/", true},
		{"JSON", start(json) + "/simple/", true},
		{"JSON below a path", start(http.StripPrefix("/some/where", json)) + "/some/where/simple/", false},
		{"nginx", nginx(t, dist), false},
		{"disk", "file://" + filepath.Join(dist, "simple") + "/", true},
	}
}

// jsonPages serves dist as a host does that gives JSON to those who know it.
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

// pips are the versions that are tried: one from before JSON, the robot's, the first with METADATA, and the newest.
var pips = []string{"20.3", "22.3.1", "23.2", ""}

// TestClients has real clients install from an index, served in every way: the project that was asked for in the right version, with what it
// requires and an extra; what is yanked and what is for another Python only where it was asked for; by hashes.
func TestClients(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it installs clients from the package index")
	}
	c := newClients(t)
	dist, p := published(t)
	servings := serve(t, dist)
	locked := lockedRequirements(t, p)
	for _, version := range pips {
		python := c.environment(t, "pip", version)
		installer := []string{python, "-m", "pip", "--isolated", "--no-cache-dir", "--disable-pip-version-check", "install"}
		c.try(t, "pip "+cmp.Or(version, "newest"), servings, locked, installer, func(t *testing.T, s serving) {
			to := t.TempDir()
			run(t, python, "-m", "pip", "--isolated", "--no-cache-dir", "--disable-pip-version-check", "download", "--only-binary", ":all:", "--require-hashes", "--index-url", s.url, "-r", locked, "--dest", to)
			if found, _ := filepath.Glob(filepath.Join(to, "*.whl")); len(found) != 3 {
				t.Errorf("downloaded: %q", found)
			}
		})
	}
	installer := []string{c.uv, "--no-config", "--no-cache", "pip", "install", "--python", c.python}
	c.try(t, "uv", servings, locked, installer, func(t *testing.T, s serving) {
		to := t.TempDir() // it reads the times of files on both forms of the pages
		run(t, append(installer, "--target", to, "--index-url", s.url, "--exclude-newer", "2022-01-01", "demo")...)
		c.installed(t, to, "demo 0.9")
	})
	t.Run("uv, lock", func(t *testing.T) {
		to := t.TempDir()
		run(t, append(installer, "--target", to, "--no-index", "-r", filepath.Join(dist, "pylock.lab.toml"))...)
		c.installed(t, to, "demo 1.0+ot2.1, zope_interface 6.0, ruamel_yaml 0.17")
	})
	poetry, pdm := c.environment(t, "poetry", ""), c.environment(t, "pdm[locked]", "") // its own requirements alone break it now and then
	for _, s := range servings {
		t.Run("poetry, "+s.name, func(t *testing.T) { c.poetry(t, poetry, s) })
		t.Run("pdm, "+s.name, func(t *testing.T) { c.pdm(t, pdm, s) })
	}
}

// try asks an installer that has pip's arguments everything.
func (c *clients) try(t *testing.T, name string, servings []serving, locked string, installer []string, more func(*testing.T, serving)) {
	for _, s := range servings {
		t.Run(name+", "+s.name, func(t *testing.T) {
			t.Parallel()
			install := func(arguments ...string) (command []string, target string) {
				target = t.TempDir()
				command = append(append([]string{}, installer...), "--only-binary", ":all:", "--index-url", s.url, "--target", target)
				return append(command, arguments...), target
			}
			command, target := install("demo[yaml]")
			run(t, command...)
			c.installed(t, target, "demo 1.0+ot2.1, zope_interface 6.0, ruamel_yaml 0.17")
			if !s.thorough {
				return
			}
			command, target = install("--require-hashes", "-r", locked)
			run(t, command...)
			c.installed(t, target, "demo 1.0+ot2.1, zope_interface 6.0, ruamel_yaml 0.17")
			command, target = install("demo==1.5")
			if out := run(t, command...); !strings.Contains(out, yankedReason) {
				t.Errorf("the reason for yanking is not told: %s", out)
			}
			c.installed(t, target, "demo 1.5, zope_interface 6.0")
			command, _ = install("demo==2.0")
			fails(t, command...)
			more(t, s)
		})
	}
}

// installed compares what Python finds in a folder.
func (c *clients) installed(t *testing.T, folder, want string) {
	t.Helper()
	modules := []string{}
	for pair := range strings.SplitSeq(want, ", ") {
		name, _, _ := strings.Cut(pair, " ")
		modules = append(modules, name)
	}
	code := "import sys, importlib; sys.path.insert(0, sys.argv[1]); print(', '.join(n + ' ' + importlib.import_module(n).version for n in sys.argv[2:]))"
	if got := strings.TrimSpace(run(t, append([]string{c.python, "-c", code, folder}, modules...)...)); got != want {
		t.Errorf("installed: %s; want %s", got, want)
	}
}

// lockedRequirements is a requirements file with a hash for each wheel.
func lockedRequirements(t *testing.T, p *Published) string {
	var lines strings.Builder
	for _, project := range p.Projects() {
		files, _, err := p.Project(project)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if name, _ := wheel.ParseFilename(f.Filename); project != "demo" || name.Version == "1.0+ot2.1" {
				fmt.Fprintf(&lines, "%s==%s --hash=sha256:%s\n", project, name.Version, f.SHA256)
			}
		}
	}
	file := filepath.Join(t.TempDir(), "requirements.txt")
	if err := os.WriteFile(file, []byte(lines.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// poetry and pdm work on projects, and install into an environment of the project's.
func (c *clients) poetry(t *testing.T, python string, s serving) {
	t.Parallel()
	dir := c.project(t, "[tool.poetry]\npackage-mode = false\n[[tool.poetry.source]]\nname = \"lab\"\npriority = \"primary\"\nurl = \""+s.url+"\"\n")
	command := exec.Command(filepath.Join(filepath.Dir(python), "poetry"), "--no-interaction", "--no-cache", "install")
	command.Dir = dir
	command.Env = append(os.Environ(), "POETRY_VIRTUALENVS_IN_PROJECT=true", "POETRY_CACHE_DIR="+t.TempDir(), "POETRY_CONFIG_DIR="+t.TempDir(), "PYTHON_KEYRING_BACKEND=keyring.backends.null.Keyring")
	if s.name == "disk" { // which it takes for a server that does not answer; docs/index.md says so
		if out, err := command.CombinedOutput(); err == nil || !strings.Contains(string(out), "All attempts to connect to  failed") {
			t.Errorf("poetry reads an index from the disk, or fails in another way: %v\n%s", err, out)
		}
		return
	}
	c.inProject(t, command)
}

func (c *clients) pdm(t *testing.T, python string, s serving) {
	t.Parallel()
	dir := c.project(t, "[[tool.pdm.source]]\nname = \"pypi\"\nurl = \""+s.url+"\"\nverify_ssl = false\n")
	command := exec.Command(filepath.Join(filepath.Dir(python), "pdm"), "install", "--no-self")
	command.Dir = dir
	command.Env = append(os.Environ(), "PDM_CHECK_UPDATE=0", "PDM_CACHE_DIR="+t.TempDir(), "PDM_CONFIG_FILE="+filepath.Join(t.TempDir(), "none"))
	run(t, c.uv, "venv", "--quiet", "--python", c.python, filepath.Join(dir, ".venv"))
	c.inProject(t, command)
}

// project is a folder with a project that requires what the others install.
func (c *clients) project(t *testing.T, more string) string {
	dir := t.TempDir()
	text := "[project]\nname = \"lab\"\nversion = \"1\"\nrequires-python = \">=3.11,<3.12\"\ndependencies = [\"demo[yaml]\"]\n" + more
	if err := os.WriteFile(filepath.Join(dir, "pyproject.toml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func (c *clients) inProject(t *testing.T, command *exec.Cmd) {
	t.Helper()
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", command, err, out)
	}
	found, _ := filepath.Glob(filepath.Join(command.Dir, ".venv/lib/python*/site-packages"))
	if len(found) != 1 {
		t.Fatalf("environments: %q", found)
	}
	c.installed(t, found[0], "demo 1.0+ot2.1, zope_interface 6.0, ruamel_yaml 0.17")
}

// clients are installed into a cache folder, once for a machine.
type clients struct{ dir, uv, python string }

const (
	uvVersion = "0.13.9"
	// clientPython is what pip 20.3 runs on, and the robot's pip too.
	clientPython = "3.11"
)

// newClients finds a Python that old clients run on, and gets uv, which installs the others.
func newClients(t testing.TB) *clients {
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	c := &clients{dir: filepath.Join(cache, "crosswheel-clients")}
	c.uv = filepath.Join(c.dir, "uv-"+uvVersion, "bin", "uv")
	if _, err := os.Stat(c.uv); err != nil {
		run(t, "python3", "-m", "venv", filepath.Join(c.dir, "uv-"+uvVersion))
		run(t, filepath.Join(c.dir, "uv-"+uvVersion, "bin", "pip"), "--quiet", "install", "uv=="+uvVersion)
	}
	out, err := exec.Command(c.uv, "python", "find", "--no-project", clientPython).Output()
	if err != nil {
		run(t, c.uv, "python", "install", clientPython)
		out = []byte(run(t, c.uv, "python", "find", "--no-project", clientPython))
	}
	c.python = strings.TrimSpace(string(out))
	return c
}

// newest is how long an environment with the newest release of a client is used.
const newest = 7 * 24 * time.Hour

// environment is the Python of an environment with a client in it, and what it needs besides without saying so.
func (c *clients) environment(t testing.TB, requirement, version string, more ...string) string {
	t.Helper()
	if version != "" {
		requirement += "==" + version
	}
	dir := filepath.Join(c.dir, requirement)
	done, python := filepath.Join(dir, "done"), filepath.Join(dir, "bin", "python")
	if info, err := os.Stat(done); err == nil && (version != "" || time.Since(info.ModTime()) < newest) {
		return python
	}
	run(t, c.uv, "venv", "--quiet", "--clear", "--python", c.python, dir)
	run(t, append([]string{c.uv, "pip", "install", "--quiet", "--python", python, requirement}, more...)...)
	if err := os.WriteFile(done, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	return python
}

func run(t testing.TB, command ...string) string {
	t.Helper()
	out, err := output(command...)
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(command, " "), err, out)
	}
	return out
}

// fails runs what must fail.
func fails(t testing.TB, command ...string) string {
	t.Helper()
	out, err := output(command...)
	if err == nil {
		t.Fatalf("%s: it succeeded\n%s", strings.Join(command, " "), out)
	}
	return out
}

func output(command ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, command[0], command[1:]...).CombinedOutput()
	return string(out), err
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
