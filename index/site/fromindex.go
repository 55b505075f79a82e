// SPDX-License-Identifier: Apache-2.0

package site

import (
	"slices"
	"strings"

	"crosswheel/index"
	"crosswheel/internal/wheel"
)

// FromIndex describes an index by what it says of itself in packages.json: no target is known then, and no recipe.
func FromIndex(p *index.Published) (Site, error) {
	s := Site{Links: []Link{
		{Path: "simple/index.html", Text: "the index for pip"}, {Path: index.PackagesFile, Text: index.PackagesFile}, {Path: index.SumsFile, Text: index.SumsFile},
	}}
	names := p.Projects()
	s.Projects = make([]Project, len(names))
	return s, eachInParallel(len(names), func(i int) error {
		files, status, err := p.Project(names[i])
		if err == nil {
			s.Projects[i] = fromFiles(names[i], files, status)
		}
		return err
	})
}

// fromFiles describes a project. Of itself it says what its newest file does, as far as that says anything.
func fromFiles(name string, files []index.File, status *index.Status) Project {
	p := Project{Name: name}
	if status != nil {
		p.Notice = "This project is " + status.Status + "."
		if status.Reason != "" {
			p.Notice = strings.TrimSuffix(p.Notice, ".") + ": " + status.Reason
		}
		if status.Status == "quarantined" {
			return p // none of its files may be offered
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
		})
	}
	for _, f := range slices.Backward(files) {
		p.describe(f)
	}
	return p
}

// describe fills in what a file says of its project.
func (p *Project) describe(f index.File) {
	if f.Name != "" && wheel.NormalizeProject(f.Name) == wheel.NormalizeProject(p.Name) {
		p.Name = f.Name
	}
	if p.Summary == "" {
		p.Summary = f.Summary
	}
	if p.Homepage == "" {
		p.Homepage = f.Homepage
	}
	if p.License == "" {
		p.License, _, _ = strings.Cut(f.License, "\n") // some have the whole text there
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
