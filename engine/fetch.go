// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"archive/tar"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"

	"github.com/moby/buildkit/client"
)

// fetch has the daemon write a tree to a folder. It comes as a tar stream, since BuildKit's own receiver goes on writing
// for a while when it is stopped, and keeps to itself why it failed.
func (c *Client) fetch(ctx context.Context, t tree, dir string) error {
	s, err := c.session.get(ctx)
	if err != nil {
		return err
	}
	def, err := c.definition(ctx, s, t.state())
	if err != nil || len(def.Def) == 0 {
		return err
	}
	received, sent := io.Pipe()
	written := make(chan error, 1)
	go func() {
		err := unpack(received, dir)
		received.CloseWithError(err) // the sender gets to know
		written <- err
	}()
	_, err = s.daemon.Solve(ctx, def, client.SolveOpt{
		Internal:    true,
		Session:     c.attachables(),
		LocalMounts: c.folders.all(),
		Exports: []client.ExportEntry{{
			Type:   client.ExporterTar,
			Output: func(map[string]string) (io.WriteCloser, error) { return sent, nil },
		}},
	}, s.status())
	if err != nil {
		sent.CloseWithError(err)
	}
	writeErr := <-written
	switch {
	case err == nil || isFileError(writeErr):
		return writeErr
	default:
		return s.solveError(ctx, err)
	}
}

// isFileError says whether an error comes of the host's file system.
func isFileError(err error) bool {
	var file *fs.PathError
	var link *os.LinkError
	return errors.As(err, &file) || errors.As(err, &link)
}

// unpack writes what a tar stream holds to a folder: directories, files and links, owned by the caller. It stays within
// the folder.
func unpack(r io.Reader, dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	archive := tar.NewReader(r)
	for {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			// What follows the end of the archive is padding, which the sender wants to get rid of.
			_, err = io.Copy(io.Discard, r)
			return err
		}
		if err == nil {
			err = unpackEntry(root, h, archive)
		}
		if err != nil {
			return err
		}
	}
}

func unpackEntry(root *os.Root, h *tar.Header, contents io.Reader) error {
	name := relative(h.Name)
	if name == "." {
		return nil
	}
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	switch h.Typeflag {
	case tar.TypeDir:
		return root.MkdirAll(name, 0o755)
	case tar.TypeSymlink:
		return root.Symlink(h.Linkname, name)
	case tar.TypeLink:
		return root.Link(relative(h.Linkname), name)
	case tar.TypeReg:
		w, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return err
		}
		_, err = io.Copy(w, contents)
		if err := firstError(err, w.Close()); err != nil {
			return err
		}
		return firstError(root.Chmod(name, h.FileInfo().Mode().Perm()), root.Chtimes(name, h.ModTime, h.ModTime))
	}
	return nil // a device or a pipe is of no use on the host
}
