// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/containerd/log"
	"github.com/moby/buildkit/client"
	"github.com/moby/buildkit/client/llb"
	gateway "github.com/moby/buildkit/frontend/gateway/client"
	bksession "github.com/moby/buildkit/session"
	"github.com/moby/buildkit/session/auth/authprovider"
	"github.com/moby/buildkit/session/filesync"
	"github.com/moby/buildkit/session/secrets/secretsprovider"
	"github.com/moby/buildkit/util/grpcerrors"
	"github.com/opencontainers/go-digest"
	"google.golang.org/grpc/codes"

	"crosswheel/engine/daemon"
)

// session is the program's one conversation with the daemon: a build that lasts until Close, in which every
// evaluation is a solve.
type session struct {
	conn     *daemon.Conn
	daemon   *client.Client
	gateway  gateway.Client
	outputs  *outputs
	display  *display
	life     context.Context    // ends with Close
	stop     context.CancelFunc // makes the build return
	kill     context.CancelFunc // ends it at once
	finished chan struct{}      // closed when it has ended
	err      error              // why, to be read after finished
}

// open connects to the daemon and starts the session. It is called once, by the first evaluation.
func (c *Client) open(ctx context.Context) (*session, error) {
	if c.life.Err() != nil {
		return nil, errClosed
	}
	// The libraries warn of what does not concern the user, on the standard error of the whole process.
	if err := log.SetLevel("error"); err != nil {
		return nil, err
	}
	if err := c.secrets.addAuthorities(); err != nil {
		return nil, err
	}
	s := &session{finished: make(chan struct{})}
	if err := s.connect(ctx, c); err != nil {
		return nil, firstError(err, s.close())
	}
	return s, nil
}

func (s *session) connect(ctx context.Context, c *Client) (err error) {
	if s.conn, err = daemon.Connect(ctx, c.log); err != nil {
		return err
	}
	if s.outputs, err = newOutputs(s.conn.State); err != nil {
		return err
	}
	if s.display, err = newDisplay(c.log); err != nil {
		return err
	}
	if s.daemon, err = client.New(ctx, s.conn.Addr); err == nil {
		err = s.start(ctx, c)
	}
	if err != nil {
		return fmt.Errorf("talking to the daemon at %s: %w", s.conn.Addr, err)
	}
	return nil
}

// start runs the build in the background and returns when it serves.
func (s *session) start(ctx context.Context, c *Client) error {
	s.life, s.stop = context.WithCancel(c.life)
	// The build ends by returning, not with the life, so that the daemon says all that it has to say.
	building, kill := context.WithCancel(context.WithoutCancel(ctx))
	s.kill = kill
	serving := make(chan gateway.Client, 1)
	how := client.SolveOpt{
		Internal: true,                                                            // the daemon's history has no entry for it
		Session:  append(c.attachables(), filesync.NewFSSyncProvider(&c.folders)), // folders come to be known later
	}
	go func() {
		defer close(s.finished)
		_, s.err = s.daemon.Build(building, how, "", func(_ context.Context, g gateway.Client) (*gateway.Result, error) {
			serving <- g
			<-s.life.Done()
			return gateway.NewResult(), nil
		}, s.status())
	}()
	select {
	case s.gateway = <-serving:
		return nil
	case <-s.finished:
		return s.err
	case <-ctx.Done():
		kill()
		return ctx.Err()
	}
}

// status returns a channel for what a build reports.
func (s *session) status() chan *client.SolveStatus {
	reports := make(chan *client.SolveStatus)
	s.display.add(reports, s.outputs.recorder())
	return reports
}

// attachables serve the daemon what it may need of the host besides folders.
func (c *Client) attachables() []bksession.Attachable {
	return []bksession.Attachable{
		secretsprovider.NewSecretProvider(&c.secrets),
		c.images.layouts.attachable(),
		authprovider.NewDockerAuthProvider(authprovider.DockerAuthProviderConfig{}),
	}
}

// closeTimeout bounds how long Close waits for the daemon's last words.
const closeTimeout = 10 * time.Second

