// SPDX-License-Identifier: Apache-2.0

package source

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// flaky serves a text and knows ranges. It breaks off the first answers after so many bytes each, and records the ranges asked for.
func flaky(t *testing.T, text string, breaks ...int) (url string, ranges *[]string) {
	ranges = new([]string)
	var mu sync.Mutex
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		n := len(*ranges)
		*ranges = append(*ranges, r.Header.Get("Range"))
		mu.Unlock()
		if n < len(breaks) {
			w = &cutting{w, breaks[n]}
		}
		http.ServeContent(w, r, "a.tar.gz", time.Time{}, strings.NewReader(text))
	}))
	t.Cleanup(s.Close)
	return s.URL, ranges
}

// cutting sends the first bytes of an answer, and then nothing.
type cutting struct {
	http.ResponseWriter
	left int
}

func (c *cutting) Write(p []byte) (int, error) {
	n, err := c.ResponseWriter.Write(p[:min(c.left, len(p))])
	if c.left -= n; err == nil && n < len(p) {
		err = errors.New("the line was cut")
	}
	return n, err
}

func TestFetchGoesOn(t *testing.T) {
	url, ranges := flaky(t, archive, 3, 5)
	to := filepath.Join(t.TempDir(), "file")
	if err := Fetch(t.Context(), Request{URLs: []string{url}, SHA256: sumOf(archive)}, to); err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(to); string(text) != archive {
		t.Errorf("got %q", text)
	}
	if want := []string{"", "bytes=3-", "bytes=8-"}; !slices.Equal(*ranges, want) {
		t.Errorf("asked for %q, want %q", *ranges, want)
	}
}

// TestFetchGoesOnLater: another program, after this one has given up.
func TestFetchGoesOnLater(t *testing.T) {
	cache, dir := t.TempDir(), t.TempDir()
	url, ranges := flaky(t, archive, 3, 0, 0, 0)
	request := Request{URLs: []string{url}, SHA256: sumOf(archive), Cache: cache}
	if err := Fetch(t.Context(), request, filepath.Join(dir, "file")); err == nil {
		t.Fatal("a file that was cut is taken")
	}
	if part, _ := os.ReadFile(filepath.Join(cache, sumOf(archive)+".part")); string(part) != archive[:3] {
		t.Errorf("the cache keeps %q", part)
	}
	if err := Fetch(t.Context(), request, filepath.Join(dir, "file")); err != nil {
		t.Fatal(err)
	}
	if last := (*ranges)[len(*ranges)-1]; last != "bytes=3-" {
		t.Errorf("asked for %q in the end", last)
	}
	if entries, _ := os.ReadDir(cache); len(entries) != 1 {
		t.Errorf("the cache holds %v", entries)
	}
}

// TestFetchMendsAPart: what was put together, and is wrong, is fetched once more in one piece.
func TestFetchMendsAPart(t *testing.T) {
	for what, part := range map[string]string{"other bytes": "xyz", "too many": archive + "more"} {
		cache := t.TempDir()
		if err := os.WriteFile(filepath.Join(cache, sumOf(archive)+".part"), []byte(part), 0o644); err != nil {
			t.Fatal(err)
		}
		url, ranges := flaky(t, archive)
		err := Fetch(t.Context(), Request{URLs: []string{url}, SHA256: sumOf(archive), Cache: cache}, filepath.Join(t.TempDir(), "file"))
		if err != nil || len(*ranges) != 2 || (*ranges)[1] != "" {
			t.Errorf("%s: %v after %q", what, err, *ranges)
		}
	}
}

// TestFetchOnceForAll: many want the same bytes at the same time.
func TestFetchOnceForAll(t *testing.T) {
	var asked atomic.Int32
	url, _ := server(t, func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		time.Sleep(50 * time.Millisecond)
		w.Write([]byte(archive))
	})
	cache, dir := t.TempDir(), t.TempDir()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			to := filepath.Join(dir, string(rune('a'+i)))
			if err := Fetch(t.Context(), Request{URLs: []string{url}, SHA256: sumOf(archive), Cache: cache}, to); err != nil {
				t.Error(err)
			}
			if text, _ := os.ReadFile(to); !bytes.Equal(text, []byte(archive)) {
				t.Errorf("got %q", text)
			}
		})
	}
	wg.Wait()
	if n := asked.Load(); n != 1 {
		t.Errorf("the server was asked %d times", n)
	}
}

// TestFetchDoesNotWaitForEver: a server that falls silent in the middle of its answer is left, and asked again.
func TestFetchDoesNotWaitForEver(t *testing.T) {
	defer func(d time.Duration) { silence = d }(silence)
	silence = 50 * time.Millisecond
	url, asked := server(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "100")
		w.Write([]byte("an arch"))
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}, says(200, archive))
	if err := Fetch(t.Context(), Request{URLs: []string{url}, SHA256: sumOf(archive)}, filepath.Join(t.TempDir(), "file")); err != nil || len(*asked) != 2 {
		t.Errorf("%v after %d requests", err, len(*asked))
	}
}
