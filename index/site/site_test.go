// SPDX-License-Identifier: Apache-2.0

package site

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"crosswheel/index"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// sample has every state that a version can be in, two targets, and text that is out for mischief.
func sample(t testing.TB) Site {
	t.Helper()
	text, err := os.ReadFile("testdata/sample.json")
	if err != nil {
		t.Fatal(err)
	}
	var s Site
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

func render(t testing.TB, s Site) map[string][]byte {
	t.Helper()
	files, err := Render(s)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestGolden(t *testing.T) {
	files := render(t, sample(t))
	for name, got := range files {
		if path.Ext(name) != ".html" {
			continue
		}
		golden := filepath.Join("testdata", "golden", filepath.FromSlash(name))
		if *update {
			if err := os.MkdirAll(filepath.Dir(golden), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(golden, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s has changed; look at the difference that -update makes", name)
		}
	}
	again := sample(t)
	slices.Reverse(again.Projects)
	for _, p := range again.Projects {
		slices.Reverse(p.Versions)
	}
	if !maps.EqualFunc(files, render(t, again), bytes.Equal) {
		t.Error("in another order it gives other pages")
	}
}

// Where links lead, and that nothing of another host is loaded. Text of others stays text.
func TestLinks(t *testing.T) {
	s := sample(t)
	files := render(t, s)
	there := maps.Clone(files)
	there["simple/index.html"], there["report.json"] = nil, nil
	for _, p := range s.Projects {
		for _, v := range p.Versions {
			for _, c := range v.Cells {
				there[c.Log], there[c.Recipe.Path] = nil, nil
				for _, w := range c.Wheels {
					for _, file := range []string{w.Filename, w.Provenance, w.SBOM} {
						there[path.Join("simple", strings.ReplaceAll(strings.ToLower(p.Name), ".", "-"), file)] = nil
					}
				}
			}
		}
	}
	followed := 0
	for name, text := range files {
		if path.Ext(name) != ".html" {
			continue
		}
		elements(t, text, func(tag string, attributes map[string]string) {
			if tag == "img" || tag == "iframe" || strings.Contains(fmt.Sprint(attributes), "onerror") {
				t.Errorf("%s has a %s that is not ours: %v", name, tag, attributes)
			}
			link := attributes["href"] + attributes["src"]
			switch {
			case link == "" || link[0] == '#' || link == "data:,":
			case strings.Contains(link, ":"):
				if tag != "a" || !strings.HasPrefix(link, "https://") {
					t.Errorf("%s: a %s leads to %s", name, tag, link)
				}
			default:
				if to := path.Join(path.Dir(name), strings.ReplaceAll(link, "%2B", "+")); !has(there, to) {
					t.Errorf("%s leads to %s, which is not there", name, to)
				}
				followed++
			}
		})
	}
	if followed < 50 {
		t.Errorf("only %d links", followed)
	}
}

func has(files map[string][]byte, name string) bool { _, ok := files[name]; return ok }

func elements(t *testing.T, text []byte, visit func(tag string, attributes map[string]string)) {
	root, err := html.Parse(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			attributes := map[string]string{}
			for _, a := range n.Attr {
				attributes[a.Key] = a.Val
			}
			visit(n.Data, attributes)
		}
	}
}

// The line takes the index alone only where it has all that is required on that target; what only an extra requires does not count.
func TestCommand(t *testing.T) {
	c, err := newCatalogue(sample(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"numpy":           "--index-url numpy==1.24.0 [] [ot2-cp310] | --index-url numpy==1.26.4 [] [ot2-cp312]",
		"pyyaml":          "--index-url pyyaml==6.0.1 [] [ot2-cp310 ot2-cp312]",
		"python-dateutil": "--only-binary :all: --extra-index-url python-dateutil==2.8.2 [six] [ot2-cp310 ot2-cp312]",
		"pandas":          "--only-binary :all: --extra-index-url pandas==1.5.0 [six] [ot2-cp310]",
	} {
		var got []string
		for _, i := range c.projectPage(c.bySlug[name]).Installs {
			var targets []string
			for _, t := range i.Targets {
				targets = append(targets, t.Name)
			}
			got = append(got, fmt.Sprint(i.Option, " ", i.Wanted, " ", i.Elsewhere, " ", targets))
		}
		if got := strings.Join(got, " | "); got != want {
			t.Errorf("%s:\n%s, want\n%s", name, got, want)
		}
	}
}

// A front page stays small, however large the catalogue: then the search has a file of its own.
func TestLargeCatalogue(t *testing.T) {
	for _, count := range []int{listed, 10_000} {
		files := render(t, many(count, 1))
		if size := len(files["index.html"]) + len(files["site.css"]) + len(files["site.js"]); size > 50_000 {
			t.Errorf("%d projects: the front page has %d bytes with its style and script", count, size)
		}
		data := files["search.js"]
		if count == listed {
			if data != nil || bytes.Count(files["index.html"], []byte("<tr>")) != listed+3 {
				t.Error("the front page does not list all of a small catalogue")
			}
			continue
		}
		var rows [][]string
		if err := json.Unmarshal(bytes.TrimSuffix(bytes.TrimPrefix(data, []byte("found(")), []byte(")\n")), &rows); err != nil || len(rows) != count {
			t.Errorf("the search's file has %d rows: %v", len(rows), err)
		}
		if bytes.Contains(data, []byte("<")) {
			t.Error("the search's file could end a script")
		}
		if n := bytes.Count(files["packages/index.html"], []byte("<tr>")); n != count+1 {
			t.Errorf("the list of all has %d rows", n)
		}
	}
}

// many is a catalogue of so many projects with so many versions each.
func many(count, versions int) Site {
	s := Site{Targets: []Target{{Name: "ot2-cp310", Summary: "OT-2", Python: "3.10", Glibc: "2.25", Pip: "22.3.1"}}}
	for i := range count {
		p := Project{Name: fmt.Sprintf("project-%05d", i), Summary: strings.Repeat("What it is for, <b>at length</b>. ", 6), License: "MIT"}
		for v := range versions {
			filename := fmt.Sprintf("project_%05d-1.%d-cp310-cp310-linux_armv7l.whl", i, v)
			p.Versions = append(p.Versions, Version{Version: fmt.Sprintf("1.%d", v), Requires: []string{"six>=1.5"}, Cells: []Cell{{
				Target: "ot2-cp310", Status: Built, Wheels: []Wheel{{Filename: filename, Size: 123456, SHA256: strings.Repeat("5e", 32), Glibc: "2.17"}},
			}}})
		}
		s.Projects = append(s.Projects, p)
	}
	return s
}

func TestRefuses(t *testing.T) {
	for want, projects := range map[string][]Project{
		`"../evil" is not a project's name`:        {{Name: "../evil"}},
		`"" is not a project's name`:               {{}},
		"Py_YAML and py-yaml are one project":      {{Name: "Py_YAML"}, {Name: "py-yaml"}},
		`six: "1.0/../.." is not a Python version`: {{Name: "six", Versions: []Version{{Version: "1.0/../.."}}}},
	} {
		if _, err := Render(Site{Projects: projects}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// BenchmarkRender says what ten thousand projects of ten wheels cost.
func BenchmarkRender(b *testing.B) {
	s := many(10_000, 10)
	for b.Loop() {
		size := 0
		if err := Write(s, func(_ string, text []byte) error { size += len(text); return nil }); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(size)/float64(len(s.Projects)), "bytes/project")
	}
}

// random is an index of projects that require each other.
func random(files int) []index.File {
	var all []index.File
	for i := range files {
		name, version := rand.IntN(12), []string{"1.0", "1.10", "1.9", "2.0rc1"}[rand.IntN(4)]
		f := index.File{Filename: fmt.Sprintf("p%d-%s-%d-py3-none-any.whl", name, version, i), SHA256: strings.Repeat("5e", 32), Name: fmt.Sprintf("P%d", name), Yanked: rand.IntN(4) == 0}
		f.Summary = f.Filename
		for range rand.IntN(3) {
			f.Requires = append(f.Requires, fmt.Sprintf("P%d>=1", rand.IntN(12)))
		}
		all = append(all, f)
	}
	return all
}

// TestWriteIndexOver: what is made of a changed index, laid over what was made before, is what is made of it at once; and most pages are not made again.
func TestWriteIndexOver(t *testing.T) {
	made, all := 0, 0
	for range 200 {
		files := random(12)
		before, after := publishedOf(t, files[:11]), publishedOf(t, files)
		write := func(p, before *index.Published, files map[string]string) (count int) {
			if err := WriteIndex(p, before, Site{}, func(name string, text []byte) error {
				files[name] = string(text)
				count++
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			return count
		}
		got, want := map[string]string{}, map[string]string{}
		write(before, nil, got)
		made += write(after, before, got)
		all += write(after, nil, want)
		if !maps.Equal(got, want) {
			for name := range want {
				if got[name] != want[name] {
					t.Errorf("%s is\n%s\nwant\n%s", name, got[name], want[name])
				}
			}
			t.FailNow()
		}
	}
	if made > all*2/3 {
		t.Errorf("%d of %d files were made again", made, all)
	}
}

// publishedOf is what an index of these files says of itself.
func publishedOf(t testing.TB, files []index.File) *index.Published {
	t.Helper()
	p, err := index.Write(index.Input{Files: files, Pages: true}, discard{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// discard is an output of nothing.
type discard struct{}

func (discard) Text(string, []byte) error { return nil }
func (discard) Copy(string, string) error { return nil }

// What an index says of itself is enough for pages, without targets.
func TestWriteIndex(t *testing.T) {
	marks, err := index.ParseMarks([]byte("archived demo use other\nyank demo-1.0+ot2.1-cp311-cp311-linux_armv7l.whl broken\nquarantined gone\n"))
	if err != nil {
		t.Fatal(err)
	}
	sum := strings.Repeat("5e", 32)
	published, err := index.Write(index.Input{Marks: marks, Files: []index.File{
		{Filename: "demo-0.9-py3-none-any.whl", SHA256: sum, Name: "demo", Summary: "Once", License: "GPL"},
		{Filename: "demo-0.10+ot2.1-py3-none-any.whl", SHA256: sum, Size: 1234, Name: "Demo", Summary: "For <show>", License: "MIT", Requires: []string{"six"}},
		{Filename: "demo-1.0+ot2.1-cp311-cp311-linux_armv7l.whl", SHA256: sum, Size: 1234, URL: "https://example.org/demo-1.0%2Bot2.1-cp311-cp311-linux_armv7l.whl"},
		{Filename: "gone-1-py3-none-any.whl", SHA256: sum, Size: 1},
	}}, discard{})
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	if err := WriteIndex(published, nil, Site{}, func(name string, text []byte) error { files[name] = text; return nil }); err != nil {
		t.Fatal(err)
	}
	for name, wants := range map[string][]string{
		"index.html": {"Demo", "For &lt;show&gt;", "0.10&#43;ot2.1", `href="packages/gone/index.html"`, `href="packages.json"`},
		"packages/demo/index.html": {
			"archived: use other", "Licence: MIT", "demo==0.10&#43;ot2.1", "from its usual index",
			`href="../../simple/demo/demo-0.10%2Bot2.1-py3-none-any.whl"`, `href="https://example.org/demo-1.0%2Bot2.1-cp311-cp311-linux_armv7l.whl"`, "broken", sum,
		},
		"packages/gone/index.html": {"quarantined", "No version of it is there to install."},
	} {
		for _, want := range wants {
			if !strings.Contains(string(files[name]), want) {
				t.Errorf("%s has no %s:\n%s", name, want, files[name])
			}
		}
	}
	if strings.Contains(string(files["packages/gone/index.html"]), ".whl") {
		t.Error("a file of a project in quarantine is offered")
	}
}

// What a report tells stays, and the index adds to it what it knows better: what was published before, what is taken back.
func TestWriteIndexTold(t *testing.T) {
	marks, err := index.ParseMarks([]byte("yank demo==2.0 broken\nquarantined gone\n"))
	if err != nil {
		t.Fatal(err)
	}
	sum := strings.Repeat("5e", 32)
	published, err := index.Write(index.Input{Marks: marks, Report: true, Files: []index.File{
		{Filename: "demo-1.0-cp311-cp311-linux_armv7l.whl", SHA256: sum},
		{Filename: "demo-2.0-cp311-cp311-linux_armv7l.whl", SHA256: sum},
		{Filename: "demo-3.0-cp39-cp39-linux_armv7l.whl", SHA256: sum},
		{Filename: "gone-1-py3-none-any.whl", SHA256: sum},
		{Filename: "solo-1.0-cp311-cp311-linux_armv7l.whl", SHA256: sum},
	}}, discard{})
	if err != nil {
		t.Fatal(err)
	}
	built := func(target, wheel string) Cell {
		return Cell{Target: target, Status: Built, Wheels: []Wheel{{Filename: wheel}}}
	}
	told := Site{
		Targets: []Target{{Name: "old", Arch: "armv7l", Python: "3.9.2", Glibc: "2.31"}, {Name: "new", Arch: "armv7l", Python: "3.11.2", Glibc: "2.36"}},
		Projects: []Project{
			{Name: "Demo", Versions: []Version{
				{Version: "2.0", Cells: []Cell{built("new", "demo-2.0-cp311-cp311-linux_armv7l.whl"), {Target: "old", Status: Skipped, Reason: "it is too old"}}},
				{Version: "3.0", Cells: []Cell{{Target: "old", Status: Failed, Reason: "at stage test", Log: "logs/old/demo.txt"}}},
			}},
			{Name: "gone", Versions: []Version{{Version: "1", Cells: []Cell{built("new", "gone-1-py3-none-any.whl")}}}},
			{Name: "never", Versions: []Version{{Version: "1", Cells: []Cell{{Target: "new", Status: Failed, Reason: "at stage compile"}}}}},
		},
	}
	files := map[string]string{}
	if err := WriteIndex(published, nil, told, func(name string, text []byte) error { files[name] = string(text); return nil }); err != nil {
		t.Fatal(err)
	}
	for name, wants := range map[string][]string{
		"index.html":                {`href="packages/never/index.html"`, `href="report.json"`},
		"packages/never/index.html": {"at stage compile"},
		"packages/gone/index.html":  {"quarantined"},
		"packages/demo/index.html": {
			"demo==1.0", "demo==3.0", // for new, and for old
			"it is too old", "taken back", "When the report was written it was failed: at stage test", `href="../../logs/old/demo.txt"`,
		},
	} {
		for _, want := range wants {
			if !strings.Contains(files[name], want) {
				t.Errorf("%s has no %s:\n%s", name, want, files[name])
			}
		}
	}
	if strings.Contains(files["packages/gone/index.html"], ".whl") {
		t.Error("a file of a project in quarantine is offered")
	}
	if solo := files["packages/solo/index.html"]; !strings.Contains(solo, `<h3>new <span`) || strings.Contains(solo, `<h3>old <span`) {
		t.Errorf("what there is for one target is offered to the other:\n%s", solo)
	}
}

// BenchmarkOver says what the pages for one wheel more cost, as a part of what making all of them does.
func BenchmarkOver(b *testing.B) {
	var files []index.File
	for _, p := range many(10_000, 10).Projects {
		for _, v := range p.Versions {
			w := v.Cells[0].Wheels[0]
			files = append(files, index.File{Filename: w.Filename, SHA256: w.SHA256, Size: w.Size, Name: p.Name, Summary: p.Summary, Requires: v.Requires})
		}
	}
	before, after := publishedOf(b, files[1:]), publishedOf(b, files)
	write := func(before *index.Published) float64 {
		started := time.Now()
		if err := WriteIndex(after, before, Site{}, func(string, []byte) error { return nil }); err != nil {
			b.Fatal(err)
		}
		return time.Since(started).Seconds()
	}
	for b.Loop() {
		b.ReportMetric(100*write(before)/write(nil), "%of-all")
	}
}
