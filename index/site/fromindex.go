// SPDX-License-Identifier: Apache-2.0

package site

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"crosswheel/index"
	"crosswheel/internal/wheel"
)

// WriteIndex makes the pages of an index by what it says of itself in packages.json, and by what is told of it beyond that: its targets, and of projects what was not
// built, and why. Nothing need be told. Where there was an index before, which had pages and was told the same, it makes those that may say
// something else, and the front page; where no target is known, it reads of all other projects no more than a list shows.
func WriteIndex(p, before *index.Published, told Site, put func(name string, text []byte) error) error {
	b, err := readBriefs(p)
	if err != nil {
		return err
	}
	changed := func(name string) bool { return !before.Pages() || p.Differs(before, name) }
	pages := b.reach(slices.DeleteFunc(slices.Clone(b.names), func(name string) bool { return !changed(name) }), b.requiredBy())
	// A page also says whether all is there that is required, and by that.
	read := b.reach(slices.Collect(maps.Keys(pages)), func(name string) []string { return b.of[name].Requires })
	s := Site{Title: told.Title, Targets: told.Targets, Projects: make([]Project, len(b.names)), Links: links(p)}
	known := map[string]Project{}
	for _, project := range told.Projects {
		slug := wheel.NormalizeProject(project.Name)
		known[slug] = project
		if _, there := b.of[slug]; !there { // no version of it could be built
			s.Projects = append(s.Projects, project)
			pages[slug] = !before.Pages()
		}
	}
	if err := eachInParallel(len(b.names), func(i int) error {
		name := b.names[i]
		s.Projects[i] = b.project(name, known[name])
		if !read[name] && len(s.Targets) == 0 {
			return nil
		}
		files, status, err := p.Project(name)
		s.Projects[i].fill(name, files, status, s.Targets)
		return err
	}); err != nil {
		return err
	}
	return write(s, func(p *project) bool { return pages[p.slug] }, put)
}

// links are an index's files for machines.
func links(p *index.Published) []Link {
	all := []Link{{Path: "simple/index.html", Text: "the index for pip"}}
	for _, name := range append([]string{index.PackagesFile, index.SumsFile, p.Report()}, p.Locks()...) {
		if name != "" {
			all = append(all, Link{Path: name, Text: name})
		}
	}
	return all
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

// project begins with what is told of a project.
func (b briefs) project(name string, p Project) Project {
	brief := b.of[name]
	if p.Name == "" {
		p.Name = name
		if wheel.NormalizeProject(brief.Name) == name {
			p.Name = brief.Name
		}
	}
	p.Summary, p.Homepage, p.License = cmp.Or(p.Summary, brief.Summary), cmp.Or(p.Homepage, brief.Homepage), cmp.Or(p.License, brief.License)
	p.Newest = brief.Newest
	return p
}

// fill says of a project what its files do.
func (p *Project) fill(name string, files []index.File, status *index.Status, targets []Target) {
	p.Newest = "" // it is in the versions
	if status != nil {
		p.Notice = "This project is " + status.Status + "."
		if status.Reason != "" {
			p.Notice = strings.TrimSuffix(p.Notice, ".") + ": " + status.Reason
		}
		if status.Status == "quarantined" {
			p.Versions = nil
			return // none of its files may be offered
		}
	}
	at, told := map[string]int{}, len(p.Versions)
	for i, v := range p.Versions {
		at[v.Version] = i
	}
	for _, f := range files {
		parsed, err := wheel.ParseFilename(f.Filename)
		if err != nil {
			continue // index.Published has looked
		}
		version := parsed.Canonical().Version
		if _, ok := at[version]; !ok {
			at[version] = len(p.Versions)
			p.Versions = append(p.Versions, Version{Version: version})
		}
		v := &p.Versions[at[version]]
		if at[version] >= told && (v.Date.IsZero() || !f.UploadTime.IsZero() && f.UploadTime.Before(v.Date)) {
			v.Date = f.UploadTime // which, of what is told of, is no more than the hour of a build
		}
		if len(v.Requires) == 0 {
			v.Requires = f.Requires
		}
		v.offer(f, Wheel{
			Filename: f.Filename, Size: f.Size, SHA256: f.SHA256, URL: address(name, f), Tag: tagOf(parsed), Yanked: f.Yanked, Reason: f.YankedReason,
			Glibc: f.Glibc, Bundles: f.Bundles, Provenance: cmp.Or(f.Provenance, f.Attestations), SBOM: f.SBOM,
		}, targets)
	}
}

// offer puts a wheel where it was told of, or else at the targets that take it.
func (v *Version) offer(f index.File, w Wheel, targets []Target) {
	told := false
	for i := range v.Cells {
		for j := range v.Cells[i].Wheels {
			if of := &v.Cells[i].Wheels[j]; of.Filename == w.Filename {
				of.URL, of.Yanked, of.Reason, told = w.URL, w.Yanked, w.Reason, true
			}
		}
	}
	if told {
		return
	}
	if len(targets) == 0 {
		v.cell("").Wheels = append(v.cell("").Wheels, w)
	}
	for _, t := range targets {
		if t.takes(f) {
			cell := v.cell(t.Name)
			if cell.Status != Built {
				cell.Note = fmt.Sprintf("When the report was written it was %s: %s", cell.Status, cell.Reason)
				cell.Status, cell.Reason = Built, ""
			}
			cell.Wheels = append(cell.Wheels, w)
		}
	}
}

// cell is the version's cell of a target, which is made if it is not there.
func (v *Version) cell(target string) *Cell {
	if v.on(target) == nil {
		v.Cells = append(v.Cells, Cell{Target: target, Status: Built})
	}
	return v.on(target)
}

// takes says whether pip on the target takes a wheel.
func (t Target) takes(f index.File) bool {
	major, rest, _ := strings.Cut(t.Python, ".")
	minor, _, _ := strings.Cut(rest, ".")
	return index.Target{Python: major + "." + minor, Platform: "linux_" + t.Arch, Glibc: t.Glibc}.Takes(f)
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
