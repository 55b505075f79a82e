// SPDX-License-Identifier: Apache-2.0

// Package site makes the pages of an index that people read: a front page with a search, and a page for each project with the line that
// installs it on a robot.
//
// It is a pure function of what it is told: [Render] takes a [Site] and gives files, the same bytes for the same site. The pages are plain
// files without a framework: they need no server, no network but their own folder, and no script except for the search and for the
// address that they are at.
//
// It is not for what clients read, simple/, which package index makes, and it finds nothing out by itself: it opens no wheel.
package site

import (
	"cmp"
	_ "embed"
	"errors"
	"fmt"
	"regexp"
	"runtime"
	"slices"
	"sync"
	"time"

	"crosswheel/internal/pep440"
	"crosswheel/internal/wheel"
)

// Site is all that the pages tell.
type Site struct {
	Title    string // the heading of the front page; empty: "Python wheels"
	Targets  []Target
	Projects []Project
	Links    []Link // files of the folder for machines, in the foot of the front page
}

// Target is what wheels are built for. A site that does not know of any has one column for all wheels.
type Target struct {
	Name    string // "bookworm-armhf"
	Summary string // which robot, with which software, it serves
	Arch    string // "armv7l"
	Python  string // "3.11", or "3.11.2"
	Glibc   string // "2.36"
	Pip     string // "22.3.1"
	Note    string // what is true of all its wheels, or why there are none
}

// Link is a file of the site's folder.
type Link struct {
	Path string // relative to the folder: "report.json"
	Text string
}

// Project is a package in all its versions.
type Project struct {
	Name     string // as it spells itself: "PyYAML"
	Summary  string
	Homepage string
	License  string
	Versions []Version
	Notice   string // what its visitors should know first: that it is archived, say
	// Newest is the version that a robot should get, of a project that is only listed: one of no versions.
	Newest string
}

// Version is a row of a project's table.
type Version struct {
	Version  string
	Requires []string  // PEP 508, as METADATA has it
	Date     time.Time // when the project released it; zero where nobody says
	Cells    []Cell    // by target; a target without one is not spoken of
}

// Status says what became of a version on a target.
type Status string

const (
	Built   Status = "built"
	Skipped Status = "skipped" // it is not meant for the target
	Failed  Status = "failed"
	Blocked Status = "blocked" // something that it uses failed
)

// Cell is a version on a target.
type Cell struct {
	Target string // the target's name; empty in a site without targets
	Status Status
	Reason string // why it is not built
	Note   string // what else is to know of it
	Log    string // a path in the folder; empty for none
	Recipe Link   // what it was built from; the text alone where there is no file of it
	Wheels []Wheel
}

// Wheel is a file to install.
type Wheel struct {
	Filename string
	Size     int64 // in bytes
	SHA256   string
	URL      string // where it is; empty: simple/PROJECT/FILENAME
	Tag      string // "cp311-cp311-linux_armv7l"
	// Glibc is the oldest C library that it runs with, "2.17"; empty where it needs none or nobody looked.
	Glibc   string
	Bundles []string // libraries that it brings along
	// Provenance and SBOM are names of files beside the wheel, in simple/PROJECT/: how it was built, and what it is made of. Empty for none.
	Provenance, SBOM string
	Yanked           bool   // installed only where that very version is asked for
	Reason           string // why it is yanked
}

// Render makes the files of a site, by slash-separated path: index.html, packages/NAME/index.html and what these share.
func Render(s Site) (map[string][]byte, error) {
	files := map[string][]byte{}
	err := Write(s, func(name string, text []byte) error {
		files[name] = text
		return nil
	})
	return files, err
}

// Write makes the files of a site one after the other, where all of them at once would be too many: the projects' pages first, in any
// order, then what links to them. It works on all processors, and calls put for one file at a time.
func Write(s Site, put func(name string, text []byte) error) error {
	return write(s, func(*project) bool { return true }, put)
}

// write writes of the projects' pages only those that are wanted.
func write(s Site, wanted func(*project) bool, put func(name string, text []byte) error) error {
	c, err := newCatalogue(s)
	if err != nil {
		return err
	}
	if err := c.writeProjects(slices.DeleteFunc(slices.Clone(c.projects), func(p *project) bool { return !wanted(p) }), put); err != nil {
		return err
	}
	return c.writeFront(put)
}

