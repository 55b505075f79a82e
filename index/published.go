// SPDX-License-Identifier: Apache-2.0

package index

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"crosswheel/internal/wheel"
)

// Names of the files for machines, at the top of the index. The report is not written here: who builds the wheels does.
const (
	PackagesFile = "packages.json"
	SumsFile     = "SHA256SUMS"
	ReportFile   = "report.json"
)

// format is the version of everything that is written. An index of another one is written anew, where otherwise only what changes is.
const format = 2

// record is what packages.json says of a project.
type record struct {
	Status *Status `json:"status,omitempty"`
	Brief
	Versions map[string][]File `json:"versions"`
}

// Published is an index that is there already. It holds its lines as they are: a project that nothing is added to is never taken apart.
type Published struct {
	settings settings
	targets  []Target          // that there are locks for
	packages map[string]string // the project's record, by name
	sums     map[string]string // its lines of SHA256SUMS
}

// ParsePublished reads an index's packages.json and SHA256SUMS.
func ParsePublished(packages, sums string) (*Published, error) {
	p := &Published{packages: map[string]string{}, sums: map[string]string{}}
	first, body, ok := strings.Cut(packages, "\n")
	first, isOurs := strings.CutSuffix(first, packagesOpen)
	var h head
	if err := json.Unmarshal([]byte(first+"}"), &h); err != nil || !ok || !isOurs || h.Format == 0 {
		return nil, fmt.Errorf("%s: it does not begin as those that this program writes: %q; make the index anew from its wheels", PackagesFile, oneLine(first))
	}
	if err := checkTargets(h.Targets); err != nil {
		return nil, fmt.Errorf("%s: %w", PackagesFile, err)
	}
	p.settings, p.targets = h.settings, h.Targets
	body, ok = strings.CutSuffix(body, packagesEnd)
	if !ok {
		return nil, fmt.Errorf("%s: it is cut off", PackagesFile)
	}
	for line := range strings.Lines(body) {
		name, record, ok := strings.Cut(strings.TrimRight(line, ",\n"), ":")
		name, quoteOpen := strings.CutPrefix(name, `"`)
		name, quoteClose := strings.CutSuffix(name, `"`)
		if !ok || !quoteOpen || !quoteClose || !isProject(name) {
			return nil, fmt.Errorf("%s: a line is not a project's: %q", PackagesFile, oneLine(line))
		}
		if _, twice := p.packages[name]; twice {
			return nil, fmt.Errorf("%s: %s is there twice", PackagesFile, name)
		}
		p.packages[name] = record
	}
	return p, p.parseSums(sums)
}

func (p *Published) parseSums(sums string) error {
	for sums != "" {
		name, err := sumsProject(sums)
		if err != nil {
			return err
		}
		end := 0
		for end < len(sums) && strings.HasPrefix(sums[end:][min(len(sums)-end, 66):], "simple/"+name+"/") {
			length := strings.IndexByte(sums[end:], '\n') + 1
			if length == 0 {
				return fmt.Errorf("%s: it is cut off", SumsFile)
			}
			end += length
		}
		p.sums[name] += sums[:end]
		sums = sums[end:]
	}
	return nil
}

// sumsProject is the project that the first line is about: 64 digits, two spaces, simple/PROJECT/FILE.
func sumsProject(sums string) (string, error) {
	line, _, _ := strings.Cut(sums, "\n")
	if len(line) > 66 && line[64:66] == "  " {
		parts := strings.Split(line[66:], "/")
		if len(parts) == 3 && parts[0] == "simple" && isProject(parts[1]) {
			return parts[1], nil
		}
	}
	return "", fmt.Errorf("%s: a line is not of the form SHA256  simple/PROJECT/FILE: %q", SumsFile, oneLine(line))
}

func isProject(name string) bool {
	for _, c := range name {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return name != "" && wheel.NormalizeProject(name) == name && name[0] != '-' && name[len(name)-1] != '-'
}

// Projects are the names of what is published, sorted.
func (p *Published) Projects() []string {
	if p == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(p.packages))
}

// Report is the path of the report of the build that made the wheels; empty where there is none.
func (p *Published) Report() string {
	if p == nil {
		return ""
	}
	return p.settings.Report
}

// Locks are the paths of the targets' locks.
func (p *Published) Locks() []string {
	var names []string
	for _, t := range p.targets {
		names = append(names, t.file())
	}
	return names
}

// Pages says whether there are pages for people beside it.
func (p *Published) Pages() bool { return p != nil && p.settings.Pages }

// Differs says whether anything is said of a project that before did not say.
func (p *Published) Differs(before *Published, name string) bool {
	return before == nil || before.packages[name] != p.packages[name]
}

