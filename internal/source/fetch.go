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
// anything else is tried again, then at the next address. What an attempt got is not asked for again, not even by another
// program later, where there is a cache: it holds SHA256.part until the file is whole.
func Fetch(ctx context.Context, r Request, to string) error {
	if r.Cache == "" || r.SHA256 == "" {
		file, err := os.Create(to)
		if err != nil {
			return err
		}
		err = errors.Join(r.get(ctx, file), file.Close())
		if err != nil {
			os.Remove(to)
		}
		return err
	}
	cached := filepath.Join(r.Cache, r.SHA256)
	for {
		if sum, err := copyFile(cached, to); err == nil && sum == r.SHA256 {
			return nil
		}
		os.Remove(to)
		part, err := lock(ctx, cached+".part")
		if err != nil {
			return fmt.Errorf("cache of downloads: %w", err)
		}
		if part == nil {
			continue // whoever had it has finished, or has failed
		}
		err = r.get(ctx, part)
		if wrong := (*ChecksumError)(nil); err == nil {
			err = os.Rename(part.Name(), cached)
		} else if info, _ := part.Stat(); errors.As(err, &wrong) || info == nil || info.Size() == 0 {
			os.Remove(part.Name()) // nothing of it is of use
		}
		if err := errors.Join(err, part.Close()); err != nil {
			return err
		}
	}
}

// get fills a file from the addresses. What is in it already is taken for the beginning.
func (r Request) get(ctx context.Context, file *os.File) error {
	failures := []error{}
	for _, url := range r.URLs {
		err := r.getFrom(ctx, url, file)
		if wrong := (*ChecksumError)(nil); err == nil || errors.As(err, &wrong) {
			return err
		}
		failures = append(failures, err)
	}
	if len(failures) == 0 {
		return ErrNotCached
	}
	return errors.Join(failures...)
}

// getFrom fills a file from one address, and compares the checksum. Bytes that were put together from several answers, and are
// wrong, are fetched once more in one.
func (r Request) getFrom(ctx context.Context, url string, file *os.File) error {
	for {
		pieces, err := download(ctx, url, file)
		if err != nil {
			return err
		}
		actual, err := sumOfFile(file)
		if err != nil || actual == r.SHA256 {
			return err
		}
		if pieces == 1 {
			return &ChecksumError{URL: url, Want: r.SHA256, Actual: actual}
		}
		if err := file.Truncate(0); err != nil {
			return err
		}
	}
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

// sumOfFile gives an open file's checksum.
func sumOfFile(file *os.File) (string, error) {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
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
