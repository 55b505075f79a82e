// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

const (
	manual     = "../../docs/recipes.md"
	tableBegin = "<!-- reference: made by go test ./internal/recipe -update -->\n"
	tableEnd   = "<!-- end of the reference -->\n"
)

// TestReference keeps the tables of the manual in step with the language.
func TestReference(t *testing.T) {
	text, err := os.ReadFile(manual)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), tableBegin)
	_, after, ok2 := strings.Cut(rest, tableEnd)
	if !ok || !ok2 {
		t.Fatalf("%s has no place for the reference", manual)
	}
	golden(t, manual, []byte(before+tableBegin+reference(Language())+tableEnd+after))
}

// reference is the language as tables.
func reference(s Schema) string {
	var b strings.Builder
	seen := map[string]bool{}
	var write func(block SchemaBlock, path string)
	write = func(block SchemaBlock, path string) {
		table := referenceTable(block)
		key := block.Name + table
		if seen[key] {
			return // the same for packages and libraries
		}
		seen[key] = true
		fmt.Fprintf(&b, "\n### %s\n\n%s\n%s", path, block.Doc, table)
		for _, inner := range block.Blocks {
			if block.Name != "version" {
				write(inner, path+" · "+inner.Name)
			}
		}
	}
	for _, block := range s.Blocks {
		write(block, block.Name)
	}
	fmt.Fprintf(&b, "\n### Functions\n\n`%s`\n\n", strings.Join(s.Functions, "`, `"))
	return b.String()
}

func referenceTable(block SchemaBlock) string {
	if len(block.Attributes) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n| attribute | value | |\n|---|---|---|\n")
	for _, a := range block.Attributes {
		doc := a.Doc
		if a.Required {
			doc += " **Required.**"
		}
		if len(a.OneOf) > 0 {
			doc += " One of `" + strings.Join(a.OneOf, "`, `") + "`."
		}
		cell := strings.NewReplacer("|", `\|`, "\n", " ")
		fmt.Fprintf(&b, "| `%s` | %s, as `%s` | %s |\n", a.Name, a.Type, cell.Replace(a.Example), cell.Replace(doc))
	}
	return b.String()
}

var manualRecipe = regexp.MustCompile("(?s)<!-- recipe: (\\S+) -->\n```hcl\n(.*?)```")

// TestManual holds the complete recipe of the manual to what it promises: it is right, in canonical layout, and says everything that can be said.
func TestManual(t *testing.T) {
	text, err := os.ReadFile(manual)
	if err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{"imgproc/fix-cross.patch": {}, "imgproc/files/site.cfg": {}, "libfilter/files/src/Makefile": {}}
	for _, m := range manualRecipe.FindAllSubmatch(text, -1) {
		name := string(m[1])
		fsys[name+"/"+fileName] = &fstest.MapFile{Data: m[2]}
		formatted, diags := Format(name, m[2])
		if diags.HasErrors() || !bytes.Equal(formatted, m[2]) {
			t.Errorf("%s is not in canonical layout (%v); it is\n%s", name, diags, formatted)
		}
	}
	target := testTarget
	target.Rust = "1.80"
	set, diags := Load(fsys, "recipes")
	recipes, more := set.Evaluate(target)
	if diags = append(diags, more...); len(diags) > 0 {
		t.Fatal(set.Error(diags))
	}
	if findings := set.Lint(recipes); len(findings) > 0 {
		t.Error(set.Error(nil), string(JSON(findings)))
	}
	used := map[string]bool{}
	for _, r := range recipes {
		markUsed(used, "", r.section)
	}
	for _, block := range Language().Blocks {
		for _, path := range pathsOf(block, "") {
			if _, path, _ = strings.Cut(path, "."); !used[path] {
				t.Errorf("the complete recipe does not use %s", path)
			}
		}
	}
}

// markUsed notes what a section says, as paths below the package or library.
func markUsed(used map[string]bool, path string, s *section) {
	for name := range s.attributes {
		used[path+name] = true
	}
	for name, inner := range s.blocks {
		used[path+name] = true
		markUsed(used, path+name+".", inner)
	}
}

// pathsOf are the attributes of a block and of those in it; what can be said in a version block is said of the block around it.
func pathsOf(block SchemaBlock, prefix string) []string {
	path := prefix + block.Name
	if block.Name == "version" {
		return []string{prefix + "sha256"}
	}
	var paths []string
	if block.Open {
		paths = append(paths, path)
	}
	for _, a := range block.Attributes {
		paths = append(paths, path+"."+a.Name)
	}
	for _, inner := range block.Blocks {
		paths = append(paths, pathsOf(inner, path+".")...)
	}
	return paths
}

// TestExamples holds the example of each attribute to the attribute's own checks: a remedy must not be a mistake.
func TestExamples(t *testing.T) {
	fsys := fstest.MapFS{"fix-cross.patch": {}, "files/site.cfg": {}, "files/src/a.c": {}}
	var walk func(spec *blockSpec)
	walk = func(spec *blockSpec) {
		for i := range spec.attributes {
			a := &spec.attributes[i]
			if a.doc == "" || !strings.HasSuffix(a.doc, ".") && !strings.HasSuffix(a.doc, "`.") {
				t.Errorf("%s.%s is not explained in sentences", spec.name, a.name)
			}
			expr, diags := hclsyntax.ParseExpression([]byte(a.example), "example", position("x", "x"))
			if diags.HasErrors() {
				t.Errorf("%s.%s: %v", spec.name, a.name, diags)
				continue
			}
			e := &evaluator{scope: versionScope(newScope(&testTarget), "demo", "1.0"), kind: Package, folder: fsys}
			e.attribute(a, &hclsyntax.Attribute{Name: a.name, Expr: expr})
			if len(e.diags) > 0 {
				t.Errorf("the example of %s.%s is a mistake: %v", spec.name, a.name, e.diags)
			}
		}
		for _, b := range spec.blocks {
			walk(b)
		}
	}
	walk(topSpec(Package))
	walk(topSpec(Library))
}

// TestForeign holds the names of other systems to leading somewhere.
func TestForeign(t *testing.T) {
	known := map[string]bool{}
	for _, block := range Language().Blocks {
		for _, path := range pathsOf(block, "") {
			known[path[strings.LastIndex(path, ".")+1:]] = true
		}
	}
	for name, here := range foreign {
		if !known[here] {
			t.Errorf("%q is said to be called %q here, and nothing is", name, here)
		}
		if name != strings.ToLower(name) || strings.Contains(name, "-") {
			t.Errorf("%q is never looked up: keys are in lower case, with underscores", name)
		}
	}
	if !slices.IsSortedFunc(LintCodes, func(a, b LintCode) int { return strings.Compare(a.Code, b.Code) }) {
		t.Error("the codes of lint are not sorted")
	}
}
