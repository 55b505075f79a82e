// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Installs says whether an installer on the target takes a wheel of this name.
func (t Target) Installs(n Name) bool { return slices.ContainsFunc(n.Tags(), t.installs) }

// Preferred returns the one among wheels of the same version that the target's pip would choose, by its place; -1 where it takes none.
//
// The order is that of PEP 425 as pip has it up to 26.2: by how closely the Python and the ABI fit, then by the platform. Of two wheels that
// fit as well the higher build number counts.
func (t Target) Preferred(names []Name) int {
	best, chosen := fit{}, -1
	for i, n := range names {
		for _, tag := range n.Tags() {
			if !t.installs(tag) {
				continue
			}
			if f := t.fit(tag, n.Build); chosen < 0 || slices.Compare(f[:], best[:]) < 0 {
				best, chosen = f, i
			}
		}
	}
	return chosen
}

// fit says how well a tag fits: the smaller, the better, the first number counting most.
type fit [4]int

// fit takes a tag that the target installs.
func (t Target) fit(tag Tag, build string) fit {
	kind, age := t.age(tag.Python)
	class := 0
	switch {
	case tag.ABI == tag.Python:
	case tag.ABI == "abi3" && age == 0:
		class = 1
	case kind == "cp" && tag.ABI == "none" && tag.Platform != "any":
		class = 2
	case tag.ABI == "abi3":
		class = 3
	case tag.Platform != "any":
		class = 4
	case kind == "cp":
		class = 5
	default:
		class = 6
	}
	digits := strings.TrimRight(build, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_.")
	number, _ := strconv.Atoi(digits)
	return fit{class, age, platformAge(tag.Platform), -number}
}

// age is how far a tag's Python is from the target's: pip tries py311, then py3, then py310, py39 …
func (t Target) age(python string) (kind string, age int) {
	kind, version := strings.TrimRight(python, "0123456789"), strings.TrimLeft(python, "cpy")
	minor, _ := strconv.Atoi(strings.TrimPrefix(version, "3"))
	switch {
	case version == "3":
		return kind, 1
	case minor == t.minor():
		return kind, 0
	}
	return kind, 1 + t.minor() - minor
}

// platformAge puts promises of a newer glibc before older ones, and no promise last.
func platformAge(platform string) int {
	p, _ := parsePlatform(platform)
	_, minor, _ := strings.Cut(cmp.Or(p.version, "2.0"), ".")
	n, _ := strconv.Atoi(minor)
	return -n
}
