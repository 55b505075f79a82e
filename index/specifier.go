// SPDX-License-Identifier: Apache-2.0

package index

import (
	"fmt"
	"regexp"
	"strings"

	"crosswheel/internal/pep440"
)

// specifiers is what Requires-Python asks of a Python's version: all clauses must hold.
type specifiers []clause

type clause struct {
	operator string
	version  pep440.Version
	prefix   string // of ==3.* and ~=3.8: the parts that must be the same, with a dot behind
}

var clausePattern = regexp.MustCompile(`\A\s*(===|==|!=|~=|<=|>=|<|>)\s*([^\s*]+?)(\.\*)?\s*\z`)

// parseSpecifiers reads Requires-Python. What it refuses some installer refuses: uv passes over a file whose requirement it can not read, and pip
// takes it as if there were none.
func parseSpecifiers(text string) (specifiers, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	var all specifiers
	for part := range strings.SplitSeq(text, ",") {
		if strings.TrimSpace(part) == "" {
			continue // a comma too many is common, and everybody reads it
		}
		m := clausePattern.FindStringSubmatch(part)
		if m == nil {
			return nil, fmt.Errorf("%q is not a version specifier as PEP 440 defines it", part)
		}
		c := clause{operator: m[1]}
		var err error
		if c.version, err = pep440.Parse(m[2]); err != nil {
			return nil, err
		}
		release := c.version.String()
		switch {
		case m[3] != "" && (c.operator == "==" || c.operator == "!="):
			c.prefix = release + "."
		case m[3] != "":
			return nil, fmt.Errorf("%q: only == and != go with .*", part)
		case c.operator == "~=":
			cut := strings.LastIndexByte(release, '.')
			if cut < 0 {
				return nil, fmt.Errorf("%q: ~= wants two numbers at least", part)
			}
			c.prefix = release[:cut] + "."
		}
		all = append(all, c)
	}
	return all, nil
}

// admit says whether a Python of a minor version ("3.11") may install what asks for this. Of its patch releases one will do: an index does
// not know which of them a robot has.
func (s specifiers) admit(python string) bool {
	for _, micro := range []string{".0", ".99"} {
		v, err := pep440.Parse(python + micro)
		if err != nil {
			return false
		}
		all := true
		for _, c := range s {
			all = all && c.holds(v)
		}
		if all {
			return true
		}
	}
	return false
}

func (c clause) holds(v pep440.Version) bool {
	order := v.Compare(c.version)
	same := order == 0
	if c.prefix != "" {
		same = strings.HasPrefix(v.String()+".", c.prefix)
	}
	switch c.operator {
	case "==", "===":
		return same
	case "!=":
		return !same
	case "~=":
		return same && order >= 0
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
