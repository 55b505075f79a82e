// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/sourcegraph/conc"

	"crosswheel/internal/recipe"
	"crosswheel/internal/step"
	"crosswheel/internal/wheel"
)

// One index serves all targets, and a tag says less than a target is: py3-none-any and cp36-abi3-linux_armv7l are taken by many, and
// linux_armv7l says nothing of the C library. So that no target's pip installs what was not proven there:
//
//  1. Wheels of one name and the same bytes are one file.
//  2. Of wheels of one name and different bytes that of the oldest C library is published, if the others' audits and tests pass it, too;
//     otherwise the next one's. A wheel that was linked to an older C library runs with a newer one, not the other way round.
//  3. What a target's pip would prefer to the target's own wheel, or take in the place of one that was skipped, must pass there. Where the
//     recipe itself refuses the target (disabled), nothing passes.
//  4. Where none does, each is bound to the Python of its own target (cp311-cp311), where no other comes upon it. That is another
//     name: a name that was published once never stands for other bytes.

// settle decides for every project and version which wheels are published.
func settle(ctx context.Context, runners []*runner) {
	if len(runners) < 2 {
		return
	}
	var group conc.WaitGroup
	for _, s := range shelves(runners) {
		group.Go(func() { s.settle(ctx) })
	}
	group.Wait()
}

// shelf is what all targets made of one version of a project.
type shelf struct {
	places []*place
	proofs map[proof]error
	prove  func(ctx context.Context, at *place, o *outcome) error
	narrow func(ctx context.Context, at *place) error
}

// place is one target's part of a shelf.
type place struct {
	target  wheel.Target
	name    string   // of the target
	python  string   // its exact version
	outcome *outcome // nil where the target was not asked for this version
	runner  *runner
}

// proof is whether a target takes certain bytes under a certain name.
type proof struct {
	at           *place
	name, sha256 string
}

// shelves sorts outcomes.
func shelves(runners []*runner) []*shelf {
	type version struct{ project, version string }
	found := map[version]*shelf{}
	var ordered []*shelf
	for i, r := range runners {
		for _, o := range r.outcomes {
			if o.build.Recipe.Kind != recipe.Package {
				continue
			}
			of := version{wheel.NormalizeProject(o.build.Recipe.Name), o.build.Recipe.Version}
			s := found[of]
			if s == nil {
				s = &shelf{proofs: map[proof]error{}, prove: prove, narrow: narrow}
				for _, r := range runners {
					s.places = append(s.places, &place{target: r.pipeline.wanted(), name: r.pipeline.image.Target.Name, python: r.pipeline.facts.Python, runner: r})
				}
				found[of] = s
				ordered = append(ordered, s)
			}
			s.places[i].outcome = o
		}
	}
	return ordered
}

func (s *shelf) settle(ctx context.Context) {
	for _, same := range s.sameNames() {
		s.unify(ctx, same)
	}
	for s.chooseAll(ctx) {
	}
}

// published are the places whose own wheels are there.
func (s *shelf) published() []*place {
	return slices.DeleteFunc(slices.Clone(s.places), func(p *place) bool { return !p.publishes() })
}

func (p *place) publishes() bool {
	return p.outcome != nil && p.outcome.status.good() && p.outcome.from == nil && p.outcome.wheel.Filename != ""
}

// sameNames are groups of places whose wheels have one name, and not the same bytes. Those of the oldest C library come first.
func (s *shelf) sameNames() [][]*place {
	byName := map[string][]*place{}
	for _, p := range s.published() {
		byName[p.outcome.wheel.Filename] = append(byName[p.outcome.wheel.Filename], p)
	}
	var groups [][]*place
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		group := byName[name]
		slices.SortStableFunc(group, func(a, b *place) int { return wheel.CompareGlibc(a.target, b.target) })
		if slices.ContainsFunc(group, func(p *place) bool { return p.outcome.wheel.SHA256 != group[0].outcome.wheel.SHA256 }) {
			groups = append(groups, group)
		}
	}
	return groups
}

// unify has one of the wheels of a name stand for all.
func (s *shelf) unify(ctx context.Context, same []*place) {
	var problems []error
	for _, candidate := range same {
		var problem error
		for _, p := range same {
			if problem == nil {
				problem = s.take(ctx, p, candidate.outcome)
			}
		}
		if problem == nil {
			for _, p := range same {
				if p.outcome.wheel.SHA256 != candidate.outcome.wheel.SHA256 {
					p.outcome.from = candidate.outcome
				}
			}
			return
		}
		problems = append(problems, problem)
	}
	s.bind(ctx, same[0].outcome.wheel.Filename, errors.Join(problems...))
}

