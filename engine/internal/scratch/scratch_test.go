// SPDX-License-Identifier: Apache-2.0

package scratch

import (
	"os"
	"path/filepath"
	"testing"
)

func TestFolderOfAKilledProgramIsSwept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "[a-z]*")
	foreign := filepath.Join(dir, "lab-notes")
	if err := os.MkdirAll(foreign, 0o700); err != nil {
		t.Fatal(err)
	}
	make := func() *Folder {
		f, err := New(dir, "lab-")
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	killed, running := make(), make()
	killed.lock.Close() // as the kernel does
	last := make()

	for path, want := range map[string]bool{killed.Path: false, running.Path: true, last.Path: true, foreign: true} {
		if _, err := os.Stat(path); (err == nil) != want {
			t.Errorf("%s: %v, should exist: %t", path, err, want)
		}
	}
	for _, f := range []*Folder{running, last} {
		if err := f.Remove(); err != nil {
			t.Error(err)
		}
	}
}

// Links may lead to what is the user's: they are removed, and not what is behind them.
func TestRemoveLeavesTheUsersFiles(t *testing.T) {
	users := filepath.Join(t.TempDir(), "a", "b", "c", "d", "e")
	if err := os.MkdirAll(users, 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := New(t.TempDir(), "crosswheel-")
	if err != nil {
		t.Fatal(err)
	}
	target := users
	for range 5 {
		target = filepath.Dir(target)
		for _, at := range []string{"", "work", "work/one", "work/one/two", "work/one/two/three"} {
			link := filepath.Join(f.Path, at, filepath.Base(target)+"-link")
			if err := os.MkdirAll(filepath.Dir(link), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(target, link); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.Remove(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(f.Path); !os.IsNotExist(err) {
		t.Errorf("%s is still there: %v", f.Path, err)
	}
	if _, err := os.Stat(users); err != nil {
		t.Error(err)
	}
}
