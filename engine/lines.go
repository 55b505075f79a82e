// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/moby/buildkit/client"
	"github.com/opencontainers/go-digest"
)

// lines shows progress where nobody watches it: a line when a step starts and one when it ends, and nothing of what
// it writes, since compilers fill logs.
type lines struct {
	w     io.Writer
	steps map[digest.Digest]*step
}

type step struct {
	number  int
	started time.Time
	ended   bool
}

// UpdateFrom shows reports until the channel is closed, as progressui's displays do.
func (l *lines) UpdateFrom(_ context.Context, reports chan *client.SolveStatus) ([]client.VertexWarning, error) {
	l.steps = make(map[digest.Digest]*step)
	for report := range reports {
		for _, v := range report.Vertexes {
			l.show(v)
		}
	}
	return nil, nil
}

// show tells what is new about a vertex. The daemon repeats itself for each solve that needs the vertex.
func (l *lines) show(v *client.Vertex) {
	if v.Started == nil {
		return
	}
	s := l.steps[v.Digest]
	if s == nil {
		s = &step{number: len(l.steps) + 1}
		l.steps[v.Digest] = s
	}
	if !v.Started.Equal(s.started) {
		if s.ended && v.Cached {
			return
		}
		s.started, s.ended = *v.Started, false
		if !v.Cached {
			fmt.Fprintf(l.w, "#%d %s\n", s.number, v.Name)
		}
	}
	if v.Completed == nil || s.ended {
		return
	}
	s.ended = true
	took := v.Completed.Sub(*v.Started).Seconds()
	switch {
	case v.Cached:
		fmt.Fprintf(l.w, "#%d cached: %s\n", s.number, v.Name)
	case strings.HasSuffix(v.Error, context.Canceled.Error()):
		fmt.Fprintf(l.w, "#%d stopped after %.1f s\n", s.number, took)
	case v.Error != "":
		fmt.Fprintf(l.w, "#%d failed after %.1f s\n", s.number, took)
	default:
		fmt.Fprintf(l.w, "#%d done in %.1f s\n", s.number, took)
	}
}
