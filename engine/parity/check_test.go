// SPDX-License-Identifier: Apache-2.0

package parity

import (
	"fmt"
	"strings"
	"testing"
)

// head begins a module; the functions of a test follow.
const head = `// A module.
package main

import (
	"context"
	"time"

	"dagger.io/dagger"
)

var (
	_ context.Context
	_ time.Time
	_ *dagger.File
)

`

const object = `// Lab is the main object.
type Lab struct{}

`

// The check of a module finds each thing that Dagger refuses, once, and nothing in what it accepts.
func TestCheckModule(t *testing.T) {
	u := compile(t, ".", nil, "context", "time", daggerPath)
	for _, test := range []struct{ code, want string }{
		{object + good, ""},
		{"// Other is another object.\ntype Other struct{}\n", "no type has the module's name, lab"},
		{object + "func dispatch() {}\n", "Dagger generates a dispatch of its own"},
		{object + "// MarshalJSON is ours.\nfunc (m *Lab) MarshalJSON() error { return nil }\n", "Dagger generates a MarshalJSON of its own"},
		{"type Lab struct{}\n", "type Lab has no comment"},
		{"// Lab is it.\ntype Lab struct {\n\tlost string\n}\n", "Dagger loses it between calls"},
		{"// Lab is it.\ntype Lab struct {\n\tName string\n}\n", "field Name has no comment"},
		{"// Lab is it.\ntype Lab struct {\n\t// At is a time.\n\tAt time.Time\n}\n", "time.Time is a type of another package"},
		{object + "func (m *Lab) F() {}\n", "function F has no comment"},
		{function("(err string)", ""), "argument err: the code that Dagger generates uses this name"},
		{function("(noExit bool)", ""), "argument noExit: dagger call has a flag --no-exit of its own"},
		{function("(with struct {\n\t// Output is a flag.\n\tOutput string\n})", ""), "argument Output: dagger call has a flag --output"},
		{function("(name string, later context.Context)", ""), "no form for context.Context"},
		{function("(table map[string]string)", ""), "no form for map[string]string"},
		{function("(data []byte)", ""), "no form for byte"},
		{function("(opts dagger.ContainerWithExecOpts)", ""), "used through a pointer"},
		{function("(opts *dagger.ContainerWithExecOpts)", ""), "is no object of the API"},
		{function("(file dagger.File)", ""), "used through a pointer"},
		{function("()", "(string, int, error)"), "a value, an error, or both"},
		{function("()", "func()"), "its result: Dagger's API has no form for func()"},
		{object + "type hidden struct{}\n// F is it.\nfunc (m *Lab) F() *hidden { return nil }\n", "hidden is not exported"},
		{object + "// F is it.\nfunc (m *Lab) F(\n\tname string,\n) {\n}\n", "argument name has no comment"},
		{argument("+optoinal", "name string"), "Dagger reads +optoinal as a pragma"},
		{argument("Written in C, or C++ or", "name string"), "Dagger reads +or as a pragma"},
		{argument("+default=never", "name string"), "not JSON"},
		{argument("+default=1", "name string"), "a value of another type"},
		{argument("+default=[\"a\"]", "name string"), "a value of another type"},
		{argument("+optional=1", "name string"), "true or false"},
		{argument("+defaultPath=\"/x\"", "name string"), "path of a directory or file"},
		{argument("+ignore=\"*\"", "dir *dagger.Directory"), "list of patterns"},
		{argument("+private", "name string"), "Dagger reads +private as a pragma, and there is none for this place"},
		{object + "// F is it.\n// +cache=\"sometimes\"\nfunc (m *Lab) F() {}\n", "+cache is"},
		{object + "// F is it.\n// +check\nfunc (m *Lab) F() string { return \"\" }\n", "a +check returns an error or a container"},
		{object + "// F is it.\n// +generate\nfunc (m *Lab) F() error { return nil }\n", "a +generate returns a changeset"},
		{object + "// New makes it.\nfunc New(\n\t// Name it.\n\tname string,\n) *Lab {\n\treturn nil\n}\n\n" +
			"// F is it.\n// +check\nfunc (m *Lab) F() error { return nil }\n", "a constructor without required arguments"},
	} {
		s := u.check(t, "lab", map[string][]byte{"main.go": []byte(head + test.code)})
		found := strings.Join(checkModule(s, "lab"), "\n")
		if test.want == "" && found != "" || !strings.Contains(found, test.want) || strings.Contains(found, "\n") {
			t.Errorf("want %q, got %q, in\n%s", test.want, found, test.code)
		}
	}
}

// function has one function, with comments on its arguments.
func function(parameters, result string) string {
	parameters = strings.ReplaceAll(strings.TrimPrefix(parameters, "("), ", ", ",\n\t// An argument.\n\t")
	if parameters = strings.TrimSuffix(parameters, ")"); parameters != "" {
		parameters = "\n\t// An argument.\n\t" + parameters + ",\n"
	}
	return fmt.Sprintf("%s// F is a function.\nfunc (m *Lab) F(%s) %s { panic(0) }\n", object, parameters, result)
}

// argument has a function with one argument, which has a line more in its comment.
func argument(line, declaration string) string {
	return fmt.Sprintf("%s// F is a function.\nfunc (m *Lab) F(\n\t// An argument.\n\t// %s\n\t%s,\n) {\n}\n", object, line, declaration)
}

const good = `
// New opens it.
func New(
	// The folder.
	// +defaultPath="/recipes"
	// +ignore=["*", "!*.hcl"]
	folder *dagger.Directory,
	// How many.
	// +default=2
	jobs int,
	// Names.
	// +default=["a", "b"]
	names []string,
	colour Colour, // what it looks like
) *Lab {
	return nil
}

// Colour is an enumeration.
type Colour string

// Result has fields.
type Result struct {
	// Name is a getter.
	Name string
	// +private
	Files []*dagger.File
}

// Build builds, in C++ for one.
//
// +cache="session"
func (m *Lab) Build(
	ctx context.Context,
	// What to build.
	pkg string,
	// Which version.
	// +optional
	version *string,
	// More of them.
	more ...string,
) (*Result, error) {
	return nil, nil
}

// All builds all.
func (m *Lab) All(ctx context.Context, with struct {
	// Which ones.
	// +optional
	Select []string
	// Whether to go on.
	// +optional
	KeepGoing bool
}) (*dagger.Directory, error) {
	return nil, nil
}

// Same returns what it was called on.
func (r *Result) Same() *Result { return r }

// Fresh refreshes.
// +generate
func (m *Lab) Fresh() *dagger.Changeset { return nil }

// Nothing does nothing.
func (m *Lab) Nothing() {}

func (m *Lab) hidden(map[string]int) {}

func helper(json, ctx chan int) {}
`
