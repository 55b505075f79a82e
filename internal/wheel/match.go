// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"fmt"
	"path"
	"strings"
)

// Match says whether the slash-separated name matches pattern. Each element of the pattern is one of [path.Match]'s; the element ** stands for
// any number of folders, none included: "numpy/core/include/**" is every file below that folder, "**/*.so" every .so file.
func Match(pattern, name string) (bool, error) {
	elements := strings.Split(pattern, "/")
	for _, e := range elements {
		if _, err := path.Match(e, ""); err != nil {
			return false, fmt.Errorf("the pattern %q: %w", pattern, err)
		}
	}
	return matchElements(elements, strings.Split(name, "/")), nil
}

// matchElements goes back only to the last ** met, so that it takes time of length times length and not more.
func matchElements(pattern, name []string) bool {
	p, n := 0, 0
	star, starName := -1, 0 // the last **, and where the name stood when it matched nothing
	for n < len(name) {
		if p < len(pattern) && pattern[p] == "**" {
			star, starName = p, n
			p++
			continue
		}
		if p < len(pattern) {
			if ok, _ := path.Match(pattern[p], name[n]); ok { // Match has seen that the patterns are well-formed
				p++
				n++
				continue
			}
		}
		if star < 0 {
			return false
		}
		starName++
		p, n = star+1, starName
	}
	for p < len(pattern) && pattern[p] == "**" {
		p++
	}
	return p == len(pattern)
}
