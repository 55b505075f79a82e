// SPDX-License-Identifier: Apache-2.0

package call

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"go/token"
	"reflect"
	"slices"
)

// An object is a type with functions: the module's main object, another one of the module, or one of the engine's.
type object struct {
	name      string
	functions []*function
}

// A function is what can stand at one place of the command line: the constructor, a method, or a field as its getter.
type function struct {
	name      string // as typed; "" for the constructor
	doc       string
	arguments []*argument
	result    reflect.Type // nil when there is none
	object    *object      // what the result offers to the next function; nil for a scalar
	field     int          // the index of the field that the function gets; -1 for any other function
	call      caller
}

// An argument of a function is a flag on the command line.
type argument struct {
	flag     string // without the dashes
	short    string // one letter, or ""
	doc      string
	typ      reflect.Type
	optional bool
	fallback *string  // JSON, of +default
	path     string   // of +defaultPath
	ignore   []string // patterns that a directory leaves out
}

var (
	contextType = reflect.TypeFor[context.Context]()
	errorType   = reflect.TypeFor[error]()
)

// newProgram reads a module. It panics at what Dagger would refuse: that is a mistake in the module.
func newProgram(m Module) *program {
	src, constructor := readSource(m.Source), reflect.ValueOf(m.New)
	if constructor.Kind() != reflect.Func || constructor.Type().NumOut() == 0 {
		panic("call: Module.New is not a func that returns the main object")
	}
	main := constructor.Type().Out(0)
	if main.Kind() != reflect.Pointer || main.Elem().Kind() != reflect.Struct {
		panic("call: Module.New does not return a pointer to the main object")
	}
	s := &schema{src: src, pkg: main.Elem().PkgPath(), objects: map[reflect.Type]*object{}}
	return &program{
		name:        kebab(main.Elem().Name()),
		doc:         src.doc,
		constructor: s.function("New", "", constructor, 0),
		client:      m.Client,
	}
}

// A schema turns the Go types of a package into objects.
type schema struct {
	src     *source
	pkg     string // import path of the package
	objects map[reflect.Type]*object
}

// object returns what a result of type t offers to the next function, nil for nothing.
func (s *schema) object(t reflect.Type) *object {
	if o, ok := s.objects[t]; ok {
		return o
	}
	if view, ok := coreViews[t]; ok {
		return s.coreObject(t, view)
	}
	named := t
	if t.Kind() == reflect.Pointer {
		named = t.Elem()
	}
	if named.Kind() != reflect.Struct || named.PkgPath() != s.pkg {
		return nil
	}
	o := &object{name: named.Name()}
	s.objects[t] = o // before its functions, whose results may be of the same type
	o.functions = append(s.methods(reflect.PointerTo(named)), s.fields(named)...)
	return o
}

// coreObject describes an engine's type by its view, whose source is core.go.
func (s *schema) coreObject(t, view reflect.Type) *object {
	o := &object{name: t.Elem().Name()}
	s.objects[t] = o
	core := &schema{src: coreSource(), pkg: view.Elem().PkgPath(), objects: s.objects}
	o.functions = core.methods(view)
	return o
}

// methods lists the functions of a pointer type in the order in which they were written.
func (s *schema) methods(t reflect.Type) []*function {
	type written struct {
		*function
		token.Pos
	}
	var all []written
	for i := range t.NumMethod() {
		m, key := t.Method(i), t.Elem().Name()+"."+t.Method(i).Name
		f := s.function(key, kebab(m.Name), m.Func, 1)
		onPointer := f.call
		f.call = func(ctx context.Context, self reflect.Value, in []reflect.Value) (reflect.Value, error) {
			return onPointer(ctx, as(self, t), in)
		}
		all = append(all, written{f, s.src.funcs[key].Pos()})
	}
	slices.SortFunc(all, func(a, b written) int { return cmp.Compare(a.Pos, b.Pos) })
	var functions []*function
	for _, w := range all {
		functions = append(functions, w.function)
	}
	return functions
}

// as turns an object into the pointer that its methods are declared on.
func as(self reflect.Value, pointer reflect.Type) reflect.Value {
	if self.Kind() == reflect.Pointer {
		return self.Convert(pointer)
	}
	p := reflect.New(self.Type())
	p.Elem().Set(self)
	return p
}

// fields lists the getters of a struct type. Between two functions, Dagger keeps an object as JSON, so a field that is
// not exported would lose its value there.
func (s *schema) fields(t reflect.Type) []*function {
	var functions []*function
	for i := range t.NumField() {
		field := t.Field(i)
		c, at := s.src.field(t.Name(), field.Name)
		if !field.IsExported() {
			panic(fmt.Sprintf("call: %s: Dagger would lose the field %s: export it and mark it +private", at, field.Name))
		}
		if _, private := c.pragmas["private"]; private {
			continue
		}
		f := &function{name: kebab(field.Name), doc: c.text, result: field.Type, field: i}
		f.object = s.resultObject(at, field.Type)
		f.call = func(_ context.Context, self reflect.Value, _ []reflect.Value) (reflect.Value, error) {
			return reflect.Indirect(self).Field(i), nil
		}
		functions = append(functions, f)
	}
	return functions
}

