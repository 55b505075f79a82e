// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/tonistiigi/fsutil"
	"github.com/tonistiigi/fsutil/types"
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
		target, err := os.Readlink(filepath.Join(o.root, p))
		if err != nil || !filepath.IsAbs(target) || strings.HasPrefix(target, o.root+"/") {
			return fn(p, entry, err)
		}
		info, err := os.Stat(target)
		if err != nil || !info.Mode().IsRegular() {
			return fn(p, entry, err)
		}
		stat := &types.Stat{Path: p, Mode: uint32(info.Mode()), Size: info.Size(), ModTime: info.ModTime().UnixNano()}
		return fn(p, &fsutil.DirEntryInfo{Stat: stat}, nil)
	})
}

// moved gives an open file of the program's own another name instead of a copy, where that can be: on the same file system, for a file that has no
// other name yet and is no link.
func moved(from *os.File, to string) bool {
	info, err := os.Lstat(from.Name())
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && stat.Nlink == 1 && os.Link(from.Name(), to) == nil
}
