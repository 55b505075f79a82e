// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// testTarget is what all the files in testdata are evaluated for.
var testTarget = Target{
	Name: "test", Provider: "debian", Suite: "bookworm", Arch: "armv7l", Triple: "arm-linux-gnueabihf",
	Python: "3.11", Glibc: "2.36", GCC: "12.2", Pip: "22.3.1",
}

// TestInvalid loads each bad file and compares what is reported with the markers at the ends of its lines:
//
//	bakend = "setuptools" # ERROR: Unknown attribute @ bakend
//
// names the summary and the text that is underlined; without @ that text is not compared. All the messages, as people see
// them, are in testdata/diagnostics.txt: read it aloud when you change one.
func TestInvalid(t *testing.T) { reportedAre(t, "invalid", "testdata/diagnostics.txt") }

// TestMistakes is the same for mistakes that people make, one a file. A newcomer who reads testdata/mistakes.txt knows what to change.
func TestMistakes(t *testing.T) { reportedAre(t, "mistakes", "testdata/mistakes.txt") }

func reportedAre(t *testing.T, folder, rendering string) {
	var rendered bytes.Buffer
	for _, name := range testFiles(t, folder) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			fsys := readTestFile(t, name)
			set, diags := loadAndEvaluate(t, fsys)
			got := reported(t, set.Files(), diags)
			want := markers(t, fsys)
			if diff := difference(want, got); diff != "" {
				t.Errorf("reported are other mistakes than the markers say (- missing, + unexpected):\n%s", diff)
			}
			fmt.Fprintf(&rendered, "===== %s\n\n", filepath.Base(name))
			if err := WriteDiagnostics(&rendered, set.Files(), diags, false, 100); err != nil {
				t.Error(err)
			}
			rendered.WriteByte('\n')
		})
	}
	golden(t, rendering, regexp.MustCompile(` *# ERROR: .*`).ReplaceAll(rendered.Bytes(), nil))
}

// TestValid compares the evaluated recipes, with all positions, with golden files.
func TestValid(t *testing.T) {
	for _, name := range testFiles(t, "valid") {
		if filepath.Ext(name) == ".json" {
			continue
		}
		t.Run(filepath.Base(name), func(t *testing.T) {
			set, diags := Load(readTestFile(t, name), "recipes")
			if len(diags) > 0 {
				t.Fatal(set.Error(diags))
			}
			recipes, diags := set.Evaluate(testTarget)
			if len(diags) > 0 {
				t.Fatal(set.Error(diags))
			}
			golden(t, strings.TrimSuffix(name, filepath.Ext(name))+".json", evaluatedJSON(t, recipes))
		})
	}
}

// TestOrderOfFiles feeds the same recipes in different orders: what is reported, and in which order, must not change.
func TestOrderOfFiles(t *testing.T) {
	all := fstest.MapFS{}
	for i, name := range append(testFiles(t, "invalid"), testFiles(t, "mistakes")...) {
		for file, data := range readTestFile(t, name) {
			all[fmt.Sprintf("%03d-%s", i, file)] = data
		}
	}
	render := func(fsys fs.FS) string {
		set, diags := loadAndEvaluate(t, fsys)
		return (&Error{Diagnostics: diags, Files: set.Files()}).Error()
	}
	want := render(all)
	for range 5 { // attributes and blocks are kept in maps, which Go walks in another order each time
		if got := render(reversed{all}); got != want {
			t.Fatalf("read in another order the diagnostics are others:\n%s\nthan before:\n%s", got, want)
		}
	}
}

// reversed is a file system that lists folders backwards.
type reversed struct{ fstest.MapFS }

func (r reversed) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := r.MapFS.ReadDir(name)
	slices.Reverse(entries)
	return entries, err
}

func loadAndEvaluate(t *testing.T, fsys fs.FS) (*Set, hcl.Diagnostics) {
	t.Helper()
	set, diags := Load(fsys, "recipes")
	_, more := set.Evaluate(testTarget)
	all := arrange(append(slices.Clone(diags), more...))
	if len(all) != len(diags)+len(more) {
		t.Error("Evaluate reports again what Load has reported")
	}
	return set, all
}

func testFiles(t testing.TB, folder string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("testdata", folder, "*"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no files in testdata/%s (%v)", folder, err)
	}
	return names
}

