// SPDX-License-Identifier: Apache-2.0

package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// download fills a file with what an address gives, with retries. Each goes on where the last one ended, if the server can do that. It
// gives the number of answers that the file was put together from, where what it held before counts as one.
func download(ctx context.Context, url string, file *os.File) (pieces int, err error) {
	have, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return 0, err
	}
	if have > 0 {
		pieces = 1
	}
	err = retry(ctx, func() (again bool, err error) {
		body, from, again, err := getRange(ctx, url, have)
		if err != nil {
			return again, err
		}
		defer body.Close()
		if from == 0 {
			pieces = 0
		}
		if from != have {
			if err := errors.Join(file.Truncate(from), seek(file, from)); err != nil {
				return false, err
			}
		}
		n, err := io.Copy(file, body)
		if have = from + n; n > 0 {
			pieces++
		}
		if err != nil {
			var local *fs.PathError // a full disk, say
			return !errors.As(err, &local), fmt.Errorf("fetching %s: %w", url, err)
		}
		return false, nil
	})
	return max(pieces, 1), err
}

func seek(file *os.File, to int64) error {
	_, err := file.Seek(to, io.SeekStart)
	return err
}

// client gives up on a server that takes the connection and then says nothing.
var client = &http.Client{Transport: func() http.RoundTripper {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.ResponseHeaderTimeout = time.Minute
	return transport
}()}

// silence is how long a server may say nothing in the middle of its answer. Tests wait less.
var silence = time.Minute

// get opens an address. It refuses everything that is not an answer of 200.
func get(ctx context.Context, url, accept string) (body io.ReadCloser, retry bool, err error) {
	response, retry, err := ask(ctx, url, http.Header{"Accept": {accept}})
	if err != nil {
		return nil, retry, err
	}
	return response.Body, false, nil
}

// getRange opens an address from a place on. A server may start at the beginning all the same, or say that the place does not exist: then it is
// asked for all. The place where the answer begins is given back.
func getRange(ctx context.Context, url string, from int64) (body io.ReadCloser, at int64, retry bool, err error) {
	header := http.Header{}
	if from > 0 {
		header.Set("Range", fmt.Sprintf("bytes=%d-", from))
	}
	response, retry, err := ask(ctx, url, header)
	var refused *StatusError
	switch {
	case errors.As(err, &refused) && refused.Code == http.StatusRequestedRangeNotSatisfiable && from > 0:
		return getRange(ctx, url, 0)
	case err != nil:
		return nil, 0, retry, err
	case response.StatusCode == http.StatusOK:
		return response.Body, 0, false, nil
	case !strings.HasPrefix(response.Header.Get("Content-Range"), fmt.Sprintf("bytes %d-", from)) || from == 0:
		response.Body.Close()
		return nil, 0, false, fmt.Errorf("fetching %s: the server answers another part of it: %q", url, response.Header.Get("Content-Range"))
	}
	return response.Body, from, false, nil
}

// StatusError is an answer other than the wanted one.
type StatusError struct {
	URL, Status string // "404 Not Found"
	Code        int    // 404
}

func (e *StatusError) Error() string {
	return fmt.Sprintf("fetching %s: the server answers %s", e.URL, e.Status)
}

// ask sends a request. An answer is one of 200, or of 206 where a range was asked for.
func ask(ctx context.Context, url string, header http.Header) (response *http.Response, retry bool, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		cancel(nil)
		return nil, false, err
	}
	request.Header = header
	request.Header.Set("User-Agent", "crosswheel")
	response, err = client.Do(request)
	if err != nil {
		cancel(nil)
		return nil, true, fmt.Errorf("fetching %w", err) // net/http names method and address
	}
	if code := response.StatusCode; code != http.StatusOK && (code != http.StatusPartialContent || header.Get("Range") == "") {
		response.Body.Close()
		cancel(nil)
		again := code >= 500 || code == http.StatusTooManyRequests || code == http.StatusRequestTimeout
		return nil, again, &StatusError{url, response.Status, code}
	}
	response.Body = newPatient(response.Body, cancel)
	return response, false, nil
}

// patient is the body of an answer that may pause, but not for ever.
type patient struct {
	io.ReadCloser
	timer  *time.Timer
	cancel context.CancelCauseFunc
}

func newPatient(body io.ReadCloser, cancel context.CancelCauseFunc) *patient {
	stop := func() { cancel(fmt.Errorf("the server said nothing for %v", silence)) }
	return &patient{body, time.AfterFunc(silence, stop), cancel}
}

// Read implements io.Reader.
func (p *patient) Read(b []byte) (int, error) {
	n, err := p.ReadCloser.Read(b)
	p.timer.Reset(silence)
	return n, err
}

// Close implements io.Closer.
func (p *patient) Close() error {
	p.timer.Stop()
	defer p.cancel(nil)
	return p.ReadCloser.Close()
}

// lock opens a file of which there is one user at a time, in whichever program: the others wait. It gives nil where the user before has taken it
// away in the meantime.
func lock(ctx context.Context, name string) (*os.File, error) {
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	for {
		err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil {
			break
		} else if !errors.Is(err, unix.EWOULDBLOCK) && !errors.Is(err, unix.EINTR) {
			file.Close()
			return nil, &fs.PathError{Op: "locking", Path: name, Err: err}
		}
		select {
		case <-ctx.Done():
			file.Close()
			return nil, context.Cause(ctx)
		case <-time.After(100 * time.Millisecond):
		}
	}
	ours, err := file.Stat()
	if err != nil {
		file.Close()
		return nil, err
	}
	if there, err := os.Stat(name); err != nil || !os.SameFile(ours, there) {
		file.Close()
		return nil, nil
	}
	return file, nil
}
