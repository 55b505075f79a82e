// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// onDisk writes the files below a new folder, in the order given.
func (f files) onDisk(t *testing.T, names []string, date time.Time, mode os.FileMode) string {
	dir := t.TempDir()
	for _, name := range names {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(f[name]), mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(p, date, date); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestPackIsReproducible(t *testing.T) {
	f := spam()
	delete(f, "spam/_spam"+armSuffix) // it is the one executable
	names := slices.Sorted(maps.Keys(f))
	var want bytes.Buffer
	if _, err := Pack(&want, os.DirFS(f.onDisk(t, names, time.Unix(1e9, 0), 0o644)), PackOptions{}); err != nil {
		t.Fatal(err)
	}
	slices.Reverse(names)
	var got bytes.Buffer
	if _, err := Pack(&got, os.DirFS(f.onDisk(t, names, time.Unix(2e9, 0), 0o600)), PackOptions{}); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want.Bytes()) {
		t.Error("another order, date and mode on disk make another wheel")
	}
	_, again := unpack(t, want.Bytes()).pack(t, PackOptions{})
	if !bytes.Equal(again, want.Bytes()) {
		t.Error("a wheel that is unpacked and packed again is another wheel")
	}
}

func TestPackLayout(t *testing.T) {
	f := spam()
	f["zebra.py"] = strings.Repeat("stripes ", 100)
	f[distInfo+"/RECORD"] = "stale,,\n"
	f[distInfo+"/RECORD.jws"] = "{}"
	name, content := f.pack(t, PackOptions{})
	if name.String() != spamName {
		t.Errorf("its name is %s", name)
	}
	r, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range r.File {
		names = append(names, m.Name)
		offset, err := m.DataOffset()
		if err != nil {
			t.Fatal(err)
		}
		header := content[offset-int64(30+len(m.Name)):] // without an extra field it begins here
		if binary.LittleEndian.Uint32(header) != 0x04034b50 || len(m.Extra) > 0 || m.Flags&8 != 0 {
			t.Errorf("%s has an extra field or a data descriptor", m.Name)
		}
		if size := binary.LittleEndian.Uint32(header[18:]); uint64(size) != m.CompressedSize64 {
			t.Errorf("%s: its header says %d compressed bytes, the directory %d", m.Name, size, m.CompressedSize64)
		}
		if want := map[bool]os.FileMode{true: 0o755, false: 0o644}[strings.HasSuffix(m.Name, ".so")]; m.Mode() != want {
			t.Errorf("%s: mode %v", m.Name, m.Mode())
		}
		if got := m.Modified.UTC().Format(time.RFC3339); got != "1980-01-01T00:00:00Z" {
			t.Errorf("%s: date %s", m.Name, got)
		}
	}
	want := []string{"spam/__init__.py", "spam/_spam" + armSuffix, "zebra.py",
		distInfo + "/LICENSE.txt", distInfo + "/METADATA", distInfo + "/WHEEL", distInfo + "/RECORD"}
	if !slices.Equal(names, want) {
		t.Errorf("members are\n%s", strings.Join(names, "\n"))
	}
}

func TestPackDate(t *testing.T) {
	date := time.Date(2022, 12, 18, 16, 12, 30, 0, time.UTC)
	_, content := spam().pack(t, PackOptions{ModTime: date.In(time.FixedZone("", 3600))})
	r, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	if got := r.File[0].Modified.UTC(); !got.Equal(date) {
		t.Errorf("date %v, want %v", got, date)
	}
}

func TestPackRetags(t *testing.T) {
	f := spam()
	f[distInfo+"/WHEEL"] = "Wheel-Version: 1.0\r\nRoot-Is-Purelib: true\r\nTag: py3-none-any\r\n\r\n"
	name, content := f.pack(t, PackOptions{Tags: []Tag{{"cp36", "abi3", "linux_armv7l"}}})
	if name.String() != "spam-1.0-cp36-abi3-linux_armv7l.whl" {
		t.Error(name)
	}
	if got := unpack(t, content)[distInfo+"/WHEEL"]; got != "Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: cp36-abi3-linux_armv7l\n" {
		t.Errorf("WHEEL is %q", got)
	}
}

func TestPackRefuses(t *testing.T) {
	for what, test := range map[string]struct {
		change func(files)
		want   string
	}{
		"two .dist-info folders": {func(f files) { f["eggs-1.0.dist-info/WHEEL"] = "" }, "this has 2"},
		"no WHEEL":               {func(f files) { delete(f, distInfo+"/WHEEL") }, "WHEEL"},
		"tags of no one name": {func(f files) {
			f[distInfo+"/WHEEL"] = "Wheel-Version: 1.0\nTag: cp311-cp311-linux_armv7l\nTag: py3-none-any\n"
		}, "do not fit"},
	} {
		f := spam()
		test.change(f)
		if _, err := Pack(&bytes.Buffer{}, f.fs(), PackOptions{}); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v; want %q", what, err, test.want)
		}
	}
	dir := spam().onDisk(t, slices.Collect(maps.Keys(spam())), time.Now(), 0o644)
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "spam/link")); err != nil {
		t.Fatal(err)
	}
	if _, err := Pack(&bytes.Buffer{}, os.DirFS(dir), PackOptions{}); err == nil || !strings.Contains(err.Error(), "spam/link") {
		t.Errorf("a symbolic link: %v", err)
	}
}

// TestPythonReadsPacked has Python's own zipfile check every member.
func TestPythonReadsPacked(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("there is no python3 on this machine")
	}
	_, content := spam().pack(t, PackOptions{})
	name := filepath.Join(t.TempDir(), spamName)
	if err := os.WriteFile(name, content, 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(python, "-m", "zipfile", "-t", name).CombinedOutput(); err != nil || strings.Contains(string(out), "corrupted") {
		t.Errorf("%v: %s", err, out)
	}
}

func TestPackBuildNumber(t *testing.T) {
	f := spam()
	for range 2 { // a number that is there is replaced
		name, content := f.pack(t, PackOptions{Build: 7})
		if name.String() != "spam-1.0-7-cp311-cp311-linux_armv7l.whl" {
			t.Errorf("the wheel is called %s", name)
		}
		f = unpack(t, content)
		if got := strings.Count(f[distInfo+"/WHEEL"], "Build: "); got != 1 {
			t.Errorf("WHEEL is\n%s", f[distInfo+"/WHEEL"])
		}
		for _, finding := range findings(t, name.String(), content, armTarget, AuditOptions{}) {
			t.Error(finding)
		}
		delete(f, distInfo+"/RECORD")
	}
}
