// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"errors"
	"fmt"
	"strings"

	gateway "github.com/moby/buildkit/frontend/gateway/pb"
	"github.com/moby/buildkit/solver/errdefs"
	"github.com/opencontainers/go-digest"
)

// ExecError is the error of an evaluation that needs a process which failed. Use errors.As to find it.
type ExecError struct {
	original error
	// Cmd are the process's arguments.
	Cmd []string
	// ExitCode is its exit status.
	ExitCode int
	// Stdout and Stderr are the ends of what it wrote, at most 100 KiB each.
	Stdout string
	Stderr string
}

// Error returns the message.
func (e *ExecError) Error() string { return e.Message() }

// Message names the process and its exit status.
func (e *ExecError) Message() string { return e.original.Error() }

// Unwrap returns the daemon's error.
func (e *ExecError) Unwrap() error { return e.original }

// failedExec reads BuildKit's error: the process that failed, and the vertex that it was. It returns nil for errors of
// other kinds.
func failedExec(err error) (*ExecError, digest.Digest) {
	var exit *gateway.ExitError
	var solve *errdefs.SolveError
	var vertex *errdefs.VertexError
	if !errors.As(err, &exit) || !errors.As(err, &solve) || !errors.As(err, &vertex) {
		return nil, ""
	}
	op := solve.GetOp().GetExec()
	if op == nil {
		return nil, ""
	}
	args := op.GetMeta().GetArgs()
	return &ExecError{
		original: fmt.Errorf("process %q did not complete successfully: exit code: %d", strings.Join(args, " "), exit.ExitCode),
		Cmd:      args,
		ExitCode: int(exit.ExitCode),
	}, digest.Digest(vertex.Digest)
}
