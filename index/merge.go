// SPDX-License-Identifier: Apache-2.0

package index

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"

	"crosswheel/internal/wheel"
)

// entry is a file that was checked.
type entry struct {
	File
	canonical string            // the file name as today's standard writes it
	version   string            // normalized
	published bool              // its bytes are there already
	metadata  bool              // METADATA has to be written
	copies    map[string]string // what has to be copied from Input.Wheels, by the name that it gets
}

// merge puts what is published and what is new together. What is published is right where the two do not agree; of new files that do not
// agree with each other none is.
func (w *writer) merge(published, fresh []File) []entry {
	slices.SortFunc(fresh, func(f, g File) int {
		return cmp.Or(cmp.Compare(f.Filename, g.Filename), cmp.Compare(f.Origin, g.Origin), cmp.Compare(f.SHA256, g.SHA256))
	})
	found := map[string]*entry{} // by canonical name
	for _, f := range published {
		e := newEntry(f)
		e.published = true
		found[e.canonical] = &e
	}
	byName := map[string][]entry{}
	for _, f := range fresh {
		e := newEntry(f)
		e.metadata = f.Metadata != nil && f.URL == ""
		byName[e.canonical] = append(byName[e.canonical], e)
	}
	for canonical, same := range byName {
		old := found[canonical]
		if old == nil {
			if merged := w.agree(same); merged != nil {
				found[canonical] = merged
			}
			continue
		}
		for _, e := range same {
			if err := old.add(e); err != nil {
				w.refuse(err)
			}
		}
	}
	files := make([]entry, 0, len(found))
	for _, e := range found {
		files = append(files, *e)
	}
	slices.SortFunc(files, func(a, b entry) int { return cmp.Compare(a.Filename, b.Filename) })
	return files
}

// newEntry takes a file that was checked.
func newEntry(f File) entry {
	name, err := wheel.ParseFilename(f.Filename)
	if err != nil {
		panic("index: " + err.Error())
	}
	canonical := name.Canonical()
	f.UploadTime = f.UploadTime.UTC()
	e := entry{File: f, canonical: canonical.String(), version: canonical.Version, copies: map[string]string{}}
	if f.wheel != "" {
		for _, name := range []string{f.Filename, f.Attestations, f.Provenance} {
			if name != "" {
				e.copies[name] = path.Join(path.Dir(f.wheel), name)
			}
		}
	}
	return e
}

// add takes in another description of the same wheel.
func (e *entry) add(other entry) error {
	if e.Filename != other.Filename {
		return other.failed(fmt.Errorf("it is the same wheel as %s, spelled in another way: installers could take either", e.Filename))
	}
	merged, err := combine(other.File, e.File)
	if err != nil {
		return err
	}
	merged.Origin = known(e.Origin, other.Origin)
	copies := maps.Clone(other.copies)
	maps.Copy(copies, e.copies)
	if e.published { // what is there is not written again
		for _, name := range []string{e.Filename, e.Attestations, e.Provenance} {
			delete(copies, name)
		}
	}
	e.File, e.copies, e.metadata = merged, copies, e.metadata || other.metadata && e.MetadataSHA256 == ""
	return nil
}

// agree is what new descriptions of one wheel say together. Where they do not agree nobody knows which is right: all of them are refused.
func (w *writer) agree(same []entry) *entry {
	merged, agreed := same[0], true
	for i, e := range same {
		for j, other := range same {
			if err := other.add(e); i != j && err != nil {
				w.refuse(err)
				agreed = false
				break
			}
		}
		if i > 0 && agreed {
			agreed = merged.add(e) == nil
		}
	}
	if !agreed {
		return nil
	}
	return &merged
}
