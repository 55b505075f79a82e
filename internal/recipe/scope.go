// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// functions are what expressions can call: pure ones only. A recipe says the same on every machine, on every day.
var functions = map[string]function.Function{
	"coalesce":     stdlib.CoalesceFunc,
	"compact":      stdlib.CompactFunc,
	"concat":       stdlib.ConcatFunc,
	"contains":     stdlib.ContainsFunc,
	"distinct":     stdlib.DistinctFunc,
	"element":      stdlib.ElementFunc,
	"flatten":      stdlib.FlattenFunc,
	"format":       formatFunc,
	"join":         stdlib.JoinFunc,
	"keys":         stdlib.KeysFunc,
	"length":       stdlib.LengthFunc,
	"lookup":       stdlib.LookupFunc,
	"lower":        stdlib.LowerFunc,
	"merge":        stdlib.MergeFunc,
	"regex":        stdlib.RegexFunc,
	"regexall":     stdlib.RegexAllFunc,
	"regexreplace": stdlib.RegexReplaceFunc,
	"replace":      stdlib.ReplaceFunc,
	"reverse":      stdlib.ReverseListFunc,
	"slice":        stdlib.SliceFunc,
	"sort":         stdlib.SortFunc,
	"split":        stdlib.SplitFunc,
	"strlen":       stdlib.StrlenFunc,
	"substr":       stdlib.SubstrFunc,
	"trim":         stdlib.TrimFunc,
	"trimprefix":   stdlib.TrimPrefixFunc,
	"trimspace":    stdlib.TrimSpaceFunc,
	"trimsuffix":   stdlib.TrimSuffixFunc,
	"upper":        stdlib.UpperFunc,
	"values":       stdlib.ValuesFunc,
}

// wideVerb is a format verb that pads to a thousand characters or more: "%999999999s" would fill the memory.
var wideVerb = regexp.MustCompile(`%[^%a-zA-Z]*\d{4}`)

// formatFunc is stdlib's, without its power to fill the memory.
var formatFunc = function.New(&function.Spec{
	Params:   []function.Parameter{{Name: "format", Type: cty.String}},
	VarParam: &function.Parameter{Name: "args", Type: cty.DynamicPseudoType, AllowNull: true},
	Type:     function.StaticReturnType(cty.String),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		if wideVerb.MatchString(args[0].AsString()) {
			return cty.NilVal, function.NewArgErrorf(0, "a width or precision of more than 999")
		}
		return stdlib.Format(args[0], args[1:]...)
	},
})

// facts are the target's, by the names under which expressions see them.
func (t *Target) facts() map[string]string {
	return map[string]string{
		"name":     t.Name,
		"python":   t.Python,
		"arch":     t.Arch,
		"triple":   t.Triple,
		"glibc":    t.Glibc,
		"gcc":      t.GCC,
		"rust":     t.Rust,
		"provider": t.Provider,
	}
}

// newScope is what all recipes see on a target. Without a target its facts are unknown: then only what is wrong on every target fails.
func newScope(t *Target) *hcl.EvalContext {
	known := t != nil
	if !known {
		t = &Target{}
	}
	facts := map[string]cty.Value{}
	for name, value := range t.facts() {
		facts[name] = cty.UnknownVal(cty.String).RefineNotNull()
		if known {
			facts[name] = cty.StringVal(value)
		}
	}
	return &hcl.EvalContext{
		Functions: functions,
		Variables: map[string]cty.Value{"target": cty.ObjectVal(facts)},
	}
}

// versionScope adds what one version sees of itself.
func versionScope(target *hcl.EvalContext, name, version string) *hcl.EvalContext {
	scope := target.NewChild()
	scope.Variables = map[string]cty.Value{"name": cty.StringVal(name), "version": cty.StringVal(version)}
	return scope
}

// explain adds to hcl's diagnostics what to do, and says better what is wrong with an expression that asks for a fact that no target has.
func (e *evaluator) explain(expr hclsyntax.Expression, diags hcl.Diagnostics) hcl.Diagnostics {
	facts := slices.Sorted(maps.Keys((&Target{}).facts()))
	if unknown := unknownNames(expr, "target", facts); unknown != nil {
		return unknown
	}
	if unknown := unknownNames(expr, "local", e.declared); unknown != nil {
		return unknown
	}
	for _, diag := range diags {
		switch diag.Summary {
		case "Unknown variable":
			diag.Detail += fmt.Sprintf(" Expressions see name, version, and of target: %s.", enumerate(facts, "and"))
			switch name := unknownVariable.FindStringSubmatch(diag.Detail); {
			case name == nil:
			case name[1] == strings.ToUpper(name[1]):
				diag.Detail += fmt.Sprintf(" A variable of the shell is written $%s, or $${%s}.", name[1], name[1])
			case name[1] != "local":
				diag.Detail += fmt.Sprintf(" One of your own is declared in a locals block, and is local.%s then.", name[1])
			default:
				diag.Detail += " What follows local. is declared in a locals block, and this recipe has none."
			}
		case "Call to unknown function":
			call := diag.Extra.(hclsyntax.FunctionCallUnknownDiagExtra).CalledFunctionName()
			diag.Detail = fmt.Sprintf("There is no function %q.%s", call, cmp.Or(DidYouMean(call, sortedKeys(functions)), listing("There are", sortedKeys(functions))))
		case "Invalid index":
			diag.Detail += " Add it, or give a value for all others with lookup(map, key, value)."
		}
	}
	return diags
}

var unknownVariable = regexp.MustCompile(`^There is no variable named "(\w+)"`)

// unknownNames reports each target.NAME, or local.NAME, in an expression that is not one of those that there are.
func unknownNames(expr hclsyntax.Expression, root string, names []string) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, traversal := range expr.Variables() {
		if traversal.RootName() != root || len(traversal) < 2 {
			continue
		}
		name, ok := traversal[1].(hcl.TraverseAttr)
		switch {
		case !ok || slices.Contains(names, name.Name):
		case root == "local":
			diags = append(diags, Problem(name.SrcRange, "Unknown variable", "No locals block has %q.%s", name.Name,
				cmp.Or(DidYouMean(name.Name, names), fmt.Sprintf(" Write it there:\n\n  locals {\n    %s = …\n  }", name.Name))))
		default:
			diags = append(diags, Problem(name.SrcRange, "Unknown fact", "A target has no %q.%s", name.Name, cmp.Or(DidYouMean(name.Name, names), listing("It has", names))))
		}
	}
	return diags
}
