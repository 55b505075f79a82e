// SPDX-License-Identifier: Apache-2.0

package source

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	wait = func(int) time.Duration { return 0 }
	os.Exit(m.Run())
}

const archive = "an archive's bytes"

func sumOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// server answers each request with the next function, and the last one ever after. It records the paths asked for.
func server(t *testing.T, answers ...http.HandlerFunc) (url string, asked *[]string) {
	asked = new([]string)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := answers[min(len(*asked), len(answers)-1)]
		*asked = append(*asked, r.URL.Path)
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	return s.URL, asked
}

func says(status int, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		w.Write([]byte(text))
	}
}

// breaksOff promises more than it sends.
func breaksOff(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "100")
	w.Write([]byte("an arch"))
}

func TestFetchTriesAgain(t *testing.T) {
	for _, c := range []struct {
		name    string
		answers []http.HandlerFunc
		tries   int
		fails   string // part of the error
	}{
		{"at once", []http.HandlerFunc{says(200, archive)}, 1, ""},
		{"after an error of the server", []http.HandlerFunc{says(500, ""), says(503, ""), says(200, archive)}, 3, ""},
		{"after too many requests", []http.HandlerFunc{says(429, ""), says(200, archive)}, 2, ""},
		{"after half an answer", []http.HandlerFunc{breaksOff, says(200, archive)}, 2, ""},
		{"not for ever", []http.HandlerFunc{says(500, "")}, attempts, "500 Internal Server Error"},
		{"not what is not there", []http.HandlerFunc{says(404, archive)}, 1, "404 Not Found"},
		{"not an empty answer of another kind", []http.HandlerFunc{says(204, "")}, 1, "204 No Content"},
		{"not a wrong checksum", []http.HandlerFunc{says(200, "other bytes"), says(200, archive)}, 1, sumOf("other bytes")},
	} {
		t.Run(c.name, func(t *testing.T) {
			url, asked := server(t, c.answers...)
			to := filepath.Join(t.TempDir(), "file")
			err := Fetch(t.Context(), Request{URLs: []string{url + "/a.tar.gz"}, SHA256: sumOf(archive)}, to)
			if len(*asked) != c.tries {
				t.Errorf("%d tries, want %d", len(*asked), c.tries)
			}
			text, _ := os.ReadFile(to)
			switch {
			case c.fails == "" && (err != nil || string(text) != archive):
				t.Errorf("got %q, %v", text, err)
			case c.fails != "" && (err == nil || !strings.Contains(err.Error(), c.fails) || !strings.Contains(err.Error(), url)):
				t.Errorf("got the error %v, want one with %q and the address", err, c.fails)
			case c.fails != "" && text != nil:
				t.Errorf("a file is left: %q", text)
			}
		})
	}
}

func TestFetchFromMirrors(t *testing.T) {
	url, asked := server(t, says(404, ""), says(200, archive))
	request := Request{URLs: []string{url + "/first", url + "/second", url + "/third"}, SHA256: sumOf(archive)}
	if err := Fetch(t.Context(), request, filepath.Join(t.TempDir(), "file")); err != nil {
		t.Fatal(err)
	}
	if want := []string{"/first", "/second"}; !slices.Equal(*asked, want) {
		t.Errorf("asked for %q, want %q", *asked, want)
	}

	// Bytes that are not the same ones are an attack or a mistake: the next mirror does not heal that.
	url, asked = server(t, says(200, "other bytes"), says(200, archive))
	request.URLs = []string{url + "/first", url + "/second"}
	var wrong *ChecksumError
	if err := Fetch(t.Context(), request, filepath.Join(t.TempDir(), "file")); !errors.As(err, &wrong) {
		t.Fatalf("got %v, want a *ChecksumError", err)
	}
	if wrong.Actual != sumOf("other bytes") || wrong.Want != sumOf(archive) || len(*asked) != 1 {
		t.Errorf("got %+v after %q", wrong, *asked)
	}
}

