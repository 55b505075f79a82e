// SPDX-License-Identifier: Apache-2.0

package index

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"crosswheel/internal/wheel"
)

var update = flag.Bool("update", false, "write testdata anew")

// describe describes a pure wheel that nobody has made; its hash is made of its name.
func describe(t testing.TB, project, version, headers string) File {
	t.Helper()
	filename := fmt.Sprintf("%s-%s-py3-none-any.whl", strings.ReplaceAll(wheel.NormalizeProject(project), "-", "_"), version)
	sum := sha256.Sum256([]byte(filename))
	metadata := fmt.Appendf(nil, "Metadata-Version: 2.1\nName: %s\nVersion: %s\n%s\n<script>alert(1)</script>\n", project, version, headers)
	f, err := NewFile(filename, hex.EncodeToString(sum[:]), 1000, metadata)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// sample has something of everything.
func sample(t testing.TB) []File {
	yanked := describe(t, "Ruamel.YAML", "0.17", "")
	yanked.Yanked, yanked.YankedReason = true, `eats "spam" & <eggs>`
	silent := describe(t, "ruamel_yaml", "0.16", "")
	silent.Yanked = true
	dated := describe(t, "demo", "1.0+ot2.1", "Requires-Python: >=3.8,<4\nRequires-Dist: ruamel-yaml\n")
	dated.UploadTime = time.Date(2022, 12, 18, 17, 12, 30, 123456789, time.FixedZone("", 3600))
	bare := describe(t, "demo", "0.9", "")
	bare.Metadata, bare.MetadataSHA256 = nil, ""
	elsewhere := describe(t, "elsewhere", "2.0", "")
	elsewhere.URL = "https://example.org/" + elsewhere.Filename + "?x=1&y=2"
	return []File{yanked, silent, dated, bare, elsewhere, describe(t, "zope.interface", "6.0", "")}
}

func render(t testing.TB, files []File) map[string][]byte {
	t.Helper()
	pages, _, err := Render(Input{Files: files})
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

func TestGolden(t *testing.T) {
	pages := render(t, sample(t))
	const dir = "testdata/golden"
	if *update {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		write(t, dir, pages)
	}
	seen := 0
	err := filepath.WalkDir(dir, func(p string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		want, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		seen++
		name, _ := filepath.Rel(dir, p)
		if got := pages[filepath.ToSlash(name)]; !bytes.Equal(got, want) {
			t.Errorf("%s is\n%s\nwant\n%s\n(go test ./index -update writes it anew)", name, got, want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen != len(pages) {
		t.Errorf("%d pages, %d in %s: %q", len(pages), seen, dir, slices.Sorted(maps.Keys(pages)))
	}
}

// TestOrderDoesNotShow: the original walked a set, so that no two indexes of the same wheels were the same.
func TestOrderDoesNotShow(t *testing.T) {
	files := sample(t)
	want := render(t, files)
	for range 10 {
		rand.Shuffle(len(files), func(i, j int) { files[i], files[j] = files[j], files[i] })
		files = append(files, files[0]) // the same twice is the same
		if got := render(t, files); !maps.EqualFunc(got, want, bytes.Equal) {
			t.Fatal("another order of the files makes other pages")
		}
	}
}

var (
	anchor    = regexp.MustCompile(`<a [^>]*href="([^"#]*)[^>]*>([^<]*)</a>`)
	attribute = regexp.MustCompile(` data-([a-z-]+)=`)
)

// TestLinks has the faults of the index that this one replaces, and of its peers.
func TestLinks(t *testing.T) {
	for name, page := range render(t, sample(t)) {
		if path.Base(name) != "index.html" {
			continue
		}
		links := anchor.FindAllSubmatch(page, -1)
		if got := bytes.Count(page, []byte("<a ")); got != len(links) || got == 0 {
			t.Errorf("%s: %d links, %d of them of the form that clients read", name, got, len(links))
		}
		for _, link := range links {
			href, text := string(link[1]), string(link[2])
			if text != strings.TrimSpace(text) || strings.ContainsAny(text, " \n") {
				t.Errorf("%s: white space in the anchor %q", name, text)
			}
			if name == "simple/index.html" && (href != text+"/" || href != wheel.NormalizeProject(text)+"/") {
				t.Errorf("%s: %q leads to %q: it must be the normalized name and a slash", name, text, href)
			}
			if strings.Contains(href, "+") || strings.HasPrefix(href, "/") || strings.Contains(href, "://") && !strings.Contains(href, "example.org") {
				t.Errorf("%s: the address %q", name, href)
			}
		}
		for _, a := range attribute.FindAllSubmatch(page, -1) {
			if !slices.Contains([]string{"requires-python", "core-metadata", "yanked", "size", "upload-time"}, string(a[1])) {
				t.Errorf("%s: the attribute data-%s", name, a[1])
			}
		}
	}
}

// TestNoLegacyMetadataKey: pip 22.3.1, which is on the OT-2, ends with a TypeError on the JSON form of the old key, and by the HTML form compares names
// as they are written, so that it passes over PyYAML when pyyaml was asked for.
func TestNoLegacyMetadataKey(t *testing.T) {
	offered := 0
	for name, page := range render(t, sample(t)) {
		if bytes.Contains(page, []byte("dist-info-metadata")) {
			t.Errorf("%s has the old key", name)
		}
		offered += bytes.Count(page, []byte("core-metadata"))
	}
	if offered != 2*4 {
		t.Errorf("METADATA is offered %d times, want 4 times in each form", offered)
	}
}

// TestMetadataHash: newer pips refuse a wheel whose METADATA is not what the page says.
func TestMetadataHash(t *testing.T) {
	pages := render(t, sample(t))
	checked := 0
	for name, page := range pages {
		if path.Base(name) != "index.v1_json" || name == "simple/index.v1_json" {
			continue
		}
		var project struct {
			Files []struct {
				Filename     string
				CoreMetadata *struct{ SHA256 string } `json:"core-metadata"`
			}
		}
		if err := json.Unmarshal(page, &project); err != nil {
			t.Fatal(err)
		}
		for _, f := range project.Files {
			content, offered := pages[path.Join(path.Dir(name), f.Filename+".metadata")]
			if offered != (f.CoreMetadata != nil) {
				t.Errorf("%s: METADATA is written: %v, offered: %v", f.Filename, offered, f.CoreMetadata != nil)
			} else if offered {
				sum := sha256.Sum256(content)
				if f.CoreMetadata.SHA256 != hex.EncodeToString(sum[:]) {
					t.Errorf("%s: METADATA has another hash", f.Filename)
				}
				checked++
			}
		}
	}
	if checked == 0 {
		t.Error("no METADATA at all")
	}
}

func TestRenderRefuses(t *testing.T) {
	good := describe(t, "demo", "1.0", "Requires-Python: >=3.8\n")
	good.Origin = "a/demo.whl"
	other := good
	other.Origin, other.SHA256 = "b/demo.whl", strings.Repeat("0", 64)
	for what, test := range map[string]struct {
		files []File
		want  []string // all of them in the message
	}{
		"two contents of one name":      {[]File{good, other}, []string{"a/demo.whl", "b/demo.whl", good.SHA256, other.SHA256}},
		"two spellings of one wheel":    {[]File{good, with(good, func(f *File) { f.Filename = "Demo-1.0-py3-none-any.whl" })}, []string{"demo-1.0", "Demo-1.0", "spelled"}},
		"no wheel":                      {[]File{{Filename: "demo-1.0.tar.gz", SHA256: good.SHA256}}, []string{"demo-1.0.tar.gz"}},
		"a name that is a path":         {[]File{{Filename: "../demo-1.0-py3-none-any.whl", SHA256: good.SHA256}}, []string{"../demo"}},
		"no hash":                       {[]File{{Filename: good.Filename}}, []string{good.Filename, "sha256"}},
		"another Requires-Python":       {[]File{with(good, func(f *File) { f.RequiresPython = "" })}, []string{good.Filename, ">=3.8"}},
		"another project's METADATA":    {[]File{with(good, func(f *File) { f.Filename = "ham-1.0-py3-none-any.whl" })}, []string{"ham-1.0", "demo 1.0"}},
		"another version's METADATA":    {[]File{with(good, func(f *File) { f.Filename = "demo-1.1-py3-none-any.whl" })}, []string{"demo-1.1", "demo 1.0"}},
		"a reason, and not yanked":      {[]File{with(good, func(f *File) { f.YankedReason = "mouldy" })}, []string{good.Filename, "mouldy"}},
		"an address with a hash":        {[]File{with(good, func(f *File) { f.URL = f.Filename + "#sha256=0" })}, []string{good.Filename, "#sha256=0"}},
		"an address of another file":    {[]File{with(good, func(f *File) { f.URL = "../x.whl" })}, []string{good.Filename, "../x.whl"}},
		"everything is told, not first": {[]File{{Filename: "b.zip"}, {Filename: "a.zip"}}, []string{"a.zip", "b.zip"}},
	} {
		for range 2 { // in both orders
			slices.Reverse(test.files)
			pages, _, err := Render(Input{Files: test.files})
			var problem *FileError
			if pages != nil || !errors.As(err, &problem) {
				t.Errorf("%s: %d pages, %v", what, len(pages), err)
				continue
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%s: %q is not named in: %v", what, want, err)
				}
			}
		}
	}
}

func with(f File, change func(*File)) File {
	change(&f)
	return f
}

// TestRecord: what is written of a file is what is read again, whatever a file has.
func TestRecord(t *testing.T) {
	full := describe(t, "demo", "1.0", "")
	fields := reflect.ValueOf(&full).Elem()
	for i := range fields.NumField() {
		switch kind := fields.Type().Field(i); {
		case kind.Tag.Get("json") == "-" || !kind.IsExported() || !fields.Field(i).IsZero():
		case kind.Type.Kind() == reflect.Bool:
			fields.Field(i).SetBool(true)
		case kind.Type.Kind() == reflect.String:
			fields.Field(i).SetString(kind.Name + ` "versions":{ <é>` + "\x01\u2028")
		case kind.Type == reflect.TypeFor[[]string]():
			fields.Field(i).Set(reflect.ValueOf([]string{kind.Name, "é\\"}))
		case kind.Type == reflect.TypeFor[time.Time]():
			fields.Field(i).Set(reflect.ValueOf(time.Date(2022, 12, 18, 17, 12, 30, 123456000, time.UTC)))
		default:
			t.Errorf("%s is a %s", kind.Name, kind.Type)
		}
	}
	for _, files := range [][]File{{full}, {describe(t, "demo", "0.9", ""), full, full}, nil} {
		for _, status := range []*Status{nil, {Status: "archived", Reason: "<é>"}} {
			want := record{Status: status, Versions: map[string][]File{}}
			var entries []*entry
			for _, f := range slices.Backward(files) {
				version := strings.Split(f.Filename, "-")[1]
				want.Versions[version] = append(want.Versions[version], f)
				entries = append(entries, &entry{File: f, version: version})
			}
			want.Brief = newBrief(entries, status)
			wanted, err := encodeJSON(want)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := appendRecord(nil, entries, status); err != nil || string(got)+"\n" != string(wanted) {
				t.Errorf("%v\n%s\nwant\n%s", err, got, wanted)
			}
			p := &Published{packages: map[string]string{"demo": strings.TrimSpace(string(wanted))}}
			if brief, got, err := p.Brief("demo"); err != nil || !reflect.DeepEqual(brief, want.Brief) || !reflect.DeepEqual(got, status) {
				t.Errorf("%v: %v, %v; want %v, %v", err, brief, got, want.Brief, status)
			}
		}
	}
}

func TestEmptyIndex(t *testing.T) {
	if got := string(render(t, nil)["simple/index.v1_json"]); got != `{"meta":{"api-version":"1.4"},"projects":[]}`+"\n" {
		t.Error(got)
	}
}

// write puts pages below dir.
func write(t testing.TB, dir string, pages map[string][]byte) {
	t.Helper()
	for name, content := range pages {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
