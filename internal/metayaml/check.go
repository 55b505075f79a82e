// SPDX-License-Identifier: Apache-2.0

package metayaml

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"crosswheel/internal/recipe"
	"crosswheel/internal/wheel"

	"github.com/hashicorp/hcl/v2"
)

// problems are what the language of this program has against a recipe.
func (c *converter) problems(text []byte) []*hcl.Diagnostic {
	folder := wheel.NormalizeProject(c.draft.name)
	files := map[string][]byte{path.Join(folder, "recipe.hcl"): text}
	for name, contents := range c.files {
		files[path.Join(folder, name)] = contents
	}
	for name := range c.absent { // the report says that already
		files[path.Join(folder, name)] = nil
	}
	// Folders without a recipe: what is used, and is none of this conversion's business.
	for _, use := range c.draft.list(wordUses) {
		if other := wheel.NormalizeProject(use); fs.ValidPath(other) && !strings.Contains(other, "/") && other != folder {
			files[other+"/"] = nil
		}
	}
	_, diags := recipe.Load(tree(files), "")
	return slices.DeleteFunc(diags, func(d *hcl.Diagnostic) bool { return d.Severity != hcl.DiagError || d.Subject == nil })
}

// tree is a file system of files in memory; names that end in a slash are folders.
func tree(files map[string][]byte) fs.FS {
	var archive bytes.Buffer
	w := zip.NewWriter(&archive)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		file, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err == nil {
			_, err = file.Write(files[name])
		}
		if err != nil {
			panic(err) // a buffer takes everything
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	r, err := zip.NewReader(bytes.NewReader(archive.Bytes()), int64(archive.Len()))
	if err != nil {
		panic(err)
	}
	return r
}

// refuse makes a comment of what a problem is about, and says whether there was anything.
func (c *converter) refuse(problem *hcl.Diagnostic) bool {
	line := problem.Subject.Start.Line
	for _, w := range order {
		it := c.draft.items[w]
		if it == nil || it.refused != "" || line < it.first || line > it.last {
			continue
		}
		it.refused = "Not taken: " + sentence(problem)
		for _, e := range it.entries {
			e.Outcome, e.Note = Person, "the recipe has it as a comment. "+sentence(problem)
		}
		return true
	}
	return false
}

// leave reports a problem that is about no single thing in the recipe.
func (c *converter) leave(problem *hcl.Diagnostic) {
	c.entries = append(c.entries, &Entry{Key: "package.name", Line: c.entries[0].Line, Outcome: Person, Note: "the recipe is not complete. " + sentence(problem)})
}

// sentence is what a problem says, on one line.
func sentence(problem *hcl.Diagnostic) string {
	detail, _, _ := strings.Cut(problem.Detail, "\n\n")
	return strings.Join(strings.Fields(problem.Summary+": "+detail), " ")
}
