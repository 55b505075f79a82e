// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// Host gives access to the machine that the program runs on.
type Host struct{ c *Client }

// Host returns the machine that the program runs on.
func (c *Client) Host() *Host { return &Host{c} }

// HostDirectoryOpts are the options of Host.Directory.
type HostDirectoryOpts struct {
	// Exclude leaves out what matches one of these patterns, such as "node_modules/" or ".git*".
	Exclude []string
	// Include leaves out what matches none of these patterns. Empty means everything.
	Include []string
}

// Directory returns a folder of the host. It is read when it is first needed.
func (h *Host) Directory(path string, opts ...HostDirectoryOpts) *Directory {
	o := firstOption(opts)
	f := newFolder(h.c.absolute(path)).filter(filter{o.Include, o.Exclude})
	return &Directory{h.c, now(location{folder: f, path: "/"})}
}

// HostFileOpts are the options of Host.File. None is supported.
type HostFileOpts struct{}

// File returns a file of the host, following links. It is read when it is first needed.
func (h *Host) File(path string, opts ...HostFileOpts) *File {
	return hostFile(h.c, h.c.absolute(path))
}

func hostFile(c *Client, path string) *File {
	return &File{c, later(func(context.Context) (location, error) {
		target, err := filepath.EvalSymlinks(path)
		if err != nil {
			return location{}, fmt.Errorf("reading the host's file %s: %w", path, err)
		}
		dir, base := filepath.Split(target)
		return location{folder: newFolder(dir).only(base), path: "/" + base, name: filepath.Base(path)}, nil
	})}
}

func (c *Client) absolute(path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(c.workdir, path)
}

// CurrentModule is the Dagger module that the program is.
type CurrentModule struct{ c *Client }

// CurrentModule returns the module that the program is.
func (c *Client) CurrentModule() *CurrentModule { return &CurrentModule{c} }

// moduleFile marks the root of a module.
const moduleFile = "dagger.json"

// Source returns the module's source: the folder with dagger.json, at or above the client's working directory.
func (m *CurrentModule) Source() *Directory {
	return &Directory{m.c, later(func(context.Context) (location, error) {
		for dir := m.c.workdir; ; dir = filepath.Dir(dir) {
			if _, err := os.Stat(filepath.Join(dir, moduleFile)); err == nil {
				return location{folder: newFolder(dir), path: "/"}, nil
			}
			if dir == filepath.Dir(dir) {
				return location{}, fmt.Errorf("no %s in %s or above it", moduleFile, m.c.workdir)
			}
		}
	})}
}

// CurrentModuleWorkdirOpts are the options of CurrentModule.Workdir.
type CurrentModuleWorkdirOpts struct {
	// Exclude leaves out what matches one of these patterns.
	Exclude []string
	// Include leaves out what matches none of these patterns. Empty means everything.
	Include []string
}

// Workdir returns a folder of the process's working directory, as that is at the time of the call.
func (m *CurrentModule) Workdir(path string, opts ...CurrentModuleWorkdirOpts) *Directory {
	o := firstOption(opts)
	dir, err := filepath.Abs(path)
	if err != nil {
		return &Directory{m.c, failed[location](err)}
	}
	return &Directory{m.c, now(location{folder: newOwnFolder(dir).filter(filter{o.Include, o.Exclude}), path: "/"})}
}

// WorkdirFile returns a file of the process's working directory, as that is at the time of the call.
func (m *CurrentModule) WorkdirFile(path string) *File {
	path, err := filepath.Abs(path)
	if err != nil {
		return &File{m.c, failed[location](err)}
	}
	return hostFile(m.c, path)
}
