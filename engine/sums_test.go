// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/tonistiigi/fsutil"
)

// A very large file is read once, also by programs that run one after the other; a change is noticed.
func TestSumsAreKept(t *testing.T) {
	dir, state := t.TempDir(), t.TempDir()
	for name, size := range map[string]int64{"large": veryLarge, "small": 1} {
		name = filepath.Join(dir, name)
		if err := errors.Join(os.WriteFile(name, nil, 0o644), os.Truncate(name, size)); err != nil {
			t.Fatal(err)
		}
	}
	if known, _ := sumOf(t, dir, "large", state); known {
		t.Fatal("the sum is known before the file was ever read")
	}
	if known, _ := sumOf(t, dir, "large", state); known {
		t.Error("the sum of a file that has just been written is kept: it may change within the same tick of the clock")
	}
	time.Sleep(clockTick + 100*time.Millisecond)
	_, before := sumOf(t, dir, "large", state)
	if known, sum := sumOf(t, dir, "large", state); !known || sum != before {
		t.Error("the sum of a large file is not kept")
	}
	sumOf(t, dir, "small", state)
	if known, _ := sumOf(t, dir, "small", state); known {
		t.Error("the sum of a small file is kept")
	}
	overwrite(t, filepath.Join(dir, "large"))
	if known, sum := sumOf(t, dir, "large", state); known || sum == before {
		t.Error("a change of the content is not noticed")
	}
	if err := os.WriteFile(filepath.Join(state, sumsFile), []byte(`[{"File":{},"SHA256":"eA=="}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if known, _ := sumOf(t, dir, "large", state); known {
		t.Error("a damaged file of sums is believed")
	}
}

// sumOf is what a program of its own does: does it know the sum before it reads the file, and what is it?
func sumOf(t *testing.T, dir, name, state string) (known bool, sum [sha256.Size]byte) {
	t.Helper()
	c := newSumCache(func() (string, error) { return state, nil })
	files, err := fsutil.NewFS(dir)
	if err != nil {
		t.Fatal(err)
	}
	r, err := files.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	id, err := identify(r)
	if err != nil {
		t.Fatal(err)
	}
	_, known = c.find(id)
	if sum, err = c.of(files, name); err != nil {
		t.Fatal(err)
	}
	return known, sum
}

// overwrite changes a file's content, and neither its size nor its time.
func overwrite(t *testing.T, name string) {
	t.Helper()
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = file.WriteString("x")
	if err := errors.Join(err, file.Close(), os.Chtimes(name, info.ModTime(), info.ModTime())); err != nil {
		t.Fatal(err)
	}
}
