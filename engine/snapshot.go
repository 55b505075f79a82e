// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"sync"

	"github.com/moby/buildkit/client/llb"
	"github.com/tonistiigi/fsutil"
	"github.com/tonistiigi/fsutil/types"
)

// snapshot is what a folder of the host held when it was first needed. The daemon knows it by a name made of its
// content: the same files get the same name in every run and in every clone, so that what is built from them has the
// same definition. A file that has changed since is an error, never other content under the old name.
type snapshot struct {
	files   fsutil.FS
	entries []*types.Stat
	sums    map[string][sha256.Size]byte
	name    string
}

func (f *folder) snapshot(ctx context.Context) (*snapshot, error) {
	files, entries, err := f.list(ctx)
	if err != nil {
		return nil, err
	}
	s := &snapshot{files: files, entries: entries, sums: make(map[string][sha256.Size]byte)}
	all := sha256.New()
	for _, e := range entries {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		fmt.Fprintf(all, "%q %o %d %q", e.Path, e.Mode, e.Size, e.Linkname)
		if fs.FileMode(e.Mode).IsRegular() {
			sum, err := knownSums.of(files, e.Path)
			if err != nil {
				return nil, fmt.Errorf("reading %s of the host's folder %s: %w", e.Path, f.root, err)
			}
			s.sums[e.Path] = sum
			all.Write(sum[:])
		}
	}
	s.name = "host-" + hex.EncodeToString(all.Sum(nil))
	return s, nil
}

// Walk implements fsutil.FS.
func (s *snapshot) Walk(ctx context.Context, _ string, fn fs.WalkDirFunc) error {
	for _, e := range s.entries {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := fn(e.Path, &fsutil.DirEntryInfo{Stat: e.Clone()}, nil); err != nil {
			return err
		}
	}
	return nil
}

// Open implements fsutil.FS. It never fails, since the sender takes a file that does not open for an empty one: the
// first read does.
func (s *snapshot) Open(p string) (io.ReadCloser, error) {
	c := &checkedFile{path: p, want: s.sums[p], sum: sha256.New()}
	if c.file, c.err = s.files.Open(p); c.err != nil {
		c.file = io.NopCloser(nil)
	}
	return c, nil
}

// checkedFile fails where a file ends that is not the one whose sum was taken.
type checkedFile struct {
	path string
	file io.ReadCloser
	err  error
	sum  hash.Hash
	want [sha256.Size]byte
}

func (c *checkedFile) Read(p []byte) (int, error) {
	if c.err != nil {
		return 0, c.err
	}
	n, err := c.file.Read(p)
	c.sum.Write(p[:n])
	if errors.Is(err, io.EOF) && [sha256.Size]byte(c.sum.Sum(nil)) != c.want {
		err = fmt.Errorf("%s has changed while it was used: run again", c.path)
	}
	return n, err
}

func (c *checkedFile) Close() error { return c.file.Close() }

// folderSource serves snapshots to the daemon, by name.
type folderSource struct {
	mu   sync.Mutex
	held map[string]*snapshot
}

// LookupDir implements filesync.DirSource.
func (s *folderSource) LookupDir(name string) (fsutil.FS, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.held[name]
	return found, ok
}

// all returns what is served.
func (s *folderSource) all() map[string]fsutil.FS {
	s.mu.Lock()
	defer s.mu.Unlock()
	held := make(map[string]fsutil.FS, len(s.held))
	for name, content := range s.held {
		held[name] = content
	}
	return held
}

// state returns the folder as a source of the daemon.
func (s *folderSource) state(ctx context.Context, f *folder) (llb.State, error) {
	content, err := f.content.get(ctx)
	if err != nil {
		return llb.State{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held == nil {
		s.held = make(map[string]*snapshot)
	}
	s.held[content.name] = content
	// The unique identity would be random, and with it the digest of all that is built from the source.
	return llb.Local(content.name, llb.LocalUniqueID(content.name), llb.WithCustomName(hiddenPrefix+"from the host")), nil
}
