// SPDX-License-Identifier: Apache-2.0

package parity

import (
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"
)

const enginePath = "crosswheel/engine"

// Whatever the engine exports, Dagger's client has: the same name, parameters, results, fields and values.
func TestEngineIsASubsetOfDagger(t *testing.T) {
	u := compile(t, ".", nil, enginePath, daggerPath)
	for _, difference := range differences(u.load(t, enginePath), u.load(t, daggerPath)) {
		t.Error(difference)
	}
}

// differences tells what ours exports and theirs has not, or has otherwise.
func differences(ours, theirs *types.Package) []string {
	c := comparison{ours: ours, theirs: theirs}
	for _, name := range ours.Scope().Names() {
		if token.IsExported(name) {
			c.object(ours.Scope().Lookup(name), theirs.Scope().Lookup(name))
		}
	}
	return c.found
}

type comparison struct {
	ours, theirs *types.Package
	found        []string
}

func (c *comparison) differ(name, format string, args ...any) {
	c.found = append(c.found, name+": "+fmt.Sprintf(format, args...))
}

func (c *comparison) object(ours, theirs types.Object) {
	name := ours.Name()
	if theirs == nil {
		c.differ(name, "Dagger has no such name")
		return
	}
	if fmt.Sprintf("%T", ours) != fmt.Sprintf("%T", theirs) {
		c.differ(name, "here it is %T, in Dagger %T", ours, theirs)
		return
	}
	switch ours := ours.(type) {
	case *types.TypeName:
		c.typ(name, types.Unalias(ours.Type()), types.Unalias(theirs.Type()))
	case *types.Const:
		c.same(name, ours.Type(), theirs.Type())
		if a, b := ours.Val(), theirs.(*types.Const).Val(); !constant.Compare(a, token.EQL, b) {
			c.differ(name, "here its value is %s, in Dagger %s", a, b)
		}
	default:
		c.same(name, ours.Type(), theirs.Type())
	}
}

// typ compares what can be used of a type: fields and methods that are exported.
func (c *comparison) typ(name string, ours, theirs types.Type) {
	for i := range types.NewMethodSet(pointerTo(ours)).Len() {
		method := types.NewMethodSet(pointerTo(ours)).At(i).Obj()
		if !method.Exported() {
			continue
		}
		full := name + "." + method.Name()
		selection := types.NewMethodSet(pointerTo(theirs)).Lookup(nil, method.Name())
		if selection == nil {
			c.differ(full, "Dagger has no such method")
			continue
		}
		c.same(full, method.Type(), selection.Obj().Type())
	}
	switch ours := ours.Underlying().(type) {
	case *types.Struct:
		theirs, ok := theirs.Underlying().(*types.Struct)
		if !ok {
			c.differ(name, "in Dagger it is not a struct")
			return
		}
		c.fields(name, ours, theirs)
	case *types.Interface:
		if !types.IsInterface(theirs) {
			c.differ(name, "in Dagger it is not an interface")
		}
	default:
		c.same(name, ours, theirs.Underlying())
	}
}

// pointerTo has all methods of a type; an interface has them itself.
func pointerTo(t types.Type) types.Type {
	if types.IsInterface(t) {
		return t
	}
	return types.NewPointer(t)
}

func (c *comparison) fields(name string, ours, theirs *types.Struct) {
	for field := range ours.Fields() {
		if !field.Exported() {
			continue
		}
		full := name + "." + field.Name()
		i := slices.IndexFunc(slices.Collect(theirs.Fields()), func(f *types.Var) bool { return f.Name() == field.Name() })
		if i < 0 {
			c.differ(full, "Dagger has no such field")
			continue
		}
		c.same(full, field.Type(), theirs.Field(i).Type())
	}
}

// same compares two types by their text, in which the two packages have no names.
func (c *comparison) same(name string, ours, theirs types.Type) {
	a, b := c.text(ours), c.text(theirs)
	if a != b {
		c.differ(name, "here it is %s, in Dagger %s", a, b)
	}
}

// text is that of a type without the names of parameters, which callers do not see.
func (c *comparison) text(t types.Type) string {
	if s, ok := t.(*types.Signature); ok {
		t = types.NewSignatureType(nil, nil, nil, anonymous(s.Params()), anonymous(s.Results()), s.Variadic())
	}
	return types.TypeString(t, func(p *types.Package) string {
		if p == c.ours || p == c.theirs {
			return ""
		}
		return p.Path()
	})
}

func anonymous(tuple *types.Tuple) *types.Tuple {
	var vars []*types.Var
	for v := range tuple.Variables() {
		vars = append(vars, types.NewVar(token.NoPos, nil, "", v.Type()))
	}
	return types.NewTuple(vars...)
}

// The comparison finds each kind of difference, and no other.
func TestDifferences(t *testing.T) {
	u := compile(t, ".", nil, "context")
	read := func(path, text string) *types.Package {
		return u.check(t, path, map[string][]byte{path + ".go": []byte("package p\n\nimport \"context\"\n\n" + text)}).types
	}
	theirs := read("theirs", `
		type Client struct{}
		func Connect(ctx context.Context, opts ...Opt) (*Client, error) { return nil, nil }
		func (c *Client) Open(name string, opts ...OpenOpts) *Client { return c }
		func (c *Client) Read(ctx context.Context) (string, error) { return "", nil }
		type OpenOpts struct { Mode int; Owner string }
		type Opt interface { theirOwn() }
		type Mode string
		const ModeShared Mode = "SHARED"
		type With func(r *Client) *Client
		type Token struct{}
	`)
	ours := read("ours", `
		type Client struct{ hidden int }
		func Connect(_ context.Context, options ...Opt) (*Client, error) { return nil, nil }
		func (c *Client) Open(n string, opts ...OpenOpts) *Client { return c }
		func (c *Client) Read(ctx context.Context, more bool) (string, error) { return "", nil }
		func (c *Client) Extra() {}
		func (c *Client) hide() {}
		type OpenOpts struct { Mode int64; Group string }
		type Opt interface { ourOwn() }
		type Mode string
		const ModeShared Mode = "shared"
		type With func(r Client) *Client
		type Token string
		func Invented() {}
	`)
	want := []string{
		`Client.Extra: Dagger has no such method`,
		`Client.Read: here it is func(context.Context, bool) (string, error), in Dagger func(context.Context) (string, error)`,
		`Invented: Dagger has no such name`,
		`ModeShared: here its value is "shared", in Dagger "SHARED"`,
		`OpenOpts.Group: Dagger has no such field`,
		`OpenOpts.Mode: here it is int64, in Dagger int`,
		`Token: here it is string, in Dagger struct{}`,
		`With: here it is func(Client) *Client, in Dagger func(*Client) *Client`,
	}
	got := differences(ours, theirs)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if same := differences(theirs, theirs); len(same) > 0 {
		t.Errorf("with itself: %q", same)
	}
}
