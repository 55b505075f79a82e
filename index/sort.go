// SPDX-License-Identifier: Apache-2.0

package index

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"crosswheel/internal/wheel"
)

// given is what is new of a project.
type given struct {
	wheels []string // paths in Input.Wheels
	files  []int    // of Input.Files
}

// sort finds what is new of each project: by the names of files alone, so that no more than a few wheels are open at a time.
func (w *writer) sort() error {
	var last string // files of one project mostly come together
	var g *given
	of := func(filename string) *given {
		distribution, _, _ := strings.Cut(filename, "-") // where it is none, the file is refused when its turn comes
		if g != nil && distribution == last {
			return g
		}
		project := wheel.NormalizeProject(distribution)
		last, g = distribution, w.given[project]
		if g == nil {
			g = &given{}
			w.given[project] = g
		}
		return g
	}
	for i := range w.in.Files {
		g := of(w.in.Files[i].Filename)
		g.files = append(g.files, i)
	}
	for _, name := range w.in.Published.Projects() {
		if w.touched(name) && w.given[name] == nil {
			w.given[name] = &given{}
		} else {
			w.records[name], w.sums[name] = w.in.Published.packages[name], w.in.Published.sums[name]
		}
	}
	if w.in.Wheels == nil {
		return nil
	}
	return fs.WalkDir(w.in.Wheels, ".", func(p string, entry fs.DirEntry, err error) error {
		if strings.HasSuffix(p, attestationsSuffix) || strings.HasSuffix(p, provenanceSuffix) || strings.HasSuffix(p, sbomSuffix) {
			w.beside[p] = true
		}
		if err != nil || entry.IsDir() || !strings.EqualFold(path.Ext(p), ".whl") {
			return err
		}
		if err := regular(w.in.Wheels, p, entry.Type()); err != nil {
			w.refuse((&File{Filename: path.Base(p), Origin: p}).failed(err))
			return nil
		}
		g := of(path.Base(p))
		g.wheels = append(g.wheels, p)
		return nil
	})
}

// regular refuses what is no file, nor a link to one, before it is opened: a pipe would be waited for.
func regular(fsys fs.FS, name string, kind fs.FileMode) error {
	if kind == fs.ModeSymlink {
		info, err := fs.Stat(fsys, name)
		if err != nil {
			return err
		}
		kind = info.Mode().Type()
	}
	if kind != 0 {
		return fmt.Errorf("it is no file (%v)", kind)
	}
	return nil
}

// touched says whether a published project may change though no wheel of it is new.
func (w *writer) touched(name string) bool {
	p, m := w.in.Published, w.in.Marks
	if p.settings != w.settings || len(w.targets) > 0 {
		return true
	}
	if m == nil {
		return false
	}
	_, hasStatus := m.status[name]
	return hasStatus || len(m.yanks[name]) > 0 || strings.Contains(p.packages[name], `"yanked":`) || strings.HasPrefix(p.packages[name], `{"status":`)
}
