// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"context"
	"errors"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/sourcegraph/conc"

	"crosswheel/internal/recipe"
)

// Job is what is wanted of one target: recipes, as they are evaluated for it. Functions that take several want one at least.
type Job struct {
	Pipeline *Pipeline
	Recipes  []*recipe.Recipe
	// DebugFiles asks for what is stripped from the wheels.
	DebugFiles bool
}

// Run builds the recipes of all jobs, and what they use, within the bounds of the first job's options. A failure stops what depends
// on it and nothing else: the report says what became of each. An error means that nothing could be built at all; it is a *Problems
// where the recipes or a target are to blame.
func Run(ctx context.Context, jobs []Job) (*Result, error) {
	builds, err := graphs(jobs)
	if err != nil {
		return nil, err
	}
	runners, err := run(ctx, jobs, builds)
	if err != nil {
		return nil, err
	}
	settle(ctx, runners)
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	return newResult(runners), nil
}

// run runs the builds of all jobs.
func run(ctx context.Context, jobs []Job, builds [][]*Build) ([]*runner, error) {
	if err := prepare(ctx, jobs); err != nil {
		return nil, err
	}
	bounds := &limits{slots: make(chan struct{}, jobs[0].Pipeline.options.Jobs), memory: machineMemory()}
	var runners []*runner
	for i, job := range jobs {
		r := &runner{limits: bounds, pipeline: job.Pipeline, started: time.Now(), done: map[*Build]chan struct{}{}}
		for _, b := range builds[i] {
			for _, s := range b.stages() {
				job.Pipeline.key(s) // memoised here, where nothing runs in parallel yet
			}
			b.outcome = &outcome{pipeline: job.Pipeline, build: b, finish: b.finish}
			r.outcomes = append(r.outcomes, b.outcome)
			r.done[b] = make(chan struct{})
		}
		runners = append(runners, r)
	}
	var group conc.WaitGroup
	for _, r := range runners {
		for _, o := range r.outcomes {
			group.Go(func() {
				defer close(r.done[o.build])
				r.run(ctx, o)
			})
		}
	}
	group.Wait()
	return runners, context.Cause(ctx)
}

// graphs makes the builds of each job.
func graphs(jobs []Job) ([][]*Build, error) {
	var builds [][]*Build
	var problems hcl.Diagnostics
	for _, job := range jobs {
		graph := job.Pipeline.graph(recipe.Order(job.Recipes))
		for _, b := range graph {
			if job.DebugFiles && b.finish != nil {
				job.Pipeline.addDebug(b)
			}
		}
		builds = append(builds, graph)
		problems = append(problems, job.Pipeline.problems...)
	}
	if problems.HasErrors() {
		return nil, &Problems{recipe.Together(problems)}
	}
	return builds, nil
}

// prepare prepares all targets. What is wrong with one of them is told before anything is built.
func prepare(ctx context.Context, jobs []Job) error {
	found := make([]error, len(jobs))
	var group conc.WaitGroup
	for i, job := range jobs {
		group.Go(func() { found[i] = job.Pipeline.prepare(ctx) })
	}
	group.Wait()
	var problems hcl.Diagnostics
	var others []error
	for _, err := range found {
		var p *Problems
		if errors.As(err, &p) {
			problems = append(problems, p.Diagnostics...)
		} else if err != nil {
			others = append(others, err)
		}
	}
	if len(others) > 0 {
		return errors.Join(others...)
	}
	if problems.HasErrors() {
		return &Problems{recipe.Together(problems)}
	}
	return nil
}
