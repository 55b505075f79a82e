// SPDX-License-Identifier: Apache-2.0

// Package daemon gives a program a BuildKit daemon to talk to, and leaves nothing behind.
//
// Connect answers with the daemon that BUILDKIT_HOST names, or with one of its own on this machine:
// buildkitd from PATH, or built once from the Go module. Our own daemon is shared. Every program
// that uses it holds a lease; when the last lease goes, by Close or because the program was killed,
// the daemon ends, and all that it started ends with it.
//
//	program ──lease──┐
//	program ──lease──┴─> supervisor (this executable again; PID 1 of namespaces of its own)
//	                       └─> buildkitd ──> runc ──> containers, mounts
//
// The kernel ends a PID namespace with its first process and a mount namespace with its last one, so
// no container and no mount outlives the supervisor, however it dies.
//
// The package knows nothing of solves, of images or of BuildKit's API: it hands out an address.
package daemon

import (
	"context"
	"io"
	"os"
	"sync"
)

// Conn is one program's hold on a daemon. It lasts until Close, so keep it: with the value, the hold is lost as well.
type Conn struct {
	// Addr is the daemon's address in BuildKit's terms, such as unix:///run/x.sock or tcp://host:1234.
	Addr string
	// State is the local folder for whatever should last longer than a run.
	State string

	leave func() error
	once  sync.Once
	err   error
}

// Connect finds a daemon or starts one, and answers when it is ready to serve. Work that takes long,
// such as building buildkitd for the first time, is announced on log. The context ends the wait, not the
// daemon: that is for Close.
func Connect(ctx context.Context, log io.Writer) (*Conn, error) {
	state, err := State()
	if err != nil {
		return nil, err
	}
	if addr := os.Getenv("BUILDKIT_HOST"); addr != "" {
		return &Conn{Addr: addr, State: state, leave: func() error { return nil }}, nil
	}
	if err := thisHost().check(); err != nil {
		return nil, err
	}
	f := files{state}
	leave, err := join(ctx, f, log)
	if err != nil {
		return nil, err
	}
	return &Conn{Addr: "unix://" + f.socket(), State: state, leave: leave}, nil
}

// Close gives the hold up. If it was the last one, Close waits until the daemon and everything below it is gone.
// Close clients of the daemon first: it waits for their calls. The error says that the daemon ended before it
// was asked to; a second Close repeats the first one's answer.
func (c *Conn) Close() error {
	c.once.Do(func() { c.err = c.leave() })
	return c.err
}
