// SPDX-License-Identifier: Apache-2.0

package index

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"crosswheel/internal/pep440"
	"crosswheel/internal/wheel"
)

// Marks are what a publisher says of wheels and projects after they were published: taken back, or not kept up any more. They are all that
// is marked: what is not in them is not yanked.
type Marks struct {
	yanks  map[string][]*yank // by project
	status map[string]Status
}

// Status is a project's (PEP 792): archived, deprecated or quarantined, with the reason.
type Status struct {
	Status string `json:"status"`
	Reason string `json:"reason,omitempty"`
}

// hides says whether none of the project's files may be offered, as the standard wants it.
func (s *Status) hides() bool { return s != nil && s.Status == "quarantined" }

var statuses = []string{"archived", "deprecated", "quarantined"}

// yank takes back one file, or all files of a version.
type yank struct {
	line     int
	filename string // empty where it is a version
	version  pep440.Version
	reason   string
	used     bool
}

// ParseMarks reads a file of marks: on each line what is said, of what, and why; # begins a comment.
//
//	yank numpy==1.24.0 crashes on import
//	yank numpy-1.24.1-cp311-cp311-linux_armv7l.whl wrong BLAS
//	archived nose nobody maintains it
func ParseMarks(text []byte) (*Marks, error) {
	m := &Marks{yanks: map[string][]*yank{}, status: map[string]Status{}}
	n := 0
	for line := range bytes.Lines(text) {
		n++
		fields := strings.Fields(string(line))
		if len(fields) == 0 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		if err := m.parseLine(n, fields); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	return m, nil
}

func (m *Marks) parseLine(n int, fields []string) error {
	if len(fields) < 2 {
		return fmt.Errorf("%q: write what is marked behind it, and why", fields[0])
	}
	what, of, reason := fields[0], fields[1], strings.ToValidUTF8(strings.Join(fields[2:], " "), "\uFFFD")
	if slices.Contains(statuses, what) {
		project := wheel.NormalizeProject(of)
		if _, twice := m.status[project]; twice {
			return fmt.Errorf("%s has a status already", project)
		}
		m.status[project] = Status{what, reason}
		return nil
	}
	if what != "yank" {
		return fmt.Errorf("there is no mark %q; there are yank, %s", what, strings.Join(statuses, ", "))
	}
	y := &yank{line: n, reason: reason}
	project, version, isVersion := strings.Cut(of, "==")
	if isVersion {
		var err error
		if y.version, err = pep440.Parse(version); err != nil {
			return err
		}
	} else {
		name, err := wheel.ParseFilename(of)
		if err != nil {
			return fmt.Errorf("neither NAME==VERSION nor a wheel: %w", err)
		}
		y.filename, project = of, name.Project()
	}
	project = wheel.NormalizeProject(project)
	m.yanks[project] = append(m.yanks[project], y)
	return nil
}

// apply marks the files of a project; those of no mark are not yanked.
func (m *Marks) apply(project string, files []*entry) {
	for _, f := range files {
		f.Yanked, f.YankedReason = false, ""
		for _, y := range m.yanks[project] {
			matches := y.filename == f.Filename
			if y.filename == "" {
				v, err := pep440.Parse(f.version)
				matches = err == nil && v.Compare(y.version) == 0
			}
			if matches {
				y.used, f.Yanked, f.YankedReason = true, true, known(f.YankedReason, y.reason)
			}
		}
	}
}

// unused are the marks of nothing: most likely somebody mistyped a name, and believes a wheel taken back that is not.
func (m *Marks) unused(has func(project string) bool) error {
	var problems []string
	for project, yanks := range m.yanks {
		for _, y := range yanks {
			if !y.used {
				problems = append(problems, fmt.Sprintf("line %d: there is no such wheel of %s in the index", y.line, project))
			}
		}
	}
	for project, status := range m.status {
		if !has(project) {
			problems = append(problems, fmt.Sprintf("%s %s: there is no such project in the index", status.Status, project))
		}
	}
	if len(problems) == 0 {
		return nil
	}
	slices.Sort(problems)
	return fmt.Errorf("marks: %s", strings.Join(problems, "; "))
}
