// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"crypto/sha256"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/tonistiigi/fsutil"
)

// A very large file is read once, also by programs that run one after the other; a change is noticed.
func TestSumsAreKept(t *testing.T) {
	dir, state := t.TempDir(), t.TempDir()
	large, small := filepath.Join(dir, "large"), filepath.Join(dir, "small")
	for name, size := range map[string]int64{large: veryLarge, small: 1} {
		if err := os.WriteFile(name, nil, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(name, size); err != nil {
			t.Fatal(err)
		}
	}
	files, err := fsutil.NewFS(dir)
	if err != nil {
		t.Fatal(err)
	}
	// A program of its own each time: is the sum known before the file is read, and what is it?
	run := func(name string) (known bool, sum [sha256.Size]byte) {
		t.Helper()
		c := newSumCache(func() (string, error) { return state, nil })
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
	if known, _ := run("large"); known {
		t.Fatal("the sum is known before the file was ever read")
	}
	if known, _ := run("large"); known {
		t.Error("the sum of a file that has just been written is kept: it may change within the same tick of the clock")
	}
	time.Sleep(clockTick + 100*time.Millisecond)
	_, before := run("large")
	if known, sum := run("large"); !known || sum != before {
		t.Error("the sum of a large file is not kept")
	}
	run("small")
	if known, _ := run("small"); known {
		t.Error("the sum of a small file is kept")
	}
	file, err := os.OpenFile(large, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteString("x"); err != nil {
		t.Fatal(err)
	}
	modified := time.Unix(1e9, 0)
	if err := os.Chtimes(large, modified, modified); err != nil {
		t.Fatal(err)
	}
	file.Close()
	if known, sum := run("large"); known || sum == before {
		t.Error("a change of the content is not noticed")
	}
	if err := os.WriteFile(filepath.Join(state, sumsFile), []byte(`[{"File":{},"SHA256":"eA=="}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if known, _ := run("large"); known {
		t.Error("a damaged file of sums is believed")
	}
}
