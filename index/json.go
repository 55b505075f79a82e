// SPDX-License-Identifier: Apache-2.0

package index

import (
	"bytes"
	"encoding/json"
	"slices"
)

type jsonMeta struct {
	APIVersion string `json:"api-version"`
}

type jsonRoot struct {
	Meta     jsonMeta   `json:"meta"`
	Projects []jsonName `json:"projects"`
}

type jsonName struct {
	Name string `json:"name"`
}

type jsonProject struct {
	Meta     jsonMeta   `json:"meta"`
	Name     string     `json:"name"`
	Status   *Status    `json:"project-status,omitempty"`
	Versions []string   `json:"versions"`
	Files    []jsonFile `json:"files"`
}

// jsonFile has the keys of the standard alone; there is no dist-info-metadata, on which pip 22.3.1 crashes.
type jsonFile struct {
	Filename       string      `json:"filename"`
	URL            string      `json:"url"`
	Hashes         jsonHashes  `json:"hashes"`
	Size           int64       `json:"size"`
	RequiresPython string      `json:"requires-python,omitempty"`
	CoreMetadata   *jsonHashes `json:"core-metadata,omitempty"`
	Yanked         any         `json:"yanked,omitempty"` // true, or the reason
	UploadTime     string      `json:"upload-time,omitempty"`
	Provenance     string      `json:"provenance,omitempty"`
}

type jsonHashes struct {
	SHA256 string `json:"sha256"`
}

func rootJSON(names []string) ([]byte, error) {
	root := jsonRoot{Meta: jsonMeta{APIVersion}, Projects: []jsonName{}}
	for _, name := range names {
		root.Projects = append(root.Projects, jsonName{name})
	}
	return encodeJSON(root)
}

// json is the page as JSON; from is the way from it to the folder of the project's files.
func (p page) json(from string) ([]byte, error) {
	project := jsonProject{Meta: jsonMeta{APIVersion}, Name: p.name, Status: p.status, Versions: []string{}, Files: []jsonFile{}}
	for _, f := range p.files {
		out := jsonFile{
			Filename:       f.Filename,
			URL:            f.href(from),
			Hashes:         jsonHashes{f.SHA256},
			Size:           f.Size,
			RequiresPython: f.RequiresPython,
			UploadTime:     f.uploadTime(),
			Provenance:     p.provenance(f),
		}
		if f.offersMetadata() {
			out.CoreMetadata = &jsonHashes{f.MetadataSHA256}
		}
		if f.YankedReason != "" {
			out.Yanked = f.YankedReason
		} else if f.Yanked {
			out.Yanked = true // an empty reason would read as not yanked
		}
		project.Files = append(project.Files, out)
		project.Versions = append(project.Versions, f.version)
	}
	slices.Sort(project.Versions)
	project.Versions = slices.Compact(project.Versions)
	return encodeJSON(project)
}

func encodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return b.Bytes(), err
}
