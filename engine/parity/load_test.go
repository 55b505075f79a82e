// SPDX-License-Identifier: Apache-2.0

package parity

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	_ "dagger.io/dagger" // keeps the version in go.mod that the tests compare with
)

// daggerPath is the published client of Dagger.
const daggerPath = "dagger.io/dagger"

// listed is what go list tells of a package.
type listed struct {
	ImportPath string
	Dir        string
	GoFiles    []string
	Export     string
	DepOnly    bool
}

// universe is a set of compiled packages, closed under import.
type universe struct {
	fset     *token.FileSet
	packages []listed
	importer types.Importer
}

// compile compiles packages and what they import.
func compile(t *testing.T, dir string, env []string, patterns ...string) *universe {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-export", "-deps",
		"-json=ImportPath,Dir,GoFiles,Export,DepOnly"}, patterns...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s in %s: %v\n%s", cmd, dir, err, &stderr)
	}
	u := &universe{fset: token.NewFileSet()}
	exports := map[string]string{}
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		exports[p.ImportPath] = p.Export
		u.packages = append(u.packages, p)
	}
	u.importer = importer.ForCompiler(u.fset, "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(exports[path])
	})
	return u
}

func (u *universe) load(t *testing.T, path string) *types.Package {
	t.Helper()
	p, err := u.importer.Import(path)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// source is a package with everything that its text says.
type source struct {
	fset  *token.FileSet
	files []*ast.File
	types *types.Package
	info  *types.Info
}

// parse reads a listed package from its source.
func (u *universe) parse(t *testing.T, p listed) *source {
	t.Helper()
	texts := map[string][]byte{}
	for _, name := range p.GoFiles {
		text, err := os.ReadFile(filepath.Join(p.Dir, name))
		if err != nil {
			t.Fatal(err)
		}
		texts[name] = text
	}
	return u.check(t, p.ImportPath, texts)
}

// check reads a package from texts, by the name of the file.
func (u *universe) check(t *testing.T, path string, texts map[string][]byte) *source {
	t.Helper()
	s := &source{fset: u.fset, info: &types.Info{
		Defs:  map[*ast.Ident]types.Object{},
		Uses:  map[*ast.Ident]types.Object{},
		Types: map[ast.Expr]types.TypeAndValue{},
	}}
	for name, text := range texts {
		file, err := parser.ParseFile(u.fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		s.files = append(s.files, file)
	}
	config := types.Config{Importer: u.importer}
	checked, err := config.Check(path, u.fset, s.files, s.info)
	if err != nil {
		t.Fatal(err)
	}
	s.types = checked
	return s
}
