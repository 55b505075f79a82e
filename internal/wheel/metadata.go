// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"crosswheel/internal/pep440"
)

// Metadata is what METADATA says of a project (the core metadata standard).
type Metadata struct {
	MetadataVersion   string // "2.1"
	Name              string // as the project writes it: "PyYAML"
	Version           string // as written
	Summary           string
	RequiresPython    string
	RequiresDist      []string // PEP 508, one each
	ProvidesExtra     []string
	License           string // free text, until metadata 2.4
	LicenseExpression string // SPDX, from metadata 2.4 on
	LicenseFiles      []string
	HomePage          string
	Dynamic           []string // fields that an sdist leaves to its build, from metadata 2.2 on

	DescriptionContentType string

	// Raw is the file byte for byte: what an index offers beside the wheel, and what its hash is taken of.
	Raw []byte
}

// ParseMetadata reads METADATA. What it refuses is what installers would read in different ways.
func ParseMetadata(raw []byte) (Metadata, error) {
	fields, err := parseFields(raw)
	if err != nil {
		return Metadata{}, err
	}
	m := Metadata{Raw: raw}
	var seen []*string
	for _, f := range fields {
		if list := m.list(f.key); list != nil {
			*list = append(*list, f.value)
		} else if value := m.single(f.key); value != nil {
			if slices.Contains(seen, value) {
				return Metadata{}, fmt.Errorf("the field %s stands there twice", f.name)
			}
			seen, *value = append(seen, value), f.value
		}
	}
	return m, m.check()
}

// single is the place of a field that may stand there once.
func (m *Metadata) single(key string) *string {
	switch key {
	case "metadata-version":
		return &m.MetadataVersion
	case "name":
		return &m.Name
	case "version":
		return &m.Version
	case "summary":
		return &m.Summary
	case "requires-python":
		return &m.RequiresPython
	case "license":
		return &m.License
	case "license-expression":
		return &m.LicenseExpression
	case "home-page":
		return &m.HomePage
	case "description-content-type":
		return &m.DescriptionContentType
	}
	return nil
}

// list is the place of a field that may stand there several times.
func (m *Metadata) list(key string) *[]string {
	switch key {
	case "requires-dist":
		return &m.RequiresDist
	case "provides-extra":
		return &m.ProvidesExtra
	case "license-file":
		return &m.LicenseFiles
	case "dynamic":
		return &m.Dynamic
	}
	return nil
}

// check looks for what every METADATA must have, and for what would be a hole where it is printed or made a file name of.
func (m Metadata) check() error {
	switch {
	case m.MetadataVersion == "":
		return errors.New("the field Metadata-Version is missing")
	case !isProjectName(m.Name):
		return fmt.Errorf("the field Name: %q is not a project's name", m.Name)
	case strings.ContainsAny(m.Version, "\r\n"):
		return fmt.Errorf("the field Version: %q is more than one line", m.Version)
	case strings.ContainsAny(m.RequiresPython, "\r\n"):
		return fmt.Errorf("the field Requires-Python: %q is more than one line", m.RequiresPython)
	}
	if _, err := pep440.Parse(m.Version); err != nil {
		return fmt.Errorf("the field Version: %w", err)
	}
	return nil
}

// field is one header of METADATA or WHEEL.
type field struct {
	name  string // as written
	key   string // in lower case
	value string
}

// parseFields reads the headers above the first empty line, in order. Both METADATA and WHEEL are written this way, which is e-mail's
// less its encodings: a value may go on in lines that begin with white space.
func parseFields(raw []byte) ([]field, error) {
	if !utf8.Valid(raw) {
		return nil, errors.New("it is not UTF-8")
	}
	var fields []field
	for n := 1; len(raw) > 0; n++ {
		var line []byte
		line, raw, _ = bytes.Cut(raw, []byte("\n"))
		text := strings.TrimSuffix(string(line), "\r")
		if strings.ContainsAny(text, "\r\x00") {
			return nil, fmt.Errorf("line %d has a carriage return or a zero byte inside, where other readers begin another line", n)
		}
		if text == "" {
			break // the description follows
		}
		if text[0] == ' ' || text[0] == '\t' {
			if len(fields) == 0 {
				return nil, fmt.Errorf("line %d continues a field, and there is none", n)
			}
			fields[len(fields)-1].value += "\n" + strings.TrimLeft(text, " \t")
			continue
		}
		name, value, ok := strings.Cut(text, ":")
		if !ok || name == "" || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
			return nil, fmt.Errorf("line %d is not of the form Field: value", n)
		}
		fields = append(fields, field{name, strings.ToLower(name), strings.TrimSpace(value)})
	}
	return fields, nil
}
