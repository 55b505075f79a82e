// SPDX-License-Identifier: Apache-2.0

package index

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"path"
	"reflect"
	"slices"
	"strings"
)

// APIVersion is the version of the simple repository API that both forms of the pages speak.
const APIVersion = "1.4"

// Options says how an index is made. There is nothing to choose yet.
type Options struct{}

// Render makes the pages of an index that holds files: their content by slash-separated path, all below "simple/".
//
// All that is wrong with files is told at once, sorted, as one error that joins a [*FileError] for each; there are no pages then.
func Render(files []File, _ Options) (map[string][]byte, error) {
	projects, err := group(files)
	if err != nil {
		return nil, err
	}
	names := slices.Sorted(maps.Keys(projects))
	pages := map[string][]byte{}
	if err := renderRoot(pages, names); err != nil {
		return nil, err
	}
	for _, name := range names {
		if err := renderProject(pages, name, projects[name]); err != nil {
			return nil, err
		}
	}
	return pages, nil
}

// entry is a file that was checked.
type entry struct {
	File
	version string // normalized
}

// group sorts files into their projects, by the normalized name: whoever asks for a project asks for that, however it spells itself.
func group(files []File) (map[string][]entry, error) {
	sorted := slices.Clone(files)
	slices.SortFunc(sorted, func(f, g File) int {
		return cmp.Or(cmp.Compare(f.Filename, g.Filename), cmp.Compare(f.Origin, g.Origin), cmp.Compare(f.SHA256, g.SHA256))
	})
	projects := map[string][]entry{}
	var problems []error
	var last File
	for _, f := range sorted {
		name, err := f.check()
		if err != nil {
			problems = append(problems, err)
			continue
		}
		if f.Filename == last.Filename {
			if err := f.sameAs(last); err != nil {
				problems = append(problems, err)
			}
			continue
		}
		last = f
		project := name.Project()
		projects[project] = append(projects[project], entry{File: f, version: name.Canonical().Version})
	}
	return projects, errors.Join(problems...)
}

// sameAs refuses two descriptions of one file name that differ. Taking either would make the index depend on their order, and a name once
// published must stay with its bytes: caches and lock files rely on it.
func (f File) sameAs(g File) error {
	if f.SHA256 != g.SHA256 {
		return f.failed(fmt.Errorf("sha256 %s, and %s has the same name and sha256 %s", f.SHA256, cmp.Or(g.Origin, "another file"), g.SHA256))
	}
	origin := f.Origin
	f.Origin = g.Origin
	f.UploadTime, g.UploadTime = f.UploadTime.UTC(), g.UploadTime.UTC()
	if !reflect.DeepEqual(f, g) {
		f.Origin = origin
		return f.failed(fmt.Errorf("it is described in another way by %s", cmp.Or(g.Origin, "another file")))
	}
	return nil
}

func renderRoot(pages map[string][]byte, names []string) error {
	pages["simple/index.html"] = rootHTML(names)
	var err error
	pages["simple/index.v1_json"], err = rootJSON(names)
	return err
}

func renderProject(pages map[string][]byte, name string, files []entry) error {
	folder := path.Join("simple", name)
	pages[path.Join(folder, "index.html")] = projectHTML(name, files)
	var err error
	if pages[path.Join(folder, "index.v1_json")], err = projectJSON(name, files); err != nil {
		return err
	}
	for _, f := range files {
		if len(f.Metadata) > 0 && f.URL == "" {
			pages[path.Join(folder, f.Filename+".metadata")] = f.Metadata
		}
	}
	return nil
}

// href is the file's address, without its hash. The + of a local version is escaped, too: S3 takes a bare one for a space.
func (f entry) href() string {
	if f.URL != "" {
		return f.URL
	}
	return strings.ReplaceAll(url.PathEscape(f.Filename), "+", "%2B")
}

// metadataSHA256 is empty where METADATA is not offered: it would have to be beside a file that is elsewhere.
func (f entry) metadataSHA256() string {
	if len(f.Metadata) == 0 || f.URL != "" {
		return ""
	}
	sum := sha256.Sum256(f.Metadata)
	return hex.EncodeToString(sum[:])
}

// uploadTime is written as the standard wants it: UTC, and not more than six digits of a second.
func (f entry) uploadTime() string {
	if f.UploadTime.IsZero() {
		return ""
	}
	return f.UploadTime.UTC().Format("2006-01-02T15:04:05.999999Z")
}
