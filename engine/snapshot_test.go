// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func writeFiles(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func snapshotOf(t *testing.T, f *folder) *snapshot {
	t.Helper()
	s, err := f.content.get(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSnapshotIsNamedByContent(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	files := map[string]string{"a": "1", "d/b": "2", "left/out": "x"}
	writeFiles(t, dir, files)
	writeFiles(t, other, files)
	if err := os.Link(filepath.Join(other, "a"), filepath.Join(other, "left/link")); err != nil {
		t.Fatal(err)
	}
	without := filter{exclude: []string{"left"}}
	first := snapshotOf(t, newFolder(dir).filter(without)).name
	if second := snapshotOf(t, newFolder(other).filter(without)).name; second != first {
		t.Errorf("the same content elsewhere is %s, want %s", second, first)
	}
	a := filepath.Join(other, "a")
	for _, change := range []struct {
		what string
		do   func() error
	}{
		{"content", func() error { return os.WriteFile(a, []byte("3"), 0o644) }},
		{"mode", func() error { return os.Chmod(a, 0o755) }},
		{"name", func() error { return os.Rename(a, a+"a") }},
		{"link", func() error { return os.Symlink("d", a) }},
	} {
		before := snapshotOf(t, newFolder(other).filter(without)).name
		if err := change.do(); err != nil {
			t.Fatal(err)
		}
		if snapshotOf(t, newFolder(other).filter(without)).name == before {
			t.Errorf("a change of the %s is not in the name", change.what)
		}
	}
}

// Under an old name there must never be new content: the daemon keeps what it gets.
func TestSnapshotNoticesChanges(t *testing.T) {
	dir := t.TempDir()
	writeFiles(t, dir, map[string]string{"same": "old", "changed": "old", "longer": "old", "gone": "old"})
	s := snapshotOf(t, newFolder(dir))
	writeFiles(t, dir, map[string]string{"changed": "new", "longer": "older"})
	if err := os.Remove(filepath.Join(dir, "gone")); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"same": "", "changed": "changed while", "longer": "changed while", "gone": "no such file"} {
		r, err := s.Open(name)
		if err != nil {
			t.Fatalf("%s: the sender takes a failed Open for an empty file: %v", name, err)
		}
		_, err = io.ReadAll(r)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: the error is %v, want %q", name, err, want)
		}
		r.Close()
	}
}