func (s *session) close() error {
	if s.stop != nil {
		s.stop()
		select {
		case <-s.finished:
		case <-time.After(closeTimeout):
		}
		s.kill()
	}
	if s.daemon != nil {
		s.daemon.Close()
	}
	if s.display != nil {
		s.display.close()
	}
	if s.conn == nil {
		return nil
	}
	return s.conn.Close()
}

// definition marshals a state.
func (c *Client) definition(ctx context.Context, s *session, state llb.State) (*llb.Definition, error) {
	c.marshal.Lock()
	defer c.marshal.Unlock()
	caps := s.gateway.BuildOpts().LLBCaps
	return state.Marshal(ctx, llb.WithCaps(caps))
}

// solve evaluates a state. The result is nil for a file system without anything.
func (c *Client) solve(ctx context.Context, state llb.State) (gateway.Reference, error) {
	s, err := c.session.get(ctx)
	if err != nil {
		return nil, err
	}
	def, err := c.definition(ctx, s, state)
	if err != nil {
		return nil, err
	}
	if len(def.Def) == 0 {
		return nil, nil
	}
	result, err := s.gateway.Solve(ctx, gateway.SolveRequest{Definition: def.ToPB(), Evaluate: true})
	if err != nil {
		return nil, s.solveError(ctx, err)
	}
	return result.SingleRef()
}

// solveError makes of BuildKit's error what the caller should see.
func (s *session) solveError(ctx context.Context, err error) error {
	if err := stopped(ctx, err); err != nil {
		return err
	}
	if s.life.Err() != nil {
		return errClosed
	}
	if grpcerrors.Code(err) == codes.Unavailable {
		return fmt.Errorf("the daemon is gone: %w", err)
	}
	failure, vertex := failedExec(err)
	if failure == nil {
		return err
	}
	s.drain(ctx, vertex)
	failure.Stdout, failure.Stderr = s.outputs.tails(vertex)
	return failure
}

// stopped returns the context's error if err comes of that. The daemon knows the deadline too, and may be the first to
// notice that it has passed; it says so, or that it was cancelled.
func stopped(ctx context.Context, err error) error {
	cause := context.Cause(ctx)
	if deadline, ok := ctx.Deadline(); ok && cause == nil {
		const ahead = time.Second // of our own clock's alarm
		code := grpcerrors.Code(err)
		if code == codes.DeadlineExceeded || code == codes.Canceled && time.Until(deadline) < ahead {
			cause = context.DeadlineExceeded
		}
	}
	if cause == nil {
		return nil
	}
	return fmt.Errorf("evaluation stopped: %w", cause)
}

// outputOf returns what the exec that made the state wrote, if that is known.
func (c *Client) outputOf(ctx context.Context, state llb.State) (execOutput, bool, error) {
	s, err := c.session.get(ctx)
	if err != nil {
		return execOutput{}, false, err
	}
	def, err := c.definition(ctx, s, state)
	if err != nil {
		return execOutput{}, false, err
	}
	vertex, err := def.Head()
	if err != nil {
		return execOutput{}, false, err
	}
	s.drain(ctx, vertex)
	return s.outputs.find(vertex)
}

// drainTimeout bounds the wait for reports that are under way.
const drainTimeout = 10 * time.Second

// drain returns when everything that the daemon reported before the call has been recorded. Reports travel beside the
// answers of solves and later than those; a warning of our own marks how far they have come. One is not enough: it is
// told with the first piece of a report that is cut (see recorder.record), the second one is told after all of them.
func (s *session) drain(ctx context.Context, vertex digest.Digest) {
	ctx, cancel := context.WithTimeout(ctx, drainTimeout)
	defer cancel()
	for range 2 {
		mark, seen := s.outputs.mark()
		if err := s.gateway.Warn(ctx, vertex, mark, gateway.WarnOpts{}); err != nil {
			return
		}
		select {
		case <-seen:
		case <-s.finished:
			return
		case <-ctx.Done():
			return
		}
	}
}