// Project takes a project's record apart, and holds it to what a file must be.
func (p *Published) Project(name string) ([]File, *Status, error) {
	if p == nil || p.packages[name] == "" {
		return nil, nil, nil
	}
	var r record
	decoder := json.NewDecoder(strings.NewReader(p.packages[name]))
	if err := decoder.Decode(&r); err != nil {
		return nil, nil, fmt.Errorf("%s: %s: %w", PackagesFile, name, err)
	}
	if r.Status != nil && !slices.Contains(statuses, r.Status.Status) {
		return nil, nil, fmt.Errorf("%s: %s: there is no status %q", PackagesFile, name, r.Status.Status)
	}
	var files []File
	for _, version := range slices.Sorted(maps.Keys(r.Versions)) {
		for _, f := range r.Versions[version] {
			f.Origin = "the published index"
			parsed, err := f.check()
			if err == nil && parsed.Project() != name {
				err = f.failed(fmt.Errorf("it is no wheel of %s", name))
			}
			if err != nil {
				return nil, nil, fmt.Errorf("%s: %w", PackagesFile, err)
			}
			files = append(files, f)
		}
	}
	return files, r.Status, nil
}

// settings are what all pages depend on. They are kept: who adds a wheel need not say them again, and an index of others is written anew.
type settings struct {
	Format   int    `json:"format"`
	BaseURL  string `json:"base_url,omitempty"`
	JSONTree bool   `json:"json_tree,omitempty"` // simple-json/ is written too
	Pages    bool   `json:"pages,omitempty"`     // pages for people are written too
	Report   string `json:"report,omitempty"`    // ReportFile, if it is there
}

// head is the first line of packages.json.
type head struct {
	settings
	Targets []Target `json:"targets,omitempty"`
}

func newSettings(in Input) settings {
	s := settings{BaseURL: strings.TrimSuffix(in.BaseURL, "/"), JSONTree: slices.ContainsFunc(in.Hosts, wantsJSONTree), Pages: in.Pages}
	if in.Report {
		s.Report = ReportFile
	}
	if in.Published != nil {
		s.BaseURL = cmp.Or(s.BaseURL, in.Published.settings.BaseURL)
		s.JSONTree = s.JSONTree || in.Published.settings.JSONTree
		s.Pages = s.Pages || in.Published.settings.Pages
		s.Report = cmp.Or(s.Report, in.Published.settings.Report)
	}
	s.Format = format
	return s
}

// entries are the files of a project.
func (p *Published) entries(name string) ([]*entry, *Status, error) {
	files, status, err := p.Project(name)
	if err != nil {
		return nil, nil, err
	}
	entries := make([]*entry, len(files))
	for i, f := range files {
		if entries[i], err = newEntry(f); err != nil {
			return nil, nil, err
		}
		entries[i].there = []string{f.Filename, f.Attestations, f.Provenance, f.SBOM}
	}
	return entries, status, nil
}

const (
	packagesOpen = `,"packages":{`
	packagesEnd  = "}}\n"
)

// packagesJSON puts records together, one to a line, so that one can be changed without reading all.
func packagesJSON(h head, names []string, records map[string]string) []byte {
	first, err := encodeJSON(h)
	if err != nil {
		panic("index: " + err.Error()) // it is made of strings and numbers
	}
	var b bytes.Buffer
	size := 2 * len(first)
	for _, name := range names {
		size += len(name) + len(records[name]) + 5
	}
	b.Grow(size)
	b.Write(bytes.TrimSuffix(first, []byte("}\n")))
	b.WriteString(packagesOpen + "\n")
	for i, name := range names {
		b.WriteString(`"` + name + `":`)
		b.WriteString(records[name])
		if i < len(names)-1 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
	}
	b.WriteString(packagesEnd)
	return b.Bytes()
}

// newRecord is a project's record as packages.json has it, and its lines of SHA256SUMS.
func newRecord(project string, files []*entry, status *Status) (line, sums string, err error) {
	text := buffers.Get().(*[]byte)
	defer buffers.Put(text)
	if *text, err = appendRecord((*text)[:0], files, status); err != nil {
		return "", "", fmt.Errorf("%s: %w", project, err)
	}
	line = string(*text)
	b := (*text)[:0]
	add := func(sum, name, suffix string) {
		b = append(append(append(append(b, sum...), "  simple/"...), project...), '/')
		b = append(append(append(b, name...), suffix...), '\n')
	}
	for _, f := range files {
		if f.URL != "" {
			continue
		}
		add(f.SHA256, f.Filename, "")
		if f.MetadataSHA256 != "" {
			add(f.MetadataSHA256, f.Filename, ".metadata")
		}
	}
	*text = b
	return line, string(b), nil
}
