// SPDX-License-Identifier: Apache-2.0

package index

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"crosswheel/internal/wheel"
)

// publish writes an index of wheels into dist, merged with what is there, and gives what was written.
func publish(t testing.TB, dist string, wheels fstest.MapFS, change ...func(*Input)) ([]string, error) {
	t.Helper()
	in := Input{Wheels: wheels}
	if _, err := os.Stat(filepath.Join(dist, PackagesFile)); err == nil {
		in.Published = readPublished(t, dist)
	}
	for _, c := range change {
		c(&in)
	}
	out := &memory{texts: texts{content: map[string][]byte{}}, wheels: wheels}
	_, err := Write(in, out)
	write(t, dist, out.content)
	return slices.Sorted(maps.Keys(out.content)), err
}

// memory is an output that reads what is copied.
type memory struct {
	texts
	wheels fs.FS
}

func (m *memory) Copy(name, from string) error {
	content, err := fs.ReadFile(m.wheels, from)
	if err != nil {
		return err
	}
	return m.Text(name, content)
}

// folder is all that is in a folder.
func folder(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dir, name))
		files[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func ok(t testing.TB) func(written []string, err error) []string {
	return func(written []string, err error) []string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return written
	}
}

// TestMergedInAnyOrder: an index is the same, byte for byte, however its wheels came together, some of them twice and their papers later, in whatever time zone.
func TestMergedInAnyOrder(t *testing.T) {
	all := shelf(t)
	wheels := slices.DeleteFunc(slices.Sorted(maps.Keys(all)), func(name string) bool { return path.Ext(name) != ".whl" })
	for _, name := range wheels {
		all[name+sbomSuffix] = &fstest.MapFile{Data: bill(all[name].Data)}
	}
	marks, err := ParseMarks([]byte("yank demo==1.5 it bites\narchived Zope.Interface\n"))
	if err != nil {
		t.Fatal(err)
	}
	made := t.TempDir()
	ok(t)(publish(t, made, all, func(in *Input) { in.Marks = marks }))
	want := folder(t, made)
	local := time.Local
	defer func() { time.Local = local }()
	time.Local = time.FixedZone("far", 14*3600)
	for range 20 {
		dist, batches := t.TempDir(), make([]fstest.MapFS, 1+rand.IntN(5))
		for i := range batches {
			batches[i] = fstest.MapFS{}
		}
		for _, name := range wheels {
			for _, paper := range []string{provenanceSuffix, sbomSuffix} { // each comes with a wheel, which may be there already
				at := fmt.Sprintf("%d/%s", rand.IntN(9), path.Base(name)) // where it was does not show
				for _, some := range []fstest.MapFS{batches[rand.IntN(len(batches))], batches[rand.IntN(len(batches))]} {
					some[at], some[at+paper] = all[name], all[name+paper]
				}
			}
		}
		for i, some := range batches {
			ok(t)(publish(t, dist, some, func(in *Input) {
				if i == len(batches)-1 {
					in.Marks = marks
				}
			}))
		}
		if got := folder(t, dist); !maps.Equal(got, want) {
			for name, text := range want {
				if got[name] != text {
					t.Errorf("%s is\n%s\nwant\n%s", name, got[name], text)
				}
			}
			t.Fatalf("another order makes another index: %q", slices.Sorted(maps.Keys(got)))
		}
	}
}

// TestOnlyWhatChanges: one wheel more rewrites the pages of its project and what names all projects, and nothing else.
func TestOnlyWhatChanges(t *testing.T) {
	dist := t.TempDir()
	ok(t)(publish(t, dist, shelf(t)))
	name, content := makeWheel(t, "zope.interface", "7.0", "")
	got := ok(t)(publish(t, dist, fstest.MapFS{name: {Data: content}}))
	want := []string{"SHA256SUMS", "packages.json", "simple/index.html", "simple/index.v1_json", "simple/zope-interface/index.html", "simple/zope-interface/index.v1_json",
		"simple/zope-interface/" + name, "simple/zope-interface/" + name + ".metadata"}
	if !slices.Equal(got, want) {
		t.Errorf("written: %q", got)
	}
	if got := ok(t)(publish(t, dist, shelf(t))); len(got) != 4 {
		t.Errorf("written again, though all of it is published: %q", got)
	}
	// What all pages depend on writes them all.
	got = ok(t)(publish(t, dist, nil, func(in *Input) { in.Wheels, in.Hosts = nil, []string{"s3"} }))
	for _, want := range []string{"simple-json/demo/index.html", "simple-json/index.html", "simple/demo/index.html", "host/s3.sh"} {
		if !slices.Contains(got, want) {
			t.Errorf("%s is not written: %q", want, got)
		}
	}
	if text := folder(t, dist)["simple-json/demo/index.html"]; !strings.Contains(text, `"url":"../../simple/demo/demo-1.0%2Bot2.1-py3-none-any.whl"`) {
		t.Error(text)
	}
}

