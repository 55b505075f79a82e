// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"fmt"
	"io/fs"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// evaluator gives the expressions of one version their values and puts them where the language's tables say.
// A value that is not known yet, because no target is, is left out.
type evaluator struct {
	scope  *hcl.EvalContext
	kind   Kind
	folder fs.FS // the recipe's
	diags  hcl.Diagnostics

	declared []string // the names of the recipe's own variables
}

func (e *evaluator) problem(at hcl.Range, summary, detail string, args ...any) {
	e.diags = append(e.diags, Problem(at, summary, detail, args...))
}

// block evaluates a section and the blocks inside it.
func (e *evaluator) block(spec *blockSpec, s *section) {
	if spec.header != nil {
		*spec.header = s.header
	}
	for i := range spec.attributes {
		a := &spec.attributes[i]
		if !suits(a.kind, e.kind) {
			continue
		}
		attr, required := s.attributes[a.name], slices.Contains(a.required, e.kind)
		switch {
		case attr == nil && required:
			e.problem(s.header, "Missing "+a.name, "A %s block needs %s. %s", spec.name, a.name, a.instance())
		case attr != nil && !e.attribute(a, attr) && required:
			e.problem(attr.Expr.Range(), "Missing "+a.name, "A %s block needs %s, and this is null. %s", spec.name, a.name, a.instance())
		}
	}
	for _, b := range spec.blocks {
		inner := s.blocks[b.name]
		if inner == nil || b.open {
			continue
		}
		if spec.chosen != nil {
			*spec.chosen = SourceKind(b.name)
		}
		e.block(b, inner)
	}
}

// attribute evaluates one attribute, and says whether it was there: null counts as not written.
func (e *evaluator) attribute(a *attributeSpec, attr *hclsyntax.Attribute) bool {
	v, diags := e.value(attr.Expr)
	if !diags.HasErrors() && v.IsKnown() && v.IsNull() {
		return false
	}
	if a.at != nil {
		*a.at = attr.Expr.Range()
	}
	if diags.HasErrors() {
		e.diags = append(e.diags, e.explain(attr.Expr, diags)...)
	} else if v.IsKnown() {
		e.assign(a, attr.Expr, v)
	}
	return true
}

// value evaluates an expression. Most are texts and lists of them, which cost hcl more than they need.
func (e *evaluator) value(expr hclsyntax.Expression) (cty.Value, hcl.Diagnostics) {
	if v, ok := constant(expr); ok {
		return v, nil
	}
	return expr.Value(e.scope)
}

// constant is the value of a text without ${…} in it, or of a list of such.
func constant(expr hclsyntax.Expression) (cty.Value, bool) {
	switch expr := expr.(type) {
	case *hclsyntax.TemplateExpr:
		if expr.IsStringLiteral() {
			v, diags := expr.Parts[0].Value(nil)
			return v, !diags.HasErrors()
		}
	case *hclsyntax.TupleConsExpr:
		values := make([]cty.Value, len(expr.Exprs))
		for i, element := range expr.Exprs {
			v, ok := constant(element)
			if !ok {
				return cty.NilVal, false
			}
			values[i] = v
		}
		return cty.TupleVal(values), true
	}
	return cty.NilVal, false
}

// assign checks a known value and stores it.
func (e *evaluator) assign(a *attributeSpec, expr hclsyntax.Expression, v cty.Value) {
	whole := element{v, expr.Range(), expr}
	switch into := a.into.(type) {
	case *string:
		if s, ok := e.text(a, whole); ok {
			*into = s
		}
	case *int:
		n, ok := wholeNumber(v)
		*into = store(e, a, whole, n, ok)
	case *bool:
		ok := v.Type() == cty.Bool
		*into = store(e, a, whole, ok && v.True(), ok)
	case *time.Duration:
		d, ok := duration(v)
		*into = store(e, a, whole, d, ok)
	case *Size:
		size, ok := parseSize(v)
		*into = store(e, a, whole, size, ok)
	case *[]string:
		e.list(a, expr, v, func(s string, _ hcl.Range) { *into = append(*into, s) })
	case *[]Use:
		e.list(a, expr, v, func(s string, at hcl.Range) {
			if use, ok := e.use(s, at); ok {
				*into = append(*into, use)
			}
		})
	case *map[string]string:
		*into = table(e, a, expr, v, e.text)
	case *map[string][]string:
		*into = table(e, a, expr, v, e.texts)
	default:
		a.takes() // panics
	}
}

// store is the value to store, or none and a diagnostic.
func store[T any](e *evaluator, a *attributeSpec, v element, value T, ok bool) T {
	if !ok {
		e.wrongType(a, v)
		var none T
		return none
	}
	return value
}

// element is a value with the place where it stands, as near as that is known, and the expression that it came from.
type element struct {
	cty.Value
	at   hcl.Range
	expr hclsyntax.Expression
}

// text takes a string. A number is refused, not converted: 1.10 would become "1.1".
func (e *evaluator) text(a *attributeSpec, v element) (string, bool) {
	switch {
	case !v.IsKnown():
		return "", false
	case v.IsNull() || v.Type() != cty.String:
		e.wrongType(a, v)
		return "", false
	}
	s := v.AsString()
	if summary, detail := e.problemOf(a, s); summary != "" {
		e.diags = append(e.diags, e.about(v, summary, detail))
		return "", false
	}
	return s, true
}

