// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/tonistiigi/fsutil"
	"github.com/tonistiigi/fsutil/types"
)

// folder is a folder of the host as it is seen through views: filters, a folder in it, one file of it. It is read
// when it is needed, and its content is named once (see snapshot).
type folder struct {
	root    string // absolute
	views   []view
	own     bool // the program's own working directory, which ends with it
	content *lazy[*snapshot]
}

type view func(fsutil.FS) (fsutil.FS, error)

// fixedTime is the modification time of every file that the client writes or takes from the host: they are known by
// their content, so nothing else may tell two of them apart.
var fixedTime = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

func newFolder(root string, views ...view) *folder {
	f := &folder{root: root, views: views}
	f.content = later(f.snapshot)
	return f
}

func (f *folder) with(v view) *folder {
	changed := newFolder(f.root, append(f.views[:len(f.views):len(f.views)], v)...)
	changed.own = f.own
	return changed
}

// sub is the folder p in f. Without filters it is a folder like any other, so that nothing around it is read.
func (f *folder) sub(p string) *folder {
	p = relative(p)
	switch {
	case p == ".":
		return f
	case len(f.views) == 0:
		return newFolder(filepath.Join(f.root, p))
	}
	return f.with(func(inner fsutil.FS) (fsutil.FS, error) { return subFS{inner, p + "/", ""}, nil })
}

// only is the folder that holds nothing but the file p of f.
func (f *folder) only(p string) *folder {
	f, name := f.sub(path.Dir(path.Join("/", p))), path.Base(p)
	return f.with(func(inner fsutil.FS) (fsutil.FS, error) { return subFS{inner, "", name}, nil })
}

func (f *folder) filter(by filter) *folder {
	if by.isZero() {
		return f
	}
	return f.with(func(inner fsutil.FS) (fsutil.FS, error) {
		return fsutil.NewFilterFS(inner, &fsutil.FilterOpt{IncludePatterns: by.include, ExcludePatterns: by.exclude})
	})
}

// relative turns a path in a tree into one that starts at its root: "a/b", or "." for the root itself.
func relative(p string) string {
	if p = strings.TrimPrefix(path.Join("/", p), "/"); p == "" {
		return "."
	}
	return p
}

func (f *folder) open() (fsutil.FS, error) {
	seen, err := fsutil.NewFS(f.root)
	for _, v := range f.views {
		if err != nil {
			break
		}
		seen, err = v(seen)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the host's folder %s: %w", f.root, err)
	}
	return seen, nil
}

// list returns what the folder holds, parents first, without owners, times and links between files. Sockets, pipes
// and devices are left out.
func (f *folder) list(ctx context.Context) (fsutil.FS, []*types.Stat, error) {
	seen, err := f.open()
	if err != nil {
		return nil, nil, err
	}
	var entries []*types.Stat
	err = f.each(ctx, seen, func(stat *types.Stat) error {
		entries = append(entries, stat)
		return nil
	})
	return seen, entries, err
}

// each calls do with what the folder holds, as list lists it.
func (f *folder) each(ctx context.Context, seen fsutil.FS, do func(*types.Stat) error) error {
	err := seen.Walk(ctx, "/", func(p string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		stat := &types.Stat{Path: filepath.ToSlash(p), Mode: uint32(info.Mode()), ModTime: fixedTime.UnixNano()}
		switch info.Mode().Type() {
		case 0:
			stat.Size = info.Size()
		case fs.ModeSymlink:
			stat.Linkname = info.Sys().(*types.Stat).Linkname
			stat.Size = info.Size()
		case fs.ModeDir:
		default:
			return nil
		}
		return do(stat)
	})
	if err != nil {
		return fmt.Errorf("reading the host's folder %s: %w", f.root, err)
	}
	return nil
}

// read opens the file p of the folder.
func (f *folder) read(p string) (io.ReadCloser, error) {
	seen, err := f.open()
	if err != nil {
		return nil, err
	}
	r, err := seen.Open(relative(p))
	if err != nil {
		return nil, fmt.Errorf("reading %s of the host's folder %s: %w", relative(p), f.root, err)
	}
	return r, nil
}

// stat looks at p in the folder, following links.
func (f *folder) stat(p string) (fs.FileInfo, error) {
	r, err := f.read(p)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	file, ok := r.(interface{ Stat() (fs.FileInfo, error) })
	if !ok {
		return nil, fmt.Errorf("%s of the host's folder %s: not a file", p, f.root)
	}
	return file.Stat()
}

// subFS shows what lies below a prefix of another file system, or one name in its root.
type subFS struct {
	inner  fsutil.FS
	prefix string // "" or a path that ends in a slash
	name   string // if set, the prefix is empty and nothing else is shown
}

func (s subFS) Walk(ctx context.Context, _ string, fn fs.WalkDirFunc) error {
	// The start is the root, or a name in it: further down, a filter would not see the folders above.
	return s.inner.Walk(ctx, s.name, func(p string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		p, below := strings.CutPrefix(p, s.prefix)
		if !below || s.name != "" && p != s.name {
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		stat := info.Sys().(*types.Stat)
		stat.Path = p
		return fn(p, &fsutil.DirEntryInfo{Stat: stat}, nil)
	})
}

func (s subFS) Open(p string) (io.ReadCloser, error) {
	if s.name != "" && p != s.name {
		return nil, &os.PathError{Op: "open", Path: p, Err: syscall.ENOENT}
	}
	return s.inner.Open(s.prefix + p)
}
