// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"crosswheel/internal/recipe"
	"crosswheel/internal/step"
	"crosswheel/internal/wheel"
	sdkimage "crosswheel/sdk-image"
)

// made is what a target made of demo 1.0: a tag and the name of its bytes, or why there is none.
type made struct{ target, tag, bytes string }

// requiring is METADATA that requires a Python.
func requiring(python string) string {
	return "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\nRequires-Python: " + python + "\n"
}

var machines = map[string]wheel.Target{
	"old": {Python: "3.9", Glibc: "2.31", Platform: "linux_armv7l"}, "mid": {Python: "3.11", Glibc: "2.36", Platform: "linux_armv7l"},
	"new": {Python: "3.13", Glibc: "2.41", Platform: "linux_armv7l"}, "twin": {Python: "3.11", Glibc: "2.31", Platform: "linux_armv7l"},
}

// settled runs the rules on what targets made. right says for which other targets some bytes are right: "old: new".
func settled(t *testing.T, all []made, right string) (shown []string, proofs int) {
	t.Helper()
	s := &shelf{proofs: map[proof]error{}}
	for _, m := range all {
		p := &Pipeline{image: &sdkimage.Image{Target: recipe.Target{Name: m.target}}}
		o := &outcome{pipeline: p, build: &Build{Recipe: &recipe.Recipe{Kind: recipe.Package, Name: "demo", Version: "1.0"}}, status: Skipped, reason: m.bytes}
		o.build.Recipe.Refused = m.bytes == "refused"
		if m.tag != "" {
			o.status, o.reason = Built, ""
			o.wheel = step.Finished{Filename: "demo-1.0-" + m.tag + ".whl", Tag: m.tag, SHA256: m.bytes}
			if strings.Contains(m.bytes, ">=") { // bytes that say so of themselves
				o.wheel.Metadata = requiring(m.bytes)
			}
		}
		s.places = append(s.places, &place{target: machines[m.target], name: m.target, python: machines[m.target].Python + ".2", outcome: o})
	}
	s.prove = func(_ context.Context, at *place, o *outcome) error {
		proofs++
		if strings.Contains(right, o.wheel.SHA256+": "+at.name) {
			return nil
		}
		return errors.New("it does not run")
	}
	s.narrow = func(_ context.Context, at *place) error {
		name, err := wheel.ParseFilename(at.outcome.wheel.Filename)
		if err != nil {
			return err
		}
		at.outcome.wheel.Tag = wheel.Narrow(name.Tags(), at.target)[0].String()
		at.outcome.wheel.Filename = "demo-1.0-" + at.outcome.wheel.Tag + ".whl"
		at.outcome.wheel.SHA256 += " narrowed"
		return nil
	}
	s.settle(t.Context())
	for _, p := range s.places {
		o := p.outcome
		text := fmt.Sprintf("%s: %s", p.name, o.status)
		if o.status.good() || o.from != nil {
			text += fmt.Sprintf(" %s %s", o.published().Tag, o.published().SHA256)
		}
		if o.from != nil {
			text += " of " + o.from.pipeline.image.Target.Name
		}
		shown = append(shown, text)
	}
	return shown, proofs
}

