// SPDX-License-Identifier: Apache-2.0

package pep440

import (
	"fmt"
	"regexp"
	"strings"
)

// Specifiers is a set of conditions on a version, all of which must hold: ">=3.8, !=3.9.*, <4". It is what Requires-Python holds.
type Specifiers []specifier

type specifier struct {
	operator string
	version  Version
	prefix   bool // "==3.9.*": only the numbers that are there count
}

var specifierPattern = regexp.MustCompile(`^(~=|===?|!=|<=|>=|<|>)\s*([^\s,]+?)(\.\*)?$`)

// ParseSpecifiers reads conditions with commas between them. None at all is one that every version meets.
func ParseSpecifiers(s string) (Specifiers, error) {
	var all Specifiers
	for part := range strings.SplitSeq(s, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		m := specifierPattern.FindStringSubmatch(part)
		if m == nil {
			return nil, fmt.Errorf("%q is not a condition on a version as PEP 440 defines it", part)
		}
		v, err := Parse(m[2])
		if err != nil {
			return nil, fmt.Errorf("in %q: %w", part, err)
		}
		only := specifier{m[1], v, m[3] != ""}
		if only.prefix && only.operator != "==" && only.operator != "!=" || only.operator == "~=" && len(v.release) < 2 {
			return nil, fmt.Errorf("%q is not a condition on a version as PEP 440 defines it", part)
		}
		all = append(all, only)
	}
	return all, nil
}

// Admit says whether a final release, as a Python's version is one, meets all conditions.
func (s Specifiers) Admit(v Version) bool {
	for _, only := range s {
		if !only.admits(v) {
			return false
		}
	}
	return true
}

func (s specifier) admits(v Version) bool {
	order := v.Compare(s.version)
	switch s.operator {
	case "==", "===":
		return order == 0 || s.prefix && v.begins(s.version.release)
	case "!=":
		return order != 0 && !(s.prefix && v.begins(s.version.release))
	case "~=":
		return order >= 0 && v.begins(s.version.release[:len(s.version.release)-1])
	case "<=":
		return order <= 0
	case ">=":
		return order >= 0
	case "<":
		return order < 0
	default:
		return order > 0
	}
}

// begins says whether the release's first numbers are these; numbers that are missing are zeros.
func (v Version) begins(numbers []number) bool {
	for i, n := range numbers {
		var own number
		if i < len(v.release) {
			own = v.release[i]
		}
		if own.compare(n) != 0 {
			return false
		}
	}
	return true
}