// readTestFile makes a folder of recipes of a txtar file, or of a single recipe, which then is that of "demo".
func readTestFile(t testing.TB, name string) fstest.MapFS {
	t.Helper()
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{}
	if filepath.Ext(name) == ".hcl" {
		fsys["demo/"+fileName] = &fstest.MapFile{Data: src}
		return fsys
	}
	for _, file := range txtar.Parse(src).Files {
		fsys[file.Name] = &fstest.MapFile{Data: file.Data}
	}
	return fsys
}

var marker = regexp.MustCompile(`# ERROR: (.*?)(?: @ (.*?))?\s*$`)

// markers lists "file:line: summary @ text" for each marker.
func markers(t *testing.T, fsys fstest.MapFS) []string {
	var list []string
	for name, file := range fsys {
		for i, line := range strings.Split(string(file.Data), "\n") {
			_, marked, ok := strings.Cut(line, "# ERROR:")
			if !ok {
				continue
			}
			for one := range strings.SplitSeq(marked, "# ERROR:") {
				m := marker.FindStringSubmatch("# ERROR:" + one)
				if m == nil {
					t.Fatalf("%s:%d: this is no marker: %s", name, i+1, one)
				}
				list = append(list, fmt.Sprintf("recipes/%s:%d: %s @ %s", name, i+1, m[1], m[2]))
			}
		}
	}
	slices.Sort(list)
	return list
}

// reported lists the errors in the form that markers has.
func reported(t *testing.T, files map[string]*hcl.File, diags hcl.Diagnostics) []string {
	var list []string
	for _, diag := range diags {
		if diag.Subject == nil {
			t.Errorf("a diagnostic has no position: %s", diag)
			continue
		}
		if diag.Detail == "" {
			t.Errorf("a diagnostic does not say what to do: %s", diag)
		}
		text := string(diag.Subject.SliceBytes(files[diag.Subject.Filename].Bytes))
		list = append(list, fmt.Sprintf("%s:%d: %s @ %s", diag.Subject.Filename, diag.Subject.Start.Line, diag.Summary, text))
	}
	slices.Sort(list)
	return list
}

// difference compares sorted lists; a marker without text fits any text.
func difference(want, got []string) string {
	var b strings.Builder
	rest := slices.Clone(got)
	for _, w := range want {
		i := slices.IndexFunc(rest, func(g string) bool { return g == w || strings.HasSuffix(w, " @ ") && strings.HasPrefix(g, w) })
		if i < 0 {
			fmt.Fprintf(&b, "- %s\n", w)
			continue
		}
		rest = slices.Delete(rest, i, i+1)
	}
	for _, g := range rest {
		fmt.Fprintf(&b, "+ %s\n", g)
	}
	return b.String()
}

// evaluatedJSON prints recipes with ranges as "file:line,column" and without what is empty, so that a reader sees what was said.
func evaluatedJSON(t *testing.T, recipes []*Recipe) []byte {
	t.Helper()
	resolved := map[string]string{}
	var bare []Recipe
	for _, r := range recipes {
		copied := *r
		copied.Build.Uses = slices.Clone(r.Build.Uses)
		for i, use := range copied.Build.Uses {
			if use.Recipe != nil {
				resolved[r.Name+" "+r.Version+" uses "+use.Name] = use.Recipe.Name + " " + use.Recipe.Version
			}
			copied.Build.Uses[i].Recipe = nil
		}
		bare = append(bare, copied)
	}
	var loose any
	encoded, err := json.Marshal(map[string]any{"recipes": bare, "resolved": resolved})
	if err == nil {
		err = json.Unmarshal(encoded, &loose)
	}
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(compact(loose)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func compact(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = compact(v[i])
		}
		if len(v) == 0 {
			return nil
		}
	case map[string]any:
		if start, ok := v["Start"].(map[string]any); ok {
			if v["Filename"] == "" {
				return nil
			}
			return fmt.Sprintf("%v:%v,%v", v["Filename"], start["Line"], start["Column"])
		}
		for key := range v {
			if key == "Env" && v[key] != nil {
				continue // a variable that is set to nothing is not one that is not set
			}
			if v[key] = compact(v[key]); v[key] == nil || v[key] == "" {
				delete(v, key)
			}
		}
		if len(v) == 0 {
			return nil
		}
	}
	return v
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatalf("%v (go test -update writes it)", err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs from what is made now (go test -update rewrites it, git diff shows what changed):\n%s", name, got)
	}
}
