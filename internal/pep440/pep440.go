// SPDX-License-Identifier: Apache-2.0

// Package pep440 reads, orders and normalises Python version numbers as PEP 440 defines them: "1.0rc1" < "1.0" < "1.0.post1".
//
// It is not for requirements ("numpy>=1.0"): those pip and uv resolve.
package pep440

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Version is a parsed version. Two versions that are written differently can be the same one ("1.0" and "v1.00"): compare them with
// Compare, not with ==. The zero value is no version.
type Version struct {
	epoch   number
	release []number
	pre     *suffix // a, b or rc
	post    *suffix
	dev     *suffix
	local   []string // lower case; numbers without leading zeros
}

// suffix is "rc1", "post2" or "dev3".
type suffix struct {
	phase string
	n     number
}

// number holds decimal digits without leading zeros, "" being zero: PEP 440 sets no limit to a number's size.
type number string

// pattern is the one in PEP 440's appendix B.
var pattern = regexp.MustCompile(`(?i)^\s*v?` +
	`(?:([0-9]+)!)?` + // 1: epoch
	`([0-9]+(?:\.[0-9]+)*)` + // 2: release
	`(?:[-_.]?(alpha|beta|preview|pre|a|b|c|rc)[-_.]?([0-9]*))?` + // 3, 4: pre-release
	`(?:-([0-9]+)|[-_.]?(post|rev|r)[-_.]?([0-9]*))?` + // 5: implicit post-release; 6, 7: spelled-out one
	`(?:[-_.]?(dev)[-_.]?([0-9]*))?` + // 8, 9: development release
	`(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?` + // 10: local version
	`\s*$`)

// phases maps the spellings of a pre-release to the normal one.
var phases = map[string]string{"alpha": "a", "a": "a", "beta": "b", "b": "b", "c": "rc", "rc": "rc", "pre": "rc", "preview": "rc"}

// Parse reads a version in any spelling that PEP 440 allows.
func Parse(s string) (Version, error) {
	if isPlain(s) {
		return Version{release: releaseOf(s)}, nil
	}
	m := pattern.FindStringSubmatch(s)
	if m == nil {
		return Version{}, fmt.Errorf("%q is not a Python version as PEP 440 defines it", s)
	}
	v := Version{epoch: digits(m[1]), release: releaseOf(m[2])}
	if m[3] != "" {
		v.pre = &suffix{phases[strings.ToLower(m[3])], digits(m[4])}
	}
	if m[5] != "" || m[6] != "" {
		v.post = &suffix{"post", digits(m[5] + m[7])}
	}
	if m[8] != "" {
		v.dev = &suffix{"dev", digits(m[9])}
	}
	for part := range strings.FieldsFuncSeq(strings.ToLower(m[10]), func(r rune) bool { return strings.ContainsRune("-_.", r) }) {
		if isNumber(part) {
			part = digits(part).String()
		}
		v.local = append(v.local, part)
	}
	return v, nil
}

// isPlain says whether s is numbers and dots alone, as most versions are: then there is no need of the pattern.
func isPlain(s string) bool {
	digit := false // before
	for i := range len(s) {
		switch c := s[i]; {
		case '0' <= c && c <= '9':
			digit = true
		case c == '.' && digit:
			digit = false
		default:
			return false
		}
	}
	return digit
}

func releaseOf(s string) []number {
	parts := make([]number, 0, 4)
	for part := range strings.SplitSeq(s, ".") {
		parts = append(parts, digits(part))
	}
	return parts
}

// String returns the normal form: the one spelling that file names and recipes use.
func (v Version) String() string {
	var b strings.Builder
	if v.epoch != "" {
		b.WriteString(v.epoch.String() + "!")
	}
	for i, n := range v.release {
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString(n.String())
	}
	if v.pre != nil {
		b.WriteString(v.pre.phase + v.pre.n.String())
	}
	if v.post != nil {
		b.WriteString(".post" + v.post.n.String())
	}
	if v.dev != nil {
		b.WriteString(".dev" + v.dev.n.String())
	}
	if len(v.local) > 0 {
		b.WriteString("+" + strings.Join(v.local, "."))
	}
	return b.String()
}

// Compare returns -1 where v is older than w, 1 where it is newer, 0 where they are the same version.
func (v Version) Compare(w Version) int {
	return cmp.Or(
		v.epoch.compare(w.epoch),
		compareReleases(v.release, w.release),
		compareSuffixes(v.preKey(), w.preKey()),
		compareSuffixes(v.postKey(), w.postKey()),
		compareSuffixes(v.devKey(), w.devKey()),
		compareLocals(v.local, w.local),
	)
}

// IsPrerelease says whether installers pass over v unless they are asked for pre-releases.
func (v Version) IsPrerelease() bool { return v.pre != nil || v.dev != nil }

// Newest says which of these versions an installer takes where none is asked for: the newest release, or of pre-releases alone the newest. It is the
// last of those that are the same version, and -1 where there is none.
func Newest(versions []Version) int {
	newest := -1
	for i, v := range versions {
		switch {
		case newest < 0:
			newest = i
		case v.IsPrerelease() != versions[newest].IsPrerelease():
			if !v.IsPrerelease() {
				newest = i
			}
		case v.Compare(versions[newest]) >= 0:
			newest = i
		}
	}
	return newest
}

// first and last are phases that sort before and after every real one: where a part is missing it counts as one of them.
var first, last = suffix{phase: ""}, suffix{phase: "~"}

// preKey: "1.0.dev1" sorts before "1.0a1", which sorts before "1.0".
func (v Version) preKey() suffix {
	switch {
	case v.pre != nil:
		return *v.pre
	case v.post == nil && v.dev != nil:
		return first
	default:
		return last
	}
}

func (v Version) postKey() suffix {
	if v.post == nil {
		return first
	}
	return *v.post
}

func (v Version) devKey() suffix {
	if v.dev == nil {
		return last
	}
	return *v.dev
}

func compareSuffixes(a, b suffix) int {
	return cmp.Or(strings.Compare(a.phase, b.phase), a.n.compare(b.n))
}

// compareReleases pads the shorter release with zeros: "1.0" is "1.0.0".
func compareReleases(a, b []number) int {
	for i := range max(len(a), len(b)) {
		var x, y number
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if c := x.compare(y); c != 0 {
			return c
		}
	}
	return 0
}

// compareLocals orders local versions part by part: a number is newer than a word, and a longer one is newer than its prefix.
func compareLocals(a, b []string) int {
	return slices.CompareFunc(a, b, func(x, y string) int {
		xn, yn := isNumber(x), isNumber(y)
		switch {
		case xn && yn:
			return digits(x).compare(digits(y))
		case xn:
			return 1
		case yn:
			return -1
		default:
			return strings.Compare(x, y)
		}
	})
}

func digits(s string) number { return number(strings.TrimLeft(s, "0")) }

func (n number) compare(m number) int {
	return cmp.Or(cmp.Compare(len(n), len(m)), cmp.Compare(n, m))
}

func (n number) String() string {
	if n == "" {
		return "0"
	}
	return string(n)
}

func isNumber(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}
