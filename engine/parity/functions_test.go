// SPDX-License-Identifier: Apache-2.0

package parity

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// What the code that Dagger generates in package main declares there.
var generatedNames = strings.Fields("main dag Tracer ptr convertSlice convertError findSingleGQLError dispatch invoke " +
	"marshalCtx setMarshalContext DaggerObject ExecError")

// What the generated dispatcher uses where it declares a variable with the name of each argument.
var dispatcherNames = strings.Fields("byte context convertSlice ctx dagger err fmt fnName inputArgs json nil panic parent " +
	"parentJSON parentName ptr")

// The flags of `dagger call`, those of later versions too.
var daggerFlags = strings.Fields("auto-apply cloud debug env help interactive json load-module lock mod no-exit output " +
	"profile progress quiet silent verbose web workdir workspace")

// moduleCheck looks for what Dagger's code generation would refuse of a module's package main, or would misread.
type moduleCheck struct {
	*source
	found []problem

	constructorNeeds int        // required arguments
	checks           []ast.Node // functions with +check
}

type problem struct {
	at   token.Position
	text string
}

// checkModule returns the problems of package main of the module of that name.
func checkModule(s *source, module string) []string {
	m := &moduleCheck{source: s}
	m.declarations(module)
	for _, file := range s.files {
		for _, decl := range file.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				m.function(file, decl)
			case *ast.GenDecl:
				for _, spec := range decl.Specs {
					if spec, ok := spec.(*ast.TypeSpec); ok && spec.Name.IsExported() {
						m.typ(spec, cmp.Or(spec.Doc, decl.Doc))
					}
				}
			}
		}
	}
	for _, at := range m.checks {
		if m.constructorNeeds > 0 {
			m.problem(at, "a +check needs a constructor without required arguments")
		}
	}
	slices.SortStableFunc(m.found, func(a, b problem) int {
		return cmp.Or(strings.Compare(a.at.Filename, b.at.Filename), cmp.Compare(a.at.Line, b.at.Line))
	})
	var texts []string
	for _, p := range m.found {
		texts = append(texts, fmt.Sprintf("%s:%d: %s", p.at.Filename, p.at.Line, p.text))
	}
	return texts
}

func (m *moduleCheck) problem(at ast.Node, format string, args ...any) {
	m.found = append(m.found, problem{m.fset.Position(at.Pos()), fmt.Sprintf(format, args...)})
}

// declarations checks the package as a whole.
func (m *moduleCheck) declarations(module string) {
	if !slices.ContainsFunc(m.files, func(f *ast.File) bool { return f.Doc != nil }) {
		m.problem(m.files[0], "the package has no comment, which is the module's description")
	}
	scope := m.types.Scope()
	if !slices.ContainsFunc(scope.Names(), func(name string) bool { return strings.EqualFold(name, module) }) {
		m.problem(m.files[0], "no type has the module's name, %s", module)
	}
	for ident, object := range m.info.Defs {
		if object == nil || object.Parent() != scope || m.fset.Position(ident.Pos()).Filename == dispatchFile {
			continue
		}
		if slices.Contains(generatedNames, ident.Name) {
			m.problem(ident, "Dagger generates a %s of its own", ident.Name)
		}
	}
}

// typ checks an exported type: an object of the API if it is a struct.
func (m *moduleCheck) typ(spec *ast.TypeSpec, doc *ast.CommentGroup) {
	m.comment(spec, doc, "type "+spec.Name.Name, nil, "deprecated")
	object, ok := spec.Type.(*ast.StructType)
	if !ok {
		return
	}
	for _, field := range object.Fields.List {
		if len(field.Names) == 0 {
			m.problem(field, "an embedded field has no form in Dagger's API")
			continue
		}
		what, t := "field "+field.Names[0].Name, m.typeOf(field)
		if !field.Names[0].IsExported() {
			m.problem(field, "%s: Dagger loses it between calls: export it and mark it +private", what)
			continue
		}
		if reason := m.refused(t); reason != "" {
			m.problem(field, "%s: %s", what, reason)
		}
		doc := cmp.Or(field.Doc, field.Comment)
		if _, private := pragmas(doc)["private"]; private {
			m.pragmas(field, doc, what, t, "private", "deprecated")
		} else {
			m.comment(field, doc, what, t, "deprecated")
		}
	}
}

