// SPDX-License-Identifier: Apache-2.0

package call

import (
	"os"
	"path/filepath"
	"testing"
)

func TestScratchOfKilledProgramIsSwept(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	foreign := filepath.Join(os.TempDir(), "lab-notes")
	if err := os.Mkdir(foreign, 0o700); err != nil {
		t.Fatal(err)
	}
	make := func() *scratch {
		s, err := newScratch("lab")
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	killed, running := make(), make()
	killed.lock.Close() // as the kernel does
	last := make()

	for path, want := range map[string]bool{killed.root: false, running.work: true, last.work: true, foreign: true} {
		if _, err := os.Stat(path); (err == nil) != want {
			t.Errorf("%s: %v, should exist: %t", path, err, want)
		}
	}
	for _, s := range []*scratch{running, last} {
		if err := s.remove(); err != nil {
			t.Error(err)
		}
	}
}

// Links may lead to what is the user's: they are removed, and not what is behind them.
func TestScratchLeavesTheUsersFiles(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	users := filepath.Join(t.TempDir(), "a", "b", "c", "d")
	if err := os.MkdirAll(users, 0o755); err != nil {
		t.Fatal(err)
	}
	s, err := newScratch("crosswheel")
	if err != nil {
		t.Fatal(err)
	}
	target := users
	for range 4 {
		target = filepath.Dir(target)
		for _, at := range []string{"", "one", "one/two", "one/two/three"} {
			link := filepath.Join(s.work, at, filepath.Base(target)+"-link")
			if err := os.MkdirAll(filepath.Dir(link), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(target, link); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := s.remove(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(s.root); !os.IsNotExist(err) {
		t.Errorf("%s is still there: %v", s.root, err)
	}
	if _, err := os.Stat(users); err != nil {
		t.Error(err)
	}
}
