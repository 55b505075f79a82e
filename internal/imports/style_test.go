// SPDX-License-Identifier: Apache-2.0

package imports

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strings"
	"testing"
)

const (
	longestFunction = 60  // lines: what fits on a screen
	longestFile     = 400 // lines; tests are read one at a time
	license         = "// SPDX-License-Identifier: Apache-2.0\n"
)

// nameless are package names that say nothing of what is in them.
var nameless = []string{"util", "utils", "common", "helper", "helpers", "misc", "shared"}

// offences are what is wrong with one file.
func (f goFile) offences() []string {
	var found []string
	offence := func(at token.Pos, format string, arguments ...any) {
		found = append(found, fmt.Sprintf("%s:%d: ", f.path, f.set.Position(at).Line)+fmt.Sprintf(format, arguments...))
	}
	if !bytes.HasPrefix(f.text, []byte(license)) {
		offence(f.FileStart, "its first line is not %q", strings.TrimSpace(license))
	}
	if slices.Contains(nameless, f.Name.Name) {
		offence(f.Name.Pos(), "package %s: name it for the noun that it provides", f.Name.Name)
	}
	if lines := bytes.Count(f.text, []byte("\n")); lines > longestFile && !strings.HasSuffix(f.path, "_test.go") {
		offence(f.FileStart, "it has %d lines; a file has %d at most", lines, longestFile)
	}
	for _, decl := range f.Decls {
		function, ok := decl.(*ast.FuncDecl)
		if !ok {
			continue
		}
		if lines := f.set.Position(function.End()).Line - f.set.Position(function.Pos()).Line + 1; lines > longestFunction {
			offence(function.Pos(), "%s has %d lines; a function has %d at most", function.Name.Name, lines, longestFunction)
		}
	}
	return found
}

// uncommented are the packages, by folder and name, that no file has a package comment for.
func uncommented(files []goFile) []string {
	commented := map[string]bool{}
	for _, f := range files {
		// Tests of a package from outside are introduced by the package.
		name := path.Dir(f.path) + " (" + strings.TrimSuffix(f.Name.Name, "_test") + ")"
		commented[name] = commented[name] || f.Doc != nil
	}
	var found []string
	for name, ok := range commented {
		if !ok {
			found = append(found, name)
		}
	}
	slices.Sort(found)
	return found
}

func TestStyle(t *testing.T) {
	files := tree(t)
	for _, f := range files {
		for _, offence := range f.offences() {
			t.Error(offence)
		}
	}
	for _, name := range uncommented(files) {
		t.Errorf("%s has no package comment: say what it is for, and what not", name)
	}
}

// TestOffences sees to it that TestStyle can fail.
func TestOffences(t *testing.T) {
	source := func(name, text string) goFile {
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, name, text, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		return goFile{name, []byte(text), set, parsed}
	}
	lines := func(n int) string { return strings.Repeat("\n", n) }
	good := license + "\n// Package a is good.\npackage a\n"
	for text, want := range map[string]string{
		good + "func f() {" + lines(59) + "}":                 "",
		good + "func f() {" + lines(60) + "}":                 "a.go:5: f has 61 lines",
		good + "type t int\nfunc (t) m() {" + lines(70) + "}": "a.go:6: m has 71 lines",
		good + lines(396):                                     "",
		good + lines(397):                                     "a.go:1: it has 401 lines",
		"package a\n":                                         "a.go:1: its first line",
		"\n" + good:                                           "a.go:1: its first line",
		strings.Replace(good, "package a", "package util", 1) + "\n":  "a.go:4: package util",
		strings.Replace(good, "package a", "package utility", 1) + "": "",
	} {
		if got := strings.Join(source("a.go", text).offences(), "\n"); (want == "") != (got == "") || !strings.HasPrefix(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := source("a_test.go", good+lines(500)).offences(); got != nil {
		t.Errorf("a long test file: %q", got)
	}
	if got := uncommented([]goFile{source("a/a.go", good), source("a/b.go", "package a\n"), source("a/c_test.go", "package a_test\n"), source("b/b.go", "package b\n")}); !slices.Equal(got, []string{"b (b)"}) {
		t.Errorf("without a comment: %q", got)
	}
}
