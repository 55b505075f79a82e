// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"crosswheel/index"
	"crosswheel/index/site"
	"crosswheel/internal/recipe"
	"crosswheel/internal/wheel"
)

// addPages adds the pages for people, and the recipes as they were built, which the pages link to.
func (r *Result) addPages(files map[string][]byte, made *index.Published) error {
	for _, o := range r.outcomes {
		rec := o.build.Recipe
		if rec.Kind != recipe.Package {
			continue
		}
		var err error
		if files[recipePath(rec.Name)], err = fs.ReadFile(o.pipeline.folder, path.Join(rec.Dir, path.Base(rec.VersionRange.Filename))); err != nil {
			return err
		}
	}
	return site.WriteIndex(made, nil, r.Report.Site(), func(name string, text []byte) error {
		files[name] = text
		return nil
	})
}

// recipePath is where the recipe of a package lies, beside its page.
func recipePath(name string) string {
	return path.Join("packages", wheel.NormalizeProject(name), "recipe.txt")
}

// Site is what pages for people tell of a run, beside what the index says of the wheels. What holds times, the log of a failure, they only link to: the same
// wheels give the same pages.
func (r Report) Site() site.Site {
	var s site.Site
	for _, t := range r.Targets {
		s.Targets = append(s.Targets, site.Target{
			Name: t.Name, Summary: t.Summary, Arch: t.Arch, Python: t.Python, Glibc: t.Glibc, Pip: t.Pip, Note: cmp.Or(t.Skipped, t.Note),
		})
	}
	for _, e := range r.Builds {
		if e.Kind != string(recipe.Package) {
			continue
		}
		at := slices.IndexFunc(s.Projects, func(p site.Project) bool { return wheel.NormalizeProject(p.Name) == wheel.NormalizeProject(e.Name) })
		if at < 0 {
			at = len(s.Projects)
			s.Projects = append(s.Projects, site.Project{Name: e.Name, Summary: e.Summary, Homepage: e.Homepage, License: e.License})
		}
		e.describe(&s.Projects[at])
	}
	return s
}

// describe adds one build to its project.
func (e Entry) describe(p *site.Project) {
	i := slices.IndexFunc(p.Versions, func(v site.Version) bool { return v.Version == e.Version })
	if i < 0 {
		i = len(p.Versions)
		p.Versions = append(p.Versions, site.Version{Version: e.Version})
	}
	version := &p.Versions[i]
	version.Cells = append(version.Cells, e.cell())
	if version.Date.IsZero() {
		version.Date = e.Released
	}
	if e.Status.good() {
		version.Requires = e.Requires
	}
}

// cell is what the pages tell of one build.
func (e Entry) cell() site.Cell {
	file, line := e.Recipe, ""
	if colon := strings.LastIndexByte(file, ':'); colon >= 0 {
		file, line = file[:colon], file[colon+1:]
	}
	cell := site.Cell{
		Target: e.Target, Status: site.Status(e.Status), Reason: e.Reason, Note: e.Note, Log: e.Log,
		Recipe: site.Link{Path: recipePath(e.Name), Text: fmt.Sprintf("line %s of %s", line, file)},
	}
	switch {
	case e.Status.good():
		cell.Status = site.Built
		cell.Wheels = []site.Wheel{{Filename: e.Wheel, Size: e.Size, SHA256: e.SHA256, Tag: e.Tag, Glibc: e.Glibc, Bundles: e.Libraries, Provenance: e.Provenance, SBOM: e.SBOM}}
	case e.Status == Failed:
		cell.Reason = "at stage " + e.Stage
	}
	return cell
}
