// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// locals gives a recipe's own variables their values, and puts them into the scope: each after those that it refers to.
func (e *evaluator) locals(s *section) {
	if s == nil {
		return
	}
	e.declared = sortedKeys(s.attributes)
	l := &localValues{evaluator: e, section: s, done: map[string]bool{}, values: map[string]cty.Value{}}
	for _, name := range e.declared {
		l.values[name] = cty.DynamicVal // what refers to one that has a mistake is no further mistake
	}
	l.publish()
	for _, name := range e.declared {
		l.evaluate(name)
	}
}

// localValues are a recipe's own variables while they get their values.
type localValues struct {
	*evaluator
	section *section
	values  map[string]cty.Value
	done    map[string]bool
	path    []string // the variables whose values are being asked for, each by the one before it
}

// maxLocal is how large a value may be, in letters and elements: a few lines can ask for more than any machine has.
const maxLocal = 64 << 10

func (l *localValues) evaluate(name string) {
	if l.done[name] {
		return
	}
	attr := l.section.attributes[name]
	if at := slices.Index(l.path, name); at >= 0 {
		l.done[name] = true
		l.problem(attr.Expr.Range(), "Variables in a circle", "The value of %s needs itself: %s. Write one of these without another.", name,
			strings.Join(append(slices.Clone(l.path[at:]), name), " needs "))
		return
	}
	l.path = append(l.path, name)
	for _, other := range localsIn(attr.Expr) {
		if l.section.attributes[other] != nil {
			l.evaluate(other)
		}
	}
	l.path = l.path[:len(l.path)-1]
	if l.done[name] {
		return // it began a circle
	}
	l.done[name] = true
	v, diags := l.value(attr.Expr)
	switch {
	case diags.HasErrors():
		l.diags = append(l.diags, l.explain(attr.Expr, diags)...)
	case sizeOf(v) > maxLocal:
		l.problem(attr.Expr.Range(), "Value too large", "The value has more than %d letters and elements. A recipe needs no such value: write a shorter one.", maxLocal)
	default:
		l.values[name] = v
		l.publish()
	}
}

// publish puts what is known into the scope.
func (l *localValues) publish() { l.scope.Variables["local"] = cty.ObjectVal(maps.Clone(l.values)) }

// sizeOf is the number of letters and elements in a value.
func sizeOf(v cty.Value) int {
	size := 0
	cty.Walk(v, func(_ cty.Path, v cty.Value) (bool, error) { // the function returns no error
		size++
		if v.Type() == cty.String && v.IsKnown() && !v.IsNull() {
			size += len(v.AsString())
		}
		return size <= maxLocal, nil
	})
	return size
}

// localsIn are the recipe's own variables that an expression refers to.
func localsIn(expr hclsyntax.Expression) []string {
	var names []string
	for _, traversal := range expr.Variables() {
		if name, ok := localIn(traversal); ok {
			names = append(names, name)
		}
	}
	return names
}

func localIn(traversal hcl.Traversal) (string, bool) {
	if traversal.RootName() != "local" || len(traversal) < 2 {
		return "", false
	}
	name, ok := traversal[1].(hcl.TraverseAttr)
	return name.Name, ok
}

// unusedLocals reports variables that nothing refers to: most are misspelled, here or there.
func unusedLocals(recipe *hclsyntax.Body) hcl.Diagnostics {
	var blocks []*hclsyntax.Block
	for _, block := range recipe.Blocks {
		switch block.Type {
		case "locals":
			blocks = append(blocks, block)
		case "version":
			blocks = append(blocks, slices.DeleteFunc(slices.Clone([]*hclsyntax.Block(block.Body.Blocks)), func(b *hclsyntax.Block) bool { return b.Type != "locals" })...)
		}
	}
	if len(blocks) == 0 {
		return nil
	}
	used := map[string]bool{}
	hclsyntax.VisitAll(recipe, func(node hclsyntax.Node) hcl.Diagnostics {
		if expr, ok := node.(*hclsyntax.ScopeTraversalExpr); ok {
			if name, ok := localIn(expr.Traversal); ok {
				used[name] = true
			}
		}
		return nil
	})
	var diags hcl.Diagnostics
	for _, block := range blocks {
		for name, attr := range block.Body.Attributes {
			if !used[name] {
				diags = append(diags, Problem(attr.NameRange, "Unused variable", "Nothing in the recipe refers to local.%s. Take it away, or write local.%s where it is meant.", name, name))
			}
		}
	}
	return diags
}