// Each case says what every target's pip gets, and how often that had to be proven.
func TestSettle(t *testing.T) {
	for name, c := range map[string]struct {
		made   []made
		right  string
		want   string
		proofs int
	}{
		"the same bytes": {
			[]made{{"old", "py3-none-any", "a"}, {"mid", "py3-none-any", "a"}}, "",
			"old: built py3-none-any a; mid: built py3-none-any a", 0},
		"each its own Python": {
			[]made{{"old", "cp39-cp39-linux_armv7l", "a"}, {"mid", "cp311-cp311-linux_armv7l", "b"}}, "",
			"old: built cp39-cp39-linux_armv7l a; mid: built cp311-cp311-linux_armv7l b", 0},
		"one name: the oldest C library's, whatever the order": {
			[]made{{"new", "cp36-abi3-linux_armv7l", "c"}, {"old", "cp36-abi3-linux_armv7l", "a"}, {"mid", "cp36-abi3-linux_armv7l", "b"}}, "a: new, a: mid",
			"new: built cp36-abi3-linux_armv7l a of old; old: built cp36-abi3-linux_armv7l a; mid: built cp36-abi3-linux_armv7l a of old", 2},
		"the oldest's is wrong somewhere": {
			[]made{{"old", "py3-none-any", "a"}, {"mid", "py3-none-any", "b"}, {"new", "py3-none-any", "b"}}, "a: mid, b: old",
			"old: built py3-none-any b of mid; mid: built py3-none-any b; new: built py3-none-any b", 3},
		"none is right for all": {
			[]made{{"old", "cp36-abi3-linux_armv7l", "a"}, {"mid", "cp36-abi3-linux_armv7l", "b"}}, "",
			"old: built cp39-cp39-linux_armv7l a narrowed; mid: built cp311-cp311-linux_armv7l b narrowed", 2},
		"one's own is closer": {
			[]made{{"old", "cp39-abi3-linux_armv7l", "a"}, {"mid", "cp311-abi3-linux_armv7l", "b"}, {"new", "cp313-abi3-linux_armv7l", "c"}}, "",
			"old: built cp39-abi3-linux_armv7l a; mid: built cp311-abi3-linux_armv7l b; new: built cp313-abi3-linux_armv7l c", 0},
		"another's is closer, and wrong": {
			[]made{{"mid", "cp36-abi3-linux_armv7l", "b"}, {"new", "py3-none-any", "c"}}, "c: mid",
			"mid: built cp311-cp311-linux_armv7l b narrowed; new: built py3-none-any c", 1},
		"skipped, and another's is right": {
			[]made{{"old", "cp39-abi3-linux_armv7l", "a"}, {"mid", "", "needs"}}, "a: mid",
			"old: built cp39-abi3-linux_armv7l a; mid: skipped cp39-abi3-linux_armv7l a of old", 1},
		"skipped, and another's is wrong": {
			[]made{{"old", "", "needs"}, {"mid", "cp36-abi3-linux_armv7l", "b"}, {"new", "cp36-abi3-linux_armv7l", "c"}}, "b: new",
			"old: skipped; mid: built cp311-cp311-linux_armv7l b narrowed; new: built cp313-cp313-linux_armv7l c narrowed", 2},
		"refused, whatever runs there": {
			[]made{{"old", "", "refused"}, {"mid", "py3-none-any", "b"}}, "b: old",
			"old: skipped; mid: built cp311-none-any b narrowed", 0},
		"skipped, and another's is for other Pythons": {
			[]made{{"old", "", "needs"}, {"mid", "py3-none-any", ">=3.11"}}, "",
			"old: skipped; mid: built py3-none-any >=3.11", 0},
		"skipped, and no other's is taken": {
			[]made{{"old", "", "needs"}, {"mid", "cp311-abi3-linux_armv7l", "b"}}, "",
			"old: skipped; mid: built cp311-abi3-linux_armv7l b", 0},
		"two of one Python": {
			[]made{{"mid", "cp311-cp311-linux_armv7l", "b"}, {"twin", "cp311-cp311-linux_armv7l", "a"}}, "a: mid",
			"mid: built cp311-cp311-linux_armv7l a of twin; twin: built cp311-cp311-linux_armv7l a", 1},
		"two of one Python, and neither is right for both": {
			[]made{{"mid", "cp311-cp311-linux_armv7l", "b"}, {"twin", "cp311-cp311-linux_armv7l", "a"}}, "",
			"mid: failed; twin: failed", 2},
	} {
		t.Run(name, func(t *testing.T) {
			got, proofs := settled(t, c.made, c.right)
			if strings.Join(got, "; ") != c.want || proofs != c.proofs {
				t.Errorf("got %s with %d proofs\nwant %s with %d", strings.Join(got, "; "), proofs, c.want, c.proofs)
			}
		})
	}
}

// Every target has its place on the shelf of a version, and libraries have none.
func TestShelves(t *testing.T) {
	var runners []*runner
	for _, name := range []string{"bullseye-armhf", "bookworm-armhf"} {
		p, builds := plainFor(t, catalogue(t), name)
		r := &runner{pipeline: p}
		for _, b := range builds[:len(builds)-len(runners)] { // the second was asked for less
			r.outcomes = append(r.outcomes, &outcome{pipeline: p, build: b})
		}
		runners = append(runners, r)
	}
	var got []string
	for _, s := range shelves(runners) {
		var names []string
		for _, p := range s.places {
			label := "-"
			if p.outcome != nil {
				label = p.outcome.build.Label()
			}
			names = append(names, p.name+" "+p.target.Python+" "+label)
		}
		got = append(got, strings.Join(names, ", "))
	}
	want := []string{
		"bullseye-armhf 3.9 future 3.0, bookworm-armhf 3.11 future 3.0", "bullseye-armhf 3.9 numeric 1.24.0, bookworm-armhf 3.11 numeric 1.24.0",
		"bullseye-armhf 3.9 Spline 2.0, bookworm-armhf 3.11 Spline 2.0", "bullseye-armhf 3.9 vendored 1.0, bookworm-armhf 3.11 -",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %q", got)
	}
}
