// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

//go:embed stableabi.txt
var stableABIText string

// stableABI gives the version of Python that each name of the stable ABI came with.
var stableABI = sync.OnceValue(func() map[string]string {
	names, version := map[string]string{}, ""
	for line := range strings.Lines(stableABIText) {
		switch {
		case strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, " "):
			for _, name := range strings.Fields(line) {
				names[name] = version
			}
		default:
			version = strings.TrimSpace(line)
		}
	}
	return names
})

// checkStableABI looks for what a wheel of the stable ABI may not use: it is installed for every later Python, and on every one its names must be.
func (a *audit) checkStableABI() {
	oldest := ""
	for _, tag := range a.wheel.Name.Tags() {
		if minor, ok := strings.CutPrefix(tag.Python, "cp3"); ok && tag.ABI == "abi3" && (oldest == "" || compareDotted("3."+minor, oldest) < 0) {
			oldest = "3." + minor
		}
	}
	if oldest == "" || strings.Trim(oldest, "0123456789.") != "" {
		return
	}
	for _, name := range a.content.Modules {
		var private []string
		newer := map[string][]string{}
		for _, s := range a.objects[name].Object.Imports {
			if s.Weak || s.Version != "" || !strings.HasPrefix(s.Name, "Py") && !strings.HasPrefix(s.Name, "_Py") || a.bundles(s.Name) {
				continue
			}
			if since, ok := stableABI()[s.Name]; !ok {
				private = append(private, s.Name)
			} else if compareDotted(since, oldest) > 0 {
				newer[since] = append(newer[since], s.Name)
			}
		}
		if slices.Sort(private); len(private) > 0 {
			a.report("ABI3", name, "its tag says that it keeps to the stable ABI, and it uses what is not in it: %s", shortList(private))
		}
		for since, names := range newer {
			slices.Sort(names)
			a.report("ABI3", name, "its tag is for Python %s and later, and these came with %s: %s", oldest, since, shortList(names))
		}
	}
}

// bundles says whether another file of the wheel exports a symbol.
func (a *audit) bundles(symbol string) bool {
	return slices.ContainsFunc(a.paths, func(name string) bool { return a.objects[name].exports()[symbol] != nil })
}
