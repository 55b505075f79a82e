// SPDX-License-Identifier: Apache-2.0

package parity

import (
	"encoding/json"
	"fmt"
	"go/types"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/moby/patternmatcher"
)

const (
	modulePath   = "crosswheel"
	clientFile   = "internal/dagger/dagger.gen.go"
	dispatchFile = "dagger.gen.go"
)

// The module, as Dagger sees it, compiles against Dagger's client, and every function has a form that Dagger takes.
func TestModuleOnDagger(t *testing.T) {
	dir, env := moduleCopy(t)
	vet := exec.Command("go", "vet", "./...")
	vet.Dir, vet.Env = dir, append(os.Environ(), env...)
	if out, err := vet.CombinedOutput(); err != nil {
		t.Fatalf("a file that dagger.json does not include, or a name that Dagger's client has not? %v\n%s", err, out)
	}
	u := compile(t, dir, env, "./...")
	for _, p := range u.packages {
		if p.DepOnly || p.ImportPath == modulePath+"/internal/dagger" {
			continue
		}
		s := u.parse(t, p)
		for _, problem := range notInModules(s) {
			t.Error(problem)
		}
		if p.ImportPath == modulePath {
			for _, problem := range checkModule(s, modulePath) {
				t.Error(problem)
			}
		}
	}
}

// repository is the folder that has dagger.json.
func repository(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// moduleCopy copies what Dagger loads of the repository, with stand-ins of its own for what Dagger generates. The
// environment keeps the workspace out. Modules are this machine's but for the go.mod files of a few that nothing else asks for: a bare machine
// has to fetch those.
func moduleCopy(t *testing.T) (dir string, env []string) {
	t.Helper()
	root, dir := repository(t), t.TempDir()
	var module struct{ Include []string }
	text, err := os.ReadFile(filepath.Join(root, "dagger.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &module); err != nil {
		t.Fatal(err)
	}
	names, err := included(os.DirFS(root), module.Include)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		copyFile(t, filepath.Join(root, name), filepath.Join(dir, name))
	}
	client, err := os.ReadFile(filepath.Join(dir, clientFile))
	if err != nil {
		t.Fatal(err)
	}
	aliases := strings.Replace(string(client), `"`+enginePath+`"`, `engine "`+daggerPath+`"`, 1)
	if aliases == string(client) {
		t.Fatalf("%s does not import %s: was it generated?", clientFile, enginePath)
	}
	write(t, filepath.Join(dir, clientFile), aliases)
	write(t, filepath.Join(dir, dispatchFile),
		"package main\n\nimport \""+modulePath+"/internal/dagger\"\n\nvar dag = dagger.Connect()\n\nfunc main() {}\n")
	requireDagger(t, root, dir)
	return dir, []string{"GOWORK=off", "GOFLAGS=-mod=mod", "GOSUMDB=off"}
}

// included lists the files that an include list lets through: patterns apply in order, the last match wins, and what
// none matches is in.
func included(tree fs.FS, patterns []string) (names []string, err error) {
	matcher, err := patternmatcher.New(append([]string{"**"}, patterns...))
	if err != nil {
		return nil, err
	}
	err = fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}
		if entry.IsDir() {
			if name == ".git" {
				return fs.SkipDir
			}
			return nil
		}
		in, err := matcher.MatchesOrParentMatches(name)
		if in {
			names = append(names, name)
		}
		return err
	})
	return names, err
}

// requireDagger adds Dagger's client to the copy's go.mod, and what the client itself needs, in the engine's versions:
// those are on this machine.
func requireDagger(t *testing.T, root, dir string) {
	t.Helper()
	list := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}{{end}}{{end}}", daggerPath)
	list.Dir, list.Env = filepath.Join(root, "engine"), append(os.Environ(), "GOWORK=off")
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	modules := strings.Split(strings.TrimSpace(string(out)), "\n")
	slices.Sort(modules)
	mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for _, module := range slices.Compact(modules) {
		mod = fmt.Appendf(mod, "\nrequire %s", module)
	}
	write(t, filepath.Join(dir, "go.mod"), string(mod)+"\n")
	var sums strings.Builder
	for _, file := range []string{"go.sum", "engine/go.sum"} {
		text, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		sums.Write(text)
	}
	write(t, filepath.Join(dir, "go.sum"), sums.String())
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	text, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	write(t, to, string(text))
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// notInModules finds uses of what dagger.io/dagger has and the client that Dagger generates for a module has not.
func notInModules(s *source) (problems []string) {
	for ident, object := range s.info.Uses {
		method, ok := object.(*types.Func)
		if !ok || method.Pkg() == nil || method.Pkg().Path() != daggerPath {
			continue
		}
		switch method.FullName() {
		case "(*" + daggerPath + ".Client).Host", "(*" + daggerPath + ".Client).Engine", "(*" + daggerPath + ".Client).Close":
			problems = append(problems, fmt.Sprintf("%s: a module's client has no %s", s.fset.Position(ident.Pos()), ident.Name))
		}
	}
	slices.Sort(problems)
	return problems
}

func TestIncluded(t *testing.T) {
	tree := os.DirFS(t.TempDir())
	for _, name := range []string{
		"README.md", "go.mod", "main.go", "main_test.go", "dist/x.go", "pkg/a.go", "pkg/a_test.go", "pkg/deep/b.go", "pkg/testdata/c.go", "pkg/d.txt",
	} {
		write(t, filepath.Join(fmt.Sprint(tree), name), "")
	}
	for _, test := range []struct{ patterns, want string }{
		{"", "README.md dist/x.go go.mod main.go main_test.go pkg/a.go pkg/a_test.go pkg/d.txt pkg/deep/b.go pkg/testdata/c.go"},
		{"!** go.mod *.go pkg/**/*.go !**/*_test.go !**/testdata/**", "go.mod main.go pkg/a.go pkg/deep/b.go"},
		{"!** *.go !**/*_test.go main_test.go", "main.go main_test.go"},
		{"!pkg", "README.md dist/x.go go.mod main.go main_test.go"},
		{"!** pkg", "pkg/a.go pkg/a_test.go pkg/d.txt pkg/deep/b.go pkg/testdata/c.go"},
	} {
		names, err := included(tree, strings.Fields(test.patterns))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(names, " "); got != test.want {
			t.Errorf("%q:\ngot  %s\nwant %s", test.patterns, got, test.want)
		}
	}
}

func TestNotInModules(t *testing.T) {
	u := compile(t, ".", nil, daggerPath)
	s := u.check(t, "p", map[string][]byte{"p.go": []byte(`package p

import "dagger.io/dagger"

type client = dagger.Client

func f(c *client) {
	c.Container()
	c.Host().Directory(".")
	c.Close()
}
`)})
	want := []string{"p.go:10:4: a module's client has no Close", "p.go:9:4: a module's client has no Host"}
	if got := notInModules(s); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}
