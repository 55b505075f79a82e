// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// TestReadersSeeNoHalf: a page that names files is replaced when they are there, though its own name comes first, and a folder that is new comes with
// all that is in it.
func TestReadersSeeNoHalf(t *testing.T) {
	dir := t.TempDir()
	target := filepath.Join(dir, "target")
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(target, "a-page"), "")
	stop := make(chan struct{})
	var reader sync.WaitGroup
	reader.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			page, err := os.ReadFile(filepath.Join(target, "a-page"))
			if err != nil {
				t.Error(err)
				return
			}
			for _, name := range strings.Fields(string(page)) {
				if _, err := os.Stat(filepath.Join(target, name)); err != nil {
					t.Errorf("the page names what is not there: %v", err)
					return
				}
			}
		}
	})
	var names []string
	for round := range 20 {
		staged := filepath.Join(dir, fmt.Sprint("staged", round), "tree")
		for i := range 50 {
			name := fmt.Sprintf("b/%d/%d", round, i)
			write(filepath.Join(staged, name), "")
			names = append(names[:max(0, len(names)-200)], name, fmt.Sprintf("b/%d-%d", round, i))
			write(filepath.Join(staged, names[len(names)-1]), "")
		}
		write(filepath.Join(staged, "a-page"), strings.Join(names, "\n"))
		if err := moveFolder(staged, target, false); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	reader.Wait()
}
