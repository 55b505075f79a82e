// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"

	"github.com/tonistiigi/fsutil"
	"github.com/tonistiigi/fsutil/types"
	"golang.org/x/sync/errgroup"
)

// newOwnFolder is a folder in the program's working directory. A symbolic link in it that leads to a file elsewhere on the host is seen as
// that file: so a program can give out large files of the user's without copying them to its own folder first. (On Dagger there is
// nothing else on a module's host, and such a link leads nowhere.)
func newOwnFolder(root string) *folder {
	f := newFolder(root, func(inner fsutil.FS) (fsutil.FS, error) {
		real, err := filepath.EvalSymlinks(root)
		return ownFS{inner, real}, err
	})
	f.own = true
	return f
}

// ownFS shows links to files outside of its root as the files.
type ownFS struct {
	fsutil.FS
	root string
}

func (o ownFS) Walk(ctx context.Context, start string, fn fs.WalkDirFunc) error {
	return o.FS.Walk(ctx, start, func(p string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Type() != fs.ModeSymlink {
			return fn(p, entry, err)
		}
		_, info := elsewhere(o.root, filepath.Join(o.root, p))
		if info == nil {
			return fn(p, entry, err)
		}
		stat := &types.Stat{Path: p, Mode: uint32(info.Mode()), Size: info.Size(), ModTime: info.ModTime().UnixNano()}
		return fn(p, &fsutil.DirEntryInfo{Stat: stat}, nil)
	})
}

// elsewhere is the file outside of root that a link leads to; nothing if there is none.
func elsewhere(root, link string) (target string, info fs.FileInfo) {
	target, err := os.Readlink(link)
	if err != nil || !filepath.IsAbs(target) || strings.HasPrefix(target, root+"/") {
		return target, nil
	}
	if info, err = os.Stat(target); err != nil || !info.Mode().IsRegular() {
		return target, nil
	}
	return target, info
}

// copyOwn brings an own folder to dir, which is there, on all processors. Its files need no copy where they can be given another name: on the same file system.
func copyOwn(ctx context.Context, f *folder, dir string) error {
	root, err := filepath.EvalSymlinks(f.root)
	if err != nil {
		return err
	}
	copying, ctx := errgroup.WithContext(ctx)
	copying.SetLimit(runtime.GOMAXPROCS(0))
	err = copyOwnFolder(ctx, copying, root, root, dir)
	return firstError(copying.Wait(), err)
}

// copyOwnFolder leaves the files of each folder to copying, all of them at once: one is done too soon to be handed over.
func copyOwnFolder(ctx context.Context, copying *errgroup.Group, root, from, to string) error {
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	folders := slices.DeleteFunc(slices.Clone(entries), func(e fs.DirEntry) bool { return !e.IsDir() })
	if len(folders) < len(entries) {
		copying.Go(func() error {
			for _, e := range entries {
				if e.IsDir() || ctx.Err() != nil {
					continue
				}
				if err := copyOwnFile(root, filepath.Join(from, e.Name()), filepath.Join(to, e.Name()), e.Type()); err != nil {
					return err
				}
			}
			return ctx.Err()
		})
	}
	for _, e := range folders {
		below := filepath.Join(to, e.Name())
		if err := os.Mkdir(below, 0o755); err != nil {
			return err
		}
		if err := copyOwnFolder(ctx, copying, root, filepath.Join(from, e.Name()), below); err != nil {
			return err
		}
	}
	return nil
}

func copyOwnFile(root, from, to string, kind fs.FileMode) error {
	var info fs.FileInfo
	var err error
	switch kind {
	case fs.ModeSymlink:
		target, outside := elsewhere(root, from)
		if outside == nil {
			return os.Symlink(target, to)
		}
		from, info = target, outside
	case 0:
		if info, err = os.Lstat(from); err != nil {
			return err
		}
		if info.Sys().(*syscall.Stat_t).Nlink == 1 && os.Link(from, to) == nil { // no one else has a name of it
			return nil
		}
	default: // as folder.each
		return nil
	}
	r, err := openShortly(from, syscall.O_RDONLY, 0)
	if err != nil {
		return err
	}
	defer r.Close()
	return copyFile(r, to, info.Mode())
}
