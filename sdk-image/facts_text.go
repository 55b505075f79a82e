// SPDX-License-Identifier: Apache-2.0

package sdkimage

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
)

// JSON is the facts as a file, the same bytes for the same facts.
func (f Facts) JSON() []byte {
	text, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		panic("sdkimage: facts: " + err.Error()) // they are strings and numbers
	}
	return append(text, '\n')
}

// Text is the facts as people read them. What was made of what is only in the JSON: it is hundreds of lines.
func (f Facts) Text() string {
	var b strings.Builder
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	row := func(name, format string, values ...any) { fmt.Fprintf(table, name+"\t"+format+"\n", values...) }
	row("compiler", "%s (%s-gcc)", f.Compiler, f.Prefix)
	row("triple", "%s", f.Triple)
	row("gcc", "%s, binutils %s, Fortran: %s", f.GCC, f.Binutils, yes(f.Fortran))
	row("code", "%s", joined(f.Code, " "))
	row("C library's code", "%s", joined(f.Attributes, ", "))
	row("sizes", "%s", joined(f.Sizes, ", "))
	row("glibc", "%s", f.Glibc)
	if f.GLIBCXX != "" {
		row("libstdc++", "GLIBCXX_%s, CXXABI_%s", f.GLIBCXX, f.CXXABI)
	}
	row("Python", "%s, %s, %s", f.Python, f.SOABI, f.Platform)
	for i, p := range f.Preinstalled {
		row([]string{"preinstalled", ""}[min(i, 1)], "%s %s", p.Name, p.Version)
	}
	if len(f.ConfigScripts) > 0 {
		row("config scripts", "%s", strings.Join(f.ConfigScripts, " "))
	}
	for i, l := range f.Libraries {
		newest := ""
		if len(l.Versions) > 0 {
			newest = ", newest symbols " + slices.MaxFunc(l.Versions, compareVersions)
		}
		row([]string{"libraries", ""}[min(i, 1)], "%s%s", l.Name, newest)
	}
	if len(f.Packages) > 0 {
		row("made of", "%d packages", len(f.Packages))
	}
	table.Flush()
	return b.String()
}

// compareVersions compares names of symbol versions: GLIBC_2.4 comes before GLIBC_2.36, and GLIBC_PRIVATE before both.
func compareVersions(a, b string) int {
	number := func(version string) string {
		at := strings.IndexAny(version, "0123456789")
		if at < 0 {
			return ""
		}
		return version[at:]
	}
	return compareNumbers(number(a), number(b))
}

// joined is a map in the order of its names: "int 4, long 4".
func joined[V any](values map[string]V, by string) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		text := fmt.Sprint(name, " ", values[name])
		if strings.HasPrefix(name, "-") { // an option of the compiler
			text = strings.TrimSuffix(fmt.Sprint(name, "=", values[name]), "=enabled")
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, by)
}

func yes(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}