// TestPublishedNamesStay: other bytes under a published name are refused, and the index stays as it was.
func TestPublishedNamesStay(t *testing.T) {
	dist := t.TempDir()
	ok(t)(publish(t, dist, shelf(t)))
	before := folder(t, dist)
	name, content := makeWheel(t, "demo", "0.9", "Summary: another\n")
	_, err := publish(t, dist, fstest.MapFS{"new/" + name: {Data: content}})
	var refused Refused
	if !errors.As(err, &refused) || len(refused) != 1 || !strings.Contains(err.Error(), "the published index") || !strings.Contains(err.Error(), "new/"+name) {
		t.Errorf("%v", err)
	}
	if !maps.Equal(before, folder(t, dist)) {
		t.Error("the index has changed")
	}
}

// TestMarks: what is yanked stays so when wheels are added, and is not any more when the file of marks does not say so.
func TestMarks(t *testing.T) {
	dist := t.TempDir()
	marked := func(text string) func(*Input) {
		marks, err := ParseMarks([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return func(in *Input) { in.Marks = marks }
	}
	page := func(project string) string { return folder(t, dist)["simple/"+project+"/index.html"] }
	ok(t)(publish(t, dist, shelf(t), marked("# comment\n\nyank demo==1.5.0 "+yankedReason+"\nyank ruamel_yaml-0.17-py3-none-any.whl\n")))
	name, content := makeWheel(t, "demo", "0.8", "")
	ok(t)(publish(t, dist, fstest.MapFS{name: {Data: content}}))
	if text := page("demo"); strings.Count(text, "data-yanked") != 1 || !strings.Contains(text, `data-yanked="eats &#34;spam&#34; &amp; &lt;eggs&gt;"`) {
		t.Error(text)
	}
	ok(t)(publish(t, dist, nil, marked("quarantined demo it steals\narchived Zope.Interface\n")))
	if text := page("demo"); strings.Contains(text, "<a ") || !strings.Contains(text, `"pypi:project-status" content="quarantined"`) || !strings.Contains(text, "it steals") {
		t.Error(text)
	}
	if text := page("ruamel-yaml"); strings.Contains(text, "yanked") {
		t.Error(text)
	}
	if text := folder(t, dist)["simple/zope-interface/index.v1_json"]; !strings.Contains(text, `"project-status":{"status":"archived"},"versions":["6.0"]`) {
		t.Error(text)
	}
	ok(t)(publish(t, dist, nil, marked("")))
	if text := page("demo"); strings.Count(text, "<a ") != 5 || strings.Contains(text, "yanked") || strings.Contains(text, "status") {
		t.Error(text)
	}
	for text, want := range map[string]string{
		"\nyank":                             "line 2",
		"burn demo":                          `line 1: there is no mark "burn"`,
		"yank demo-1.0.tar.gz":               "line 1: neither NAME==VERSION nor a wheel",
		"yank demo==one":                     `line 1: "one" is not a Python version`,
		"archived demo\ndeprecated Demo old": "line 2: demo has a status",
	} {
		if _, err := ParseMarks([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
	for _, text := range []string{"yank demo==3", "yank dmeo==1.5", "archived dmeo"} {
		if _, err := publish(t, dist, nil, marked(text)); err == nil || !strings.Contains(err.Error(), "there is no such") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// bill is a bill of materials of a wheel.
func bill(wheel []byte) []byte {
	return fmt.Appendf(nil, `{"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{"component":{"type":"library","name":"x","hashes":[{"alg":"SHA-1","content":"00"},{"alg":"SHA-256","content":"%X"}]}}}`, sha256.Sum256(wheel))
}

// TestPapers: what lies beside a wheel is published beside it and named; later papers of a published wheel are added, and known ones are not written again.
func TestPapers(t *testing.T) {
	dist := t.TempDir()
	name, content := makeWheel(t, "demo", "1.0", "")
	wheels := fstest.MapFS{name: {Data: content}, name + provenanceSuffix: {Data: provenance(content, time.Unix(1_600_000_000, 0))}}
	ok(t)(publish(t, dist, wheels))
	if text := folder(t, dist)["simple/demo/index.v1_json"]; !strings.Contains(text, `"upload-time":"2020-09-13T12:26:40Z"`) {
		t.Error(text)
	}
	wheels[name+sbomSuffix] = &fstest.MapFile{Data: bill(content)}
	written := ok(t)(publish(t, dist, wheels))
	if !slices.Contains(written, "simple/demo/"+name+sbomSuffix) || slices.Contains(written, "simple/demo/"+name+provenanceSuffix) {
		t.Errorf("written: %q", written)
	}
	files, _, err := readPublished(t, dist).Project("demo")
	if err != nil || len(files) != 1 || files[0].SBOM != name+sbomSuffix || files[0].Provenance != name+provenanceSuffix {
		t.Errorf("%+v, %v", files, err)
	}
	for _, report := range []bool{true, false} { // it is kept
		ok(t)(publish(t, dist, wheels, func(in *Input) { in.Report = report }))
		if p := readPublished(t, dist); p.Report() != ReportFile {
			t.Error("the report is not named")
		}
	}
}

// TestNative: of what is no pure wheel packages.json says what it asks of the machine, and what it brings along.
func TestNative(t *testing.T) {
	module, err := os.ReadFile("../internal/wheel/testdata/elf/newglibc.so")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	name, err := wheel.Pack(&b, fstest.MapFS{
		"demo/_demo.abi3.so":          {Data: module},
		"demo.libs/libyaml-0.so":      {Data: module},
		"demo-1.0.dist-info/WHEEL":    {Data: []byte("Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: cp36-abi3-linux_armv7l\n")},
		"demo-1.0.dist-info/METADATA": {Data: []byte("Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n")},
	}, wheel.PackOptions{})
	if err != nil {
		t.Fatal(err)
	}
	dist := t.TempDir()
	ok(t)(publish(t, dist, fstest.MapFS{name.String(): {Data: b.Bytes()}}))
	if text := folder(t, dist)[PackagesFile]; !strings.Contains(text, `"imports":["demo"],"glibc":"2.38","bundles":["libyaml-0.so"]`) {
		t.Error(text)
	}
}

// badWheel packs METADATA as it is given, which Pack would refuse.
func badWheel(t *testing.T, name string, headers ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	info := strings.Join(strings.Split(path.Base(name), "-")[:2], "-") + ".dist-info/"
	for _, member := range [][2]string{{"METADATA", strings.Join(headers, "\n") + "\n"}, {"WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n"}, {"RECORD", ""}} {
		content := []byte(member[1])
		w, err := z.CreateRaw(&zip.FileHeader{Name: info + member[0], CRC32: crc32.ChecksumIEEE(content), CompressedSize64: uint64(len(content)), UncompressedSize64: uint64(len(content))})
		if err == nil {
			_, err = w.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// hostile are wheels that nobody should be given, among good ones; and why they are refused, by name. The others are only ugly.
func hostile(t *testing.T) (wheels fstest.MapFS, refused map[string]string) {
	wheels = shelf(t)
	head := func(name, version string, more ...string) []string {
		return append([]string{"Metadata-Version: 2.1", "Name: " + name, "Version: " + version}, more...)
	}
	refused = map[string]string{}
	add := func(name string, content []byte, why string) {
		wheels[name] = &fstest.MapFile{Data: content}
		if why != "" {
			refused[path.Base(name)] = why
		}
	}
	_, good := makeWheel(t, "demo", "0.9", "")
	other, otherContent := makeWheel(t, "twice", "1.0", "")
	_, differs := makeWheel(t, "twice", "1.0", "Summary: other bytes\n")
	add("a/"+other, otherContent, "has the same name")
	add("b/"+other, differs, "has the same name")
	spelled := "Two.Ways-1.0-py3-none-any.whl"
	add("two_ways-1.0-py3-none-any.whl", badWheel(t, "two_ways-1.0-py3-none-any.whl", head("two-ways", "1.0")...), "spelled in another way")
	add(spelled, badWheel(t, spelled, head("Two.Ways", "1.0")...), "spelled in another way")
	add("empty-1.0-py3-none-any.whl", nil, "0 bytes")
	add("cut-1.0-py3-none-any.whl", good[:len(good)/2], "zip")
	add("ham-1.0-py3-none-any.whl", good, "METADATA is that of demo 0.9")
	add("demo-1.0-py3-none-any(1).whl", good, "is not a tag")
	add("demo-1.0-py3-none-any\n.whl", good, "white space")
	add("<script>alert(1)<-1.0-py3-none-any.whl", good, "is not a distribution's name")
	add("demo__x-1.0-py3-none-any.whl", good, "is not a distribution's name")
	add("demo-one-py3-none-any.whl", good, "PEP 440")
	add("demo-0.9-x1-py3-none-any.whl", good, "build tag")
	add("DEMO.WHL", good, ".whl")
	add("lines-1.0-py3-none-any.whl", badWheel(t, "lines-1.0-py3-none-any.whl", head("lines", "1.0", "Requires-Python: >=3", "\t,<4")...), "more than one line")
	add("python-1.0-py3-none-any.whl", badWheel(t, "python-1.0-py3-none-any.whl", head("python", "1.0", `Requires-Python: "><script>alert(1)</script>`)...), "not a condition on a version")
	add("html-1.0-py3-none-any.whl", badWheel(t, "html-1.0-py3-none-any.whl", head("html", "1.0", `Summary: </title><script>alert(1)</script>`, `Home-page: javascript:alert(1)`)...), "")
	add("large-1.0-py3-none-any.whl", badWheel(t, "large-1.0-py3-none-any.whl", append(head("large", "1.0", "Summary: "+strings.Repeat("é", 1000)), "", strings.Repeat("long ", 2<<20))...), "")
	add("lying-1.0-py3-none-any.whl", badWheel(t, "lying-1.0-py3-none-any.whl", head("lying", "1.0")...), "about another file")
	add("made_up-1.0-py3-none-any.whl", badWheel(t, "made_up-1.0-py3-none-any.whl", head("made-up", "1.0")...), "about another file")
	wheels["made_up-1.0-py3-none-any.whl"+sbomSuffix] = &fstest.MapFile{Data: bill([]byte("other"))}
	add("no_bill-1.0-py3-none-any.whl", badWheel(t, "no_bill-1.0-py3-none-any.whl", head("no-bill", "1.0")...), "no CycloneDX bill")
	wheels["no_bill-1.0-py3-none-any.whl"+sbomSuffix] = &fstest.MapFile{Data: []byte(`{"spdxVersion":"SPDX-2.3"}`)}
	add("pipe-1.0-py3-none-any.whl", nil, "it is no file")
	wheels["pipe-1.0-py3-none-any.whl"].Mode = fs.ModeNamedPipe
	wheels["lying-1.0-py3-none-any.whl"+provenanceSuffix] = &fstest.MapFile{Data: provenance([]byte("other"), time.Now())}
	return wheels, refused
}

// TestHostileWheels has what an index may be given. Each that is refused is named, with the reason; the others are there, and nothing of
// what they say becomes anything but text.
func TestHostileWheels(t *testing.T) {
	wheels, refused := hostile(t)
	dist := t.TempDir()
	_, err := publish(t, dist, wheels)
	var got Refused
	if !errors.As(err, &got) {
		t.Fatalf("%v", err)
	}
	told := map[string]bool{}
	for _, e := range got {
		why, expected := refused[e.Filename]
		if !expected || !strings.Contains(e.Error(), why) {
			t.Errorf("%v; want %q", e, why)
		}
		told[e.Filename] = true
		if strings.Contains(e.Error(), "\n") {
			t.Errorf("more than a line: %v", e)
		}
	}
	if len(told) != len(refused) || len(got) != len(refused)+1 { // both contents of one name are
		t.Errorf("refused are %v; want %v", told, refused)
	}
	files := folder(t, dist)
	for _, want := range []string{"simple/demo/index.html", "simple/large/index.html", "simple/html/index.html"} {
		if files[want] == "" {
			t.Errorf("%s is not there", want)
		}
	}
	for name, text := range files {
		if strings.HasPrefix(path.Base(name), "index.") && (strings.Contains(text, "<script") || len(text) > 10000) {
			t.Errorf("%s: %.300s", name, text)
		}
	}
	if got := strings.Join(slices.Sorted(maps.Keys(readPublished(t, dist).packages)), " "); got != "demo html large ruamel-yaml zope-interface" {
		t.Errorf("projects: %s", got)
	}
	if len(files[PackagesFile]) > 10000 {
		t.Errorf("%s has %d bytes", PackagesFile, len(files[PackagesFile]))
	}
}
