// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"crosswheel/index/site"
	"crosswheel/internal/recipe"
	"crosswheel/internal/wheel"
)

// addPages adds the pages for people, and the recipes as they were built, which the pages link to.
func (r *Result) addPages(files map[string][]byte) error {
	described, err := r.site(files)
	if err != nil {
		return err
	}
	return site.Write(described, func(name string, text []byte) error {
		files[name] = text
		return nil
	})
}

// site is what the pages tell of a run. What holds times, the log of a failure, they only link to: the same wheels give the same pages.
func (r *Result) site(files map[string][]byte) (site.Site, error) {
	target := r.pipeline.image.Target
	described := site.Site{
		Targets: []site.Target{{Name: target.Name, Summary: target.Summary, Python: target.Python, Glibc: target.Glibc, Pip: target.Pip}},
		Links:   []site.Link{{Path: "simple/index.html", Text: "the index for pip"}, {Path: "report.json", Text: "report.json"}},
	}
	projects := map[string]*site.Project{}
	var order []string
	for _, o := range r.outcomes {
		rec := o.build.Recipe
		if rec.Kind != recipe.Package {
			continue
		}
		slug := wheel.NormalizeProject(rec.Name)
		p := projects[slug]
		if p == nil {
			p = &site.Project{Name: rec.Name, Summary: rec.Summary, Homepage: rec.Homepage, License: rec.License}
			projects[slug] = p
			order = append(order, slug)
		}
		source := path.Join("packages", slug, "recipe.txt")
		var err error
		if files[source], err = fs.ReadFile(r.pipeline.folder, path.Join(rec.Dir, path.Base(rec.VersionRange.Filename))); err != nil {
			return site.Site{}, err
		}
		version, err := o.page(p)
		if err != nil {
			return site.Site{}, err
		}
		version.Cells[0].Target = target.Name
		version.Cells[0].Recipe = site.Link{Path: source, Text: fmt.Sprintf("line %d of %s", rec.VersionRange.Start.Line, rec.VersionRange.Filename)}
		p.Versions = append(p.Versions, version)
	}
	for _, slug := range order {
		described.Projects = append(described.Projects, *projects[slug])
	}
	return described, nil
}

// page is what the pages tell of one build. What the recipe does not say of the project, METADATA may.
func (o *outcome) page(p *site.Project) (site.Version, error) {
	cell := site.Cell{Status: site.Status(o.status), Reason: o.reason}
	switch {
	case o.status.good():
		cell.Status, cell.Log = site.Built, o.logPath()
	case o.status == Failed:
		cell.Reason, cell.Log = "at stage "+o.stage, o.logPath()
	}
	version := site.Version{Version: o.build.Recipe.Version, Date: o.uploaded}
	if o.status.good() {
		metadata, err := wheel.ParseMetadata([]byte(o.wheel.Metadata))
		if err != nil {
			return version, fmt.Errorf("METADATA of %s: %w", o.wheel.Filename, err)
		}
		version.Requires = metadata.RequiresDist
		p.Summary = cmp.Or(p.Summary, metadata.Summary)
		p.Homepage = cmp.Or(p.Homepage, metadata.HomePage)
		p.License = cmp.Or(p.License, metadata.LicenseExpression)
		cell.Wheels = []site.Wheel{{Filename: o.wheel.Filename, Size: o.wheel.Size, SHA256: o.wheel.SHA256, Tag: o.wheel.Tag, Glibc: o.wheel.Glibc, Bundles: o.bundles()}}
	}
	version.Cells = []site.Cell{cell}
	return version, nil
}

// bundles are the libraries that are linked into the build's wheel.
func (o *outcome) bundles() []string {
	var names []string
	for _, library := range o.build.libraries() {
		names = append(names, library.Label())
	}
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	return names
}
