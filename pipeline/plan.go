// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"crosswheel/internal/recipe"
)

// record is the cache volume with an empty file for each stage that was run, named by its run key. The engine's own
// cache decides what runs; this is what lets a plan say so beforehand. What is lost here only makes a plan too careful.
const record = "crosswheel-record"

// remember writes a build's stages into the record. It returns no error: the build is good without.
func (p *Pipeline) remember(ctx context.Context, b *Build) {
	touch := []string{"touch"}
	for _, s := range b.stages() {
		touch = append(touch, "/record/"+p.runKey(s))
	}
	p.bases[tools].WithMountedCache("/record", p.client.CacheVolume(record)).WithExec(touch).Sync(ctx)
}

// recorded reads the record.
func (p *Pipeline) recorded(ctx context.Context) (map[string]bool, error) {
	text, err := p.image.Tools.
		WithMountedCache("/record", p.client.CacheVolume(record)).
		WithEnvVariable("CROSSWHEEL_READ_AT", time.Now().String()). // a volume's content is no part of a key
		WithExec([]string{"ls", "/record"}).
		Stdout(ctx)
	if err != nil {
		return nil, err
	}
	keys := map[string]bool{}
	for _, key := range strings.Fields(text) {
		keys[key] = true
	}
	return keys, nil
}

// Planned is one build of a plan.
type Planned struct {
	Target string
	Recipe *recipe.Recipe
	// Stages are those that would run; empty: all is cached.
	Stages []string
	// Maybe are those that would run only if what they use came out different.
	Maybe []string
}

// Plan says what a run would do, in which order. A stage that several targets share is planned for the first of them.
func Plan(ctx context.Context, jobs []Job) ([]Planned, error) {
	builds, err := graphs(jobs)
	if err != nil {
		return nil, err
	}
	keys, err := jobs[0].Pipeline.recorded(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading what was built before: %s", explain(err))
	}
	return planAll(jobs, builds, keys), nil
}

func planAll(jobs []Job, builds [][]*Build, keys map[string]bool) []Planned {
	var plan []Planned
	for i, job := range jobs {
		p := job.Pipeline
		plan = append(plan, p.plan(builds[i], keys)...)
		for _, b := range builds[i] {
			for _, s := range b.stages() {
				if s.base == sources || s.base == cloner {
					keys[p.runKey(s)] = true
				}
			}
		}
	}
	return plan
}

// plan compares the stages with the run keys of those that were run before.
func (p *Pipeline) plan(builds []*Build, keys map[string]bool) []Planned {
	var plan []Planned
	for _, b := range builds {
		planned := Planned{Target: p.image.Target.Name, Recipe: b.Recipe}
		sure := false // a stage of this build itself has changed
		for _, s := range b.stages() {
			if keys[p.runKey(s)] {
				continue
			}
			sure = sure || p.ownChange(b, s, keys)
			if sure {
				planned.Stages = append(planned.Stages, s.name)
			} else {
				planned.Maybe = append(planned.Maybe, s.name)
			}
		}
		plan = append(plan, planned)
	}
	return plan
}

// ownChange says whether a stage that is not in the record differs by itself, and not only because something that the
// build uses was planned to run: then it runs only if that comes out different.
func (p *Pipeline) ownChange(b *Build, s *stage, keys map[string]bool) bool {
	usesChanged := slices.ContainsFunc(b.Uses, func(use *Build) bool {
		return slices.ContainsFunc(use.stages(), func(s *stage) bool { return !keys[p.runKey(s)] })
	})
	return !usesChanged || s == b.fetch || s == b.unpack || s == b.lock || s == b.requirements || s == b.crates
}

// String is the build's line of a plan.
func (pl Planned) String() string {
	what := "cached"
	switch {
	case pl.Recipe.Disabled != "":
		what = "skipped: " + pl.Recipe.Disabled
	case len(pl.Stages) > 0:
		what = "run " + strings.Join(append(pl.Stages, pl.Maybe...), ", ")
	case len(pl.Maybe) > 0:
		what = "run " + strings.Join(pl.Maybe, ", ") + ", if what it uses comes out different"
	}
	return fmt.Sprintf("%s\t%s\t%s", pl.Recipe.Name, pl.Recipe.Version, what)
}

// Text is a plan as people read it; of several targets each has its name above.
func Text(plan []Planned) string {
	several := slices.ContainsFunc(plan, func(p Planned) bool { return p.Target != plan[0].Target })
	var b strings.Builder
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for i, planned := range plan {
		if several && (i == 0 || planned.Target != plan[i-1].Target) {
			table.Flush()
			fmt.Fprintf(&b, "%s\n", planned.Target)
		}
		fmt.Fprintf(table, "%d\t%s\n", i+1, planned)
	}
	table.Flush()
	return b.String()
}
