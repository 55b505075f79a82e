// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
)

// ContainerDirectoryOpts are the options of Container.Directory. None is supported.
type ContainerDirectoryOpts struct{}

// Directory returns the directory at the path. Below a mounted directory it is what is mounted, without what execs
// have written there.
func (r *Container) Directory(path string, opts ...ContainerDirectoryOpts) *Directory {
	return &Directory{r.c, then(r.v, func(_ context.Context, v containerValue) (location, error) {
		l, rest, err := v.locate(path)
		if err != nil {
			return location{}, err
		}
		if l.folder != nil {
			l.folder = l.folder.sub(rest)
			return l, nil
		}
		l.path = join(l.path, rest)
		return l, nil
	})}
}

// ContainerFileOpts are the options of Container.File. None is supported.
type ContainerFileOpts struct{}

// File returns the file at the path. Below a mounted directory it is what is mounted, without what execs have written
// there.
func (r *Container) File(path string, opts ...ContainerFileOpts) *File {
	return &File{r.c, then(r.v, func(_ context.Context, v containerValue) (location, error) {
		l, rest, err := v.locate(path)
		if err != nil || rest == "." {
			return l, err
		}
		return l.file(rest), nil
	})}
}

// locate finds what a path of the container shows: a location, and the path in it.
func (v containerValue) locate(p string) (location, string, error) {
	p = v.absolute(p)
	m := v.mountAt(p)
	switch {
	case m == nil:
		return location{tree: v.root, path: "/"}, relative(p), nil
	case m.source == nil:
		return location{}, "", fmt.Errorf("cannot retrieve path from %s: %s", m.kind, p)
	}
	return *m.source, relative(strings.TrimPrefix(p, m.target)), nil
}

// mountAt returns the mount that hides the root at p, if any.
func (v containerValue) mountAt(p string) *mount {
	for i := len(v.mounts) - 1; i >= 0; i-- { // they are sorted: the innermost comes first
		if m := &v.mounts[i]; isBelow(p, m.target) {
			return m
		}
	}
	return nil
}

// isBelow says whether p is dir or in it.
func isBelow(p, dir string) bool {
	return p == dir || strings.HasPrefix(p, strings.TrimSuffix(dir, "/")+"/")
}

// write changes what the container shows at p: its root, or a mounted directory. The function gets the tree to
// change and the path in it.
func (r *Container) write(p string, f func(ctx context.Context, t tree, at string) (tree, error)) *Container {
	return r.change(func(ctx context.Context, v containerValue) (containerValue, error) {
		at := v.absolute(p)
		m := v.mountAt(at)
		if m == nil {
			var err error
			v.root, err = f(ctx, v.root, at)
			return v, err
		}
		if m.source == nil {
			return v, fmt.Errorf("cannot write to %s: %s", m.kind, at)
		}
		l, err := r.c.resolveBase(ctx, *m.source)
		if err != nil {
			return v, err
		}
		l.tree, err = f(ctx, l.tree, path.Join(l.path, strings.TrimPrefix(at, m.target)))
		if err != nil {
			return v, err
		}
		i := slices.IndexFunc(v.mounts, func(o mount) bool { return o.target == m.target })
		v.mounts = slices.Clone(v.mounts)
		v.mounts[i].source = &l
		return v, nil
	})
}

// ContainerWithDirectoryOpts are the options of Container.WithDirectory.
type ContainerWithDirectoryOpts struct {
	// Exclude leaves out what matches one of these patterns.
	Exclude []string
	// Include leaves out what matches none of these patterns. Empty means everything.
	Include []string
	// Owner is the user and group ("user:group" or "1000:1000") of what is copied; empty keeps them.
	Owner string
}

// WithDirectory copies the contents of source to the path, over what is there.
func (r *Container) WithDirectory(path string, source *Directory, opts ...ContainerWithDirectoryOpts) *Container {
	notNil("source", source)
	o := firstOption(opts)
	return r.write(path, func(ctx context.Context, t tree, at string) (tree, error) {
		l, err := r.c.filtered(ctx, source.v, filter{o.Include, o.Exclude})
		if err != nil {
			return tree{}, err
		}
		return t.withDirectory(at, l.location, l.filter, parseOwner(o.Owner)), nil
	})
}

// ContainerWithFileOpts are the options of Container.WithFile.
type ContainerWithFileOpts struct {
	// Permissions are the copy's mode bits; 0 keeps them.
	Permissions int
	// Owner is the user and group ("user:group" or "1000:1000") of the copy; empty keeps them.
	Owner string
}

// WithFile copies source to the path, or into it if that ends in a slash.
func (r *Container) WithFile(path string, source *File, opts ...ContainerWithFileOpts) *Container {
	notNil("source", source)
	o := firstOption(opts)
	return r.write(path, func(ctx context.Context, t tree, at string) (tree, error) {
		l, err := r.c.filtered(ctx, source.v, filter{})
		if err != nil {
			return tree{}, err
		}
		return t.withFile(destination(at, path, l.location), l.location, o.Permissions, parseOwner(o.Owner)), nil
	})
}

// ContainerWithNewFileOpts are the options of Container.WithNewFile.
type ContainerWithNewFileOpts struct {
	// Permissions are the file's mode bits; 0 means 0644.
	Permissions int
	// Owner is the file's user and group ("user:group" or "1000:1000"); empty means root.
	Owner string
}

// WithNewFile writes a file.
func (r *Container) WithNewFile(path string, contents string, opts ...ContainerWithNewFileOpts) *Container {
	o := firstOption(opts)
	return r.write(path, func(_ context.Context, t tree, at string) (tree, error) {
		return t.mkfile(at, mode(o.Permissions, 0o644), []byte(contents), parseOwner(o.Owner)), nil
	})
}
