// SPDX-License-Identifier: Apache-2.0

package source

import (
	"archive/zip"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
)

// RemoteNames gives the names of the files in a zip archive that a server has, and fetches no more of it than the directory at its end, if the
// server can do that.
func RemoteNames(ctx context.Context, url string) ([]string, error) {
	r := &remote{ctx: ctx, url: url}
	if err := retry(ctx, r.readEnd); err != nil {
		return nil, err
	}
	if r.whole != nil {
		defer os.Remove(r.whole.Name())
		defer r.whole.Close()
	}
	archive, err := zip.NewReader(r, r.size)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", url, err)
	}
	var names []string
	for _, f := range archive.File {
		names = append(names, f.Name)
	}
	return names, nil
}

// remote is a file on a server. It keeps the part that was read last: the parts of a directory are read one after the other.
type remote struct {
	ctx   context.Context
	url   string
	size  int64
	at    int64 // where the part begins
	part  []byte
	whole *os.File // where the server gives nothing less
}

// block is how much is asked for at once.
const block = 256 << 10

// readEnd reads the last part of the file, and with it learns the size.
func (r *remote) readEnd() (again bool, err error) {
	response, again, err := ask(r.ctx, r.url, http.Header{"Range": {fmt.Sprintf("bytes=-%d", block)}})
	if err != nil {
		return again, err
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusOK {
		return true, r.readWhole(response.Body)
	}
	var first, last int64
	if _, err := fmt.Sscanf(response.Header.Get("Content-Range"), "bytes %d-%d/%d", &first, &last, &r.size); err != nil {
		return false, fmt.Errorf("fetching %s: its answer's Content-Range is %q", r.url, response.Header.Get("Content-Range"))
	}
	r.at = first
	r.part, err = io.ReadAll(io.LimitReader(response.Body, block))
	return true, err
}

func (r *remote) readWhole(body io.Reader) (err error) {
	if r.whole == nil {
		if r.whole, err = os.CreateTemp("", "remote"); err != nil {
			return err
		}
	}
	if err := seek(r.whole, 0); err != nil {
		return err
	}
	r.size, err = io.Copy(r.whole, body)
	return err
}

// ReadAt implements io.ReaderAt.
func (r *remote) ReadAt(p []byte, at int64) (int, error) {
	if r.whole != nil {
		return r.whole.ReadAt(p, at)
	}
	done := 0
	for done < len(p) {
		from := at + int64(done)
		if from >= r.size {
			return done, io.EOF
		}
		if from < r.at || from >= r.at+int64(len(r.part)) {
			if err := retry(r.ctx, func() (bool, error) { return r.readPart(from) }); err != nil {
				return done, err
			}
		}
		done += copy(p[done:], r.part[from-r.at:])
	}
	return done, nil
}

func (r *remote) readPart(from int64) (again bool, err error) {
	response, again, err := ask(r.ctx, r.url, http.Header{"Range": {fmt.Sprintf("bytes=%d-%d", from, min(from+block, r.size)-1)}})
	if err != nil {
		return again, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusPartialContent {
		return false, fmt.Errorf("fetching %s: the server gave a part of it, and then no more", r.url)
	}
	part, err := io.ReadAll(io.LimitReader(response.Body, block))
	if err != nil || len(part) == 0 {
		return true, fmt.Errorf("fetching %s: %w", r.url, io.ErrUnexpectedEOF)
	}
	r.at, r.part = from, part
	return false, nil
}
