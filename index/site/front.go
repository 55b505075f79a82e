// SPDX-License-Identifier: Apache-2.0

package site

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"slices"
)

//go:embed base.html front.html project.html all.html
var sources embed.FS

var (
	//go:embed site.css
	style []byte
	//go:embed site.js
	script []byte
)

var templates = template.Must(template.ParseFS(sources, "*.html"))

// listed is how many projects the front page has rows for. Beyond that it would be more than 50 kB: the search then fetches search.js when
// someone uses it, and packages/index.html has all rows.
const listed = 100

// longest is how much of a summary is listed, in letters.
const longest = 110

// view is what every page has.
type view struct {
	Root  string // the way to the folder of the site: "", "../" or "../../"
	Site  string
	Title string
	Alone bool // nobody knows of targets
}

// frontView is the front page, and the one that lists everything.
type frontView struct {
	view
	Targets []targetView
	Entries []entry
	Count   int // of projects
	More    bool
	Links   []Link
}

type targetView struct {
	Target
	Count int // of projects that it has wheels of
}

// entry is a project in a list.
type entry struct {
	Slug, Name, Summary string
	Newest              []string // by target; empty for none
}

func (c *catalogue) anonymous() bool { return len(c.Targets) == 1 && c.Targets[0].Name == "" }

func (c *catalogue) writeFront(put func(string, []byte) error) error {
	v := frontView{view: view{Site: c.Title, Title: c.Title, Alone: c.anonymous()}, Count: len(c.projects), Links: c.Links}
	for _, t := range c.Targets {
		count := 0
		for _, p := range c.projects {
			if p.newest[t.Name] != "" {
				count++
			}
		}
		v.Targets = append(v.Targets, targetView{t, count})
	}
	for _, p := range c.projects {
		v.Entries = append(v.Entries, c.entry(p))
	}
	if v.Count > listed {
		all := v
		all.view = view{Root: "../", Site: c.Title, Title: "All packages", Alone: v.Alone}
		if err := c.page(put, "packages/index.html", "all", all); err != nil {
			return err
		}
		if err := put("search.js", searchData(v.Entries)); err != nil {
			return err
		}
		v.More, v.Entries = true, nil
	}
	if err := c.page(put, "index.html", "front", v); err != nil {
		return err
	}
	if err := put("site.css", style); err != nil {
		return err
	}
	return put("site.js", script)
}

func (c *catalogue) entry(p *project) entry {
	e := entry{Slug: p.slug, Name: p.Name, Summary: p.Summary}
	if letters := []rune(p.Summary); len(letters) > longest {
		e.Summary = string(letters[:longest-1]) + "…"
	}
	for _, t := range c.Targets {
		e.Newest = append(e.Newest, p.newest[t.Name])
	}
	return e
}

// searchData is a script that hands the search what it looks through: a script and no JSON, since browsers do not let a page that was opened
// from the disk read files, and do let it load scripts.
func searchData(entries []entry) []byte {
	var b bytes.Buffer
	b.WriteString("found([")
	for i, e := range entries {
		if i > 0 {
			b.WriteByte(',')
		}
		row, err := json.Marshal(slices.Concat([]string{e.Slug, e.Name, e.Summary}, e.Newest)) // escaped for scripts, too
		if err != nil {
			panic("site: " + err.Error()) // they are strings
		}
		b.WriteByte('\n')
		b.Write(row)
	}
	b.WriteString("\n])\n")
	return b.Bytes()
}

func (c *catalogue) page(put func(string, []byte) error, name, template string, value any) error {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, template+".html", value); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return put(name, b.Bytes())
}
