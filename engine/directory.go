// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"context"
	"fmt"
	"path"

	"github.com/moby/buildkit/client/llb"
)

// Directory is a directory: a folder of the host, or one in a file system of the daemon.
type Directory struct {
	c *Client
	v *lazy[location]
}

// WithDirectoryFunc is a change to a directory.
type WithDirectoryFunc func(r *Directory) *Directory

// With applies a change.
func (d *Directory) With(f WithDirectoryFunc) *Directory { return f(d) }

// change returns d with its tree changed. The function gets the tree and the directory's path in it.
func (d *Directory) change(f func(ctx context.Context, t tree, root string) (tree, error)) *Directory {
	return &Directory{d.c, then(d.v, func(ctx context.Context, l location) (location, error) {
		l, err := d.c.resolveBase(ctx, l)
		if err != nil {
			return location{}, err
		}
		l.tree, err = f(ctx, l.tree, l.path)
		return l, err
	})}
}

// DirectoryWithDirectoryOpts are the options of Directory.WithDirectory.
type DirectoryWithDirectoryOpts struct {
	// Exclude leaves out what matches one of these patterns.
	Exclude []string
	// Include leaves out what matches none of these patterns. Empty means everything.
	Include []string
	// Owner is the numeric user and group ("1000:1000") of what is copied; empty keeps them.
	Owner string
}

// WithDirectory copies the contents of source to the path, over what is there.
func (d *Directory) WithDirectory(path string, source *Directory, opts ...DirectoryWithDirectoryOpts) *Directory {
	o := firstOption(opts)
	from := source.v
	return d.change(func(ctx context.Context, t tree, root string) (tree, error) {
		owner, err := numericOwner(o.Owner)
		if err != nil {
			return tree{}, err
		}
		l, err := d.c.filtered(ctx, from, filter{o.Include, o.Exclude})
		if err != nil {
			return tree{}, err
		}
		return t.withDirectory(join(root, path), l.location, l.filter, owner), nil
	})
}

// selection is a location, and what counts of it.
type selection struct {
	location
	filter filter
}

// filtered evaluates a location and resolves it. What is filtered out of a folder of the host does not leave it.
func (c *Client) filtered(ctx context.Context, v *lazy[location], f filter) (selection, error) {
	l, err := v.get(ctx)
	if err != nil {
		return selection{}, err
	}
	if l.folder != nil {
		l.folder, f = l.folder.filter(f), filter{}
	}
	l, err = c.resolve(ctx, l)
	return selection{l, f}, err
}

// join puts p below root, as the root of a directory is "/" for those who use it.
func join(root, p string) string { return path.Join(root, path.Join("/", p)) }

// DirectoryWithFileOpts are the options of Directory.WithFile.
type DirectoryWithFileOpts struct {
	// Permissions are the copy's mode bits; 0 keeps them.
	Permissions int
	// Owner is the numeric user and group ("1000:1000") of the copy; empty keeps them.
	Owner string
}

// WithFile copies source to the path, or into it if that ends in a slash.
func (d *Directory) WithFile(path string, source *File, opts ...DirectoryWithFileOpts) *Directory {
	o := firstOption(opts)
	from := source.v
	return d.change(func(ctx context.Context, t tree, root string) (tree, error) {
		owner, err := numericOwner(o.Owner)
		if err != nil {
			return tree{}, err
		}
		l, err := d.c.filtered(ctx, from, filter{})
		if err != nil {
			return tree{}, err
		}
		return t.withFile(destination(join(root, path), path, l.location), l.location, o.Permissions, owner), nil
	})
}

// DirectoryWithNewFileOpts are the options of Directory.WithNewFile.
type DirectoryWithNewFileOpts struct {
	// Permissions are the file's mode bits; 0 means 0644.
	Permissions int
}

// WithNewFile writes a file.
func (d *Directory) WithNewFile(path string, contents string, opts ...DirectoryWithNewFileOpts) *Directory {
	o := firstOption(opts)
	return d.change(func(_ context.Context, t tree, root string) (tree, error) {
		return t.mkfile(join(root, path), mode(o.Permissions, 0o644), []byte(contents), nil), nil
	})
}