// problemOf says what is wrong with a string as the value of an attribute.
func (e *evaluator) problemOf(a *attributeSpec, s string) (summary, detail string) {
	if s == "" {
		if !a.empty {
			return "Invalid " + a.name, "It is empty. Take it away, or write something. " + a.instance()
		}
		return "", ""
	}
	if a.oneOf != nil {
		if detail := oneOf(a.name, s, a.oneOf...); detail != "" {
			return "Invalid " + a.name, detail
		}
	}
	if a.check != nil {
		if detail := a.check(s); detail != "" {
			return "Invalid " + a.name, detail
		}
	}
	if a.beside != "" {
		if detail := noSuchFile(e.folder, a.beside, s); detail != "" {
			return "No such " + string(a.beside), detail
		}
	}
	return "", ""
}

// list takes a list of strings and hands on each with its place.
func (e *evaluator) list(a *attributeSpec, expr hclsyntax.Expression, v cty.Value, take func(string, hcl.Range)) {
	if t := v.Type(); !t.IsTupleType() && !t.IsListType() && !t.IsSetType() {
		e.wrongType(a, element{v, expr.Range(), expr})
		return
	}
	written, _ := expr.(*hclsyntax.TupleConsExpr)
	for i, value := range v.AsValueSlice() {
		item := element{value, expr.Range(), expr}
		if written != nil {
			item.expr = written.Exprs[i]
			item.at = item.expr.Range()
		}
		if s, ok := e.text(a, item); ok {
			take(s, item.at)
		}
	}
}

// table takes a map, whose values are taken by take. Strings in it may be empty: an environment variable that is set to nothing is not one
// that is not set.
func table[T any](e *evaluator, a *attributeSpec, expr hclsyntax.Expression, v cty.Value, take func(*attributeSpec, element) (T, bool)) map[string]T {
	if t := v.Type(); !t.IsObjectType() && !t.IsMapType() {
		e.wrongType(a, element{v, expr.Range(), expr})
		return nil
	}
	values := attributeSpec{name: a.name, example: a.example, into: a.into, empty: a.checkValue == nil, check: a.checkValue}
	keys := attributeSpec{name: a.name, example: a.example, into: a.into, beside: a.beside, check: a.check}
	taken := map[string]T{}
	for key, value := range v.AsValueMap() {
		item := element{value, expr.Range(), expr}
		if written, ok := expr.(*hclsyntax.ObjectConsExpr); ok {
			item = e.tableItem(written, key, item)
		}
		if summary, detail := e.problemOf(&keys, key); summary != "" {
			e.diags = append(e.diags, e.about(item, summary, detail))
		}
		if s, ok := take(&values, item); ok {
			taken[key] = s
		}
	}
	return taken
}

// texts takes a string, or a list of them.
func (e *evaluator) texts(a *attributeSpec, v element) ([]string, bool) {
	if t := v.Type(); v.IsKnown() && !v.IsNull() && (t.IsTupleType() || t.IsListType()) {
		var texts []string
		e.list(a, v.expr, v.Value, func(s string, _ hcl.Range) { texts = append(texts, s) })
		return texts, true
	}
	s, ok := e.text(a, v)
	return []string{s}, ok
}

// tableItem finds where a key's value is written.
func (e *evaluator) tableItem(written *hclsyntax.ObjectConsExpr, key string, item element) element {
	for _, pair := range written.Items {
		if k, _ := pair.KeyExpr.Value(e.scope); k.Type() == cty.String && k.IsKnown() && !k.IsNull() && k.AsString() == key {
			item.at, item.expr = pair.ValueExpr.Range(), pair.ValueExpr
		}
	}
	return item
}

// wholeNumber takes a number that is small, whole and not negative.
func wholeNumber(v cty.Value) (int, bool) {
	if v.Type() != cty.Number {
		return 0, false
	}
	n, accuracy := v.AsBigFloat().Int64()
	return int(n), accuracy == big.Exact && n >= 0 && n < 1000
}

// duration takes a string such as "1h30m".
func duration(v cty.Value) (time.Duration, bool) {
	if v.Type() != cty.String {
		return 0, false
	}
	d, err := time.ParseDuration(v.AsString())
	return d, err == nil && d > 0
}

var sizePattern = regexp.MustCompile(`^([1-9]\d{0,5})\s?(MB|GB)$`)

// parseSize takes a string such as "2GB".
func parseSize(v cty.Value) (Size, bool) {
	if v.Type() != cty.String {
		return 0, false
	}
	m := sizePattern.FindStringSubmatch(v.AsString())
	if m == nil {
		return 0, false
	}
	n, _ := strconv.ParseInt(m[1], 10, 64) // digits
	if m[2] == "GB" {
		n *= 1000
	}
	return Size(n * 1000 * 1000), true
}

func (e *evaluator) wrongType(a *attributeSpec, v element) {
	takes := a.takes()
	if a.oneOf != nil {
		takes = enumerate(a.oneOf, "or") + ", in quotes"
	}
	e.diags = append(e.diags, e.about(v, "Wrong type",
		fmt.Sprintf("%s takes %s, and this is %s. %s", a.name, takes, describe(v.Value), a.instance())))
}

// about is a problem with a value that an expression gave: the printer adds what its variables stood for.
func (e *evaluator) about(v element, summary, detail string) *hcl.Diagnostic {
	diag := Problem(v.at, summary, "%s", detail)
	diag.Expression, diag.EvalContext = v.expr, e.scope
	return diag
}

// describe names a value's type in the words that the messages use.
func describe(v cty.Value) string {
	switch t := v.Type(); {
	case v.IsNull():
		return "null"
	case t == cty.String && len(v.AsString()) <= 40:
		return "the string " + strconv.Quote(v.AsString())
	case t == cty.String:
		return "a string"
	case t == cty.Number:
		return "the number " + v.AsBigFloat().Text('g', 10)
	case t == cty.Bool:
		return "true or false"
	case t.IsObjectType() || t.IsMapType():
		return "a map"
	default:
		return "a list"
	}
}
