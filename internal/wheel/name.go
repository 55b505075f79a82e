// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"crosswheel/internal/pep440"
)

// Name is a wheel's file name, taken apart: {distribution}-{version}(-{build})?-{python}-{abi}-{platform}.whl.
type Name struct {
	Distribution string // as written: "ruamel.yaml" and "ruamel_yaml" are both met
	Version      string // as written
	Build        string // empty for almost every wheel; begins with a digit
	Python       []string
	ABI          []string
	Platform     []string
}

// Tag says which interpreters install a wheel: "cp311-cp311-linux_armv7l".
type Tag struct {
	Python   string // "cp311", "py3"
	ABI      string // "cp311", "abi3", "none"
	Platform string // "linux_armv7l", "any"
}

// String gives the tag as it is written in WHEEL.
func (t Tag) String() string { return t.Python + "-" + t.ABI + "-" + t.Platform }

// compare orders tags by their parts, so that two lists of the same tags read the same.
func (t Tag) compare(u Tag) int {
	return strings.Compare(t.String(), u.String())
}

// A build tag is anchored by \A and \z: in Python `$` also matches before a final newline, a classic hole in copies of it.
var buildTag = regexp.MustCompile(`\A[0-9][A-Za-z0-9_.]*\z`)

// isProjectName says whether s is a project's name as it may be written: letters and digits at both ends, and separators between.
func isProjectName(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isLower(c|0x20) && !isDigit(c) && (!isSeparator(c) || i == 0 || i == len(s)-1) {
			return false
		}
	}
	return s != ""
}

// isDistribution says whether s is the name in a file name: it has no dash, which separates the parts, and __ would escape to two different names.
func isDistribution(s string) bool {
	return isProjectName(s) && !strings.Contains(s, "-") && !strings.Contains(s, "__")
}

// NormalizeProject gives the one spelling of a project name that indexes and installers use (PEP 503): "Ruamel.YAML" is "ruamel-yaml".
func NormalizeProject(name string) string {
	if isNormal(name, '-') { // as most are: an index asks for many
		return name
	}
	b := make([]byte, 0, len(name))
	for i := range len(name) {
		switch c := name[i]; {
		case !isSeparator(c):
			b = append(b, c)
		case i == 0 || !isSeparator(name[i-1]):
			b = append(b, '-')
		}
	}
	return strings.ToLower(string(b))
}

func isSeparator(c byte) bool { return c == '-' || c == '_' || c == '.' }

// isNormal says whether name is normalized, but for what separates in it.
func isNormal(name string, separator byte) bool {
	for i := range len(name) {
		if c := name[i]; !isLower(c) && !isDigit(c) && (c != separator || i > 0 && name[i-1] == separator) {
			return false
		}
	}
	return true
}

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }
func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// isTagPart says whether s is one of the three parts of a tag.
func isTagPart(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isLower(c|0x20) && !isDigit(c) && c != '_' {
			return false
		}
	}
	return s != ""
}

// ParseFilename takes a wheel's file name apart. It is as strict as the standard's own reference: what it refuses, some installer
// refuses or reads otherwise. Capitals and dots in the distribution are accepted, since older wheels have them; [Name.Canonical] tells.
func ParseFilename(filename string) (Name, error) {
	fail := func(why string, args ...any) (Name, error) {
		return Name{}, fmt.Errorf("%q is not a wheel's file name: %s", filename, fmt.Sprintf(why, args...))
	}
	stem, ok := strings.CutSuffix(filename, ".whl")
	if strings.ContainsFunc(filename, unicode.IsSpace) { // a version may have some around it elsewhere
		return fail("there is white space in it")
	} else if !ok {
		return fail("it does not end in .whl")
	}
	parts := strings.Split(stem, "-")
	if len(parts) != 5 && len(parts) != 6 {
		return fail("%d parts between dashes, where distribution-version-python-abi-platform or one more for a build are expected", len(parts))
	}
	n := Name{Distribution: parts[0], Version: parts[1]}
	if !isDistribution(n.Distribution) {
		return fail("%q is not a distribution's name", n.Distribution)
	}
	if _, err := pep440.Parse(n.Version); err != nil {
		return fail("%v", err)
	}
	if len(parts) == 6 {
		if n.Build = parts[2]; !buildTag.MatchString(n.Build) {
			return fail("the build tag %q does not begin with a digit", n.Build)
		}
	}
	for i, set := range []*[]string{&n.Python, &n.ABI, &n.Platform} {
		*set = strings.Split(parts[len(parts)-3+i], ".")
		for _, tag := range *set {
			if !isTagPart(tag) {
				return fail("%q is not a tag", tag)
			}
		}
	}
	return n, nil
}

