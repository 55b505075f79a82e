// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/sourcegraph/conc"

	"crosswheel/internal/dagger"
	"crosswheel/internal/recipe"
	"crosswheel/internal/step"
	"crosswheel/internal/wheel"
)

// Run builds the recipes and what they use. A failure stops what depends on it and nothing else: the report says what
// became of each. An error means that nothing could be built at all; it is a *Problems where the recipes are to blame.
func (p *Pipeline) Run(ctx context.Context, recipes []*recipe.Recipe) (*Result, error) {
	builds := p.graph(recipe.Order(recipes))
	if p.problems.HasErrors() {
		return nil, &Problems{p.problems}
	}
	if err := p.prepare(ctx); err != nil {
		return nil, err
	}
	for _, b := range builds {
		for _, s := range b.stages() {
			p.key(s) // memoised here, where nothing runs in parallel yet
		}
	}
	r := &runner{pipeline: p, started: time.Now(), slots: make(chan struct{}, p.options.Jobs), memory: machineMemory(), done: map[*Build]chan struct{}{}}
	outcomes := make([]*outcome, len(builds))
	for _, b := range builds {
		r.done[b] = make(chan struct{})
	}
	var group conc.WaitGroup
	for i, b := range builds {
		outcomes[i] = &outcome{build: b}
		b.outcome = outcomes[i]
		group.Go(func() {
			defer close(r.done[b])
			r.run(ctx, b.outcome)
		})
	}
	group.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	return p.result(outcomes), nil
}

// runner runs builds in dependency order, a bounded number at a time.
type runner struct {
	pipeline *Pipeline
	started  time.Time
	slots    chan struct{}
	memory   *memory
	done     map[*Build]chan struct{}
}

// outcome is what became of a build.
type outcome struct {
	build  *Build
	status Status
	reason string // why it is not built
	stage  string // where it failed

	diagnostics hcl.Diagnostics
	uploaded    time.Time // when the package index got the source; zero where nobody says
	wheel       step.Finished
	findings    []wheel.Finding
	timing      timing
	log         string
}

// timing is what the compile stage says of itself. It comes from the cache with the result: a compile that began before
// this run is one that this run did not do.
type timing struct {
	Started float64 // seconds since 1970
	Seconds float64
}

// run waits for what the build uses, then for a free slot, then goes through the stages.
func (r *runner) run(ctx context.Context, o *outcome) {
	if o.build.Recipe.Disabled != "" {
		o.status, o.reason = Skipped, o.build.Recipe.Disabled
		return
	}
	for _, use := range o.build.Uses {
		<-r.done[use]
		if !use.outcome.status.good() {
			o.status, o.reason = Blocked, "it uses "+use.Label()+", which is "+string(use.outcome.status)
		}
	}
	if o.status != "" {
		return
	}
	select {
	case r.slots <- struct{}{}:
		defer func() { <-r.slots }()
	case <-ctx.Done():
		return
	}
	release, err := r.memory.acquire(ctx, int64(o.build.Recipe.Build.Memory))
	if err != nil {
		return
	}
	defer release()
	if err := r.stages(ctx, o); err != nil {
		o.status = Failed
		if o.reason == "" {
			o.reason = explain(err)
		}
		o.log = tail(err)
		return
	}
	o.status = Cached
	if o.timing.Started >= float64(r.started.UnixNano())/1e9 {
		o.status = Built
	}
}

// stages runs a build's stages and reads their results. What a person can put right in the recipe becomes a diagnostic.
func (r *runner) stages(ctx context.Context, o *outcome) error {
	p := r.pipeline
	for _, s := range o.build.stages() {
		o.stage = s.name
		if err := p.sync(ctx, o, s); err != nil {
			return err
		}
		if err := r.check(ctx, o, s); err != nil {
			return err
		}
	}
	o.stage = ""
	p.remember(ctx, o.build)
	return nil
}

// sync runs a stage; the compile stage for as long as the recipe lets it.
func (p *Pipeline) sync(ctx context.Context, o *outcome, s *stage) error {
	timeout := o.build.Recipe.Build.Timeout
	if s != o.build.compile || timeout == 0 {
		_, err := p.container(s).Sync(ctx)
		return err
	}
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	_, err := p.container(s).Sync(limited)
	if err != nil && limited.Err() != nil && ctx.Err() == nil {
		return o.blame([]string{"build", "timeout"}, "Timeout", "Compiling %s took longer than %v, and was stopped. Give it more time, or look for what hangs.", o.build.Label(), timeout)
	}
	return err
}