// DirectoryWithNewDirectoryOpts are the options of Directory.WithNewDirectory.
type DirectoryWithNewDirectoryOpts struct {
	// Permissions are the directory's mode bits; 0 means 0755.
	Permissions int
}

// WithNewDirectory makes a directory, and those above it.
func (d *Directory) WithNewDirectory(path string, opts ...DirectoryWithNewDirectoryOpts) *Directory {
	o := firstOption(opts)
	return d.change(func(_ context.Context, t tree, root string) (tree, error) {
		return t.mkdir(join(root, path), mode(o.Permissions, 0o755), nil), nil
	})
}

// WithoutDirectory removes a directory and what is in it, if it is there.
func (d *Directory) WithoutDirectory(path string) *Directory { return d.without(path) }

// WithoutFile removes a file, if it is there.
func (d *Directory) WithoutFile(path string) *Directory { return d.without(path) }

func (d *Directory) without(p string) *Directory {
	return d.change(func(_ context.Context, t tree, root string) (tree, error) {
		if relative(p) == "." {
			return tree{}, fmt.Errorf("removing %q: that is the directory itself", p)
		}
		return t.remove(join(root, p)), nil
	})
}

// Directory returns the directory at the path.
func (d *Directory) Directory(path string) *Directory {
	return &Directory{d.c, then(d.v, func(_ context.Context, l location) (location, error) {
		if l.folder != nil {
			l.folder = l.folder.sub(path)
			return l, nil
		}
		l.path = join(l.path, path)
		return l, nil
	})}
}

// File returns the file at the path.
func (d *Directory) File(path string) *File {
	return &File{d.c, then(d.v, func(_ context.Context, l location) (location, error) {
		return l.file(path), nil
	})}
}

// file is the file p in the directory l.
func (l location) file(p string) location {
	if l.folder != nil {
		return location{folder: l.folder.only(p), path: "/" + path.Base(p)}
	}
	l.path = join(l.path, p)
	return l
}

// DirectoryFilterOpts are the options of Directory.Filter.
type DirectoryFilterOpts struct {
	// Exclude leaves out what matches one of these patterns.
	Exclude []string
	// Include leaves out what matches none of these patterns. Empty means everything.
	Include []string
}

// Filter returns the directory without what is left out. Patterns are those of .dockerignore: "*.whl" means the top
// level, "**/*.whl" every level.
func (d *Directory) Filter(opts ...DirectoryFilterOpts) *Directory {
	o := firstOption(opts)
	f := filter{o.Include, o.Exclude}
	return &Directory{d.c, then(d.v, func(_ context.Context, l location) (location, error) {
		switch {
		case l.folder != nil:
			l.folder = l.folder.filter(f)
			return l, nil
		case f.isZero():
			return l, nil
		}
		return location{tree: emptyTree().withDirectory("/", l, f, nil), path: "/"}, nil
	})}
}

// Diff returns what other adds to this directory and changes in it. What other lacks does not show.
func (d *Directory) Diff(other *Directory) *Directory {
	return &Directory{d.c, then(d.v, func(ctx context.Context, l location) (location, error) {
		lower, err := d.c.resolveBase(ctx, l)
		if err != nil {
			return location{}, err
		}
		upper, err := other.v.get(ctx)
		if err != nil {
			return location{}, err
		}
		if upper, err = d.c.resolveBase(ctx, upper); err != nil {
			return location{}, err
		}
		if lower.path != "/" || upper.path != "/" {
			lower.tree, upper.tree = lower.comparable(), upper.comparable()
		}
		diff := llb.Diff(lower.tree.state(), upper.tree.state(), llb.WithCustomName(hiddenPrefix+"difference"))
		return location{tree: tree{base: diff}, path: "/"}, nil
	})}
}

// Sync evaluates the directory.
func (d *Directory) Sync(ctx context.Context) (*Directory, error) {
	l, err := d.v.get(ctx)
	if err != nil {
		return nil, err
	}
	if err := d.c.checkDirectory(ctx, l); err != nil {
		return nil, err
	}
	return &Directory{d.c, now(l)}, nil
}
