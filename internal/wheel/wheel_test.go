// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"archive/zip"
	"bytes"
	"hash/crc32"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

const (
	armSuffix = ".cpython-311-arm-linux-gnueabihf.so"
	distInfo  = "spam-1.0.dist-info"
	spamName  = "spam-1.0-cp311-cp311-linux_armv7l.whl"
)

// armTarget is the target that testdata/elf/sysroot is a small one of.
var armTarget = Target{Python: "3.11", ExtSuffix: armSuffix, Platform: "linux_armv7l", Glibc: "2.36", Interpreter: "/usr/bin/python3.11"}

// armLibraries are its libraries.
func armLibraries() Libraries { return Sysroot("testdata/elf/sysroot", "arm-linux-gnueabihf") }

// elfFile reads one of the ELF files made by testdata/elf/make.sh.
func elfFile(name string) string {
	content, err := os.ReadFile(filepath.Join("testdata/elf", name))
	if err != nil {
		panic(err)
	}
	return string(content)
}

// files is an unpacked wheel: contents by name.
type files map[string]string

// spam is a wheel with one extension module, and nothing wrong.
func spam() files {
	return files{
		"spam/__init__.py":        "from ._spam import *\n",
		"spam/_spam" + armSuffix:  elfFile("good.so"),
		distInfo + "/METADATA":    "Metadata-Version: 2.1\nName: Spam\nVersion: 1.0\nRequires-Python: >=3.8\nRequires-Dist: eggs>=2\n\nSpam, spam.\n",
		distInfo + "/WHEEL":       "Wheel-Version: 1.0\nGenerator: bdist_wheel (0.40.0)\nRoot-Is-Purelib: false\nTag: cp311-cp311-linux_armv7l\n",
		distInfo + "/LICENSE.txt": "Do as you like.\n",
	}
}

// fs gives the tree to Pack.
func (f files) fs() fstest.MapFS {
	tree := fstest.MapFS{}
	for name, content := range f {
		mode := fs.FileMode(0o644)
		if strings.HasSuffix(name, ".so") {
			mode = 0o755
		}
		tree[name] = &fstest.MapFile{Data: []byte(content), Mode: mode}
	}
	return tree
}

// pack makes a wheel whose RECORD is right, and gives its bytes.
func (f files) pack(t testing.TB, o PackOptions) (Name, []byte) {
	t.Helper()
	var b bytes.Buffer
	name, err := Pack(&b, f.fs(), o)
	if err != nil {
		t.Fatal(err)
	}
	return name, b.Bytes()
}

// unpack gives the files of a wheel, RECORD among them.
func unpack(t testing.TB, wheel []byte) files {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(wheel), int64(len(wheel)))
	if err != nil {
		t.Fatal(err)
	}
	f := files{}
	for _, m := range r.File {
		content, err := fs.ReadFile(r, m.Name)
		if err != nil {
			t.Fatal(err)
		}
		f[m.Name] = string(content)
	}
	return f
}

// zip makes an archive of the files as they are, RECORD too, in the way of a careless tool.
func (f files) zip(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(f)) {
		content := []byte(f[name])
		// CreateRaw, since what Create writes is a finding by itself.
		to, err := w.CreateRaw(stored(name, content))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := to.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// open opens a wheel from memory.
func open(t testing.TB, name string, content []byte) *Wheel {
	t.Helper()
	w, err := Open(name, bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// stored is the header of a member that is not compressed.
func stored(name string, content []byte) *zip.FileHeader {
	h := &zip.FileHeader{Name: name, Method: zip.Store, CRC32: crc32.ChecksumIEEE(content),
		CompressedSize64: uint64(len(content)), UncompressedSize64: uint64(len(content))}
	h.SetMode(0o644)
	return h
}