// blame reports what a person can put right in the recipe, at its line.
func (o *outcome) blame(at []string, summary, detail string, args ...any) error {
	problem := recipe.Problem(o.build.Recipe.At(at...), summary, detail, args...)
	o.diagnostics = append(o.diagnostics, problem)
	o.reason = summary + ": " + problem.Detail
	return errors.New(o.reason)
}

// check reads what a stage found out.
func (r *runner) check(ctx context.Context, o *outcome, s *stage) error {
	p := r.pipeline
	switch b := o.build; s {
	case b.fetch:
		return p.checkFetched(ctx, o)
	case b.crates:
		return p.checkCrates(ctx, o)
	case b.compile:
		return p.read(ctx, s, "timing.json", &o.timing)
	case b.finish:
		if err := p.read(ctx, s, "wheel.json", &o.wheel); err != nil {
			return err
		}
		return o.checkRequires()
	case b.audit:
		if err := p.read(ctx, s, "audit.json", &o.findings); err != nil {
			return err
		}
		if wheel.HasErrors(o.findings) {
			return &auditError{o.findings}
		}
	}
	return nil
}

// read decodes a result of a stage.
func (p *Pipeline) read(ctx context.Context, s *stage, name string, value any) error {
	text, err := p.container(s).File(step.Out + "/" + name).Contents(ctx)
	if err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(text), value); err != nil {
		return fmt.Errorf("%s of stage %s: %w", name, s.name, err)
	}
	return nil
}

// checkFetched turns a wrong checksum into a diagnostic at the recipe's line.
func (p *Pipeline) checkFetched(ctx context.Context, o *outcome) error {
	var fetched step.Fetched
	if err := p.read(ctx, o.build.fetch, "fetched.json", &fetched); err != nil || fetched.Actual == "" {
		o.uploaded = fetched.Uploaded
		return err
	}
	source := o.build.Recipe.Source
	summary, detail := "Wrong checksum", fmt.Sprintf("The source of %s has sha256 %q, and the recipe says %q. If you have made sure that the new bytes are right, "+
		"write the new checksum.", o.build.Label(), fetched.Actual, source.SHA256)
	if source.SHA256 == "" {
		summary, detail = "Missing checksum", fmt.Sprintf("The source of %s has sha256 %q. If you have made sure that it is the right source, write that checksum.",
			o.build.Label(), fetched.Actual)
	}
	problem := recipe.Problem(source.SHA256Range, summary, "%s", detail)
	o.diagnostics = append(o.diagnostics, problem)
	o.reason = summary + ": " + detail
	return errors.New(o.reason)
}

// auditError says that a wheel is not fit for the target.
type auditError struct{ findings []wheel.Finding }

func (e *auditError) Error() string {
	var lines []string
	for _, f := range e.findings {
		if f.Severity == wheel.Error {
			lines = append(lines, f.String())
		}
	}
	return "the wheel is not right for the target:\n" + strings.Join(lines, "\n")
}

// explain is an error as a person should read it. A failed exec's own last lines say more than how it was called.
func explain(err error) string {
	var exec *dagger.ExecError
	if !errors.As(err, &exec) {
		if strings.Contains(err.Error(), "no space left on device") {
			return err.Error() + "\nThe disk is full: free some space there, or let the engine keep its state elsewhere."
		}
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(exec.Stdout+"\n"+exec.Stderr), "\n")
	if len(lines) > tailLines {
		lines = lines[len(lines)-tailLines:]
	}
	text := strings.TrimSpace(strings.Join(lines, "\n"))
	if strings.Contains(exec.Stdout+exec.Stderr, "Network is down") {
		text += "\nThe build tried to reach the network, which compile steps have not: fetch what it wants in the recipe's source or requirements."
	}
	return fmt.Sprintf("exit code %d\n%s", exec.ExitCode, text)
}

// tailLines is how much of a failed stage's log is shown.
const tailLines = 20

// tail is all that is left of a failed exec's log.
func tail(err error) string {
	var exec *dagger.ExecError
	if !errors.As(err, &exec) {
		return err.Error() + "\n"
	}
	return exec.Stdout + exec.Stderr
}
