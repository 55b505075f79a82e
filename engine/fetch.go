// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"context"
	"sync"

	"github.com/moby/buildkit/client"
	bksession "github.com/moby/buildkit/session"
	"github.com/moby/buildkit/session/filesync"
	"github.com/moby/buildkit/session/grpchijack"
	"google.golang.org/grpc"
)

// fetch has the daemon write a tree to a folder.
func (c *Client) fetch(ctx context.Context, t tree, dir string) error {
	s, err := c.session.get(ctx)
	if err != nil {
		return err
	}
	def, err := c.definition(ctx, s, t.state())
	if err != nil || len(def.Def) == 0 {
		return err
	}
	to := &receiver{SyncTarget: filesync.NewFSSyncTarget(filesync.WithFSSyncDir(0, dir))}
	talk, err := s.talk(ctx, append(c.attachables(), to))
	if err != nil {
		return err
	}
	_, err = s.daemon.Solve(ctx, def, client.SolveOpt{
		Internal:              true,
		SharedSession:         talk,
		SessionPreInitialized: true,
		LocalMounts:           c.folders.all(), // looked at, though the session serves them
		Exports:               []client.ExportEntry{{Type: client.ExporterLocal}},
	}, s.status())
	talk.Close()
	written := to.result()
	if err != nil {
		return firstError(stopped(ctx, err), written, s.solveError(ctx, err))
	}
	return nil // the daemon was told that everything is written; that it then hung up does not matter
}

// receiver remembers why files could not be written: the daemon only tells that they could not be sent.
type receiver struct {
	*filesync.SyncTarget
	writing sync.Mutex // held while files are written
	err     error
}

// result waits until nothing is written any more. The session must have been closed.
func (r *receiver) result() error {
	r.writing.Lock()
	defer r.writing.Unlock()
	return r.err
}

// Register implements session.Attachable.
func (r *receiver) Register(server *grpc.Server) { filesync.RegisterFileSendServer(server, r) }

// DiffCopy implements filesync.FileSendServer.
func (r *receiver) DiffCopy(stream filesync.FileSend_DiffCopyServer) error {
	r.writing.Lock()
	defer r.writing.Unlock()
	r.err = r.SyncTarget.DiffCopy(stream)
	return r.err
}

// talk opens one more session with the daemon, to be closed by the caller.
func (s *session) talk(ctx context.Context, serve []bksession.Attachable) (*bksession.Session, error) {
	talk, err := bksession.NewSession(ctx, "")
	if err != nil {
		return nil, err
	}
	for _, a := range serve {
		talk.Allow(a)
	}
	go func() {
		// A session that does not come about fails the solve.
		_ = talk.Run(context.WithoutCancel(ctx), grpchijack.Dialer(s.daemon.ControlClient()))
	}()
	return talk, nil
}
