// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"syscall"

	"github.com/moby/buildkit/frontend/gateway/client"
	"github.com/tonistiigi/fsutil/types"
)

// checkDirectory evaluates l and makes sure that it is a directory.
func (c *Client) checkDirectory(ctx context.Context, l location) error {
	if l.folder != nil {
		_, err := l.folder.open()
		return err
	}
	ref, err := c.solve(ctx, l.tree.state())
	if err != nil || ref == nil && l.path == "/" {
		return err
	}
	stat, err := statFile(ctx, ref, l.path)
	if err != nil {
		return err
	}
	if !fs.FileMode(stat.Mode).IsDir() {
		return &fs.PathError{Op: "open", Path: l.path, Err: syscall.ENOTDIR}
	}
	return nil
}

// statFile looks at a path in a result, which is nil for a file system without anything.
func statFile(ctx context.Context, ref client.Reference, p string) (*types.Stat, error) {
	if ref == nil {
		return nil, &fs.PathError{Op: "stat", Path: p, Err: syscall.ENOENT}
	}
	stat, err := ref.StatFile(ctx, client.StatRequest{Path: p})
	if err != nil {
		return nil, readError(ctx, p, err)
	}
	return stat, nil
}

// readError is the error of a read from a result. BuildKit's text repeats itself and tells of mounts.
func readError(ctx context.Context, p string, err error) error {
	if err := stopped(ctx, err); err != nil {
		return err
	}
	if strings.Contains(err.Error(), "no such file or directory") {
		return &fs.PathError{Op: "open", Path: p, Err: syscall.ENOENT}
	}
	return fmt.Errorf("reading %s: %w", p, err)
}

// DirectoryEntriesOpts are the options of Directory.Entries.
type DirectoryEntriesOpts struct {
	// Path is the directory to list, seen from this one.
	Path string
}

// Entries returns the names of what the directory holds, sorted; those of directories end in a slash.
func (d *Directory) Entries(ctx context.Context, opts ...DirectoryEntriesOpts) ([]string, error) {
	at := firstOption(opts).Path
	list, err := d.lister(ctx)
	if err != nil {
		return nil, err
	}
	entries, err := list(ctx, relative(at))
	if err != nil {
		return nil, err
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = slashed(path.Base(e.Path), e)
	}
	slices.Sort(names)
	return names, nil
}

func slashed(name string, e *types.Stat) string {
	if fs.FileMode(e.Mode).IsDir() {
		return name + "/"
	}
	return name
}

// lister evaluates the directory and returns a function that lists a path in it: each entry's name is the last
// element of its Path.
func (d *Directory) lister(ctx context.Context) (func(context.Context, string) ([]*types.Stat, error), error) {
	l, err := d.v.get(ctx)
	if err != nil {
		return nil, err
	}
	if l.folder != nil {
		return listHost(ctx, l.folder)
	}
	ref, err := d.c.solve(ctx, l.tree.state())
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, p string) ([]*types.Stat, error) {
		p = join(l.path, p)
		if ref == nil && p == "/" {
			return nil, nil
		}
		if _, err := statFile(ctx, ref, p); err != nil {
			return nil, err
		}
		entries, err := ref.ReadDir(ctx, client.ReadDirRequest{Path: p})
		if err != nil {
			return nil, readError(ctx, p, err)
		}
		return entries, nil
	}, nil
}

func listHost(ctx context.Context, f *folder) (func(context.Context, string) ([]*types.Stat, error), error) {
	_, all, err := f.list(ctx)
	if err != nil {
		return nil, err
	}
	children := map[string][]*types.Stat{".": nil}
	for _, e := range all {
		children[path.Dir(e.Path)] = append(children[path.Dir(e.Path)], e)
		if fs.FileMode(e.Mode).IsDir() && children[e.Path] == nil {
			children[e.Path] = []*types.Stat{}
		}
	}
	return func(_ context.Context, p string) ([]*types.Stat, error) {
		entries, ok := children[p]
		if !ok {
			return nil, &fs.PathError{Op: "open", Path: path.Join(f.root, p), Err: syscall.ENOENT}
		}
		return entries, nil
	}, nil
}

// Glob returns the paths that match the pattern, in the order of a walk; those of directories end in a slash. A star
// stays within one level, two of them cross levels.
func (d *Directory) Glob(ctx context.Context, pattern string) ([]string, error) {
	elements := strings.Split(relative(pattern), "/")
	if _, err := matchPath(elements, elements); err != nil {
		return nil, fmt.Errorf("pattern %q: %w", pattern, err)
	}
	depth := len(elements)
	if slices.Contains(elements, "**") {
		depth = -1
	}
	list, err := d.lister(ctx)
	if err != nil {
		return nil, err
	}
	var found []string
	var walk func(at []string) error
	walk = func(at []string) error {
		entries, err := list(ctx, relative(path.Join(at...)))
		if err != nil {
			return err
		}
		for _, e := range entries {
			p := append(at[:len(at):len(at)], path.Base(e.Path))
			if ok, _ := matchPath(elements, p); ok {
				found = append(found, slashed(path.Join(p...), e))
			}
			if fs.FileMode(e.Mode).IsDir() && len(p) != depth {
				if err := walk(p); err != nil {
					return err
				}
			}
		}
		return nil
	}
	return found, walk(nil)
}

// matchPath matches a path against a pattern, element by element; "**" stands for any number of elements, and for one
// at least where it is the last.
func matchPath(pattern, p []string) (bool, error) {
	for len(pattern) > 0 {
		if pattern[0] == "**" {
			if len(pattern) == 1 {
				return len(p) > 0, nil
			}
			for i := range len(p) + 1 {
				if ok, err := matchPath(pattern[1:], p[i:]); ok || err != nil {
					return ok, err
				}
			}
			return false, nil
		}
		if len(p) == 0 {
			return false, nil
		}
		if ok, err := path.Match(pattern[0], p[0]); !ok || err != nil {
			return false, err
		}
		pattern, p = pattern[1:], p[1:]
	}
	return len(p) == 0, nil
}
