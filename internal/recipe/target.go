// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// LoadTargets reads the target blocks of targets.hcl in the order in which they stand; filename is the name that it has in positions.
// Expressions can call functions, and have no variables.
func LoadTargets(filename string, src []byte) ([]Target, hcl.Diagnostics) {
	file, diags := hclsyntax.ParseConfig(src, filename, hcl.InitialPos)
	if diags.HasErrors() {
		return nil, arrange(diags)
	}
	var targets []Target
	body := file.Body.(*hclsyntax.Body)
	for _, attr := range body.Attributes {
		diags = append(diags, Problem(attr.NameRange, "Attribute outside of a block", "%q belongs in a target block.", attr.Name))
	}
	for _, block := range body.Blocks {
		if block.Type != "target" {
			diags = append(diags, Problem(block.TypeRange, "Unknown block", "This file holds target blocks, not %q.%s", block.Type, DidYouMean(block.Type, []string{"target"})))
			continue
		}
		t, more := readTarget(block)
		diags = append(diags, more...)
		if i := slices.IndexFunc(targets, func(other Target) bool { return other.Name == t.Name }); i >= 0 {
			diags = append(diags, Problem(t.Range, "Duplicate target", "%q is declared already, at %s. Give one of the two another name.", t.Name, place(targets[i].Range)))
			continue
		}
		targets = append(targets, t)
	}
	if len(body.Blocks) == 0 {
		start := hcl.Range{Filename: filename, Start: hcl.InitialPos, End: hcl.InitialPos}
		diags = append(diags, Problem(start, "No target", "The file declares no target. Write: target \"bookworm-armhf\" { … }"))
	}
	return targets, arrange(diags)
}

func readTarget(block *hclsyntax.Block) (Target, hcl.Diagnostics) {
	name, diags := label(block, "bookworm-armhf")
	t := Target{Name: name, Range: block.DefRange()}
	if name == allTargets || strings.HasPrefix(name, allTargets+"-") {
		diags = append(diags, Problem(block.LabelRanges[0], "Invalid name", "%q stands for several targets on the command line: \"all\" for every one, \"all-debian\" for those of a provider. Give this one another name.", name))
	}
	if problem := tagName(name); name != "" && problem != "" {
		diags = append(diags, Problem(block.LabelRanges[0], "Invalid name", "%q is not the name of a target: use lower-case letters, digits and hyphens.", name))
	}
	spec := targetSpec(&t)
	s, more := readSection(spec, "", t.Range, block.Body)
	diags = append(diags, more...)
	e := &evaluator{scope: &hcl.EvalContext{Functions: functions}}
	e.block(spec, s)
	e.checkProvider(t, s)
	return t, append(diags, e.diags...)
}

// checkProvider reports what a target says that its provider has no use for, and what that misses.
func (e *evaluator) checkProvider(t Target, s *section) {
	_, exact := parseConstraint(t.GCC)
	switch {
	case t.Provider == "debian" && s.attributes["suite"] == nil:
		e.problem(t.Range, "Missing suite", "The debian provider needs the name of a release. Write for instance: suite = \"bookworm\"")
	case t.Provider == "debian" && exact == nil:
		e.problem(t.Range, "Contradiction", "The debian provider installs the compiler by its version: write gcc = %q, or the version that the release has.", t.Assumed().GCC)
	case t.Provider == "debian" && (t.URL != "" || t.SHA256 != ""):
		e.problem(t.Range, "Contradiction", "url and sha256 are for the buildroot provider: the debian one makes its SDK itself. Take them away.")
	case t.Provider == "buildroot" && (t.Suite != "" || len(t.Packages) > 0):
		e.problem(t.Range, "Contradiction", "suite and packages are for the debian provider: the buildroot one takes its SDK as it is. Take them away.")
	case t.URL != "" && t.SHA256 == "":
		e.problem(t.Range, "Missing sha256", "What is downloaded from %s is not known without a checksum. Write: sha256 = \"…\"", t.URL)
	}
}

// allTargets stands for every target; with a hyphen and a provider's name after it, for every one of that provider.
const allTargets = "all"

// SkippedTarget is a target that was asked for with others, and cannot be built for.
type SkippedTarget struct {
	Target
	Reason string
}

// SelectTargets returns the targets that names stand for, each once, in the order in which they are asked for. A name is a target's own, or
// "all", or "all-PROVIDER". missing says what must be handed in before a target can be built for: one that is among all of them is skipped
// then, while one that is asked for by its own name is returned, for whoever asks has it.
func SelectTargets(targets []Target, names []string, missing func(Target) string) ([]Target, []SkippedTarget, error) {
	groups := map[string][]Target{allTargets: targets}
	known := namesOfTargets(targets)
	for _, t := range targets {
		group := allTargets + "-" + t.Provider
		groups[group] = append(groups[group], t)
	}
	known = append(known, sortedKeys(groups)...)
	var selected []Target
	var skipped []SkippedTarget
	has := func(name string) bool {
		return slices.ContainsFunc(selected, func(t Target) bool { return t.Name == name })
	}
	for _, name := range names {
		group, isGroup := groups[name]
		if !isGroup {
			t, err := findTarget(targets, name, known)
			if err != nil {
				return nil, nil, err
			}
			group = []Target{t}
		}
		for _, t := range group {
			switch reason := missing(t); {
			case isGroup && reason != "":
				if !slices.ContainsFunc(skipped, func(s SkippedTarget) bool { return s.Name == t.Name }) {
					skipped = append(skipped, SkippedTarget{t, reason})
				}
			case !has(t.Name):
				selected = append(selected, t)
			}
		}
	}
	// What is asked for by name is not skipped because a group has it, too.
	skipped = slices.DeleteFunc(skipped, func(s SkippedTarget) bool { return has(s.Name) })
	if len(selected) == 0 {
		return nil, nil, noTarget(names, skipped, known)
	}
	return selected, skipped, nil
}

// noTarget says why nothing can be built for.
func noTarget(names []string, skipped []SkippedTarget, known []string) error {
	if len(skipped) == 0 {
		return fmt.Errorf("no target is given. Declared: %s", enumerate(known, "and"))
	}
	var reasons []string
	for _, s := range skipped {
		reasons = append(reasons, s.Name+": "+s.Reason)
	}
	return fmt.Errorf("none of the targets %s can be built for:\n  %s", strings.Join(names, ", "), strings.Join(reasons, "\n  "))
}

// FindTarget returns the target of that name.
func FindTarget(targets []Target, name string) (Target, error) {
	return findTarget(targets, name, namesOfTargets(targets))
}

// findTarget names known ones where there is none of that name.
func findTarget(targets []Target, name string, known []string) (Target, error) {
	for _, t := range targets {
		if t.Name == name {
			return t, nil
		}
	}
	return Target{}, fmt.Errorf("there is no target %q.%s Declared: %s", name, DidYouMean(name, known), enumerate(namesOfTargets(targets), "and"))
}

func namesOfTargets(targets []Target) []string {
	var names []string
	for _, t := range targets {
		names = append(names, t.Name)
	}
	return names
}
