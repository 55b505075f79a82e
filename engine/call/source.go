// SPDX-License-Identifier: Apache-2.0

package call

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

// A source is what the text of a package knows and reflection does not: comments, the names of parameters, and the
// order in which things were written.
type source struct {
	fset  *token.FileSet
	doc   string
	types map[string]*ast.TypeSpec
	funcs map[string]*ast.FuncDecl // "New", or "Crosswheel.Build" for a method
	files map[string]*ast.File     // by the key of funcs: the file that holds the comments of parameters
}

// readSource parses the Go files at the root of fsys. They were compiled into this program, so they parse.
func readSource(fsys fs.FS) *source {
	src := &source{
		fset:  token.NewFileSet(),
		types: map[string]*ast.TypeSpec{},
		funcs: map[string]*ast.FuncDecl{},
		files: map[string]*ast.File{},
	}
	names, err := fs.Glob(fsys, "*.go")
	if err != nil || len(names) == 0 {
		panic(fmt.Sprintf("call: the module's source is missing from the program (%v)", err))
	}
	for _, name := range names {
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			panic(fmt.Sprintf("call: reading the module's source: %v", err))
		}
		file, err := parser.ParseFile(src.fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			panic(fmt.Sprintf("call: parsing the module's source: %v", err))
		}
		src.add(file)
	}
	return src
}

func (src *source) add(file *ast.File) {
	if file.Doc != nil && src.doc == "" {
		src.doc = src.comment(file.Doc).text
	}
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			key := decl.Name.Name
			if decl.Recv != nil {
				key = receiver(decl) + "." + key
			}
			src.funcs[key], src.files[key] = decl, file
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				if spec, ok := spec.(*ast.TypeSpec); ok {
					src.types[spec.Name.Name] = spec
				}
			}
		}
	}
}

func receiver(decl *ast.FuncDecl) string {
	typ := decl.Recv.List[0].Type
	if star, ok := typ.(*ast.StarExpr); ok {
		typ = star.X
	}
	if ident, ok := typ.(*ast.Ident); ok {
		return ident.Name
	}
	return "" // a generic type: no object of a module
}

// A comment is a doc comment, its pragmas taken out.
type comment struct {
	text    string
	pragmas map[string]string // by name; "" where there is no value
}

// knownPragmas are those of Dagger v0.20 and later; several of them mean nothing here.
var knownPragmas = []string{"optional", "default", "defaultPath", "defaultAddress", "ignore", "private", "deprecated",
	"cache", "check", "generate", "up", "agent"}

var pragmaLine = regexp.MustCompile(`^\s*\+([A-Za-z]+)(?:=(.*))?\s*$`)

// comment reads the groups that belong to one thing: the pragmas of all, and as Dagger does the first text. A
// misspelled pragma would silently become help text, so it panics.
func (src *source) comment(groups ...*ast.CommentGroup) comment {
	c := comment{pragmas: map[string]string{}}
	for _, group := range groups {
		var text []string
		for line := range strings.Lines(group.Text()) {
			m := pragmaLine.FindStringSubmatch(line)
			if m == nil {
				text = append(text, strings.TrimRight(line, " \t\n"))
				continue
			}
			if !slices.Contains(knownPragmas, m[1]) {
				panic(fmt.Sprintf("call: %s: unknown pragma +%s%s", src.fset.Position(group.Pos()), m[1],
					didYouMean(m[1], knownPragmas)))
			}
			c.pragmas[m[1]] = strings.TrimSpace(m[2])
		}
		if c.text == "" {
			c.text = strings.Trim(strings.Join(text, "\n"), "\n")
		}
	}
	return c
}

// A parameter is one parameter of a declared function.
type parameter struct {
	name string
	at   token.Position
	comment
}

// parameters lists the parameters of the function under key. Go's parser does not tie comments to parameters: as for
// Dagger, those of a parameter are the ones that end on the line above it, or follow on its own line.
func (src *source) parameters(key string) []parameter {
	var params []parameter
	decl, previous := src.funcs[key], 0
	for _, field := range decl.Type.Params.List {
		at, end := src.fset.Position(field.Pos()), src.fset.Position(field.End())
		var groups []*ast.CommentGroup
		for _, group := range src.files[key].Comments {
			if group.Pos() < decl.Type.Params.Opening || group.End() > decl.Type.Params.Closing {
				continue
			}
			first, last := src.fset.Position(group.Pos()), src.fset.Position(group.End())
			above := last.Line == at.Line-1 && first.Line > previous
			beside := first.Line == end.Line && first.Offset >= end.Offset
			if above || beside {
				groups = append(groups, group)
			}
		}
		for _, name := range field.Names {
			params = append(params, parameter{name.Name, at, src.comment(groups...)})
		}
		previous = end.Line
	}
	return params
}

// inlineFields lists the fields of the struct that is the last parameter of the function under key.
func (src *source) inlineFields(key string) []parameter {
	var params []parameter
	last := src.funcs[key].Type.Params.List
	for _, field := range last[len(last)-1].Type.(*ast.StructType).Fields.List {
		for _, name := range field.Names {
			params = append(params, parameter{name.Name, src.fset.Position(name.Pos()), src.comment(field.Doc, field.Comment)})
		}
	}
	return params
}

// field finds the declaration of a field of the struct type called object.
func (src *source) field(object, field string) (comment, token.Position) {
	if decl, ok := src.types[object].Type.(*ast.StructType); ok {
		for _, f := range decl.Fields.List {
			for _, name := range f.Names {
				if name.Name == field {
					return src.comment(f.Doc, f.Comment), src.fset.Position(name.Pos())
				}
			}
		}
	}
	panic(fmt.Sprintf("call: field %s.%s is not in the embedded source", object, field))
}
