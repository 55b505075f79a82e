// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/moby/buildkit/client/llb"
)

// mount is something that execs find at a path and that is no part of the root.
type mount struct {
	target string // absolute, not "/"
	kind   string // what it is called in errors
	// source is the directory or file that is mounted; nil for the other kinds.
	source *location
	// option mounts the other kinds.
	option func(target string) llb.RunOption
}

// run is the mount as an option of an exec. Nothing that the exec writes to a source may last: only so does BuildKit
// key the exec by the source's content.
func (m mount) run(ctx context.Context, c *Client) (llb.RunOption, error) {
	if m.source == nil {
		return m.option(m.target), nil
	}
	l, err := c.resolve(ctx, *m.source)
	if err != nil {
		return nil, err
	}
	return llb.AddMount(m.target, l.tree.state(), llb.SourcePath(l.path), llb.ForceNoOutput), nil
}

// withMount adds a mount in place of one at the same target. Mounts are kept sorted by target, as llb wants them.
func (r *Container) withMount(path string, make func(context.Context, containerValue) (mount, error)) *Container {
	return r.change(func(ctx context.Context, v containerValue) (containerValue, error) {
		target := v.absolute(path)
		if target == "/" {
			return v, fmt.Errorf("mounting on %q: that is the root, use WithRootfs", path)
		}
		m, err := make(ctx, v)
		if err != nil {
			return v, err
		}
		m.target = target
		v.mounts = append(withoutMount(v.mounts, target), m)
		slices.SortFunc(v.mounts, func(a, b mount) int { return strings.Compare(a.target, b.target) })
		return v, nil
	})
}

func withoutMount(mounts []mount, target string) []mount {
	return slices.DeleteFunc(slices.Clone(mounts), func(m mount) bool { return m.target == target })
}

// ContainerWithMountedDirectoryOpts are the options of Container.WithMountedDirectory.
type ContainerWithMountedDirectoryOpts struct {
	// Owner is the numeric user and group ("1000:1000") that the directory gets; empty keeps them.
	Owner string
}

// WithMountedDirectory shows a directory to later execs. Each sees it afresh and may write to it; what it writes is
// gone when it ends.
func (r *Container) WithMountedDirectory(path string, source *Directory, opts ...ContainerWithMountedDirectoryOpts) *Container {
	notNil("source", source)
	o := firstOption(opts)
	return r.withMount(path, func(ctx context.Context, _ containerValue) (mount, error) {
		l, err := source.v.get(ctx)
		if err != nil || o.Owner == "" {
			return mount{kind: "directory", source: &l}, err
		}
		owner, err := numericOwner(o.Owner)
		if err != nil {
			return mount{}, err
		}
		if l, err = r.c.resolve(ctx, l); err != nil {
			return mount{}, err
		}
		const at = "/owned" // the root of a tree would stay root's
		owned := location{tree: emptyTree().mkdir(at, 0o755, owner).withDirectory(at, l, filter{}, owner), path: at}
		return mount{kind: "directory", source: &owned}, nil
	})
}

// ContainerWithMountedFileOpts are the options of Container.WithMountedFile.
type ContainerWithMountedFileOpts struct {
	// Owner is the numeric user and group ("1000:1000") that the file gets; empty keeps them.
	Owner string
}

// WithMountedFile shows a file to later execs. What an exec writes to it is gone when it ends.
func (r *Container) WithMountedFile(path string, source *File, opts ...ContainerWithMountedFileOpts) *Container {
	notNil("source", source)
	o := firstOption(opts)
	return r.withMount(path, func(ctx context.Context, _ containerValue) (mount, error) {
		l, err := source.v.get(ctx)
		if err != nil || o.Owner == "" {
			return mount{kind: "file", source: &l}, err
		}
		owner, err := numericOwner(o.Owner)
		if err != nil {
			return mount{}, err
		}
		if l, err = r.c.resolve(ctx, l); err != nil {
			return mount{}, err
		}
		owned := location{tree: emptyTree().withFile("/file", l, 0, owner), path: "/file", name: l.baseName()}
		return mount{kind: "file", source: &owned}, nil
	})
}

