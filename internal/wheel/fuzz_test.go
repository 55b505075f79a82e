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

// FuzzArchive: whatever is accepted as an archive, archive/zip reads the same.
func FuzzArchive(f *testing.F) {
	small := smallArchive(f)
	for _, make := range goodArchives {
		f.Add([]byte(make(small)))
	}
	for _, spoil := range badArchives {
		f.Add([]byte(spoil(small)))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		if contents, err := archive(content).contents(); err == nil {
			sameAsGo(t, content, contents)
		}
	})
}

// FuzzMetadata: METADATA, WHEEL and entry points of any content can be read and checked, and what is checked is stable.
func FuzzMetadata(f *testing.F) {
	f.Add([]byte(spam()[distInfo+"/METADATA"]))
	f.Add([]byte("Metadata-Version: 2.4\nName: a\nVersion: 1\nLicense-Expression: MIT\nLicense-File: a/b\nDynamic: Name\n" +
		"Requires-Dist: a[b,c] (>=1,!=2.*); (python_version < '3' and extra == \"x\") or os_name not in 'nt'\nRequires-Dist: a @ https://x ; extra == 'y'\n\ntext"))
	f.Add([]byte("[console_scripts]\na = b.c:d.e [x]\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		a := &audit{wheel: &Wheel{DistInfo: distInfo}}
		a.checkEntryPoints("entry_points.txt", content)
		_, _ = ParseInfo(content)
		m, err := ParseMetadata(content)
		if err != nil {
			return
		}
		a.wheel.Metadata = m
		a.checkMetadata()
		if again, err := ParseMetadata(m.Raw); err != nil || again.Name != m.Name || strings.ContainsAny(m.Name+m.Version+m.RequiresPython, "\r\n") {
			t.Errorf("%q: %v", m.Name, err)
		}
	})
}
