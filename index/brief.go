// SPDX-License-Identifier: Apache-2.0

package index

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"crosswheel/internal/pep440"
	"crosswheel/internal/wheel"
)

// Brief is what packages.json says of a project before it comes to files: enough to list it, without reading of all of them.
type Brief struct {
	// What METADATA of the newest file says.
	Name     string `json:"name,omitempty"` // as the project spells it
	Summary  string `json:"summary,omitempty"`
	Homepage string `json:"homepage,omitempty"`
	License  string `json:"license,omitempty"`
	// Newest is the version that is installed where nobody asks for one; empty where nothing is offered.
	Newest string `json:"newest,omitempty"`
	// Requires are the projects that any of its versions requires, by normalized name.
	Requires []string `json:"requires,omitempty"`
}

// newBrief draws a project's files together.
func newBrief(files []*entry, status *Status) Brief {
	var b Brief
	versions := make([]pep440.Version, 0, len(files))
	requires := map[string]bool{}
	for i, f := range files {
		version, _ := pep440.Parse(f.version) // it is a wheel's
		versions = append(versions, version)
		if i > 0 && slices.Equal(f.Requires, files[i-1].Requires) {
			continue // as most are
		}
		for _, text := range f.Requires {
			requires[RequiredProject(text)] = true
		}
	}
	offered, of := versions, files
	if hidden := func(f *entry) bool { return f.Yanked || status.hides() }; slices.ContainsFunc(files, hidden) {
		offered, of = nil, nil
		for i, f := range files {
			if !hidden(f) {
				offered, of = append(offered, versions[i]), append(of, f)
			}
		}
	}
	if newest := pep440.Newest(offered); newest >= 0 {
		b.Newest = of[newest].version
	}
	said := -1
	for i, f := range files {
		if f.Name != "" && (said < 0 || versions[i].Compare(versions[said]) >= 0) {
			said, b.Name, b.Summary, b.Homepage, b.License = i, f.Name, f.Summary, f.Homepage, f.License
		}
	}
	b.Requires = slices.Sorted(maps.Keys(requires))
	return b
}

// Brief reads what is said of a project, but not its files. A project that is not there has none.
func (p *Published) Brief(name string) (Brief, *Status, error) {
	head, _, _ := strings.Cut(p.packages[name], versionsKey)
	var r record
	if head == "" {
		return r.Brief, nil, nil
	}
	if err := json.Unmarshal([]byte(strings.TrimSuffix(head, ",")+"}"), &r); err != nil {
		return r.Brief, nil, fmt.Errorf("%s: %s: %w", PackagesFile, name, err)
	}
	return r.Brief, r.Status, nil
}

// RequiredProject is the normalized name of the project that a requirement (PEP 508) is about.
func RequiredProject(requirement string) string {
	requirement = strings.TrimSpace(requirement)
	if end := strings.IndexFunc(requirement, func(c rune) bool { return !isNameRune(c) }); end >= 0 {
		requirement = requirement[:end]
	}
	return wheel.NormalizeProject(requirement)
}

func isNameRune(c rune) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || c == '.' || c == '_' || c == '-'
}