// ContainerWithMountedCacheOpts are the options of Container.WithMountedCache.
type ContainerWithMountedCacheOpts struct {
	// Sharing says what happens when several execs use the volume at once.
	Sharing CacheSharingMode
	// Owner is the numeric user and group ("1000:1000") of the volume's root when it is new; empty means root.
	Owner string
}

var sharingModes = map[CacheSharingMode]llb.CacheMountSharingMode{
	"":                      llb.CacheMountShared,
	CacheSharingModeShared:  llb.CacheMountShared,
	CacheSharingModePrivate: llb.CacheMountPrivate,
	CacheSharingModeLocked:  llb.CacheMountLocked,
}

// WithMountedCache shows a cache volume to later execs. They may write to it, and what they write stays.
func (r *Container) WithMountedCache(path string, cache *CacheVolume, opts ...ContainerWithMountedCacheOpts) *Container {
	notNil("cache", cache)
	o := firstOption(opts)
	return r.withMount(path, func(context.Context, containerValue) (mount, error) {
		sharing, ok := sharingModes[o.Sharing]
		if !ok {
			return mount{}, fmt.Errorf("cache sharing mode %q is unknown", o.Sharing)
		}
		owner, err := numericOwner(o.Owner)
		if err != nil {
			return mount{}, err
		}
		first, place := llb.Scratch(), llb.SourcePath("")
		if owner != nil {
			first, place = emptyTree().mkdir("/volume", 0o755, owner).state(), llb.SourcePath("/volume")
		}
		return mount{kind: "cache", option: func(target string) llb.RunOption {
			return llb.AddMount(target, first, place, llb.AsPersistentCacheDir(cache.key, sharing))
		}}, nil
	})
}

// ContainerWithMountedTempOpts are the options of Container.WithMountedTemp.
type ContainerWithMountedTempOpts struct {
	// Size bounds the folder, in bytes; 0 means half of the memory.
	Size int
}

// WithMountedTemp gives each later exec a new folder in memory.
func (r *Container) WithMountedTemp(path string, opts ...ContainerWithMountedTempOpts) *Container {
	o := firstOption(opts)
	return r.withMount(path, func(context.Context, containerValue) (mount, error) {
		return mount{kind: "temporary folder", option: func(target string) llb.RunOption {
			return llb.AddMount(target, llb.Scratch(), llb.Tmpfs(llb.TmpfsSize(int64(o.Size))))
		}}, nil
	})
}

// ContainerWithMountedSecretOpts are the options of Container.WithMountedSecret.
type ContainerWithMountedSecretOpts struct {
	// Owner is the numeric user and group ("1000:1000") of the file; empty means root.
	Owner string
	// Mode are the file's mode bits; 0 means 0400.
	Mode int
}

// WithMountedSecret shows a secret to later execs, as a file.
func (r *Container) WithMountedSecret(path string, source *Secret, opts ...ContainerWithMountedSecretOpts) *Container {
	notNil("source", source)
	o := firstOption(opts)
	return r.withMount(path, func(context.Context, containerValue) (mount, error) {
		owner, err := numericOwner(o.Owner)
		if err != nil || source.err != nil {
			return mount{}, firstError(source.err, err)
		}
		uid, gid := 0, 0
		if owner != nil {
			uid, gid = owner.User.UID, owner.Group.UID
		}
		return mount{kind: "secret", option: func(target string) llb.RunOption {
			return llb.AddSecret(target, llb.SecretID(source.id), llb.SecretFileOpt(uid, gid, int(mode(o.Mode, 0o400))))
		}}, nil
	})
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// ContainerWithoutMountOpts are the options of Container.WithoutMount. None is supported.
type ContainerWithoutMountOpts struct{}

// WithoutMount removes the mount at the path.
func (r *Container) WithoutMount(path string, opts ...ContainerWithoutMountOpts) *Container {
	return r.change(func(_ context.Context, v containerValue) (containerValue, error) {
		v.mounts = withoutMount(v.mounts, v.absolute(path))
		return v, nil
	})
}
