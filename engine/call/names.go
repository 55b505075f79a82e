// SPDX-License-Identifier: Apache-2.0

package call

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/agext/levenshtein"
)

// kebab spells a Go name as Dagger's command line does: BuildAll is build-all, SDKImage sdk-image, Clash2 clash-2.
// What is spelled so already stays as it is.
func kebab(name string) string {
	var b strings.Builder
	runes := []rune(name)
	for i, r := range runes {
		if i > 0 && startsWord(runes, i) {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

func startsWord(s []rune, i int) bool {
	before, r := s[i-1], s[i]
	switch {
	case unicode.IsDigit(before) && unicode.IsLetter(r), unicode.IsLetter(before) && unicode.IsDigit(r):
		return true
	case !unicode.IsUpper(r) || before == '-':
		return false
	case i+1 < len(s) && unicode.IsLower(s[i+1]):
		return true
	}
	return unicode.IsLower(before) && i > 1 // Dagger does not split off a single first letter
}

// What a parameter must not be called, because a module that has one does not work on Dagger.
var (
	dispatcherVariables = strings.Fields("context ctx dagger err fmt json parent")
	daggerFlags         = strings.Fields("auto-apply cloud debug env help interactive json load-module lock mod no-exit " +
		"output profile progress quiet silent verbose web workdir workspace")
)

// reserved says what is wrong with the name of a parameter, "" if nothing is.
func reserved(name string) string {
	switch {
	case slices.Contains(dispatcherVariables, name):
		return name + " is a variable of the dispatcher that Dagger generates"
	case slices.Contains(daggerFlags, kebab(name)):
		return "--" + kebab(name) + " is a flag of Dagger's command line"
	}
	return ""
}

// nearest returns the candidates that name may be a misspelling or a beginning of, the likeliest first.
func nearest(name string, candidates []string) []string {
	distance := func(candidate string) int {
		if strings.HasPrefix(candidate, name) {
			return 0
		}
		return levenshtein.Distance(name, candidate, nil)
	}
	var near []string
	for _, candidate := range candidates {
		if distance(candidate) <= 1+len(name)/4 {
			near = append(near, candidate)
		}
	}
	slices.SortStableFunc(near, func(a, b string) int { return cmp.Compare(distance(a), distance(b)) })
	return near
}

// didYouMean is the end of a sentence about an unknown name, or nothing when no candidate is near.
func didYouMean(name string, candidates []string) string {
	if near := nearest(name, candidates); len(near) > 0 {
		return "; did you mean " + strings.Join(near, " or ") + "?"
	}
	return ""
}
