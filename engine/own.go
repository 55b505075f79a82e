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

	"crosswheel/engine/internal/lastuse"
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

// takeOwn brings an own folder to dir, which is there and empty, on all processors. Its files need no copy where they can be given another name, on the
// same file system, and not even that where nobody uses the folder any more.
func takeOwn(ctx context.Context, f *folder, dir string) error {
	root, err := filepath.EvalSymlinks(f.root)
	if err != nil {
		return err
	}
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	t := taking{root: root, mode: info.Mode()}
	from := root
	if lastuse.Is(ctx) && inWorkdir(root) && syscall.Rename(root, dir) == nil { // os.Rename does not replace a folder
		t.moved, from = true, dir
		if err := os.Chmod(dir, t.mode); err != nil {
			return err
		}
	}
	t.files, ctx = errgroup.WithContext(ctx)
	t.files.SetLimit(runtime.GOMAXPROCS(0))
	err = t.folder(ctx, from, dir)
	return firstError(t.files.Wait(), err)
}

// inWorkdir says whether a folder really lies in the working directory: the way to it may lead over a link to the user's own, which is copied.
func inWorkdir(root string) bool {
	work, err := os.Getwd()
	if err == nil {
		work, err = filepath.EvalSymlinks(work)
	}
	return err == nil && strings.HasPrefix(root, work+"/")
}

// taking is an own folder on its way out.
type taking struct {
	root  string      // where it was
	mode  fs.FileMode // of folders
	moved bool        // all of it is there under its name; what shares its content with others is still to be replaced by copies
	files *errgroup.Group
}

// folder leaves the files of each folder to a goroutine, all of them at once: one is done too soon to be handed over.
func (t *taking) folder(ctx context.Context, from, to string) error {
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	folders := slices.DeleteFunc(slices.Clone(entries), func(e fs.DirEntry) bool { return !e.IsDir() })
	if len(folders) < len(entries) {
		t.files.Go(func() error {
			for _, e := range entries {
				if e.IsDir() || ctx.Err() != nil {
					continue
				}
				if err := t.file(filepath.Join(from, e.Name()), filepath.Join(to, e.Name()), e.Type()); err != nil {
					return err
				}
			}
			return ctx.Err()
		})
	}
	for _, e := range folders {
		below := filepath.Join(to, e.Name())
		if t.moved {
			err = os.Chmod(below, t.mode)
		} else {
			err = os.Mkdir(below, t.mode.Perm())
		}
		if err != nil {
			return err
		}
		if err := t.folder(ctx, filepath.Join(from, e.Name()), below); err != nil {
			return err
		}
	}
	return nil
}

func (t *taking) file(from, to string, kind fs.FileMode) error {
	var info fs.FileInfo
	var err error
	switch kind {
	case fs.ModeSymlink:
		target, outside := elsewhere(t.root, from)
		switch {
		case outside != nil:
			from, info = target, outside
		case t.moved:
			return nil
		default:
			return os.Symlink(target, to)
		}
	case 0:
		if info, err = os.Lstat(from); err != nil {
			return err
		}
		if info.Sys().(*syscall.Stat_t).Nlink == 1 && (t.moved || os.Link(from, to) == nil) { // no one else has a name of it
			return nil
		}
	default: // as folder.each
		if t.moved {
			return os.Remove(to)
		}
		return nil
	}
	r, err := openShortly(from, syscall.O_RDONLY, 0)
	if err != nil {
		return err
	}
	defer r.Close()
	if t.moved {
		if err := os.Remove(to); err != nil {
			return err
		}
	}
	return copyFile(r, to, info.Mode())
}
