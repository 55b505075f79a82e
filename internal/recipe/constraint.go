// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
)

// constraint is what a needs block asks of a fact of the target: ">= 3.9, < 3.12" is two clauses, and both must hold.
type constraint []clause

type clause struct{ operator, version string }

var clausePattern = regexp.MustCompile(`^(>=|<=|==|!=|>|<)\s*(\d+(?:\.\d+)*)$`)

// parseConstraint reads a constraint; its error is whole sentences, for a diagnostic.
func parseConstraint(s string) (constraint, error) {
	var c constraint
	for part := range strings.SplitSeq(s, ",") {
		part = strings.TrimSpace(part)
		m := clausePattern.FindStringSubmatch(part)
		switch {
		case m != nil:
			c = append(c, clause{operator: m[1], version: m[2]})
		case dottedPattern.MatchString(part):
			return nil, fmt.Errorf("%q does not say how the target's version must compare. Write \">= %s\" for that version or a newer one, \"== %s\" for no other", part, part, part)
		default:
			return nil, fmt.Errorf("%q is not a comparison with a version. Write one of >=, >, <=, <, ==, != and a version, and a comma between two: \">= 8.4, < 12\"", part)
		}
	}
	return c, nil
}

// admits says whether a version meets every clause.
func (c constraint) admits(version string) bool {
	for _, clause := range c {
		order := compareDotted(version, clause.version)
		var holds bool
		switch clause.operator {
		case ">=":
			holds = order >= 0
		case ">":
			holds = order > 0
		case "<=":
			holds = order <= 0
		case "<":
			holds = order < 0
		case "==":
			holds = order == 0
		case "!=":
			holds = order != 0
		}
		if !holds {
			return false
		}
	}
	return true
}

// Admits says whether a version is what a target declares of it: a constraint, or a version that may be shorter.
func Admits(declared, version string) bool {
	if c, err := parseConstraint(declared); err == nil {
		return c.admits(version)
	}
	return declared == version || strings.HasPrefix(version, declared+".")
}

// Assumed is the target with the lowest version in the place of each constraint: what is known before its SDK is there.
func (t Target) Assumed() Target {
	for _, version := range []*string{&t.Glibc, &t.GCC} {
		if c, err := parseConstraint(*version); err == nil {
			*version = c.floor()
		}
	}
	return t
}

// floor is the lowest version that a constraint names; empty where it has no lower bound.
func (c constraint) floor() string {
	for _, clause := range c {
		if clause.operator == ">=" || clause.operator == "==" {
			return clause.version
		}
	}
	return ""
}

// compareDotted compares two dotted numbers of any length; numbers that are missing count as zero.
func compareDotted(a, b string) int {
	for a != "" || b != "" {
		var x, y string
		x, a, _ = strings.Cut(a, ".")
		y, b, _ = strings.Cut(b, ".")
		if c := compareDigits(x, y); c != 0 {
			return c
		}
	}
	return 0
}

// compareDigits compares two whole numbers of any size.
func compareDigits(a, b string) int {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}

// unmet says in a few words which need the target does not meet; empty where it meets all.
func (n Needs) unmet(t Target) string {
	for _, need := range []struct{ what, constraint, has string }{
		{"gcc", n.GCC, t.GCC},
		{"glibc", n.Glibc, t.Glibc},
		{"Python", n.Python, t.Python},
		{"Rust", n.Rust, t.Rust},
	} {
		if need.constraint == "" {
			continue
		}
		if need.has == "" {
			return fmt.Sprintf("needs %s %s; %s has none", need.what, need.constraint, t.Name)
		}
		// One that does not parse has its diagnostic already.
		if c, err := parseConstraint(need.constraint); err == nil && !c.admits(need.has) {
			return fmt.Sprintf("needs %s %s; %s has %s", need.what, need.constraint, t.Name, need.has)
		}
	}
	return ""
}
