// SPDX-License-Identifier: Apache-2.0

package index

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
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

// json appends the page as JSON to b; from is the way from it to the folder of the project's files. It has the keys of the standard alone; there is no
// dist-info-metadata, on which pip 22.3.1 crashes. It is put together by hand, since there are many files.
func (p page) json(b []byte, from string) ([]byte, error) {
	b = append(b, `{"meta":{"api-version":"`+APIVersion+`"},"name":`...)
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
	b = appendString(append(b, `{"filename":`...), f.Filename)
	b = appendText(b, "url", f.href(from))
	b = append(append(append(b, `,"hashes":{"sha256":"`...), f.SHA256...), `"},"size":`...)
	b = strconv.AppendInt(b, f.Size, 10)
	b = appendText(b, "requires-python", f.RequiresPython)
	if f.offersMetadata() {
		b = append(append(append(b, `,"core-metadata":{"sha256":"`...), f.MetadataSHA256...), `"}`...)
	}
	if f.Yanked && f.YankedReason == "" {
		b = append(b, `,"yanked":true`...) // an empty reason would read as not yanked
	}
	b = appendText(b, "yanked", f.YankedReason)
	b = appendText(b, "upload-time", f.uploadTime())
	b = appendText(b, "provenance", p.provenance(f))
	return append(b, '}')
}

// versionsKey is where a record comes to files. It stands in no text in a record, since quotes are escaped there.
const versionsKey = `"versions":{`

// appendRecord appends what packages.json says of a project: what encoding/json makes of a record, in a fifth of the time.
func appendRecord(b []byte, files []*entry, status *Status) ([]byte, error) {
	head, err := encodeJSON(struct {
		Status *Status `json:"status,omitempty"`
		Brief
	}{status, newBrief(files, status)})
	if err != nil {
		return nil, err
	}
	b = append(b, bytes.TrimSuffix(head, []byte("}\n"))...)
	if len(head) > len("{}\n") {
		b = append(b, ',')
	}
	b = append(b, versionsKey...)
	byVersion := slices.SortedStableFunc(slices.Values(files), func(a, b *entry) int { return strings.Compare(a.version, b.version) })
	for i, f := range byVersion {
		switch {
		case i == 0:
			b = append(appendString(b, f.version), `:[`...)
		case f.version != byVersion[i-1].version:
			b = append(appendString(append(b, `],`...), f.version), `:[`...)
		default:
			b = append(b, ',')
		}
		b = f.append(b)
	}
	if len(files) > 0 {
		b = append(b, ']')
	}
	return append(b, "}}"...), nil
}

// append appends the file as packages.json has it, by the names that its fields have for encoding/json, which reads it.
func (f *File) append(b []byte) []byte {
	b = appendString(append(b, `{"file":`...), f.Filename)
	b = append(append(append(b, `,"sha256":"`...), f.SHA256...), `","size":`...)
	b = strconv.AppendInt(b, f.Size, 10)
	b = appendText(b, "url", f.URL)
	b = appendText(b, "metadata_sha256", f.MetadataSHA256)
	if !f.UploadTime.IsZero() {
		b = append(f.UploadTime.AppendFormat(append(b, `,"upload_time":"`...), time.RFC3339Nano), '"')
	}
	if f.Yanked {
		b = append(b, `,"yanked":true`...)
	}
	b = appendText(b, "yanked_reason", f.YankedReason)
	b = appendText(b, "attestations", f.Attestations)
	b = appendText(b, "provenance", f.Provenance)
	b = appendText(b, "sbom", f.SBOM)
	b = appendText(b, "name", f.Name)
	b = appendText(b, "summary", f.Summary)
	b = appendText(b, "homepage", f.Homepage)
	b = appendText(b, "license", f.License)
	b = appendText(b, "requires_python", f.RequiresPython)
	b = appendTexts(b, "requires", f.Requires)
	b = appendTexts(b, "extras", f.Extras)
	b = appendTexts(b, "imports", f.Imports)
	b = appendText(b, "glibc", f.Glibc)
	b = appendTexts(b, "bundles", f.Bundles)
	return append(b, '}')
}

// appendText appends a key and its value, if there is one.
func appendText(b []byte, key, value string) []byte {
	if value == "" {
		return b
	}
	return appendString(append(append(append(b, `,"`...), key...), `":`...), value)
}

func appendTexts(b []byte, key string, values []string) []byte {
	if len(values) == 0 {
		return b
	}
	b = append(append(append(b, `,"`...), key...), `":[`...)
	for i, value := range values {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, value)
	}
	return append(b, ']')
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
