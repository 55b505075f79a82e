// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/moby/buildkit/frontend/gateway/client"
)

// File is a file: of the host, or in a file system of the daemon.
type File struct {
	c *Client
	v *lazy[location]
}

// WithName returns the file under another name.
func (f *File) WithName(name string) *File {
	return &File{f.c, then(f.v, func(_ context.Context, l location) (location, error) {
		l.name = name
		return l, nil
	})}
}

// Name returns the file's name.
func (f *File) Name(ctx context.Context) (string, error) {
	l, err := f.v.get(ctx)
	if err != nil {
		return "", err
	}
	return l.baseName(), nil
}

// Sync evaluates the file.
func (f *File) Sync(ctx context.Context) (*File, error) {
	l, _, err := f.open(ctx)
	if err != nil {
		return nil, err
	}
	return &File{f.c, now(l)}, nil
}

// Size returns the file's size in bytes.
func (f *File) Size(ctx context.Context) (int, error) {
	_, r, err := f.open(ctx)
	if err != nil {
		return 0, err
	}
	return r.size, nil
}

// maxContents is the size of the largest file that Contents returns.
const maxContents = 128 << 20

// FileContentsOpts are the options of File.Contents. None is supported.
type FileContentsOpts struct{}

// Contents returns the file's contents. Files of more than 128 MiB are for Export.
func (f *File) Contents(ctx context.Context, opts ...FileContentsOpts) (string, error) {
	l, r, err := f.open(ctx)
	if err != nil {
		return "", err
	}
	if r.size > maxContents {
		return "", fmt.Errorf("%s: %d bytes are too many for Contents, which reads at most %d", l.baseName(), r.size, maxContents)
	}
	var text strings.Builder
	text.Grow(r.size)
	err = r.copy(ctx, &text)
	return text.String(), err
}

// fileReader reads an evaluated file.
type fileReader struct {
	size int
	copy func(ctx context.Context, to io.Writer) error
}

// open evaluates the file and makes sure that it is one.
func (f *File) open(ctx context.Context) (location, fileReader, error) {
	l, err := f.v.get(ctx)
	if err != nil {
		return l, fileReader{}, err
	}
	var r fileReader
	if l.folder != nil {
		r, err = openHost(l)
	} else {
		r, err = f.c.openResult(ctx, l)
	}
	return l, r, err
}

func openHost(l location) (fileReader, error) {
	info, err := l.folder.stat(l.path)
	if err != nil {
		return fileReader{}, err
	}
	if !info.Mode().IsRegular() {
		return fileReader{}, notAFile(l.folder.root + l.path)
	}
	return fileReader{int(info.Size()), func(_ context.Context, to io.Writer) error {
		r, err := l.folder.read(l.path)
		if err != nil {
			return err
		}
		defer r.Close()
		_, err = io.Copy(to, r)
		return err
	}}, nil
}

func notAFile(p string) error { return fmt.Errorf("%s is not a file", p) }

// readSize is how much is asked for at once: a gRPC message holds little more.
const readSize = 4 << 20

func (c *Client) openResult(ctx context.Context, l location) (fileReader, error) {
	ref, err := c.solve(ctx, l.tree.state())
	if err != nil {
		return fileReader{}, err
	}
	stat, err := statFile(ctx, ref, l.path)
	if err != nil {
		return fileReader{}, err
	}
	if !fs.FileMode(stat.Mode).IsRegular() {
		return fileReader{}, notAFile(l.path)
	}
	size := int(stat.Size)
	return fileReader{size, func(ctx context.Context, to io.Writer) error {
		for at := 0; at < size; {
			chunk := &client.FileRange{Offset: at, Length: min(readSize, size-at)}
			read, err := ref.ReadFile(ctx, client.ReadRequest{Filename: l.path, Range: chunk})
			if err != nil {
				return readError(ctx, l.path, err)
			}
			if len(read) == 0 {
				return fmt.Errorf("reading %s: %w", l.path, io.ErrUnexpectedEOF)
			}
			at += len(read)
			if _, err := to.Write(read); err != nil {
				return err
			}
		}
		return nil
	}}, nil
}
