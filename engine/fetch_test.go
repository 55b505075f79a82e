// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"archive/tar"
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func archiveOf(t *testing.T, headers ...tar.Header) *bytes.Buffer {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, h := range headers {
		h.Size = int64(len(h.Name))
		if h.Typeflag != tar.TypeReg {
			h.Size = 0
		}
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if h.Typeflag == tar.TypeReg {
			if _, err := w.Write([]byte(h.Name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return &b
}

func TestUnpack(t *testing.T) {
	dir := t.TempDir()
	err := unpack(archiveOf(t,
		tar.Header{Name: "d/", Typeflag: tar.TypeDir, Mode: 0o700},
		tar.Header{Name: "d/f", Typeflag: tar.TypeReg, Mode: 0o751},
		tar.Header{Name: "same", Typeflag: tar.TypeLink, Linkname: "d/f"},
		tar.Header{Name: "link", Typeflag: tar.TypeSymlink, Linkname: "/nowhere"},
		tar.Header{Name: "pipe", Typeflag: tar.TypeFifo},
	), dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"d/f", "same"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != 0o751 || info.Size() != 3 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
	if to, err := os.Readlink(filepath.Join(dir, "link")); err != nil || to != "/nowhere" {
		t.Errorf("link: %q, %v", to, err)
	}
	if _, err := os.Lstat(filepath.Join(dir, "pipe")); err == nil {
		t.Error("there is a pipe")
	}
}

func TestUnpackStaysInTheFolder(t *testing.T) {
	for what, headers := range map[string][]tar.Header{
		"through a link": {
			{Name: "out", Typeflag: tar.TypeSymlink, Linkname: ".."},
			{Name: "out/escaped", Typeflag: tar.TypeReg, Mode: 0o644},
		},
		"a link to a file outside": {
			{Name: "out", Typeflag: tar.TypeSymlink, Linkname: "../victim"},
			{Name: "escaped", Typeflag: tar.TypeLink, Linkname: "out/x"},
		},
		"by dots": {{Name: "../escaped", Typeflag: tar.TypeReg, Mode: 0o644}},
	} {
		above := t.TempDir()
		dir := filepath.Join(above, "dir")
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		err := unpack(archiveOf(t, headers...), dir)
		if _, statErr := os.Lstat(filepath.Join(above, "escaped")); statErr == nil {
			t.Errorf("%s: it escaped", what)
		}
		if what != "by dots" && err == nil { // dots lead nowhere: the name starts at the folder
			t.Errorf("%s: no error", what)
		}
	}
}
