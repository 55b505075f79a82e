// SPDX-License-Identifier: Apache-2.0

package parity

import (
	"cmp"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
)

// What package main of a module must not call its own, because the code that Dagger generates there does.
var generatedNames = strings.Fields("main dag Tracer ptr convertSlice convertError findSingleGQLError dispatch invoke " +
	"marshalCtx setMarshalContext DaggerObject ExecError")

// What an argument must not be called, because the generated dispatcher declares a variable of the argument's name
// where it uses these.
var dispatcherNames = strings.Fields("byte context ctx dagger err fmt fnName inputArgs json nil panic parent parentJSON " +
	"parentName ptr convertSlice")

// What an argument must not be called, because `dagger call` has a flag of that name.
var daggerFlags = strings.Fields("auto-apply cloud debug env help interactive json load-module lock mod no-exit output " +
	"profile progress quiet silent verbose web workdir workspace")

// checkModule tells what Dagger's code generation would refuse of a module's package main, or would misread.
func checkModule(s *source, module string) []string {
	m := &moduleCheck{source: s, object: module}
	m.names()
	for _, file := range s.files {
		for _, decl := range file.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				m.function(file, decl)
			case *ast.GenDecl:
				for _, spec := range decl.Specs {
					if spec, ok := spec.(*ast.TypeSpec); ok && spec.Name.IsExported() {
						m.typ(decl, spec)
					}
				}
			}
		}
	}
	slices.SortStableFunc(m.found, func(a, b problem) int {
		return cmp.Or(strings.Compare(a.at.Filename, b.at.Filename), cmp.Compare(a.at.Line, b.at.Line))
	})
	var texts []string
	for _, p := range m.found {
		texts = append(texts, fmt.Sprintf("%s: %s", p.at, p.text))
	}
	return texts
}

type moduleCheck struct {
	*source
	object string // the module's name, which its main object has as well
	found  []problem
}

type problem struct {
	at   token.Position
	text string
}

func (m *moduleCheck) problem(at ast.Node, format string, args ...any) {
	m.found = append(m.found, problem{m.fset.Position(at.Pos()), fmt.Sprintf(format, args...)})
}

// names checks the package as a whole: its comment, its main object, and what it declares.
func (m *moduleCheck) names() {
	documented, declared := false, false
	for _, file := range m.files {
		if m.fset.Position(file.Pos()).Filename == dispatchFile {
			continue // Dagger writes its own
		}
		documented = documented || file.Doc != nil
		for name, object := range m.info.Defs {
			if object == nil || object.Parent() != m.types.Scope() || m.fset.Position(name.Pos()).Filename != m.fset.Position(file.Pos()).Filename {
				continue
			}
			if slices.Contains(generatedNames, name.Name) {
				m.problem(name, "%s is declared by the code that Dagger generates", name.Name)
			}
			declared = declared || strings.EqualFold(name.Name, m.object)
		}
	}
	if !documented {
		m.problem(m.files[0], "the package has no comment, which is the module's description")
	}
	if !declared {
		m.problem(m.files[0], "no type has the name of the module, %s", m.object)
	}
}

// typ checks an exported type: an object, unless it is an enumeration.
func (m *moduleCheck) typ(decl *ast.GenDecl, spec *ast.TypeSpec) {
	doc := spec.Doc
	if doc == nil {
		doc = decl.Doc
	}
	m.comment(spec, doc, "type "+spec.Name.Name, "deprecated")
	object, ok := spec.Type.(*ast.StructType)
	if !ok {
		return
	}
	for _, field := range object.Fields.List {
		t := m.info.Defs[field.Names[0]].Type()
		for _, name := range field.Names {
			if !name.IsExported() {
				m.problem(name, "Dagger loses the field %s between calls: export it and mark it +private", name.Name)
			}
			if reason := m.refused(t); reason != "" {
				m.problem(name, "field %s: %s", name.Name, reason)
			}
		}
		pragmas := pragmasOf(field.Doc.Text())
		if _, private := pragmas["private"]; private {
			m.pragmas(field, pragmas, t, "private", "deprecated")
			continue
		}
		m.comment(field, cmp.Or(field.Doc, field.Comment), "field "+field.Names[0].Name, "deprecated")
	}
}

