// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/moby/buildkit/client"
	"github.com/moby/buildkit/identity"
	"github.com/opencontainers/go-digest"
)

// execOutput is what an exec wrote.
type execOutput struct{ Stdout, Stderr []byte }

// Limits of what is kept.
const (
	maxTail   = 100 << 10           // of each stream in an ExecError
	maxOutput = 128 << 20           // of each stream of a running exec
	outputAge = 30 * 24 * time.Hour // of an output that nobody asks for
)

// outputs collects what execs write, from the daemon's reports. What a successful exec wrote is kept in the state
// folder under its vertex, so that a later run, which finds the exec cached, can still tell.
type outputs struct {
	dir string

	mu     sync.Mutex
	failed map[digest.Digest]execOutput
	filed  map[digest.Digest]time.Time // when the run began whose output is known
	marks  map[string]chan struct{}
}

func newOutputs(state string) (*outputs, error) {
	o := &outputs{
		dir:    filepath.Join(state, "outputs"),
		failed: make(map[digest.Digest]execOutput),
		filed:  make(map[digest.Digest]time.Time),
		marks:  make(map[string]chan struct{}),
	}
	if err := os.MkdirAll(o.dir, 0o700); err != nil {
		return nil, fmt.Errorf("keeping the output of commands: %w", err)
	}
	o.prune()
	return o, nil
}

// prune removes old outputs. It is not important enough to fail.
func (o *outputs) prune() {
	entries, _ := os.ReadDir(o.dir)
	for _, e := range entries {
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > outputAge {
			os.Remove(filepath.Join(o.dir, e.Name()))
		}
	}
}

func (o *outputs) path(vertex digest.Digest) string {
	return filepath.Join(o.dir, vertex.Encoded()+".json")
}

// uncached is the name that the daemon gives a vertex which it already knows and is told to run again.
func uncached(vertex digest.Digest) digest.Digest {
	return digest.FromString(vertex.String() + "-ignorecache")
}

// markPrefix begins the warnings that session.drain sends itself.
const markPrefix = "crosswheel-mark-"

// mark returns a text, and a channel that is closed when it comes by as a warning.
func (o *outputs) mark() (string, <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	text, seen := markPrefix+identity.NewID(), make(chan struct{})
	o.marks[text] = seen
	return text, seen
}

// recorder takes in the reports of one build.
type recorder struct {
	*outputs
	running map[digest.Digest]*execOutput
	ended   []*client.Vertex // those whose last words may still come
}

func (o *outputs) recorder() *recorder {
	return &recorder{outputs: o, running: make(map[digest.Digest]*execOutput)}
}

// record takes a report in, and takes our own marks out of it. The daemon cuts a report with long logs in pieces: that a
// vertex has ended is told by the first, what it wrote by all of them. The next report that tells of vertices, or of a
// mark, comes after the last piece.
func (r *recorder) record(report *client.SolveStatus) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.takeMarks(report) || len(report.Vertexes) > 0 {
		r.file()
	}
	for _, l := range report.Logs {
		out := r.running[l.Vertex]
		if out == nil {
			out = new(execOutput)
			r.running[l.Vertex] = out
		}
		switch l.Stream {
		case 1:
			out.Stdout = appendTail(out.Stdout, l.Data, maxOutput)
		case 2:
			out.Stderr = appendTail(out.Stderr, l.Data, maxOutput)
		}
	}
	for _, v := range report.Vertexes {
		if v.Completed != nil && v.Started != nil && !v.Cached {
			r.ended = append(r.ended, v)
		}
	}
}

// takeMarks removes our marks from a report and says whether there was a new one.
func (r *recorder) takeMarks(report *client.SolveStatus) (found bool) {
	report.Warnings = slices.DeleteFunc(report.Warnings, func(w *client.VertexWarning) bool {
		seen, ok := r.marks[string(w.Short)]
		if ok {
			found = true
			delete(r.marks, string(w.Short))
			close(seen) // who waits for it looks under the lock
		}
		return ok || strings.HasPrefix(string(w.Short), markPrefix)
	})
	return found
}

// file puts away the output of what has ended.
func (r *recorder) file() {
	for _, v := range r.ended {
		out := r.running[v.Digest]
		if out == nil {
			out = new(execOutput)
		}
		delete(r.running, v.Digest)
		r.keep(v, *out)
	}
	r.ended = nil
}

// close is called after the last report.
func (r *recorder) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.file()
}

// keep keeps what a vertex wrote. Solves that need it again tell of the same run again.
func (o *outputs) keep(v *client.Vertex, out execOutput) {
	if o.filed[v.Digest].Equal(*v.Started) {
		return
	}
	o.filed[v.Digest] = *v.Started
	switch {
	case v.Error != "":
		o.failed[v.Digest] = execOutput{tail(out.Stdout), tail(out.Stderr)}
	case strings.HasPrefix(v.Name, hiddenPrefix) || len(v.Inputs) == 0:
		// It was no exec.
	default:
		// What cannot be kept is found out by running the exec again.
		_ = writeFile(o.path(v.Digest), out)
	}
}

func writeFile(name string, out execOutput) error {
	data, err := json.Marshal(out)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if err := firstError(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

// find returns what a vertex wrote when it last ran, in this session or before.
func (o *outputs) find(vertex digest.Digest) (out execOutput, ok bool, err error) {
	for _, v := range []digest.Digest{uncached(vertex), vertex} {
		data, err := os.ReadFile(o.path(v))
		if err != nil {
			continue
		}
		now := time.Now()
		_ = os.Chtimes(o.path(v), now, now)
		if err := json.Unmarshal(data, &out); err != nil {
			return out, false, fmt.Errorf("reading %s: %w", o.path(v), err)
		}
		return out, true, nil
	}
	return out, false, nil
}

// tails returns the ends of what a failed vertex wrote.
func (o *outputs) tails(vertex digest.Digest) (stdout, stderr string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, v := range []digest.Digest{uncached(vertex), vertex} {
		if out, ok := o.failed[v]; ok {
			return string(out.Stdout), string(out.Stderr)
		}
	}
	return "", ""
}

// appendTail appends, dropping the beginning of what becomes too long.
func appendTail(b, data []byte, limit int) []byte {
	b = append(b, data...)
	if len(b) > 2*limit {
		b = append([]byte(nil), b[len(b)-limit:]...)
	}
	return b
}

// tail is the end of a stream as Dagger shows it.
func tail(b []byte) []byte {
	omitted := len(b) - maxTail
	if omitted <= 0 {
		return b
	}
	return append(fmt.Appendf(nil, "[omitting %d bytes]...", omitted), b[omitted:]...)
}
