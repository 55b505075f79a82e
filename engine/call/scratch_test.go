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
