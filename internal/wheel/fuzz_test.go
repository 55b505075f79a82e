// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"bytes"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzReadObject: no file makes the reader crash, hang or take memory out of proportion.
func FuzzReadObject(f *testing.F) {
	names, err := filepath.Glob("testdata/elf/*.so")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		f.Add([]byte(elfFile(filepath.Base(name))))
	}
	f.Fuzz(func(_ *testing.T, content []byte) {
		if o, err := ReadObject(bytes.NewReader(content)); err == nil {
			o.Module()
			o.glibcFloor()
		}
	})
}

// FuzzOpen: what can be opened has members that stay inside a folder, and can be audited.
func FuzzOpen(f *testing.F) {
	_, content := spam().pack(f, PackOptions{})
	f.Add(content)
	f.Add(spam().zip(f))
	f.Add(rezipped(unpack(f, content).zip(f)))
	libs := armLibraries()
	f.Fuzz(func(t *testing.T, content []byte) {
		w, err := Open(spamName, bytes.NewReader(content), int64(len(content)))
		if err != nil {
			return
		}
		for _, m := range w.Members {
			if !fs.ValidPath(m.Name) || strings.Contains(m.Name, `\`) {
				t.Errorf("it has a member %q", m.Name)
			}
		}
		if _, err := Audit(w, armTarget, libs, AuditOptions{BuildPaths: []string{"/build"}}); err != nil {
			t.Error(err)
		}
	})
}
