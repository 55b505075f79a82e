// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"

	"crosswheel/internal/dagger"
	"crosswheel/internal/pep440"
	"crosswheel/internal/recipe"
	"crosswheel/internal/step"
	"crosswheel/internal/wheel"
)

// runner runs the builds of one target in dependency order.
type runner struct {
	*limits
	pipeline *Pipeline
	started  time.Time
	outcomes []*outcome
	done     map[*Build]chan struct{}
}

// limits bound what runs at a time, on all targets together.
type limits struct {
	slots  chan struct{}
	memory *memory
}

// enter waits for a free slot, and for memory. Whoever got in calls the function that is returned.
func (l *limits) enter(ctx context.Context, bytes int64) (leave func(), err error) {
	select {
	case l.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	release, err := l.memory.acquire(ctx, bytes)
	if err != nil {
		<-l.slots
		return nil, err
	}
	return func() { release(); <-l.slots }, nil
}

// outcome is what became of a build.
type outcome struct {
	pipeline *Pipeline
	build    *Build
	status   Status
	reason   string // why it is not built
	stage    string // where it failed

	finish *stage   // which made the wheel; nil for a library
	from   *outcome // whose wheel the target gets in the place of this one, or of none; see share.go
	note   string   // what became of the wheel's tag

	diagnostics hcl.Diagnostics
	uploaded    time.Time // when the package index got the source; zero where nobody says
	wheel       step.Finished
	findings    []wheel.Finding
	timing      timing
	compared    step.Compared // of a build that was made twice
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
	}
	if o.status, o.reason = r.hindrance(o.build); o.status != "" {
		return
	}
	leave, err := r.enter(ctx, int64(o.build.Recipe.Build.Memory))
	if err != nil {
		return
	}
	defer leave()
	err = r.stages(ctx, o)
	var not *unsuitable
	if errors.As(err, &not) {
		o.status, o.stage, o.reason = Skipped, "", not.Error()
		return
	}
	if err != nil {
		o.status = Failed
		err = o.findMistake(err)
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

// hindrance is why a build whose uses have come to their ends cannot be made. What uses something that is not for the target is not
// for it either, whatever else is wrong.
func (r *runner) hindrance(b *Build) (status Status, reason string) {
	for _, use := range b.Uses {
		switch became := use.outcome; {
		case became.status == Skipped:
			return Skipped, fmt.Sprintf("uses %s, which is not built for %s: %s", use.Label(), r.pipeline.image.Target.Name, became.reason)
		case !became.status.good():
			status, reason = Blocked, "it uses "+use.Label()+", which is "+string(became.status)
		}
	}
	return status, reason
}

// unsuitable says why a version is not for the target, which is no failure.
type unsuitable struct{ reason string }

func (u *unsuitable) Error() string { return u.reason }

// checkPython looks whether a source says that it is for other Pythons than the target's. It is an *unsuitable then.
func (p *Pipeline) checkPython(ctx context.Context, b *Build) error {
	var unpacked step.Unpacked
	if err := p.read(ctx, b.unpack, "unpacked.json", &unpacked); err != nil {
		return err
	}
	if supports(unpacked.RequiresPython, p.facts.Python) {
		return nil
	}
	return &unsuitable{fmt.Sprintf("its source requires Python %s; %s has %s", unpacked.RequiresPython, p.image.Target.Name, p.facts.Python)}
}

// supports says whether what a project requires of Python (">=3.8") admits a version. What makes no sense hinders nobody: pip has it so, too.
func supports(requirement, python string) bool {
	wanted, err := pep440.ParseSpecifiers(requirement)
	if err != nil {
		return true
	}
	version, err := pep440.Parse(python)
	return err != nil || wanted.Admit(version)
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

// testTime is how long a test may take where its recipe does not say: emulation is slow, and what hangs hangs for ever.
const testTime = time.Hour

// limit is how long a stage may take, and what in the recipe says so; 0: as long as it likes.
func (b *Build) limit(s *stage) (time.Duration, []string) {
	switch s {
	case b.compile, b.native:
		return b.Recipe.Build.Timeout, []string{"build", "timeout"}
	case b.test:
		return cmp.Or(b.Recipe.Test.Timeout, testTime), []string{"test", "timeout"}
	}
	return 0, nil
}

// sync runs a stage, for as long as the recipe lets it.
func (p *Pipeline) sync(ctx context.Context, o *outcome, s *stage) error {
	limit, at := o.build.limit(s)
	if limit == 0 {
		_, err := p.container(s).Sync(ctx)
		return err
	}
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	_, err := p.container(s).Sync(limited)
	if err != nil && limited.Err() != nil && ctx.Err() == nil {
		return o.blame(at, "Timeout", "The stage %s of %s took longer than %v, and was stopped. Give it more time, or look for what hangs.", s.name, o.build.Label(), limit)
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

// missingProgram is what [scripted] has a build say. It is no [step.Mistake]: it is a part of the keys of compiles.
var missingProgram = regexp.MustCompile(`The build needs the program (\S+), and .*`)

// findMistake looks for the recipe's own mistake in what a failed stage has printed, and reports it at its line.
func (o *outcome) findMistake(err error) error {
	var exec *dagger.ExecError
	if !errors.As(err, &exec) {
		return err
	}
	m, ok := step.FindMistake(exec.Stderr)
	if !ok {
		m, ok = step.FindMistake(exec.Stdout) // a compile's streams are one
	}
	if missing := missingProgram.FindStringSubmatch(exec.Stdout + exec.Stderr); !ok && missing != nil {
		item := slices.Index(o.build.Recipe.Build.Executables, missing[1])
		m, ok = step.Mistake{At: "build.executables", Item: item, Summary: "No such program", Detail: missing[0]}, true
	}
	if !ok {
		return err
	}
	r := o.build.Recipe
	at := r.VersionRange
	switch names := strings.Split(m.At, "."); {
	case m.At == "source":
		at = r.At("source", string(r.Source.Kind))
	case m.At != "version" && m.Item >= 0:
		at = r.AtItem(m.Item, names...)
	case m.At != "version":
		at = r.At(names...)
	}
	o.diagnostics = append(o.diagnostics, recipe.Problem(at, m.Summary, "%s: %s", o.build.Label(), m.Detail))
	o.reason = m.Summary + ": " + m.Detail
	return err
}

// check reads what a stage found out.
func (r *runner) check(ctx context.Context, o *outcome, s *stage) error {
	p := r.pipeline
	switch b := o.build; s {
	case b.fetch:
		return p.checkFetched(ctx, o)
	case b.crates:
		return p.checkCrates(ctx, o)
	case b.unpack:
		if b.Recipe.Kind == recipe.Package {
			return p.checkPython(ctx, b)
		}
	case b.compile:
		return p.read(ctx, s, "timing.json", &o.timing)
	case b.finish:
		if err := p.read(ctx, s, "wheel.json", &o.wheel); err != nil {
			return err
		}
		o.note = o.wheel.Note
		return o.checkRequires()
	case b.compare:
		return p.read(ctx, s, "compared.json", &o.compared)
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
