// SPDX-License-Identifier: Apache-2.0

package index

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
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

func rootJSON(names []string) ([]byte, error) {
	root := jsonRoot{Meta: jsonMeta{APIVersion}, Projects: []jsonName{}}
	for _, name := range names {
		root.Projects = append(root.Projects, jsonName{name})
	}
	return encodeJSON(root)
}

// json is the page as JSON; from is the way from it to the folder of the project's files. It has the keys of the standard alone; there is no
// dist-info-metadata, on which pip 22.3.1 crashes. It is put together by hand, since there are many files.
func (p page) json(from string) ([]byte, error) {
	b := []byte(`{"meta":{"api-version":"` + APIVersion + `"},"name":`)
	b = appendString(b, p.name)
	if p.status != nil {
		status, err := encodeJSON(p.status)
		if err != nil {
			return nil, err
		}
		b = append(append(b, `,"project-status":`...), bytes.TrimSpace(status)...)
	}
	versions := make([]string, len(p.files))
	for i, f := range p.files {
		versions[i] = f.version
	}
	slices.Sort(versions)
	b = append(b, `,"versions":[`...)
	for i, version := range slices.Compact(versions) {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, version)
	}
	b = append(b, `],"files":[`...)
	for i, f := range p.files {
		if i > 0 {
			b = append(b, ',')
		}
		b = p.appendFile(b, f, from)
	}
	return append(b, "]}\n"...), nil
}

func (p page) appendFile(b []byte, f *entry, from string) []byte {
	text := func(key, value string) {
		if value != "" {
			b = append(append(append(b, ',', '"'), key...), '"', ':')
			b = appendString(b, value)
		}
	}
	b = appendString(append(b, `{"filename":`...), f.Filename)
	text("url", f.href(from))
	b = append(append(append(b, `,"hashes":{"sha256":"`...), f.SHA256...), `"},"size":`...)
	b = strconv.AppendInt(b, f.Size, 10)
	text("requires-python", f.RequiresPython)
	if f.offersMetadata() {
		b = append(append(append(b, `,"core-metadata":{"sha256":"`...), f.MetadataSHA256...), `"}`...)
	}
	if f.Yanked && f.YankedReason == "" {
		b = append(b, `,"yanked":true`...) // an empty reason would read as not yanked
	}
	text("yanked", f.YankedReason)
	text("upload-time", f.uploadTime())
	text("provenance", p.provenance(f))
	return append(b, '}')
}

// appendString appends a text in quotes. Most need no more than these.
func appendString(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			quoted, err := encodeJSON(s)
			if err != nil {
				panic("index: " + err.Error()) // it is a string
			}
			return append(b, bytes.TrimSuffix(quoted, []byte("\n"))...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}

func encodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return b.Bytes(), err
}
