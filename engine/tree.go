// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/moby/buildkit/client/llb"
)

// tree is a file system in the making: a state, and file actions that wait to be applied to it as one operation, so
// that a hundred WithNewFile make one layer.
type tree struct {
	base    llb.State
	actions *llb.FileAction
}

func emptyTree() tree { return tree{base: llb.Scratch()} }

// isEmpty says that nothing was ever put into the tree.
func (t tree) isEmpty() bool { return t.base.Output() == nil && t.actions == nil }

// hiddenPrefix begins the name of an operation that the progress display leaves out.
const hiddenPrefix = "[files] "

func (t tree) state() llb.State {
	if t.actions == nil {
		return t.base
	}
	return t.base.File(t.actions, llb.WithCustomName(hiddenPrefix+"change"))
}

// do appends an action. The first one of a chain stands alone; llb chains by methods.
func (t tree) do(first *llb.FileAction, next func(*llb.FileAction) *llb.FileAction) tree {
	if t.actions == nil {
		t.actions = first
	} else {
		t.actions = next(t.actions)
	}
	return t
}

func (t tree) mkdir(p string, mode fs.FileMode, owner *llb.ChownOpt) tree {
	if p == "/" {
		return t
	}
	info := &llb.MkdirInfo{MakeParents: true, ChownOpt: owner, CreatedTime: &fixedTime}
	return t.do(llb.Mkdir(p, mode, info), func(a *llb.FileAction) *llb.FileAction { return a.Mkdir(p, mode, info) })
}

func (t tree) mkfile(p string, mode fs.FileMode, data []byte, owner *llb.ChownOpt) tree {
	t = t.mkdir(path.Dir(p), 0o755, nil)
	info := &llb.MkfileInfo{ChownOpt: owner, CreatedTime: &fixedTime}
	return t.do(llb.Mkfile(p, mode, data, info), func(a *llb.FileAction) *llb.FileAction { return a.Mkfile(p, mode, data, info) })
}

func (t tree) remove(p string) tree {
	opt := llb.WithAllowNotFound(true)
	return t.do(llb.Rm(p, opt), func(a *llb.FileAction) *llb.FileAction { return a.Rm(p, opt) })
}

func (t tree) copy(from llb.State, src, dest string, info *llb.CopyInfo) tree {
	info.CreateDestPath, info.AlwaysReplaceExistingDestPaths = true, true
	return t.do(llb.Copy(from, src, dest, info), func(a *llb.FileAction) *llb.FileAction { return a.Copy(from, src, dest, info) })
}

// location is a place in a tree: what Directory and File stand for.
type location struct {
	// folder is set for what is nothing but a folder of the host, or something in it; tree is unused then.
	folder *folder
	tree   tree
	path   string
	// name is what the file is called where its name matters, if not the last element of path.
	name string
}

// resolve returns a location whose tree is set: a folder of the host becomes a source of the daemon.
func (c *Client) resolve(ctx context.Context, l location) (location, error) {
	if l.folder == nil {
		return l, nil
	}
	state, err := c.folders.state(ctx, l.folder)
	if err != nil {
		return location{}, err
	}
	l.folder, l.tree = nil, tree{base: state}
	return l, nil
}

// resolveBase is resolve for a location that is to be changed, or to be the root of execs. What stands on a tree is keyed
// by the tree's definition, and a source of the host has a new one in each session; a copy is keyed by content.
func (c *Client) resolveBase(ctx context.Context, l location) (location, error) {
	fromHost := l.folder != nil
	l, err := c.resolve(ctx, l)
	if err != nil || !fromHost {
		return l, err
	}
	all := l
	all.path = "/" // a file's folder holds nothing but the file
	l.tree = emptyTree().withDirectory("/", all, filter{}, nil)
	return l, nil
}

// filter chooses among the files of a directory that is copied.
type filter struct{ include, exclude []string }

func (f filter) isZero() bool { return len(f.include) == 0 && len(f.exclude) == 0 }

// withDirectory copies the contents of source to dest.
func (t tree) withDirectory(dest string, source location, f filter, owner *llb.ChownOpt) tree {
	if source.tree.isEmpty() {
		return t.mkdir(dest, 0o755, owner)
	}
	return t.copy(source.tree.state(), source.path, dest, &llb.CopyInfo{
		CopyDirContentsOnly: true,
		IncludePatterns:     f.include,
		ExcludePatterns:     f.exclude,
		ChownOpt:            owner,
	})
}

// withFile copies the file source to dest.
func (t tree) withFile(dest string, source location, permissions int, owner *llb.ChownOpt) tree {
	info := &llb.CopyInfo{FollowSymlinks: true, ChownOpt: owner}
	if permissions != 0 {
		info.Mode = &llb.ChmodOpt{Mode: fs.FileMode(permissions)}
	}
	return t.copy(source.tree.state(), source.path, dest, info)
}

// isolated is a tree that holds nothing but the location's contents, at its root.
func (l location) isolated() tree {
	if l.path == "/" {
		return l.tree
	}
	return emptyTree().withDirectory("/", l, filter{}, nil)
}

// comparable is isolated, with the same time on every file. A copy is known by its content: the engine may give one that
// was made elsewhere, with other times, and in a difference these would count.
func (l location) comparable() tree {
	if l.tree.isEmpty() {
		return emptyTree()
	}
	return emptyTree().copy(l.tree.state(), l.path, "/", &llb.CopyInfo{CopyDirContentsOnly: true, CreatedTime: &fixedTime})
}

// baseName is the file's name.
func (l location) baseName() string {
	if l.name != "" {
		return l.name
	}
	return path.Base(l.path)
}

// destination is where a file goes that is to be put at p, which is clean: if p was written with a slash at its end, it
// names the folder.
func destination(p, written string, source location) string {
	if strings.HasSuffix(written, "/") {
		return path.Join(p, source.baseName())
	}
	return p
}

// mode returns permissions, or the given default for 0.
func mode(permissions int, unset fs.FileMode) fs.FileMode {
	if permissions == 0 {
		return unset
	}
	return fs.FileMode(permissions)
}

// parseOwner reads "user", "user:group" or "1000:1000"; without a group, the user's name or number is the group's.
func parseOwner(owner string) *llb.ChownOpt {
	if owner == "" {
		return nil
	}
	user, group, found := strings.Cut(owner, ":")
	if !found {
		group = user
	}
	one := func(s string) *llb.UserOpt {
		if id, err := strconv.Atoi(s); err == nil {
			return &llb.UserOpt{UID: id}
		}
		return &llb.UserOpt{Name: s}
	}
	return &llb.ChownOpt{User: one(user), Group: one(group)}
}

// numericOwner is parseOwner where there is no /etc/passwd to look names up in.
func numericOwner(owner string) (*llb.ChownOpt, error) {
	o := parseOwner(owner)
	if o != nil && (o.User.Name != "" || o.Group.Name != "") {
		return nil, fmt.Errorf("owner %q: names are unknown here, write numbers such as 1000:1000", owner)
	}
	return o, nil
}
