// SPDX-License-Identifier: Apache-2.0

package site

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"crosswheel/index"
	"crosswheel/internal/wheel"
)

// WriteIndex makes the pages of an index by what it says of itself in packages.json: no target is known then, and no recipe. Where there was an index
// before, which had pages, it makes those that may say something else, and the front page. Of all other projects it reads no more than a list shows.
func WriteIndex(p, before *index.Published, put func(name string, text []byte) error) error {
	b, err := readBriefs(p)
	if err != nil {
		return err
	}
	changed := func(name string) bool { return !before.Pages() || p.Differs(before, name) }
	pages := b.reach(slices.DeleteFunc(slices.Clone(b.names), func(name string) bool { return !changed(name) }), b.requiredBy())
	// A page also says whether all is there that is required, and by that.
	read := b.reach(slices.Collect(maps.Keys(pages)), func(name string) []string { return b.of[name].Requires })
	s := Site{Projects: make([]Project, len(b.names)), Links: []Link{
		{Path: "simple/index.html", Text: "the index for pip"}, {Path: index.PackagesFile, Text: index.PackagesFile}, {Path: index.SumsFile, Text: index.SumsFile},
	}}
	if report := p.Report(); report != "" {
		s.Links = append(s.Links, Link{Path: report, Text: report})
	}
	if err := eachInParallel(len(b.names), func(i int) error {
		name := b.names[i]
		s.Projects[i] = b.project(name)
		if !read[name] {
			return nil
		}
		files, status, err := p.Project(name)
		s.Projects[i].fill(name, files, status)
		return err
	}); err != nil {
		return err
	}
	c, err := newCatalogue(s)
	if err != nil {
		return err
	}
	if err := c.writeProjects(slices.DeleteFunc(slices.Clone(c.projects), func(p *project) bool { return !pages[p.slug] }), put); err != nil {
		return err
	}
	return c.writeFront(put)
}

// briefs are all projects of an index, with no word of their files.
type briefs struct {
	names []string
	of    map[string]index.Brief
}

func readBriefs(p *index.Published) (briefs, error) {
	b := briefs{p.Projects(), map[string]index.Brief{}}
	for _, name := range b.names {
		brief, _, err := p.Brief(name)
		if err != nil {
			return b, err
		}
		b.of[name] = brief
	}
	return b, nil
}

// requiredBy finds the projects that require one.
func (b briefs) requiredBy() func(string) []string {
	by := map[string][]string{}
	for _, name := range b.names {
		for _, required := range b.of[name].Requires {
			by[required] = append(by[required], name)
		}
	}
	return func(name string) []string { return by[name] }
}

// reach are the projects that one comes to from some, by as many steps as it takes.
func (b briefs) reach(from []string, step func(string) []string) map[string]bool {
	reached := map[string]bool{}
	for len(from) > 0 {
		name := from[len(from)-1]
		from = from[:len(from)-1]
		if _, there := b.of[name]; there && !reached[name] {
			reached[name] = true
			from = append(from, step(name)...)
		}
	}
	return reached
}

func (b briefs) project(name string) Project {
	brief := b.of[name]
	p := Project{Name: name, Summary: brief.Summary, Homepage: brief.Homepage, License: brief.License, Newest: brief.Newest}
	if wheel.NormalizeProject(brief.Name) == name {
		p.Name = brief.Name
	}
	return p
}

// fill says of a project what its files do.
func (p *Project) fill(name string, files []index.File, status *index.Status) {
	if status != nil {
		p.Notice = "This project is " + status.Status + "."
		if status.Reason != "" {
			p.Notice = strings.TrimSuffix(p.Notice, ".") + ": " + status.Reason
		}
		if status.Status == "quarantined" {
			return // none of its files may be offered
		}
	}
	at := map[string]int{}
	for _, f := range files {
		parsed, err := wheel.ParseFilename(f.Filename)
		if err != nil {
			continue // index.Published has looked
		}
		version := parsed.Canonical().Version
		if _, ok := at[version]; !ok {
			at[version] = len(p.Versions)
			p.Versions = append(p.Versions, Version{Version: version, Cells: []Cell{{Status: Built}}})
		}
		v := &p.Versions[at[version]]
		if v.Date.IsZero() || !f.UploadTime.IsZero() && f.UploadTime.Before(v.Date) {
			v.Date = f.UploadTime
		}
		if len(v.Requires) == 0 {
			v.Requires = f.Requires
		}
		v.Cells[0].Wheels = append(v.Cells[0].Wheels, Wheel{
			Filename: f.Filename, Size: f.Size, SHA256: f.SHA256, URL: address(name, f), Tag: tagOf(parsed), Yanked: f.Yanked, Reason: f.YankedReason,
			Glibc: f.Glibc, Bundles: f.Bundles, Provenance: cmp.Or(f.Provenance, f.Attestations), SBOM: f.SBOM,
		})
	}
}

// address is where a file is, seen from the project's page, where it is not beside its page in simple/.
func address(project string, f index.File) string {
	if f.URL == "" || strings.Contains(f.URL, ":") || strings.HasPrefix(f.URL, "/") {
		return f.URL
	}
	return up + "simple/" + project + "/" + f.URL
}

func tagOf(name wheel.Name) string {
	return strings.Join([]string{strings.Join(name.Python, "."), strings.Join(name.ABI, "."), strings.Join(name.Platform, ".")}, "-")
}