// function checks the constructor, or a method of an object. Other functions are Go's business.
func (m *moduleCheck) function(file *ast.File, decl *ast.FuncDecl) {
	isMethod := decl.Recv != nil
	if !decl.Name.IsExported() || isMethod && !exportedReceiver(decl) || !isMethod && decl.Name.Name != "New" {
		return
	}
	name := "function " + decl.Name.Name
	if slices.Contains([]string{"MarshalJSON", "UnmarshalJSON"}, decl.Name.Name) {
		m.problem(decl.Name, "%s is declared by the code that Dagger generates", decl.Name.Name)
	}
	signature := m.info.Defs[decl.Name].Type().(*types.Signature)
	result := m.results(decl, signature)
	pragmas := m.comment(decl, decl.Doc, name, "cache", "check", "generate", "deprecated")
	required := m.parameters(file, decl, signature)
	if _, check := pragmas["check"]; check {
		if required > 0 {
			m.problem(decl.Name, "%s: a +check takes no required arguments", name)
		}
		if result != nil && !isDagger(result, "Container") {
			m.problem(decl.Name, "%s: a +check returns an error or *dagger.Container", name)
		}
	}
	if _, generate := pragmas["generate"]; generate && (result == nil || !isDagger(result, "Changeset")) {
		m.problem(decl.Name, "%s: a +generate returns *dagger.Changeset", name)
	}
}

func exportedReceiver(decl *ast.FuncDecl) bool {
	receiver := decl.Recv.List[0].Type
	if star, ok := receiver.(*ast.StarExpr); ok {
		receiver = star.X
	}
	ident, ok := receiver.(*ast.Ident)
	return ok && ident.IsExported()
}

// results returns the type of a function's value, nil if it has none.
func (m *moduleCheck) results(decl *ast.FuncDecl, signature *types.Signature) (value types.Type) {
	results := slices.Collect(signature.Results().Variables())
	if n := len(results); n > 0 && isError(results[n-1].Type()) {
		results = results[:n-1]
	}
	switch len(results) {
	case 0:
		return nil
	case 1:
		if reason := m.refused(results[0].Type()); reason != "" {
			m.problem(decl.Name, "function %s: its result: %s", decl.Name.Name, reason)
		}
		return results[0].Type()
	}
	m.problem(decl.Name, "function %s returns other than a value, an error, or both", decl.Name.Name)
	return nil
}

// parameters checks a function's arguments, and counts those that are required.
func (m *moduleCheck) parameters(file *ast.File, decl *ast.FuncDecl, signature *types.Signature) (required int) {
	fields := decl.Type.Params.List
	if len(fields) > 0 && isContext(m.typeOf(fields[0])) {
		fields = fields[1:]
	}
	if len(fields) == 1 {
		if inline, ok := fields[0].Type.(*ast.StructType); ok {
			m.name(fields[0].Names[0], dispatcherNames)
			for _, field := range inline.Fields.List {
				required += m.arguments(field, cmp.Or(field.Doc, field.Comment), false)
			}
			return required
		}
	}
	for i, field := range fields {
		variadic := signature.Variadic() && i == len(fields)-1
		required += m.arguments(field, m.commentOf(file, decl, field), variadic)
	}
	return required
}

// arguments checks those that one declaration declares.
func (m *moduleCheck) arguments(field *ast.Field, doc *ast.CommentGroup, variadic bool) (required int) {
	if len(field.Names) == 0 {
		m.problem(field, "the argument has no name")
		return 0
	}
	t := m.typeOf(field)
	for _, name := range field.Names {
		m.name(name, dispatcherNames)
		if slices.Contains(daggerFlags, kebab(name.Name)) {
			m.problem(name, "argument %s: --%s is a flag of dagger call", name.Name, kebab(name.Name))
		}
	}
	if reason := m.refused(t); reason != "" {
		m.problem(field, "argument %s: %s", field.Names[0].Name, reason)
	}
	pragmas := m.comment(field, doc, "argument "+field.Names[0].Name, "optional", "default", "defaultPath", "ignore", "deprecated")
	for _, word := range []string{"optional", "default", "defaultPath"} {
		if _, ok := pragmas[word]; ok || variadic {
			return 0
		}
	}
	m.pragmas(field, pragmas, t)
	return len(field.Names)
}

func (m *moduleCheck) name(name *ast.Ident, refused []string) {
	lower := []rune(name.Name)
	lower[0] = unicode.ToLower(lower[0])
	if slices.Contains(refused, string(lower)) {
		m.problem(name, "argument %s: the code that Dagger generates uses the name for something else", name.Name)
	}
}

func (m *moduleCheck) typeOf(field *ast.Field) types.Type {
	if len(field.Names) > 0 {
		return m.info.Defs[field.Names[0]].Type()
	}
	return types.Typ[types.Invalid]
}

// commentOf finds an argument's comment, which Go's syntax tree does not tie to it: the one that ends on the line above,
// or, as for Dagger, the one that follows on its own line.
func (m *moduleCheck) commentOf(file *ast.File, decl *ast.FuncDecl, field *ast.Field) *ast.CommentGroup {
	line := m.fset.Position(field.Pos()).Line
	for _, group := range file.Comments {
		if group.Pos() < decl.Type.Params.Opening || group.End() > decl.Type.Params.Closing {
			continue
		}
		if m.fset.Position(group.End()).Line == line-1 || m.fset.Position(group.Pos()).Line == line {
			return group
		}
	}
	return nil
}