func TestFetchWithoutChecksum(t *testing.T) {
	url, _ := server(t, says(200, archive))
	cache := t.TempDir()
	err := Fetch(t.Context(), Request{URLs: []string{url}, Cache: cache}, filepath.Join(t.TempDir(), "file"))
	if err == nil || !strings.Contains(err.Error(), "no sha256 is given; the actual one is "+sumOf(archive)) {
		t.Errorf("got %v", err)
	}
	if entries, _ := os.ReadDir(cache); len(entries) != 0 {
		t.Errorf("the cache holds %v", entries)
	}
}

func TestFetchCaches(t *testing.T) {
	url, asked := server(t, says(200, archive), says(500, ""))
	dir, cache := t.TempDir(), t.TempDir()
	request := Request{URLs: []string{url}, SHA256: sumOf(archive), Cache: cache}
	for _, name := range []string{"first", "second"} {
		if err := Fetch(t.Context(), request, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	// Neither a server nor an address is needed then.
	if err := Fetch(t.Context(), Request{SHA256: sumOf(archive), Cache: cache}, filepath.Join(dir, "third")); err != nil || len(*asked) != 1 {
		t.Errorf("got %v after %d requests", err, len(*asked))
	}
	if err := Fetch(t.Context(), Request{SHA256: sumOf("nothing"), Cache: cache}, filepath.Join(dir, "fourth")); !errors.Is(err, ErrNotCached) {
		t.Errorf("got %v, want ErrNotCached", err)
	}
	entries, _ := os.ReadDir(cache)
	if len(entries) != 1 || entries[0].Name() != sumOf(archive) {
		t.Errorf("the cache holds %v", entries)
	}
}

// A machine that went down leaves half a file.
func TestFetchMendsItsCache(t *testing.T) {
	url, _ := server(t, says(200, archive))
	cache := t.TempDir()
	cached := filepath.Join(cache, sumOf(archive))
	if err := os.WriteFile(cached, []byte("an arch"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Fetch(t.Context(), Request{URLs: []string{url}, SHA256: sumOf(archive), Cache: cache}, filepath.Join(t.TempDir(), "file")); err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(cached); string(text) != archive {
		t.Errorf("the cache still holds %q", text)
	}
}

// Who reads a cached file while others store it sees the whole of it.
func TestStoreIsAtomic(t *testing.T) {
	dir, cache := t.TempDir(), t.TempDir()
	text := strings.Repeat("x", 1<<20)
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Store(file, cache, "sum"); err != nil {
		t.Fatal(err)
	}
	stored := make(chan error)
	go func() {
		var err error
		for range 20 {
			err = errors.Join(err, Store(file, cache, "sum"))
		}
		stored <- err
	}()
	for {
		if got, err := os.ReadFile(filepath.Join(cache, "sum")); err != nil || string(got) != text {
			t.Fatalf("read %d bytes, %v", len(got), err)
		}
		select {
		case err := <-stored:
			if entries, _ := os.ReadDir(cache); err != nil || len(entries) != 1 {
				t.Errorf("%v; the cache holds %v", err, entries)
			}
			return
		default:
		}
	}
}

// A full disk stays full, however often one asks the server.
func TestFetchDoesNotRepeatALocalFailure(t *testing.T) {
	url, asked := server(t, says(200, archive))
	full := filepath.Join(t.TempDir(), "full")
	if err := os.Symlink("/dev/full", full); err != nil {
		t.Fatal(err)
	}
	err := Fetch(t.Context(), Request{URLs: []string{url}, SHA256: sumOf(archive)}, full)
	if !errors.Is(err, syscall.ENOSPC) || len(*asked) != 1 {
		t.Errorf("got %v after %d requests", err, len(*asked))
	}
}

func TestFetchStopsWhenItIsTold(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	url, asked := server(t, func(w http.ResponseWriter, _ *http.Request) {
		cancel()
		w.WriteHeader(500)
	})
	wait = func(int) time.Duration { return time.Minute }
	defer func() { wait = func(int) time.Duration { return 0 } }()
	err := Fetch(ctx, Request{URLs: []string{url}, SHA256: sumOf(archive)}, filepath.Join(t.TempDir(), "file"))
	if !errors.Is(err, context.Canceled) || len(*asked) != 1 {
		t.Errorf("got %v after %d requests", err, len(*asked))
	}
}