// chooseAll looks at what each target's pip would choose. It stops at the first choice that is wrong, does away with it, and says so.
func (s *shelf) chooseAll(ctx context.Context) (changed bool) {
	for _, p := range s.places {
		if p.outcome != nil && !p.outcome.status.good() {
			p.outcome.from = nil
		}
	}
	for _, p := range s.places {
		published := slices.DeleteFunc(s.published(), func(other *place) bool { return !p.isFor(other.outcome.wheel) })
		var names []wheel.Name
		for _, other := range published {
			name, err := wheel.ParseFilename(other.outcome.wheel.Filename)
			if err != nil {
				panic("pipeline: " + err.Error()) // it was opened under this name
			}
			names = append(names, name)
		}
		at := p.target.Preferred(names)
		if at < 0 {
			continue
		}
		chosen := published[at].outcome
		if err := s.take(ctx, p, chosen); err != nil {
			s.bind(ctx, chosen.wheel.Filename, err)
			return true
		}
		if p.outcome != nil && !p.publishes() {
			p.outcome.from = chosen
		}
	}
	return false
}

// isFor says whether the wheel's own metadata lets pip on the target take it.
func (p *place) isFor(made step.Finished) bool {
	metadata, err := wheel.ParseMetadata([]byte(made.Metadata))
	if err != nil {
		return true // the audit has its say about it
	}
	return supports(metadata.RequiresPython, p.python)
}

// take says whether a target takes a wheel, because it is its own or passes there as well.
func (s *shelf) take(ctx context.Context, at *place, o *outcome) error {
	if at.publishes() && at.outcome.wheel.SHA256 == o.wheel.SHA256 && at.outcome.wheel.Filename == o.wheel.Filename {
		return nil
	}
	if at.outcome != nil && at.outcome.build.Recipe.Refused {
		return fmt.Errorf("the recipe refuses %s: %s", at.name, at.outcome.reason)
	}
	key := proof{at, o.wheel.Filename, o.wheel.SHA256}
	err, known := s.proofs[key]
	if !known {
		if err = s.prove(ctx, at, o); err != nil {
			err = fmt.Errorf("the wheel of %s is not right for %s: %s", o.pipeline.image.Target.Name, at.name, explain(err))
		}
		s.proofs[key] = err
	}
	return err
}

// bind binds the wheels of a name to their own targets' Pythons. Two targets of one Python cannot be told apart so: what is right for
// one of them only is not published.
func (s *shelf) bind(ctx context.Context, filename string, why error) {
	concerned := slices.DeleteFunc(slices.Clone(s.places), func(p *place) bool {
		return p.outcome == nil || !p.outcome.status.good() || p.outcome.published().Filename != filename
	})
	for _, p := range concerned {
		o, err := p.outcome, why
		if !slices.ContainsFunc(s.places, func(other *place) bool { return other != p && other.target.Python == p.target.Python }) {
			err = s.narrow(ctx, p)
		}
		o.from = nil
		if err != nil {
			o.status, o.stage = Failed, "share"
			o.reason = fmt.Sprintf("%s is no name for the wheels of several targets: %s", filename, explain(err))
			o.log = o.reason + "\n"
			continue
		}
		o.note = "bound to its target's Python: " + why.Error()
	}
}

// published is the wheel that the target gets.
func (o *outcome) published() step.Finished {
	if o.from != nil {
		return o.from.wheel
	}
	return o.wheel
}

// prove runs the audit and the test of a target on another target's wheel.
func prove(ctx context.Context, at *place, o *outcome) error {
	p := at.runner.pipeline
	b := &Build{Recipe: o.build.Recipe, finish: o.finish, finishOf: o.pipeline}
	if at.outcome != nil && at.outcome.build.Recipe.Disabled == "" {
		b.Recipe, b.Uses = at.outcome.build.Recipe, at.outcome.build.Uses
	}
	p.addAudit(b)
	p.addTest(b)
	return at.runner.pass(ctx, &outcome{pipeline: p, build: b}, b.audit, b.wheelhouse, b.index, b.test)
}

// narrow makes of what was compiled a wheel for its own target's Python alone.
func narrow(ctx context.Context, at *place) error {
	o := at.outcome
	p, b := o.pipeline, *o.build
	p.addFinish(&b, true)
	p.addAudit(&b)
	p.addTest(&b)
	narrowed := &outcome{pipeline: p, build: &b}
	if err := at.runner.pass(ctx, narrowed, b.finish, b.audit, b.wheelhouse, b.index, b.test); err != nil {
		return err
	}
	o.finish, o.wheel, o.findings = b.finish, narrowed.wheel, narrowed.findings
	return nil
}

// pass runs stages, one after the other, and reads their results.
func (r *runner) pass(ctx context.Context, o *outcome, stages ...*stage) error {
	leave, err := r.enter(ctx, 0)
	if err != nil {
		return err
	}
	defer leave()
	for _, s := range stages {
		if err := r.pipeline.sync(ctx, o, s); err != nil {
			return err
		}
		if err := r.check(ctx, o, s); err != nil {
			return err
		}
	}
	return nil
}
