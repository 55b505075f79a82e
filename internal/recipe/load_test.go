// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
)

func TestLoadFolders(t *testing.T) {
	set, diags := Load(fstest.MapFS{
		"README.md":               {Data: []byte("not a recipe")},
		"empty/pylock.toml":       {Data: []byte("left over")},
		"folder/recipe.hcl/a":     {Data: []byte("a folder where a file should be")},
		".hidden/recipe.hcl":      {Data: []byte("{")},
		"uses/" + fileName:        {Data: recipeSource("uses", `uses = ["folder"]`)},
		"uses/nested/" + fileName: {Data: []byte("{")},
		"another/" + fileName:     {Data: recipeSource("another", "")},
	}, "my/recipes")
	var got []string
	for _, diag := range diags {
		got = append(got, fmt.Sprintf("%s: %s", place(*diag.Subject), diag.Summary))
	}
	want := "my/recipes/empty/recipe.hcl:1:1: No recipe in folder\nmy/recipes/folder/recipe.hcl:1:1: Unreadable recipe"
	if strings.Join(got, "\n") != want {
		t.Errorf("reported is\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
	if diags[0].Severity != hcl.DiagWarning || set.Error(diags[:1]) != nil {
		t.Error("a folder without a recipe is more than a warning")
	}
	if _, diags := Load(os.DirFS("testdata/nowhere"), "recipes"); len(diags) != 1 || diags[0].Summary != "No recipes" {
		t.Errorf("a folder that does not exist gives %v", diags)
	}
}

// TestEvaluateIsPure evaluates one set for several targets at once: no evaluation may see another.
func TestEvaluateIsPure(t *testing.T) {
	set, diags := Load(fstest.MapFS{"a/" + fileName: {Data: recipeSource("a", `env = { TARGET = target.name }`)}}, "recipes")
	if len(diags) > 0 {
		t.Fatal(set.Error(diags))
	}
	seen := make(chan string)
	for i := range 8 {
		go func() {
			target := testTarget
			target.Name = fmt.Sprint("target-", i)
			recipes, _ := set.Evaluate(target)
			if got := recipes[0].Build.Env["TARGET"]; got != target.Name {
				seen <- fmt.Sprintf("%s sees %s", target.Name, got)
			}
			seen <- ""
		}()
	}
	for range 8 {
		if problem := <-seen; problem != "" {
			t.Error(problem)
		}
	}
}

// TestLateError is a mistake that only a later step finds: it reads like one that Load finds.
func TestLateError(t *testing.T) {
	set, _ := Load(fstest.MapFS{"demo/" + fileName: {Data: recipeSource("demo", "")}}, "recipes")
	recipes, _ := set.Evaluate(testTarget)
	err := fmt.Errorf("fetching demo: %w", set.Error(hcl.Diagnostics{
		Problem(recipes[0].Source.SHA256Range, "Wrong checksum", "The archive has the sha256 %q.", "cdef"),
	}))
	const want = `fetching demo: Error: Wrong checksum

  recipes/demo/recipe.hcl:2:28, in package "demo":
   2:   version "1.0" { sha256 = "" }
                                 ^^

The archive has the sha256 "cdef".`
	if err.Error() != want {
		t.Errorf("the error reads\n%s\nwant\n%s", err, want)
	}
	var problem *Error
	if !errors.As(err, &problem) || len(problem.Diagnostics) != 1 {
		t.Error("the diagnostics cannot be had back from the error")
	}
	if err := set.Error(nil); err != nil {
		t.Errorf("no diagnostics make the error %v", err)
	}
}

func TestWriteDiagnostics(t *testing.T) {
	src := "a {\n\tname = \"é\" + [\n  1,\n  2,\n  3,\n  4]\n}\n"
	files := map[string]*hcl.File{"x.hcl": {Bytes: []byte(src)}}
	at := func(from, to string) hcl.Range {
		return hcl.Range{Filename: "x.hcl", Start: position(src, from), End: position(src, to)}
	}
	unknown := Problem(hcl.Range{Filename: "gone.hcl", Start: hcl.Pos{Line: 7, Column: 3}}, "No source", "One two three.")
	unknown.Severity = hcl.DiagWarning
	var b bytes.Buffer
	err := WriteDiagnostics(&b, files, hcl.Diagnostics{
		Problem(at("+", " ["), "After a wide letter and a tab", "Fix it."),
		Problem(at("[", "}"), "Many lines", "Fix it."),
		unknown,
		{Severity: hcl.DiagError, Summary: "No place"},
	}, true, 8)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/printed.txt", bytes.ReplaceAll(b.Bytes(), []byte("\x1b"), []byte("ESC")))
	if err := WriteDiagnostics(brokenPipe{}, files, hcl.Diagnostics{unknown}, false, 0); err == nil {
		t.Error("a failed write is not reported")
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

// position finds where a text begins.
func position(src, text string) hcl.Pos {
	before := src[:strings.Index(src, text)]
	line := before[strings.LastIndex(before, "\n")+1:]
	return hcl.Pos{Line: strings.Count(before, "\n") + 1, Column: len([]rune(line)) + 1, Byte: len(before)}
}

func recipeSource(name, build string) []byte {
	return fmt.Appendf(nil, "package %q {\n  version \"1.0\" { sha256 = \"\" }\n  source {\n    pypi {}\n  }\n  build {\n    %s\n  }\n}\n", name, build)
}

// FuzzRecipe holds parsing, evaluating and printing to what they promise for any file: no crash, every mistake with a position and a
// remedy, recipes without mistakes complete.
func FuzzRecipe(f *testing.F) {
	for _, folder := range []string{"testdata/valid/*.txtar", "testdata/invalid/*", "testdata/mistakes/*"} {
		names, err := filepath.Glob(folder)
		if err != nil {
			f.Fatal(err)
		}
		for _, name := range names {
			for _, file := range readTestFile(f, name) {
				f.Add(file.Data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		set, diags := loadAndEvaluate(t, fstest.MapFS{"demo/" + fileName: {Data: src}})
		for _, diag := range diags {
			if diag.Subject == nil || diag.Subject.Filename != "recipes/demo/recipe.hcl" || diag.Summary == "" || diag.Detail == "" {
				t.Errorf("a diagnostic without place or remedy: %#v", diag)
			}
		}
		if err := set.Error(diags); err != nil && err.Error() == "" {
			t.Error("an error without text")
		}
		recipes, _ := set.Evaluate(testTarget)
		for _, r := range recipes {
			if !diags.HasErrors() && (r.Source.Kind == "" || r.Name == "" || r.Version == "") {
				t.Errorf("a recipe without mistakes is not complete: %+v", r)
			}
		}
	})
}

// BenchmarkEvaluate reads and evaluates 1,000 recipes of 3 versions each.
func BenchmarkEvaluate(b *testing.B) {
	fsys := fstest.MapFS{}
	core := readTestFile(b, "testdata/valid/core.txtar")
	for i := range 1000 {
		name := fmt.Sprintf("pkg%d", i)
		src := strings.Replace(string(core["numpy/"+fileName].Data), `"numpy"`, fmt.Sprintf("%q", name), 1)
		if i > 0 {
			src = strings.Replace(src, "build {\n    backend   ", fmt.Sprintf("build {\n    uses = [\"pkg%d\"]\n    backend", i-1), 1)
		}
		fsys[name+"/"+fileName] = &fstest.MapFile{Data: []byte(src)}
		for _, patch := range []string{"fix.patch", "patches/arm.patch"} {
			fsys[name+"/"+patch] = &fstest.MapFile{}
		}
	}
	// Real folders: MapFS lists them in time that grows with all files.
	dir := b.TempDir()
	if err := os.CopyFS(dir, fsys); err != nil {
		b.Fatal(err)
	}
	load := func(b *testing.B) *Set {
		set, diags := Load(os.DirFS(dir), "recipes")
		if len(diags) > 0 {
			b.Fatal(set.Error(diags))
		}
		return set
	}
	b.Run("Both", func(b *testing.B) { // what every command begins with
		for b.Loop() {
			if recipes, _ := load(b).Evaluate(testTarget); len(recipes) != 3000 {
				b.Fatal(len(recipes))
			}
		}
	})
	b.Run("Load", func(b *testing.B) {
		for b.Loop() {
			load(b)
		}
	})
	b.Run("Evaluate", func(b *testing.B) {
		set := load(b)
		for b.Loop() {
			if recipes, diags := set.Evaluate(testTarget); len(diags) > 0 || len(recipes) != 3000 {
				b.Fatal(len(recipes), set.Error(diags))
			}
		}
	})
}

func TestAt(t *testing.T) {
	set, _ := Load(readTestFile(t, "testdata/valid/core.txtar"), "recipes")
	recipes, _ := set.Evaluate(testTarget)
	newest, err := Find(recipes, "numpy", "1.26.4")
	if err != nil {
		t.Fatal(err)
	}
	for names, want := range map[string]string{
		"license":            "numpy/recipe.hcl:3:17",  // the package's
		"build requires":     "numpy/recipe.hcl:13:18", // the version's, over the package's
		"build exports":      "numpy/recipe.hcl:39:23", // the package's, beside the version's
		"build extensions":   "numpy/recipe.hcl:11:5",  // not written: the version's build block
		"source pypi":        "numpy/recipe.hcl:29:5",
		"source url mirrors": "numpy/recipe.hcl:28:3", // no such block: the one around it
		"sha256":             "numpy/recipe.hcl:9:14",
		"disabled":           "numpy/recipe.hcl:8:3",
	} {
		if got := place(newest.At(strings.Fields(names)...)); got != "recipes/"+want {
			t.Errorf("%s is at %s, want recipes/%s", names, got, want)
		}
	}
	if got := (&Recipe{VersionRange: newest.VersionRange}).At("build", "env"); got != newest.VersionRange {
		t.Errorf("a recipe that no file declares has a value at %v", got)
	}
	defer func() {
		if recover() == nil {
			t.Error("a name that the language does not have does not panic")
		}
	}()
	newest.At("build", "extension")
}