// writeProjects writes the projects' pages.
func (c *catalogue) writeProjects(projects []*project, put func(string, []byte) error) error {
	var putting sync.Mutex
	return eachInParallel(len(projects), func(i int) error {
		p := projects[i]
		return c.page(func(name string, text []byte) error {
			putting.Lock()
			defer putting.Unlock()
			return put(name, text)
		}, pageOf(p), "project", c.projectPage(p))
	})
}

// eachInParallel shares work out among the processors; each stops at its first error.
func eachInParallel(count int, work func(int) error) error {
	var working sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	problems := make([]error, workers)
	for worker := range workers {
		working.Go(func() {
			for i := worker; i < count && problems[worker] == nil; i += workers {
				problems[worker] = work(i)
			}
		})
	}
	working.Wait()
	return errors.Join(problems...)
}

// catalogue is a site that was checked and sorted.
type catalogue struct {
	Site
	projects []*project
	bySlug   map[string]*project
}

// project is a project with what pages need to know of it more than once.
type project struct {
	Project
	slug string // the normalized name
	// newest is, by target, the version that a robot should get.
	newest map[string]string
}

// newCatalogue sorts projects by name, their versions with the newest first, and refuses what two pages would be needed for.
func newCatalogue(s Site) (*catalogue, error) {
	s.Title = cmp.Or(s.Title, "Python wheels")
	if len(s.Targets) == 0 {
		s.Targets = []Target{{}}
	}
	c := &catalogue{Site: s, bySlug: map[string]*project{}}
	var problems []error
	for _, given := range s.Projects {
		p, err := c.newProject(given)
		if other := c.bySlug[p.slug]; other != nil && err == nil {
			err = fmt.Errorf("%s and %s are one project in two spellings", other.Name, p.Name)
		}
		if err != nil {
			problems = append(problems, err)
			continue
		}
		c.bySlug[p.slug] = p
		c.projects = append(c.projects, p)
	}
	slices.SortFunc(c.projects, func(a, b *project) int { return cmp.Compare(a.slug, b.slug) })
	return c, errors.Join(problems...)
}

var slugPattern = regexp.MustCompile(`\A[a-z0-9]+(-[a-z0-9]+)*\z`)

func (c *catalogue) newProject(given Project) (*project, error) {
	p := &project{Project: given, slug: wheel.NormalizeProject(given.Name), newest: map[string]string{}}
	if !slugPattern.MatchString(p.slug) { // it becomes a folder
		return p, fmt.Errorf("%q is not a project's name", given.Name)
	}
	parsed := map[string]pep440.Version{}
	for _, v := range given.Versions {
		var err error
		if parsed[v.Version], err = pep440.Parse(v.Version); err != nil {
			return p, fmt.Errorf("%s: %w", given.Name, err)
		}
	}
	p.Versions = slices.SortedStableFunc(slices.Values(given.Versions), func(a, b Version) int {
		return parsed[b.Version].Compare(parsed[a.Version])
	})
	for _, t := range c.Targets {
		p.newest[t.Name] = given.Newest
		var versions []pep440.Version
		var offered []string
		for _, v := range p.Versions {
			if v.installable(t.Name) {
				versions, offered = append(versions, parsed[v.Version]), append(offered, v.Version)
			}
		}
		if newest := pep440.Newest(versions); newest >= 0 {
			p.newest[t.Name] = offered[newest]
		}
	}
	return p, nil
}

// on is the version's cell of a target; nil for none.
func (v Version) on(target string) *Cell {
	at := slices.IndexFunc(v.Cells, func(c Cell) bool { return c.Target == target })
	if at < 0 {
		return nil
	}
	return &v.Cells[at]
}

// installable says whether the version has a wheel for the target that is not taken back.
func (v Version) installable(target string) bool {
	cell := v.on(target)
	return cell != nil && cell.Status == Built && slices.ContainsFunc(cell.Wheels, func(w Wheel) bool { return !w.Yanked })
}
