// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"slices"
	"strings"
)

// checkContents looks for the files and modules that are expected.
func (a *audit) checkContents() {
	for _, pattern := range a.options.Files {
		matches := func(m Member) bool {
			ok, err := Match(pattern, m.Name)
			return err == nil && ok
		}
		if !slices.ContainsFunc(a.wheel.Members, matches) {
			a.report("FILE-MISSING", "", "no file matches %s", pattern)
		}
	}
	for _, module := range a.options.Modules {
		if !slices.ContainsFunc(a.wheel.Members, func(m Member) bool { return provides(m.Name, module) }) {
			a.report("MODULE-MISSING", "", "there is no module %s; at the top are %s", module, orNone(a.topLevel()))
		}
	}
}

// provides says whether a file is a module, or in the package of that name.
func provides(file, module string) bool {
	if _, inner, ok := strings.Cut(file, ".data/purelib/"); ok {
		file = inner
	} else if _, inner, ok := strings.Cut(file, ".data/platlib/"); ok {
		file = inner
	}
	rest, ok := strings.CutPrefix(file, strings.ReplaceAll(module, ".", "/"))
	return ok && (strings.HasPrefix(rest, "/") || rest == ".py" || strings.HasPrefix(rest, ".") && strings.HasSuffix(rest, ".so"))
}

// topLevel are the folders and files at the top of the wheel, but for those of its metadata.
func (a *audit) topLevel() []string {
	var names []string
	for _, m := range a.wheel.Members {
		name, _, _ := strings.Cut(m.Name, "/")
		if !strings.HasSuffix(name, ".dist-info") && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