// function checks the constructor and the exported methods of exported types. Others Dagger does not look at.
func (m *moduleCheck) function(file *ast.File, decl *ast.FuncDecl) {
	isConstructor := decl.Recv == nil && decl.Name.Name == "New"
	if !isConstructor && (decl.Recv == nil || !decl.Name.IsExported() || !ast.IsExported(receiver(decl))) {
		return
	}
	name := "function " + decl.Name.Name
	if slices.Contains([]string{"MarshalJSON", "UnmarshalJSON"}, decl.Name.Name) {
		m.problem(decl, "Dagger generates a %s of its own", decl.Name.Name)
	}
	signature := m.info.Defs[decl.Name].Type().(*types.Signature)
	required := m.parameters(file, decl, signature.Variadic())
	if isConstructor {
		m.constructorNeeds = required
	}
	value := m.results(decl, signature.Results())
	found := m.comment(decl, decl.Doc, name, nil, "cache", "check", "generate", "deprecated")
	if _, ok := found["check"]; ok {
		m.checks = append(m.checks, decl)
		if required > 0 {
			m.problem(decl, "%s: a +check has no required arguments", name)
		}
		if value != nil && !isDagger(value, "Container") {
			m.problem(decl, "%s: a +check returns an error or a container", name)
		}
	}
	if _, ok := found["generate"]; ok && (value == nil || !isDagger(value, "Changeset")) {
		m.problem(decl, "%s: a +generate returns a changeset", name)
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
	return "" // a generic type, which is no object
}

// results checks what a function returns, and gives the type of its value, nil if there is none.
func (m *moduleCheck) results(decl *ast.FuncDecl, results *types.Tuple) (value types.Type) {
	values := slices.Collect(results.Variables())
	if n := len(values); n > 0 && types.Identical(values[n-1].Type(), types.Universe.Lookup("error").Type()) {
		values = values[:n-1]
	}
	if len(values) == 0 {
		return nil
	}
	if len(values) > 1 {
		m.problem(decl, "function %s: Dagger takes a value, an error, or both", decl.Name.Name)
	}
	if reason := m.refused(values[0].Type()); reason != "" {
		m.problem(decl, "function %s: its result: %s", decl.Name.Name, reason)
	}
	return values[0].Type()
}

// parameters checks the arguments of a function, and counts those that are required.
func (m *moduleCheck) parameters(file *ast.File, decl *ast.FuncDecl, variadic bool) (required int) {
	fields := decl.Type.Params.List
	if len(fields) > 0 && m.typeOf(fields[0]).String() == "context.Context" {
		fields = fields[1:]
	}
	if len(fields) == 1 {
		// The fields of a struct that stands alone are arguments themselves.
		if inline, ok := fields[0].Type.(*ast.StructType); ok {
			m.variable(fields[0].Names[0])
			for _, field := range inline.Fields.List {
				required += m.arguments(field, cmp.Or(field.Doc, field.Comment))
			}
			return required
		}
	}
	for i, field := range fields {
		needed := m.arguments(field, m.commentOf(file, decl, field))
		if !variadic || i < len(fields)-1 {
			required += needed
		}
		for _, name := range field.Names {
			m.variable(name)
		}
	}
	return required
}

// arguments checks those of one declaration, and counts those that are required.
func (m *moduleCheck) arguments(field *ast.Field, doc *ast.CommentGroup) (required int) {
	if len(field.Names) == 0 {
		m.problem(field, "an argument has no name")
		return 0
	}
	what, t := "argument "+field.Names[0].Name, m.typeOf(field)
	for _, name := range field.Names {
		for _, flag := range daggerFlags {
			if strings.EqualFold(name.Name, strings.ReplaceAll(flag, "-", "")) {
				m.problem(name, "argument %s: dagger call has a flag --%s of its own", name.Name, flag)
			}
		}
	}
	if reason := m.refused(t); reason != "" {
		m.problem(field, "%s: %s", what, reason)
	}
	found := m.comment(field, doc, what, t, "optional", "default", "defaultPath", "ignore", "deprecated")
	for _, word := range []string{"optional", "default", "defaultPath"} {
		if _, ok := found[word]; ok {
			return 0
		}
	}
	return len(field.Names)
}

// variable checks the name of what becomes a variable of the dispatcher.
func (m *moduleCheck) variable(name *ast.Ident) {
	if slices.Contains(dispatcherNames, name.Name) {
		m.problem(name, "argument %s: the code that Dagger generates uses this name", name.Name)
	}
}

func (m *moduleCheck) typeOf(field *ast.Field) types.Type {
	if len(field.Names) > 0 {
		return m.info.Defs[field.Names[0]].Type()
	}
	return m.info.Types[field.Type].Type
}

// commentOf finds an argument's comment, which Go's syntax tree does not tie to it. For Dagger it ends on the line
// above, or stands on the argument's own line.
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
