// SPDX-License-Identifier: Apache-2.0

package index

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
)

// entry is a file that was checked.
type entry struct {
	File
	canonical string            // the file name as today's standard writes it
	version   string            // normalized
	there     []string          // what of it is published already: the wheel, and what lies beside it
	metadata  bool              // METADATA has to be written
	copies    map[string]string // what has to be copied from Input.Wheels, by the name that it gets
}

// newEntry checks a file.
func newEntry(f File) (*entry, error) {
	name, err := f.check()
	if err != nil {
		return nil, err
	}
	canonical := name.Canonical()
	f.UploadTime = f.UploadTime.UTC()
	e := &entry{File: f, canonical: f.Filename, version: canonical.Version, metadata: f.Metadata != nil && f.URL == ""}
	if canonical.Distribution != name.Distribution || canonical.Version != name.Version {
		e.canonical = canonical.String()
	}
	if f.wheel == "" {
		return e, nil
	}
	e.copies = map[string]string{f.Filename: f.wheel}
	for _, name := range []string{f.Attestations, f.Provenance, f.SBOM} {
		if name != "" {
			e.copies[name] = path.Join(path.Dir(f.wheel), name)
		}
	}
	return e, nil
}

func (e *entry) published() bool { return len(e.there) > 0 }

// compare brings descriptions of one wheel together, what is published first.
func (e *entry) compare(other *entry) int {
	if c := cmp.Compare(e.canonical, other.canonical); c != 0 {
		return c
	}
	if e.published() != other.published() {
		if e.published() {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(e.Filename, other.Filename), cmp.Compare(e.Origin, other.Origin), cmp.Compare(e.SHA256, other.SHA256))
}

// merge puts what is published and what is new together, in the order of file names. What is published is right where the two do not
// agree; of new files that do not agree with each other none is.
func (w *writer) merge(all []*entry) []*entry {
	slices.SortFunc(all, (*entry).compare)
	var files []*entry
	for len(all) > 0 {
		same := all
		if end := slices.IndexFunc(all, func(e *entry) bool { return e.canonical != all[0].canonical }); end > 0 {
			same = all[:end]
		}
		all = all[len(same):]
		switch first := same[0]; {
		case len(same) == 1:
		case first.published():
			for _, e := range same[1:] {
				if err := first.add(e); err != nil {
					w.refuse(err)
				}
			}
		case !w.agree(same):
			continue
		}
		files = append(files, same[0])
	}
	slices.SortFunc(files, func(a, b *entry) int { return cmp.Compare(a.Filename, b.Filename) })
	return files
}

// add takes in another description of the same wheel.
func (e *entry) add(other *entry) error {
	if e.Filename != other.Filename {
		return other.failed(fmt.Errorf("it is the same wheel as %s, spelled in another way: installers could take either", e.Filename))
	}
	merged, err := combine(other.File, e.File)
	if err != nil {
		return err
	}
	merged.Origin = known(e.Origin, other.Origin)
	copies := map[string]string{}
	maps.Copy(copies, other.copies)
	maps.Copy(copies, e.copies)
	for _, name := range e.there { // that is not written again
		delete(copies, name)
	}
	e.File, e.copies, e.metadata = merged, copies, e.metadata || other.metadata && e.MetadataSHA256 == ""
	return nil
}

// agree adds new descriptions of one wheel to the first of them. Where they do not agree nobody knows which is right: all that do not are refused.
func (w *writer) agree(same []*entry) bool {
	agreed := true
	for i, e := range same {
		for j, other := range same {
			if i == j {
				continue
			}
			copied := *other
			if err := copied.add(e); err != nil {
				w.refuse(err)
				agreed = false
				break
			}
		}
	}
	for _, e := range same[1:] {
		agreed = agreed && same[0].add(e) == nil
	}
	return agreed
}