// String puts the file name together.
func (n Name) String() string {
	parts := []string{n.Distribution, n.Version}
	if n.Build != "" {
		parts = append(parts, n.Build)
	}
	for _, set := range [][]string{n.Python, n.ABI, n.Platform} {
		parts = append(parts, strings.Join(set, "."))
	}
	return strings.Join(parts, "-") + ".whl"
}

// Project is the distribution's normalized name.
func (n Name) Project() string { return NormalizeProject(n.Distribution) }

// Canonical is the name as today's standard writes it: the distribution in lower case with underscores, the version normalized.
func (n Name) Canonical() Name {
	n.Distribution = escape(n.Distribution)
	if v, err := pep440.Parse(n.Version); err == nil {
		n.Version = v.String()
	}
	return n
}

// Describes says whether METADATA is of the project and version of the file name, however either spells them.
func (n Name) Describes(m Metadata) bool {
	return NormalizeProject(m.Name) == n.Project() && sameVersion(m.Version, n.Version)
}

// escape is the spelling of a project's name in file and folder names, where a dash would separate.
func escape(project string) string {
	if isNormal(project, '_') {
		return project
	}
	return strings.ReplaceAll(NormalizeProject(project), "-", "_")
}

// Tags expands the compressed sets of the file name: py2.py3-none-any stands for two tags. They are sorted.
func (n Name) Tags() []Tag {
	var tags []Tag
	for _, python := range n.Python {
		for _, abi := range n.ABI {
			for _, platform := range n.Platform {
				tags = append(tags, Tag{python, abi, platform})
			}
		}
	}
	return sortTags(tags)
}

// withTags replaces the three compressed sets by those of tags.
func (n Name) withTags(tags []Tag) Name {
	n.Python, n.ABI, n.Platform = nil, nil, nil
	for _, t := range tags {
		n.Python = append(n.Python, t.Python)
		n.ABI = append(n.ABI, t.ABI)
		n.Platform = append(n.Platform, t.Platform)
	}
	for _, set := range []*[]string{&n.Python, &n.ABI, &n.Platform} {
		slices.Sort(*set)
		*set = slices.Compact(*set)
	}
	return n
}

// sortTags sorts tags in place and drops repetitions.
func sortTags(tags []Tag) []Tag {
	slices.SortFunc(tags, Tag.compare)
	return slices.Compact(tags)
}

// parseTag reads one tag as WHEEL writes it, which may be compressed too.
func parseTag(s string) ([]Tag, error) {
	parts := strings.Split(s, "-")
	if len(parts) != 3 {
		return nil, fmt.Errorf("%q is not a tag of the form python-abi-platform", s)
	}
	n := Name{Python: strings.Split(parts[0], "."), ABI: strings.Split(parts[1], "."), Platform: strings.Split(parts[2], ".")}
	tags := n.Tags()
	for _, t := range tags {
		if !isTagPart(t.Python) || !isTagPart(t.ABI) || !isTagPart(t.Platform) {
			return nil, fmt.Errorf("%q is not a tag of the form python-abi-platform", s)
		}
	}
	return tags, nil
}
