// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
	"github.com/hashicorp/hcl/v2"
)

// Problem makes an error at a place in a recipe file. The summary is a few words without a full stop; the detail is whole sentences
// that quote what is wrong and say what to do.
func Problem(at hcl.Range, summary, detail string, args ...any) *hcl.Diagnostic {
	return &hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Detail: fmt.Sprintf(detail, args...), Subject: &at}
}

// Error is diagnostics on their way through code that returns errors. Its text is the whole rendering, snippets included.
type Error struct {
	Diagnostics hcl.Diagnostics
	Files       map[string]*hcl.File // by the name that ranges carry; only Bytes is needed
}

// Error renders the diagnostics without colour, for a terminal of ordinary width.
func (e *Error) Error() string {
	var b strings.Builder
	WriteDiagnostics(&b, e.Files, e.Diagnostics, false, 100) // a strings.Builder does not fail
	return strings.TrimRight(b.String(), "\n")
}

// Together is what was found on several targets, each thing once.
func Together(diags hcl.Diagnostics) hcl.Diagnostics { return arrange(slices.Clone(diags)) }

// arrange sorts diagnostics by file, position and text, and drops those that say the same at the same place: a mistake in a package
// block is found again for each version.
func arrange(diags hcl.Diagnostics) hcl.Diagnostics {
	slices.SortStableFunc(diags, compareDiagnostics)
	return slices.CompactFunc(diags, func(a, b *hcl.Diagnostic) bool { return compareDiagnostics(a, b) == 0 })
}

func compareDiagnostics(a, b *hcl.Diagnostic) int {
	var x, y hcl.Range
	if a.Subject != nil {
		x = *a.Subject
	}
	if b.Subject != nil {
		y = *b.Subject
	}
	return cmp.Or(
		strings.Compare(x.Filename, y.Filename),
		cmp.Compare(x.Start.Byte, y.Start.Byte),
		cmp.Compare(x.End.Byte, y.End.Byte),
		cmp.Compare(a.Severity, b.Severity),
		strings.Compare(a.Summary, b.Summary),
		strings.Compare(a.Detail, b.Detail),
	)
}

// DidYouMean is a sentence with the names that someone who wrote given may have meant, after a space; empty where none is near.
func DidYouMean(given string, names []string) string {
	near := nearest(given, names)
	if len(near) == 0 {
		return ""
	}
	for i, name := range near {
		near[i] = fmt.Sprintf("%q", name)
	}
	return " Did you mean " + enumerate(near, "or") + "?"
}

// nearest returns up to three of names that differ from given by a slip of the fingers, or that contain it, or are contained: the nearest first.
func nearest(given string, names []string) []string {
	distance := map[string]int{}
	for _, name := range names {
		d := levenshtein.Distance(given, name, nil)
		contained := min(len(given), len(name)) >= 3 && (strings.Contains(name, given) || strings.Contains(given, name))
		if contained || d <= 2 && d < len(given) {
			distance[name] = d
		}
	}
	near := sortedKeys(distance)
	slices.SortStableFunc(near, func(a, b string) int { return cmp.Compare(distance[a], distance[b]) })
	return near[:min(len(near), 3)]
}

// enumerate writes "a", "a or b", "a, b or c".
func enumerate(words []string, conjunction string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " " + conjunction + " " + words[last]
}

func sortedKeys[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}