// function describes fn, which the source declares under key, without its first skip parameters (the receiver).
func (s *schema) function(key, name string, fn reflect.Value, skip int) *function {
	decl, ok := s.src.funcs[key]
	if !ok {
		panic(fmt.Sprintf("call: %s is not in the embedded source: is its file missing in a go:embed line?", key))
	}
	t, at := fn.Type(), s.src.fset.Position(decl.Name.Pos())
	f := &function{name: name, doc: s.src.comment(decl.Doc).text, field: -1}
	params, in := s.src.parameters(key), t.NumIn()-skip
	if in != len(params) {
		panic(fmt.Sprintf("call: %s: the embedded source of %s is not what was compiled", at, key))
	}
	takesContext := in > 0 && t.In(skip) == contextType
	if takesContext {
		params, skip = params[1:], skip+1
	}
	f.call = newCaller(fn, takesContext)
	if len(params) == 1 && isInline(t.In(skip)) {
		inline := t.In(skip)
		for i, param := range s.src.inlineFields(key) {
			f.arguments = append(f.arguments, newArgument(param, inline.Field(i).Type, false))
		}
		f.call = gathered(inline, f.call)
		params = nil
	}
	for i, param := range params {
		f.arguments = append(f.arguments, newArgument(param, t.In(skip+i), t.IsVariadic() && i == len(params)-1))
	}
	if f.result = resultOf(at, t); f.result != nil {
		f.object = s.resultObject(at, f.result)
	}
	return f
}

// isInline says whether t is a struct without a name. As on Dagger, a function's only argument may be one; then its
// fields are the arguments, whose names may be words that Go keeps for itself, such as --select.
func isInline(t reflect.Type) bool { return t.Kind() == reflect.Struct && t.Name() == "" }

// gathered makes of a function that takes a struct one that takes its fields.
func gathered(t reflect.Type, call caller) caller {
	return func(ctx context.Context, self reflect.Value, arguments []reflect.Value) (reflect.Value, error) {
		inline := reflect.New(t).Elem()
		for i, value := range arguments {
			inline.Field(i).Set(value)
		}
		return call(ctx, self, []reflect.Value{inline})
	}
}

// resultOf returns the type of the value that a func of type t returns, nil for none.
func resultOf(at token.Position, t reflect.Type) reflect.Type {
	switch n := t.NumOut(); {
	case n == 0, n == 1 && t.Out(0) == errorType:
		return nil
	case n == 1, n == 2 && t.Out(1) == errorType:
		return t.Out(0)
	}
	panic(fmt.Sprintf("call: %s: a function returns a value, an error, or both in this order", at))
}

func (s *schema) resultObject(at token.Position, t reflect.Type) *object {
	o := s.object(t)
	if o == nil && !printable(t) {
		panic(fmt.Sprintf("call: %s: no function can return %s", at, t))
	}
	return o
}

// A caller runs a function on self, which the one before returned, with one value for each of its arguments.
type caller func(ctx context.Context, self reflect.Value, arguments []reflect.Value) (reflect.Value, error)

// newCaller adapts fn, whose parameters are self (for a method), a context perhaps, and the arguments.
func newCaller(fn reflect.Value, takesContext bool) caller {
	return func(ctx context.Context, self reflect.Value, arguments []reflect.Value) (value reflect.Value, err error) {
		var in []reflect.Value
		if self.IsValid() {
			in = append(in, self)
		}
		if takesContext {
			in = append(in, reflect.ValueOf(ctx))
		}
		in = append(in, arguments...)
		call := fn.Call
		if fn.Type().IsVariadic() {
			call = fn.CallSlice
		}
		for _, out := range call(in) {
			if out.Type() != errorType {
				value = out
			} else if !out.IsNil() {
				err = out.Interface().(error)
			}
		}
		return value, err
	}
}

// newArgument describes a parameter of type t.
func newArgument(param parameter, t reflect.Type, variadic bool) *argument {
	a := &argument{flag: kebab(param.name), doc: param.text, typ: t, optional: variadic}
	fail := func(format string, args ...any) {
		panic(fmt.Sprintf("call: %s: argument %s: %s", param.at, param.name, fmt.Sprintf(format, args...)))
	}
	if typeName(t) == "" {
		fail("the command line has no form for %s", t)
	}
	if problem := reserved(param.name); problem != "" {
		fail("%s", problem)
	}
	if value, ok := param.pragmas["optional"]; ok {
		a.optional = value != "false"
	}
	if value, ok := param.pragmas["default"]; ok {
		if err := json.Unmarshal([]byte(value), reflect.New(t).Interface()); err != nil || !isScalar(t) {
			fail("+default=%s is no JSON for %s", value, typeName(t))
		}
		a.fallback = &value
	}
	if value, ok := param.pragmas["defaultPath"]; ok {
		if a.path = unquote(value); a.path == "" || t != directoryType && t != fileType {
			fail("+defaultPath=%s: that is the path of a Directory or a File", value)
		}
	}
	if value, ok := param.pragmas["ignore"]; ok {
		if err := json.Unmarshal([]byte(value), &a.ignore); err != nil || t != directoryType {
			fail("+ignore=%s: that is a JSON list of patterns, for a Directory", value)
		}
	}
	return a
}

// unquote takes off the quotes that Dagger lets a pragma's string go without.
func unquote(text string) string {
	var s string
	if json.Unmarshal([]byte(text), &s) == nil {
		return s
	}
	return text
}

// required says whether the command line must give the argument.
func (a *argument) required() bool {
	return !a.optional && a.fallback == nil && a.path == ""
}
