// SPDX-License-Identifier: Apache-2.0

package site

import (
	"cmp"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"crosswheel/index"
)

// projectView is a project's page.
type projectView struct {
	view
	*project
	Website  string // Homepage, where that is an address of the web
	Installs []install
	Targets  []Target
	Rows     []row
	Details  []detail
}

// install is a command, and the targets on which it is the one to run.
type install struct {
	Targets []Target
	command
}

// command is an installing command's parts around the address, which only the browser knows.
type command struct {
	Option string // of pip, that takes the address
	Wanted string // "numpy==1.24.0"
	// Elsewhere are requirements that the index has not: pip looks for them where it always does.
	Elsewhere []string
}

// row is a version in the table of versions by targets.
type row struct {
	Version, ID string
	Cells       []*cellView // nil where nothing is known
}

// detail is a version's section: everything that is known of its files.
type detail struct {
	Version, ID, Date string
	Command           *command // nil where there is nothing to install
	Requires          []requirement
	Cells             []*cellView
}

// cellView is a cell as both show it.
type cellView struct {
	Cell
	On      Target
	LogHref string
	Source  Link // Recipe
	Files   []file
}

// file is a wheel of a cell.
type file struct {
	Wheel
	Href, Bytes string
	Needs       string // of the machine
	Papers      []Link // about it
}

// requirement is one of a version's, with the page of the project that it is about, if there is one.
type requirement struct{ Text, Href string }

// up is the way from a project's page to the folder of the site.
const up = "../../"

func (c *catalogue) projectPage(p *project) projectView {
	v := projectView{
		view: view{Root: up, Site: c.Title, Title: p.Name, Alone: c.anonymous()}, project: p, Targets: c.Targets, Website: web(p.Homepage),
	}
	for _, t := range c.Targets {
		if newest := p.newest[t.Name]; newest != "" {
			v.addInstall(t, c.command(p, newest, t))
		}
	}
	for _, version := range p.Versions {
		r := row{Version: version.Version, ID: "v" + version.Version}
		d := detail{Version: r.Version, ID: r.ID, Requires: c.requirements(version.Requires)}
		if !version.Date.IsZero() {
			d.Date = version.Date.UTC().Format("2006-01-02")
		}
		for _, t := range c.Targets {
			cell := p.cell(version, t)
			r.Cells = append(r.Cells, cell)
			if cell == nil {
				continue
			}
			d.Cells = append(d.Cells, cell)
			if d.Command == nil && version.installable(t.Name) {
				command := c.command(p, version.Version, t)
				d.Command = &command
			}
		}
		v.Rows, v.Details = append(v.Rows, r), append(v.Details, d)
	}
	return v
}

// addInstall keeps one command for all targets that it serves.
func (v *projectView) addInstall(t Target, c command) {
	at := slices.IndexFunc(v.Installs, func(i install) bool {
		return i.Wanted == c.Wanted && i.Option == c.Option && slices.Equal(i.Elsewhere, c.Elsewhere)
	})
	if at < 0 {
		v.Installs = append(v.Installs, install{[]Target{t}, c})
		return
	}
	v.Installs[at].Targets = append(v.Installs[at].Targets, t)
}

// command installs a version from this index alone where it has all that the version needs: then no file of the same name can get in
// from elsewhere. Otherwise this index is one more beside pip's own.
func (c *catalogue) command(p *project, version string, t Target) command {
	missing := map[string]bool{}
	c.missing(p, version, t, map[*project]bool{}, missing)
	if len(missing) == 0 {
		return command{Option: "--index-url", Wanted: p.slug + "==" + version}
	}
	names := make([]string, 0, len(missing))
	for name := range missing {
		names = append(names, name)
	}
	slices.Sort(names)
	return command{Option: "--only-binary :all: --extra-index-url", Wanted: p.slug + "==" + version, Elsewhere: names}
}

// missing gathers the requirements, and those of requirements, that have no wheel for the target. It looks at names alone: whether a
// version suits, and whether a marker holds on the robot, is pip's to say. Extras are nothing that was asked for.
func (c *catalogue) missing(p *project, version string, t Target, seen map[*project]bool, missing map[string]bool) {
	seen[p] = true
	at := slices.IndexFunc(p.Versions, func(v Version) bool { return v.Version == version })
	for _, text := range p.Versions[at].Requires {
		if _, marker, _ := strings.Cut(text, ";"); extraMarker.MatchString(marker) {
			continue
		}
		name := index.RequiredProject(text)
		needed := c.bySlug[name]
		switch {
		case needed == nil || needed.newest[t.Name] == "":
			missing[name] = true
		case !seen[needed]:
			c.missing(needed, needed.newest[t.Name], t, seen, missing)
		}
	}
}

var extraMarker = regexp.MustCompile(`\bextra\s*==`)

func (c *catalogue) requirements(texts []string) []requirement {
	var found []requirement
	for _, text := range texts {
		r := requirement{Text: text}
		if p := c.bySlug[index.RequiredProject(text)]; p != nil {
			r.Href = up + pageOf(p)
		}
		found = append(found, r)
	}
	return found
}

// pageOf names the file itself: from a disk, a folder would show as a list of files.
func pageOf(p *project) string { return "packages/" + p.slug + "/index.html" }

func (p *project) cell(version Version, t Target) *cellView {
	cell := version.on(t.Name)
	if cell == nil {
		return nil
	}
	v := &cellView{Cell: *cell, On: t, LogHref: relative(cell.Log), Source: Link{relative(cell.Recipe.Path), cell.Recipe.Text}}
	for _, w := range cell.Wheels {
		v.Files = append(v.Files, file{Wheel: w, Href: p.href(w), Bytes: bytesText(w.Size), Needs: w.needs(), Papers: p.papers(w)})
	}
	return v
}

func (w Wheel) needs() string {
	switch {
	case w.Glibc != "":
		return "glibc " + w.Glibc + " or newer"
	case strings.HasSuffix(w.Tag, "-any"):
		return "nothing but Python"
	}
	return ""
}

func (p *project) href(w Wheel) string {
	if w.URL != "" {
		return w.URL
	}
	return relative(path.Join("simple", p.slug, w.Filename))
}

func (p *project) papers(w Wheel) []Link {
	var papers []Link
	for _, paper := range []Link{{w.Provenance, "how it was built"}, {w.SBOM, "what it is made of"}} {
		if paper.Path != "" {
			papers = append(papers, Link{relative(path.Join("simple", p.slug, paper.Path)), paper.Text})
		}
	}
	return papers
}

// relative is the address of a file of the folder, seen from a project's page. The + of a local version is escaped, too: S3 takes a bare
// one for a space.
func relative(name string) string {
	if name == "" {
		return ""
	}
	return strings.ReplaceAll(up+(&url.URL{Path: name}).EscapedPath(), "+", "%2B")
}

// web is an address that a link may lead to; empty for others, as METADATA may have any text there.
func web(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return ""
	}
	return address
}

// bytesText is a size in bytes, as people read it.
func bytesText(n int64) string {
	switch {
	case n < 1e3:
		return fmt.Sprintf("%d bytes", n)
	case n < 1e6:
		return fmt.Sprintf("%.0f kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}

// Label is what people call the target.
func (t Target) Label() string { return cmp.Or(t.Summary, t.Name) }
