// SPDX-License-Identifier: Apache-2.0

// Package engine runs pipelines on BuildKit through the part of the Dagger Go client (dagger.io/dagger v0.20.0)
// that crosswheel uses. Every exported name is Dagger's, with Dagger's parameters and results; what Dagger has and
// this package has not does not compile, rather than being ignored.
//
// Values are immutable and lazy: each With… returns a new one, nothing runs and no daemon is started before a call
// that takes a context, and what went wrong on the way is told by that call. Two things differ from Dagger, both
// because BuildKit keys an exec by the content of its mounts only if it cannot change them:
//   - what an exec writes into a mounted directory or file is seen by that exec alone. Use WithDirectory for what it
//     should change, or write elsewhere;
//   - files that the client writes or takes from the host have one fixed modification time, so that a step sees nothing
//     but their content.
//
// The package knows nothing of recipes, wheels or indexes, it does not start the daemon itself (that is package
// daemon), and it does not make base images (package base).
package engine

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"
)

// Client holds what the values of one program share: the session with the daemon, secrets, images. It is safe for use
// by many goroutines at once.
type Client struct {
	log     io.Writer
	workdir string

	secrets secretStore
	folders folderSource
	images  images

	marshal  sync.Mutex // llb.State memoises while it is marshalled, without locks
	session  *lazy[*session]
	life     context.Context // ends with Close
	end      context.CancelFunc
	closing  sync.Once
	closeErr error
}

// ClientOpt is an option of Connect.
type ClientOpt interface {
	apply(*Client)
}

type clientOption func(*Client)

func (o clientOption) apply(c *Client) { o(c) }

// WithLogOutput sets where progress is shown. The default is the standard error.
func WithLogOutput(writer io.Writer) ClientOpt {
	return clientOption(func(c *Client) { c.log = writer })
}

// WithWorkdir sets the folder that relative paths of Host start from and that CurrentModule is looked for above of.
// The default is the working directory at the time of Connect.
func WithWorkdir(path string) ClientOpt {
	return clientOption(func(c *Client) { c.workdir = path })
}

// errClosed is what evaluating calls return after Close.
var errClosed = errors.New("the engine is closed")

// Connect returns a client. It starts nothing: the daemon is reached by the first call that needs it, under the
// context of that call.
func Connect(ctx context.Context, opts ...ClientOpt) (*Client, error) {
	c := &Client{log: os.Stderr}
	for _, o := range opts {
		o.apply(c)
	}
	dir, err := filepath.Abs(c.workdir)
	if err != nil {
		return nil, err
	}
	c.workdir = dir
	c.life, c.end = context.WithCancel(context.Background())
	c.session = later(c.open)
	return c, nil
}

// Close ends the session with the daemon, and the calls that still run on it. Later evaluating calls fail.
func (c *Client) Close() error {
	c.closing.Do(func() {
		c.end()
		if s, ok := c.session.peek(); ok {
			c.closeErr = s.close()
		}
	})
	return c.closeErr
}

// Container returns a container without files, as From or WithRootfs expect it.
func (c *Client) Container(opts ...ContainerOpts) *Container {
	return &Container{c, now(containerValue{root: emptyTree(), workdir: "/"})}
}

// ContainerOpts are the options of Client.Container. None is supported: containers have the daemon's platform.
type ContainerOpts struct{}

// Directory returns an empty directory.
func (c *Client) Directory() *Directory {
	return &Directory{c, now(location{tree: emptyTree(), path: "/"})}
}

// FileOpts are the options of Client.File.
type FileOpts struct {
	// Permissions are the file's mode bits; 0 means 0644.
	Permissions int
}

// File returns a file of the given name and contents.
func (c *Client) File(name string, contents string, opts ...FileOpts) *File {
	return c.Directory().WithNewFile(name, contents, DirectoryWithNewFileOpts(firstOption(opts))).File(name)
}

// CacheVolume returns the volume of that key. It lasts as long as the daemon's cache, is shared by all that use the
// same key, and is never part of what an exec is cached by.
func (c *Client) CacheVolume(key string) *CacheVolume {
	return &CacheVolume{key}
}

// CacheVolume is a folder of the daemon, to be mounted with Container.WithMountedCache.
type CacheVolume struct{ key string }

// CacheSharingMode says what happens when several execs use one cache volume at once.
type CacheSharingMode string

const (
	// CacheSharingModeShared lets them use it together. It is the default.
	CacheSharingModeShared CacheSharingMode = "SHARED"
	// CacheSharingModePrivate gives each its own copy if the volume is in use, empty at first.
	CacheSharingModePrivate CacheSharingMode = "PRIVATE"
	// CacheSharingModeLocked makes them wait for each other.
	CacheSharingModeLocked CacheSharingMode = "LOCKED"
)

// firstOption merges option structs as the SDK does: the first struct that sets a field wins. With several fields the
// SDK decides for each; our callers pass one struct.
func firstOption[T any](opts []T) T {
	if len(opts) > 1 {
		panic("engine: more than one options struct")
	}
	if len(opts) == 0 {
		var zero T
		return zero
	}
	return opts[0]
}
