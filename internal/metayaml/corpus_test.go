// SPDX-License-Identifier: Apache-2.0

package metayaml

import (
	"encoding/json"
	"flag"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"crosswheel/internal/recipe"

	"go.yaml.in/yaml/v3"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// The corpus was written down from the facts of Pyodide's recipes: names, versions, addresses, checksums, flags. Addresses in a package
// index have a neutral host.
const (
	corpus = "testdata/corpus"
	golden = "testdata/imported"
)

func importCorpus(t *testing.T) (map[string][]byte, Report) {
	t.Helper()
	files, report, err := Import(os.DirFS(corpus))
	if err != nil {
		t.Fatal(err)
	}
	return files, report
}

func TestCorpus(t *testing.T) {
	files, _ := importCorpus(t)
	delete(files, "report.json") // says what report.txt says
	if *update {
		rewrite(t, files)
	}
	want := map[string]bool{}
	err := fs.WalkDir(os.DirFS(golden), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			want[name] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range want {
		if _, there := files[name]; !there {
			t.Errorf("%s is not made any more", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		old, err := os.ReadFile(filepath.Join(golden, name))
		if err != nil || string(old) != string(files[name]) {
			t.Errorf("%s differs from %s (go test -update rewrites it); now:\n%s", name, golden, files[name])
		}
	}
}

func rewrite(t *testing.T, files map[string][]byte) {
	t.Helper()
	if err := os.RemoveAll(golden); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		name = filepath.Join(golden, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// Of the keys that mean something outside of Pyodide, nearly all become something that a recipe says. The rest is reported.
func TestCarriedOver(t *testing.T) {
	_, report := importCorpus(t)
	keys := report.Keys
	t.Logf("%s; %d of the dropped ones mean nothing outside of Pyodide", keys, keys.Pyodide)
	meaningful := keys.Converted + keys.Dropped + keys.Person - keys.Pyodide
	if len(report.Files) < 20 || float64(keys.Converted) < 0.95*float64(meaningful) {
		t.Errorf("%d of %d keys are converted, %.1f %%", keys.Converted, meaningful, 100*float64(keys.Converted)/float64(meaningful))
	}
}

// Every key of every file is in the report, in the text for people too, and none that is not in the file.
func TestEveryKeyIsReported(t *testing.T) {
	_, report := importCorpus(t)
	for _, f := range report.Files {
		src, err := os.ReadFile(filepath.Join(corpus, f.File))
		if err != nil {
			t.Fatal(err)
		}
		if missing, invented := unreported(t, src, f.Entries); len(missing)+len(invented) > 0 {
			t.Errorf("%s: not reported %q; not in the file %q", f.File, missing, invented)
		}
		for _, e := range f.Entries {
			if e.Outcome != Converted && e.Note == "" {
				t.Errorf("%s: %s is %s without a reason", f.File, e.Key, e.Outcome)
			}
			if text := report.Text(); !strings.Contains(text, e.Key) {
				t.Errorf("%s: the text has no %s", f.File, e.Key)
			}
		}
	}
}

// unreported compares the keys that another reader finds in a file with those of a report.
func unreported(t testing.TB, src []byte, entries []Entry) (missing, invented []string) {
	t.Helper()
	var tree map[string]any
	if err := yaml.Unmarshal(src, &tree); err != nil {
		t.Fatal(err)
	}
	reported := map[string]bool{}
	for _, e := range entries {
		reported[e.Key] = true
	}
	var walk func(prefix string, value any)
	walk = func(prefix string, value any) {
		inner, ok := value.(map[string]any)
		if !ok || len(inner) == 0 {
			if !reported[prefix] {
				missing = append(missing, prefix)
			}
			delete(reported, prefix)
			return
		}
		for name, value := range inner {
			walk(strings.TrimPrefix(prefix+"."+name, "."), value)
		}
	}
	walk("", tree)
	return missing, slices.Sorted(maps.Keys(reported))
}

// What was imported is a folder of recipes that can be worked with: only recipes that were not imported, and files that were not there, are missing.
func TestImportedRecipesLoad(t *testing.T) {
	files, _ := importCorpus(t)
	tree := fstest.MapFS{}
	for name, text := range files {
		tree[name] = &fstest.MapFile{Data: text}
	}
	recipes, err := fs.Sub(tree, "recipes")
	if err != nil {
		t.Fatal(err)
	}
	set, diags := recipe.Load(recipes, "recipes")
	for _, d := range diags {
		missing := d.Summary == "Unknown recipe" || strings.Contains(d.Detail, `no file "patches/0001-Fix-function-signatures.patch"`)
		if !missing {
			t.Errorf("%s: %s\n%s", d.Subject, d.Summary, d.Detail)
		}
	}
	if len(set.Files()) < 20 {
		t.Errorf("%d recipes", len(set.Files()))
	}
}

func TestReportJSON(t *testing.T) {
	files, report := importCorpus(t)
	var read Report
	if err := json.Unmarshal(files["report.json"], &read); err != nil {
		t.Fatal(err)
	}
	if string(read.JSON()) != string(report.JSON()) || read.Keys.Person == 0 {
		t.Error("report.json does not say what the report says")
	}
	for _, f := range read.Files {
		if files[f.Recipe] == nil {
			t.Errorf("%s: there is no %s", f.File, f.Recipe)
		}
		if folder := path.Base(path.Dir(f.File)); !strings.Contains(f.Recipe, "/"+folder+"/") {
			t.Errorf("%s became %s", f.File, f.Recipe)
		}
	}
}
