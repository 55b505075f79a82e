// SPDX-License-Identifier: Apache-2.0

// Package requirement reads requirements files, those that pip takes with -r: as far as they name packages. It refuses what would fetch
// from elsewhere, or leads to other files.
//
// It is not for choosing anything: markers and extras are pip's to understand.
package requirement

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"crosswheel/internal/pep440"
	"crosswheel/internal/wheel"
)

// Line is one line of a file.
type Line struct {
	File    string
	Number  int
	Text    string // PEP 508, without comment and hashes
	Project string // the normalized name
	wanted  pep440.Specifiers
}

// At is where it is written: "lab.txt:3".
func (r Line) At() string { return fmt.Sprintf("%s:%d", r.File, r.Number) }

// Admits says whether a version is one that is asked for.
func (r Line) Admits(version string) bool {
	for _, spelled := range []string{version, strings.Split(version, "+")[0]} { // a local one is the public one as well
		if v, err := pep440.Parse(spelled); err == nil && r.wanted.Admit(v) {
			return true
		}
	}
	return false
}

// A requirement begins as PEP 508 has it: a name, extras, and versions, with or without parentheses; a marker follows.
var form = regexp.MustCompile(`\A([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[A-Za-z0-9._,\s-]*\])?\s*(?:\(([^()]*)\)|([^();@]*))\s*(?:;.*)?\z`)

var (
	comment = regexp.MustCompile(`(^|\s)#.*`)
	hash    = regexp.MustCompile(`\s--hash[= ]\S+`)
)

// ParseFile reads a file; name is what errors call it. All that is wrong with it is told at once.
func ParseFile(name string, text []byte) ([]Line, error) {
	var found []Line
	var problems []error
	var line string // as far as it is continued
	first := 1
	for number, part := range strings.Split(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n") {
		if line == "" {
			first = number + 1
		}
		if rest, more := strings.CutSuffix(part, `\`); more {
			line += rest + " "
			continue
		}
		line = strings.TrimSpace(hash.ReplaceAllString(comment.ReplaceAllString(line+part, ""), ""))
		if line != "" {
			r, err := Parse(line)
			r.File, r.Number = name, first
			if err != nil {
				problems = append(problems, fmt.Errorf("%s: %w", r.At(), err))
			}
			found = append(found, r)
		}
		line = ""
	}
	if strings.TrimSpace(line) != "" {
		problems = append(problems, fmt.Errorf("%s:%d: the last line is continued, and nothing follows", name, first))
	}
	if len(found) == 0 && len(problems) == 0 {
		problems = append(problems, fmt.Errorf("%s: it names no package", name))
	}
	return found, errors.Join(problems...)
}

// Parse reads one requirement.
func Parse(text string) (Line, error) {
	r := Line{Text: text}
	if strings.HasPrefix(text, "-") {
		return r, fmt.Errorf("%q is an option of pip's; only names of packages and versions can be bundled", text)
	}
	m := form.FindStringSubmatch(text)
	if m == nil {
		return r, fmt.Errorf("%q is not of the form NAME, NAME==VERSION or NAME>=VERSION; files and addresses can not be bundled", text)
	}
	r.Project = wheel.NormalizeProject(m[1])
	var err error
	if r.wanted, err = pep440.ParseSpecifiers(m[2] + m[3]); err != nil {
		return r, fmt.Errorf("%q: %w", text, err)
	}
	return r, nil
}
