// SPDX-License-Identifier: Apache-2.0

package dagger_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What Dagger generates is never committed: it would take the embedded engine's place for everybody.
func TestStandInsAreInPlace(t *testing.T) {
	for _, file := range []string{"../../dagger.gen.go", "dagger.gen.go"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(text, []byte("\n// crosswheel:stand-in\n")) {
			t.Errorf("%s was generated: git checkout dagger.gen.go internal/dagger/dagger.gen.go", file)
		}
	}
}

// notOfAModule are the engine's names that a Dagger module's client does not have.
var notOfAModule = map[string]bool{
	"ClientOpt": true, "Connect": true, "WithLogOutput": true, "WithWorkdir": true,
	"Host": true, "HostDirectoryOpts": true, "HostFileOpts": true,
}

// A name that is missing here would be found on the day that somebody needs it, far from its cause.
func TestEveryNameOfTheEngineHasAnAlias(t *testing.T) {
	files, err := filepath.Glob("../../engine/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("the engine's source is not there", err)
	}
	want := map[string]bool{"Connect": true}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, name := range exported(t, file) {
			if !notOfAModule[name] {
				want[name] = true
			}
		}
	}
	got := exported(t, "dagger.gen.go")
	slices.Sort(got)
	if want := slices.Sorted(maps.Keys(want)); !slices.Equal(got, want) {
		t.Errorf("the stand-in has\n%q\nthe engine has\n%q", got, want)
	}
}

// exported lists the exported names that a file declares, methods left out.
func exported(t *testing.T, file string) []string {
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	add := func(ident *ast.Ident) {
		if ident.IsExported() {
			names = append(names, ident.Name)
		}
	}
	for _, decl := range tree.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if decl.Recv == nil {
				add(decl.Name)
			}
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					add(spec.Name)
				case *ast.ValueSpec:
					for _, name := range spec.Names {
						add(name)
					}
				}
			}
		}
	}
	return names
}
