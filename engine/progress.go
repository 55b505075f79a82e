// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/moby/buildkit/client"
	"github.com/moby/buildkit/util/progress/progressui"
)

// progressVariable chooses how progress is shown; see the modes below.
const progressVariable = "CROSSWHEEL_PROGRESS"

// progressMode is a value of progressVariable.
type progressMode string

const (
	// progressAuto is the default: tty on a terminal, elsewhere a line when a step starts and when it ends.
	progressAuto progressMode = "auto"
	// progressTTY is BuildKit's display, which redraws itself.
	progressTTY progressMode = "tty"
	// progressPlain is lines with everything that commands write.
	progressPlain progressMode = "plain"
	// progressQuiet shows nothing.
	progressQuiet progressMode = "quiet"
)

func chosenProgress() (progressMode, error) {
	switch m := progressMode(os.Getenv(progressVariable)); m {
	case "":
		return progressAuto, nil
	case progressAuto, progressTTY, progressPlain, progressQuiet:
		return m, nil
	default:
		return "", fmt.Errorf("%s=%q: choose one of auto, tty, plain, quiet", progressVariable, m)
	}
}

// display shows the reports of builds to a person.
type display struct {
	reports chan *client.SolveStatus
	done    chan struct{} // closed when all is shown

	mu      sync.Mutex
	closed  bool
	sources sync.WaitGroup
}

func newDisplay(w io.Writer) (*display, error) {
	show, err := chosenDisplay(w)
	if err != nil {
		return nil, err
	}
	d := &display{reports: make(chan *client.SolveStatus), done: make(chan struct{})}
	go func() {
		defer close(d.done)
		_, _ = show.UpdateFrom(context.Background(), d.reports) // it ends with the channel, and only so
	}()
	return d, nil
}

// shower is a way to show reports.
type shower interface {
	UpdateFrom(context.Context, chan *client.SolveStatus) ([]client.VertexWarning, error)
}

func chosenDisplay(w io.Writer) (shower, error) {
	mode, err := chosenProgress()
	if err != nil {
		return nil, err
	}
	switch mode {
	case progressPlain:
		return progressui.NewDisplay(w, progressui.PlainMode)
	case progressQuiet:
		return progressui.NewDisplay(w, progressui.QuietMode)
	}
	show, err := progressui.NewDisplay(w, progressui.TtyMode)
	switch {
	case err == nil:
		return show, nil
	case mode == progressTTY:
		return nil, fmt.Errorf("%s=%s: the output is no terminal", progressVariable, mode)
	}
	return &lines{w: w}, nil
}

// add shows the reports of another build until their channel is closed, and lets the recorder see them.
func (d *display) add(reports <-chan *client.SolveStatus, r *recorder) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed { // the build will fail, as the daemon is not reached any more
		go func() {
			for range reports {
			}
		}()
		return
	}
	d.sources.Go(func() {
		defer r.close()
		for report := range reports {
			r.record(report)
			d.reports <- visible(report)
		}
	})
}

// visible is what a person should see of a report.
func visible(report *client.SolveStatus) *client.SolveStatus {
	shown := *report
	shown.Vertexes = slices.DeleteFunc(slices.Clone(report.Vertexes), func(v *client.Vertex) bool {
		return strings.HasPrefix(v.Name, hiddenPrefix) && v.Error == ""
	})
	return &shown
}

// close shows the rest, when the channels of all builds are closed.
func (d *display) close() {
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	d.sources.Wait()
	close(d.reports)
	<-d.done
}
