// SPDX-License-Identifier: Apache-2.0

package source

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
)

// entry is one of an archive; the zero kind is a regular file.
type entry struct {
	kind byte // a type of tar's
	name string
	mode int64
	link string
	text string
}

func tarOf(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, e := range entries {
		kind := e.kind
		if kind == 0 {
			kind = tar.TypeReg
		}
		header := &tar.Header{Typeflag: kind, Name: e.name, Mode: e.mode, Linkname: e.link, Size: int64(len(e.text)), ModTime: time.Unix(1e9, 0), Uid: 1000}
		if kind == tar.TypeXGlobalHeader {
			header = &tar.Header{Typeflag: kind, Name: e.name, PAXRecords: map[string]string{"comment": "0123456789"}}
		}
		if err := w.WriteHeader(header); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(e.text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zipOf(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entries {
		header := &zip.FileHeader{Name: e.name, Method: zip.Deflate, Modified: time.Unix(1e9, 0)}
		mode, text := fs.FileMode(e.mode), e.text
		switch e.kind {
		case tar.TypeSymlink:
			mode, text = mode|fs.ModeSymlink, e.link
		case tar.TypeChar:
			mode |= fs.ModeCharDevice | fs.ModeDevice
		}
		header.SetMode(mode)
		out, err := w.CreateHeader(header)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := out.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// unpackBytes unpacks an archive into a folder of its own, DIR/to, and returns that.
func unpackBytes(t testing.TB, l limits, archive []byte, strip int) (string, error) {
	t.Helper()
	dir := t.TempDir()
	name, to := filepath.Join(dir, "archive"), filepath.Join(dir, "to")
	if err := os.WriteFile(name, archive, 0o644); err != nil {
		t.Fatal(err)
	}
	return to, unpackWithin(l, name, to, strip)
}

// describe is a line for each file of a tree: its mode, its time as days after the one that archives' files get, its
// name, its text or target.
func describe(t testing.TB, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		relative, _ := filepath.Rel(dir, name)
		fmt.Fprintf(&b, "%s +%g %s", info.Mode(), info.ModTime().Sub(shipped).Hours()/24, relative)
		switch {
		case info.Mode().IsRegular():
			text, _ := os.ReadFile(name)
			fmt.Fprintf(&b, " %q", text)
		case info.Mode()&fs.ModeSymlink != 0:
			target, _ := os.Readlink(name)
			fmt.Fprintf(&b, " -> %s", target)
		}
		b.WriteByte('\n')
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// benign has one of everything that archives rightly hold.
var benign = []entry{
	{kind: tar.TypeXGlobalHeader, name: "pax_global_header"},
	{name: "pkg-1.0/setup.py", mode: 0o664, text: "setup()"},
	{kind: tar.TypeDir, name: "pkg-1.0/empty/", mode: 0o700},
	{name: "./pkg-1.0/tools/run", mode: 0o4711, text: "#!/bin/sh"},
	{kind: tar.TypeSymlink, name: "pkg-1.0/tools/up", link: "../setup.py"},
	{kind: tar.TypeSymlink, name: "pkg-1.0/folder", link: "tools"},
	{name: "pkg-1.0/folder/through", mode: 0o600, text: "a link"},
	{kind: tar.TypeSymlink, name: "pkg-1.0/nowhere", link: "tools/absent"},
	{kind: tar.TypeLink, name: "pkg-1.0/copy", link: "pkg-1.0/tools/run"},
}

const benignTree = `drwxr-xr-x +0 .
-rwxr-xr-x +0 copy "#!/bin/sh"
drwxr-xr-x +0 empty
Lrwxrwxrwx +0 folder -> tools
Lrwxrwxrwx +0 nowhere -> tools/absent
-rw-r--r-- +0 setup.py "setup()"
drwxr-xr-x +0 tools
-rwxr-xr-x +0 tools/run "#!/bin/sh"
-rw-r--r-- +0 tools/through "a link"
Lrwxrwxrwx +0 tools/up -> ../setup.py
`

// The tree is the same whoever unpacks it: under another umask, from another compression.
func TestUnpackIsDeterministic(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0o077))
	plain := tarOf(t, benign...)
	for name, archive := range map[string][]byte{
		"tar": plain, "gz": compress(t, "gzip", plain), "bz2": compress(t, "bzip2", plain), "xz": compress(t, "xz", plain), "zst": zst(t, plain),
	} {
		t.Run(name, func(t *testing.T) {
			to, err := unpackBytes(t, bomb, archive, 1)
			if err != nil {
				t.Fatal(err)
			}
			if got := describe(t, to); got != benignTree {
				t.Errorf("got\n%swant\n%s", got, benignTree)
			}
		})
	}
	t.Run("zip", func(t *testing.T) {
		var entries []entry
		for _, e := range benign {
			switch e.kind {
			case tar.TypeXGlobalHeader:
				continue
			case tar.TypeLink: // zip has none
				e.kind, e.mode, e.text = 0, 0o755, "#!/bin/sh"
			}
			entries = append(entries, e)
		}
		to, err := unpackBytes(t, bomb, zipOf(t, entries...), 1)
		if err != nil {
			t.Fatal(err)
		}
		if got := describe(t, to); got != benignTree {
			t.Errorf("got\n%swant\n%s", got, benignTree)
		}
	})
}

func compress(t *testing.T, program string, text []byte) []byte {
	t.Helper()
	command := exec.Command(program, "-c")
	command.Stdin = bytes.NewReader(text)
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%s: %v", program, err)
	}
	return out
}

func TestUnpackStrips(t *testing.T) {
	archive := tarOf(t, entry{name: "README"}, entry{name: "a/b/c", text: "c"}, entry{name: "a/d", text: "d"})
	for strip, want := range []string{"README a a/b a/b/c a/d", "b b/c d", "c"} {
		to, err := unpackBytes(t, bomb, archive, strip)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, line := range strings.Split(strings.TrimSpace(describe(t, to)), "\n")[1:] {
			got = append(got, strings.Fields(line)[2])
		}
		if strings.Join(got, " ") != want {
			t.Errorf("strip %d: got %q, want %q", strip, got, want)
		}
	}
	if _, err := unpackBytes(t, bomb, archive, 3); err == nil || !strings.Contains(err.Error(), "below 3 folders") {
		t.Errorf("strip 3: got %v", err)
	}
}

// hostile are archives that must not come to anything outside of their folder, and what is said of them.
var hostile = []struct {
	name    string
	entries []entry
	want    string
}{
	{"traversal", []entry{{name: "a/../../escaped"}}, `entry "a/../../escaped": its name leaves the archive's folder`},
	{"traversal of a folder", []entry{{kind: tar.TypeDir, name: "../escaped/"}}, `entry "../escaped/": its name leaves`},
	{"absolute", []entry{{name: "/tmp/escaped"}}, `entry "/tmp/escaped": its name is absolute`},
	{"backslash", []entry{{name: `..\escaped`}}, "has a backslash"},
	{"long name", []entry{{name: strings.Repeat("a/", 3000) + "b"}}, "more than 4095 bytes"},
	{"link outside", []entry{{kind: tar.TypeSymlink, name: "l", link: "../escaped"}}, `entry "l": it links to "../escaped", outside`},
	{"absolute link", []entry{{kind: tar.TypeSymlink, name: "l", link: "/etc/passwd"}}, `it links to "/etc/passwd", outside`},
	{"file through a link outside", []entry{{kind: tar.TypeSymlink, name: "l", link: ".."}, {name: "l/escaped"}}, `entry "l": it links to "..", outside`},
	// Each link alone stays inside by its words.
	{"file through links that leave together", []entry{
		{kind: tar.TypeDir, name: "a/b/"}, {kind: tar.TypeSymlink, name: "up", link: "a/b"}, {kind: tar.TypeSymlink, name: "a/b/top", link: "../.."},
		{kind: tar.TypeSymlink, name: "out", link: "up/top/../x"}, {name: "out/escaped"},
	}, `entry "out/escaped": `},
	{"links that leave together", []entry{
		{kind: tar.TypeDir, name: "a/b/"}, {kind: tar.TypeSymlink, name: "a/b/top", link: "../.."}, {kind: tar.TypeSymlink, name: "out", link: "a/b/top/.."},
	}, `entry "out": it links to "a/b/top/..", outside`},
	{"twice", []entry{{name: "a"}, {name: "./a"}}, `entry "./a": the archive has that name twice`},
	{"file over a link", []entry{{kind: tar.TypeSymlink, name: "l", link: "a"}, {name: "l"}}, "that name twice"},
	{"twice through a link", []entry{{name: "d/a"}, {kind: tar.TypeSymlink, name: "l", link: "d"}, {name: "l/a"}}, `entry "l/a": `},
	{"in another case", []entry{{name: "Makefile"}, {name: "makefile"}}, `entry "makefile": on some file systems it is the same as "Makefile"`},
	{"folders in another case", []entry{{name: "a/b"}, {name: "A/c"}}, `entry "A/c": on some file systems it is the same as "a"`},
	{"an accent in another form", []entry{{name: "\u00e9"}, {name: "e\u0301"}}, "on some file systems"},
	{"device", []entry{{kind: tar.TypeChar, name: "null"}}, `entry "null": it is `},
	{"folder over a file", []entry{{name: "a"}, {name: "a/b"}}, `entry "a/b": a file stands where a folder should be`},
}

func TestUnpackRefuses(t *testing.T) {
	for _, c := range hostile {
		for kind, archive := range map[string][]byte{"tar": tarOf(t, c.entries...), "zip": zipOf(t, c.entries...)} {
			t.Run(c.name+"/"+kind, func(t *testing.T) {
				to, err := unpackBytes(t, bomb, archive, 0)
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("got %v, want %q", err, c.want)
				}
				checkNothingEscaped(t, to)
			})
		}
	}
	for name, entries := range map[string][]entry{ // what zip has not
		"hard link outside":     {{kind: tar.TypeLink, name: "l", link: "../archive"}},
		"hard link to absolute": {{kind: tar.TypeLink, name: "l", link: "/etc/passwd"}},
		"hard link through a link": {
			{kind: tar.TypeDir, name: "a/b/"}, {kind: tar.TypeSymlink, name: "a/b/top", link: "../.."}, {kind: tar.TypeSymlink, name: "out", link: "a/b/top/../archive"},
			{kind: tar.TypeLink, name: "l", link: "out"},
		},
		"block device": {{kind: tar.TypeBlock, name: "l"}},
		"pipe":         {{kind: tar.TypeFifo, name: "l"}},
	} {
		t.Run(name, func(t *testing.T) {
			to, err := unpackBytes(t, bomb, tarOf(t, entries...), 0)
			if err == nil || !strings.Contains(err.Error(), `entry "l": `) {
				t.Errorf("got %v", err)
			}
			checkNothingEscaped(t, to)
		})
	}
}

// checkNothingEscaped looks beside the folder that was unpacked into.
func checkNothingEscaped(t *testing.T, to string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(to))
	if err != nil || len(entries) != 2 || entries[0].Name() != "archive" || entries[1].Name() != "to" {
		t.Errorf("beside the folder there is %v, %v", entries, err)
	}
}

func TestUnpackRefusesBombs(t *testing.T) {
	zeros := strings.Repeat("\x00", 5000)
	small := limits{bytes: 10_000, entries: 10}
	many := make([]entry, 11)
	for i := range many {
		many[i].name = fmt.Sprintf("file%d", i)
	}
	files := []entry{{name: "a", text: zeros}, {name: "b", text: zeros}, {name: "c", text: "x"}}
	var gz bytes.Buffer
	w := gzip.NewWriter(&gz)
	w.Write(tarOf(t, files...))
	w.Close()
	for name, c := range map[string]struct {
		archive []byte
		strip   int
		want    string
	}{
		"bytes of a tar":     {gz.Bytes(), 0, `entry "c": the archive unpacks to more bytes`},
		"bytes of a zip":     {zipOf(t, files...), 0, `entry "c": the archive unpacks to more bytes`},
		"what is dropped":    {gz.Bytes(), 1, `entry "c": the archive unpacks to more bytes`},
		"files":              {tarOf(t, many...), 0, `entry "file10": the archive unpacks to more files`},
		"folders of a name":  {tarOf(t, entry{name: strings.Repeat("d/", 10) + "f"}), 0, "more files"},
		"copies by the link": {tarOf(t, files[0], entry{kind: tar.TypeLink, name: "b", link: "a"}, entry{kind: tar.TypeLink, name: "l", link: "a"}), 0, `entry "l": the archive unpacks to more bytes`},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := unpackBytes(t, small, c.archive, c.strip); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
	dense := limits{bytes: 1 << 20, entries: 10, ratio: 20, free: 5000}
	if _, err := unpackBytes(t, dense, gz.Bytes(), 0); err == nil || !strings.Contains(err.Error(), `entry "b": the archive unpacks to more than 20 times its size`) {
		t.Errorf("a dense archive: %v", err)
	}
	if _, err := unpackBytes(t, small, tarOf(t, files[:2]...), 0); err != nil {
		t.Errorf("just within the limit: %v", err)
	}
}

// A download that is cut short, or that is a page of a proxy's, has its checksum against it; an archive of a recipe's
// folder has not.
func TestUnpackRefusesWhatIsNoArchive(t *testing.T) {
	plain := tarOf(t, entry{name: "a", text: strings.Repeat("abc", 1000)})
	for name, archive := range map[string][]byte{
		"a page":    []byte("<!DOCTYPE html><html>" + strings.Repeat(" ", 1000)),
		"nothing":   nil,
		"half a gz": compress(t, "gzip", plain)[:40],
		"half a xz": compress(t, "xz", plain)[:60],
		"half zip":  zipOf(t, entry{name: "a", text: "a"})[:40],
	} {
		if _, err := unpackBytes(t, bomb, archive, 0); err == nil {
			t.Errorf("%s: no error", name)
		} else if name == "half a xz" && !strings.Contains(err.Error(), "xz:") {
			t.Errorf("%s: xz's own words are missing: %v", name, err)
		}
	}
	file := filepath.Join(t.TempDir(), "pkg-1.0.tar.gz")
	if err := os.WriteFile(file, tarOf(t, entry{name: "/a"}), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Unpack(file, filepath.Join(t.TempDir(), "to"), 1); err == nil || !strings.HasPrefix(err.Error(), `unpacking pkg-1.0.tar.gz: entry "/a": `) {
		t.Errorf("got %v", err)
	}
}

// zst compresses with the library that also unpacks: Debian's minimal systems have no zstd program.
func zst(t *testing.T, plain []byte) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return w.EncodeAll(plain, nil)
}

// xz writes on when the archive's end has been read: it must neither be waited for in vain nor be cut off.
func TestUnpackXZWithPadding(t *testing.T) {
	padded := compress(t, "xz", append(tarOf(t, entry{name: "a", text: "a"}), make([]byte, 1<<20)...))
	if _, err := unpackBytes(t, bomb, padded, 0); err != nil {
		t.Error(err)
	}
	if _, err := unpackBytes(t, limits{bytes: 1 << 10, entries: 10}, padded, 0); err == nil {
		t.Error("padding without end: no error")
	}
}

func FuzzUnpack(f *testing.F) {
	f.Add(tarOf(f, benign...))
	f.Add(zipOf(f, benign[1:4]...))
	for _, c := range hostile {
		f.Add(tarOf(f, c.entries...))
		f.Add(zipOf(f, c.entries...))
	}
	f.Fuzz(func(t *testing.T, archive []byte) {
		to, err := unpackBytes(t, limits{bytes: 1 << 16, entries: 100}, archive, 0)
		if inside, readErr := os.ReadDir(filepath.Dir(to)); readErr != nil || len(inside) != 2 {
			t.Fatalf("beside the folder there is %v, %v", inside, readErr)
		}
		if err != nil {
			return
		}
		for _, line := range strings.Split(strings.TrimSpace(describe(t, to)), "\n") {
			switch mode, _, _ := strings.Cut(line, " +0 "); mode {
			case "drwxr-xr-x", "-rw-r--r--", "-rwxr-xr-x", "Lrwxrwxrwx":
			default:
				t.Errorf("a mode or a time that is not one of ours: %s", line)
			}
		}
	})
}
