// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"crosswheel/internal/pep440"
)

// compareVersions orders two versions of a recipe: a package's as PEP 440 says, a library's, for which nobody decides, naturally.
func compareVersions(kind Kind, a, b string) int {
	if kind == Package {
		v, errV := pep440.Parse(a)
		w, errW := pep440.Parse(b)
		if errV == nil && errW == nil { // what is no version has its diagnostic
			return v.Compare(w)
		}
	}
	return compareNaturally(a, b)
}

// parts are the numbers and words of a version, and the words that make one older than the version without them.
var (
	parts       = regexp.MustCompile(`[0-9]+|[A-Za-z]+`)
	preReleases = []string{"alpha", "beta", "dev", "pre", "preview", "rc"}
)

// compareNaturally orders versions part by part: numbers by size, words by the alphabet, a word before a number.
// A version that goes on is the newer one ("1.1.1w" after "1.1.1"), unless it goes on with the name of a pre-release ("1.1.1-rc1").
func compareNaturally(a, b string) int {
	return slices.CompareFunc(naturalParts(a), naturalParts(b), func(x, y naturalPart) int {
		return cmp.Or(cmp.Compare(x.rank, y.rank), compareDigits(x.number, y.number), strings.Compare(x.word, y.word))
	})
}

// naturalPart is one number or word; rank orders what stands in the same place: a pre-release, the end, a word, a number.
type naturalPart struct {
	rank         int
	number, word string
}

func naturalParts(version string) []naturalPart {
	var list []naturalPart
	for _, part := range parts.FindAllString(version, -1) {
		switch word := strings.ToLower(part); {
		case part[0] <= '9':
			list = append(list, naturalPart{rank: 3, number: part})
		case slices.Contains(preReleases, word):
			list = append(list, naturalPart{rank: 0, word: word})
		default:
			list = append(list, naturalPart{rank: 2, word: word})
		}
	}
	return append(list, naturalPart{rank: 1})
}
