// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"slices"

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
	described := site.Site{
		Links: []site.Link{{Path: "simple/index.html", Text: "the index for pip"}, {Path: "report.json", Text: "report.json"}},
	}
	for _, t := range r.Report.Targets {
		described.Targets = append(described.Targets, site.Target{Name: t.Name, Summary: t.Summary, Python: t.Python, Glibc: t.Glibc, Pip: t.Pip, Note: cmp.Or(t.Skipped, t.Note)})
	}
	projects := map[string]*site.Project{}
	var order []string
	for i, o := range r.outcomes {
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
		if files[source], err = fs.ReadFile(o.pipeline.folder, path.Join(rec.Dir, path.Base(rec.VersionRange.Filename))); err != nil {
			return site.Site{}, err
		}
		cell := r.Report.Builds[i].cell()
		cell.Recipe = site.Link{Path: source, Text: fmt.Sprintf("line %d of %s", rec.VersionRange.Start.Line, rec.VersionRange.Filename)}
		if err := o.describe(p, cell); err != nil {
			return site.Site{}, err
		}
	}
	for _, slug := range order {
		described.Projects = append(described.Projects, *projects[slug])
	}
	return described, nil
}

// describe adds one build to its project. What the recipe does not say of the project, METADATA may.
func (o *outcome) describe(p *site.Project, cell site.Cell) error {
	i := slices.IndexFunc(p.Versions, func(v site.Version) bool { return v.Version == o.build.Recipe.Version })
	if i < 0 {
		i = len(p.Versions)
		p.Versions = append(p.Versions, site.Version{Version: o.build.Recipe.Version})
	}
	version := &p.Versions[i]
	version.Cells = append(version.Cells, cell)
	if version.Date.IsZero() {
		version.Date = o.uploaded
	}
	if made := o.published(); o.status.good() && made.Metadata != "" {
		metadata, err := wheel.ParseMetadata([]byte(made.Metadata))
		if err != nil {
			return fmt.Errorf("METADATA of %s: %w", made.Filename, err)
		}
		version.Requires = metadata.RequiresDist
		p.Summary = cmp.Or(p.Summary, metadata.Summary)
		p.Homepage = cmp.Or(p.Homepage, metadata.HomePage)
		p.License = cmp.Or(p.License, metadata.LicenseExpression)
	}
	return nil
}

// cell is what the pages tell of one build.
func (e Entry) cell() site.Cell {
	cell := site.Cell{Target: e.Target, Status: site.Status(e.Status), Reason: e.Reason, Note: e.Note, Log: e.Log}
	switch {
	case e.Status.good():
		cell.Status = site.Built
		cell.Wheels = []site.Wheel{{Filename: e.Wheel, Size: e.Size, SHA256: e.SHA256, Tag: e.Tag, Glibc: e.Glibc, Bundles: e.Libraries, Provenance: e.Provenance, SBOM: e.SBOM}}
	case e.Status == Failed:
		cell.Reason = "at stage " + e.Stage
	}
	return cell
}
