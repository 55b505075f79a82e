// SPDX-License-Identifier: Apache-2.0

// Package source brings a package's source onto the disk: fetched by checksum, unpacked with suspicion, patched exactly.
//
// It is not for build requirements' installation, nor does it know recipes: it takes addresses, checksums and folders.
package source

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// Request says what to fetch. The addresses are tried in order; all must give the same bytes.
type Request struct {
	URLs   []string
	SHA256 string // 64 hex digits; empty: the fetch fails with a *ChecksumError that holds the actual one
	// Cache is a folder of files named by their SHA-256, shared by all fetches; empty: none.
	Cache string
}

// ChecksumError says that what was fetched is not what was asked for.
type ChecksumError struct {
	URL          string
	Want, Actual string // Want is empty where none was given
}

func (e *ChecksumError) Error() string {
	if e.Want == "" {
		return fmt.Sprintf("%s: no sha256 is given; the actual one is %s", e.URL, e.Actual)
	}
	return fmt.Sprintf("%s: the sha256 is %s, not %s", e.URL, e.Actual, e.Want)
}

// attempts is how often an address is tried.
const attempts = 4

// wait is how long to wait after the n-th try that failed: n² seconds. Tests wait less.
var wait = func(n int) time.Duration { return time.Duration(n*n) * time.Second }

// ErrNotCached is what a fetch without addresses ends with when the cache has not got the file.
var ErrNotCached = errors.New("not in the cache of downloads")

// Fetch writes what r asks for to the file to: from the cache, or from the addresses. A wrong checksum is final;
// anything else is tried again, then at the next address.
func Fetch(ctx context.Context, r Request, to string) error {
	if r.Cache != "" && r.SHA256 != "" {
		sum, err := copyFile(filepath.Join(r.Cache, r.SHA256), to)
		if err == nil && sum == r.SHA256 {
			return nil
		}
		os.Remove(to)
	}
	failures := []error{}
	for _, url := range r.URLs {
		actual, err := download(ctx, url, to)
		if err != nil {
			failures = append(failures, err)
			continue
		}
		if actual != r.SHA256 {
			os.Remove(to)
			return &ChecksumError{URL: url, Want: r.SHA256, Actual: actual}
		}
		return Store(to, r.Cache, r.SHA256)
	}
	if len(failures) == 0 {
		return ErrNotCached
	}
	return errors.Join(failures...)
}

// download writes what an address gives to a file, with retries, and returns its checksum.
func download(ctx context.Context, url, to string) (sum string, err error) {
	err = retry(ctx, func() (again bool, err error) {
		body, again, err := get(ctx, url, "")
		if err != nil {
			return again, err
		}
		defer body.Close()
		if sum, err = write(body, to); err != nil {
			os.Remove(to)
			var local *fs.PathError // a full disk, say
			return !errors.As(err, &local), fmt.Errorf("fetching %s: %w", url, err)
		}
		return false, nil
	})
	return sum, err
}

// retry tries until it works, there is no point in trying again, or there were enough attempts.
func retry(ctx context.Context, try func() (again bool, err error)) error {
	for n := 1; ; n++ {
		again, err := try()
		if err == nil || !again || n == attempts {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(wait(n)):
		}
	}
}

// client gives up on a server that takes the connection and then says nothing.
var client = &http.Client{Transport: func() http.RoundTripper {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.ResponseHeaderTimeout = time.Minute
	return transport
}()}

// get opens an address. It refuses everything that is not an answer of 200.
func get(ctx context.Context, url, accept string) (body io.ReadCloser, retry bool, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, false, err
	}
	request.Header.Set("User-Agent", "crosswheel")
	if accept != "" {
		request.Header.Set("Accept", accept)
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, true, fmt.Errorf("fetching %w", err) // net/http names method and address
	}
	if response.StatusCode != http.StatusOK {
		response.Body.Close()
		again := response.StatusCode >= 500 || response.StatusCode == http.StatusTooManyRequests
		return nil, again, fmt.Errorf("fetching %s: the server answers %s", url, response.Status)
	}
	return response.Body, false, nil
}

// write copies r to a file and returns its checksum.
func write(r io.Reader, to string) (string, error) {
	file, err := os.Create(to)
	if err != nil {
		return "", err
	}
	hash := sha256.New()
	_, err = io.Copy(io.MultiWriter(file, hash), r)
	if err := errors.Join(err, file.Close()); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// copyFile copies a file and returns its checksum.
func copyFile(from, to string) (string, error) {
	file, err := os.Open(from)
	if err != nil {
		return "", err
	}
	defer file.Close()
	return write(file, to)
}

// Store puts a file into a cache of downloads, whole or not at all: other fetches may read there at the same time.
// An empty cache folder is none.
func Store(file, cache, sum string) error {
	if cache == "" {
		return nil
	}
	temporary, err := os.CreateTemp(cache, "new")
	if err != nil {
		return fmt.Errorf("cache of downloads: %w", err)
	}
	temporary.Close()
	if _, err := copyFile(file, temporary.Name()); err != nil {
		os.Remove(temporary.Name())
		return fmt.Errorf("cache of downloads: %w", err)
	}
	if err := os.Rename(temporary.Name(), filepath.Join(cache, sum)); err != nil {
		os.Remove(temporary.Name())
		return fmt.Errorf("cache of downloads: %w", err)
	}
	return nil
}
