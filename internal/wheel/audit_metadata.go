// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"mime"
	"path"
	"regexp"
	"slices"
	"strings"

	"crosswheel/internal/pep440"
)

// metadataVersions are those of the core metadata standard; what is newer, installers refuse or read in part.
var metadataVersions = []string{"1.0", "1.1", "1.2", "2.0", "2.1", "2.2", "2.3", "2.4", "2.5"}

// checkMetadata looks at what METADATA says, by the version of the standard that it claims: PEP 566 (2.1), 643 (2.2), 685 (2.3), 639 (2.4).
func (a *audit) checkMetadata() {
	m, file := a.wheel.Metadata, path.Join(a.wheel.DistInfo, "METADATA")
	bad := func(field string, err error) {
		if err != nil {
			a.report("METADATA", file, "the field %s: %v", field, err)
		}
	}
	if !slices.Contains(metadataVersions, m.MetadataVersion) {
		a.report("METADATA", file, "the field Metadata-Version: %q is none that installers know: %s", m.MetadataVersion, strings.Join(metadataVersions, ", "))
		return
	}
	if m.RequiresPython != "" {
		bad("Requires-Python", checkSpecifiers(m.RequiresPython))
	}
	for _, r := range m.RequiresDist {
		bad("Requires-Dist", checkRequirement(r))
	}
	for _, extra := range m.ProvidesExtra {
		if !isProjectName(extra) {
			bad("Provides-Extra", fmt.Errorf("%q is not an extra's name", extra))
		}
	}
	for _, field := range m.Dynamic {
		if slices.Contains([]string{"metadata-version", "name", "version"}, strings.ToLower(field)) {
			bad("Dynamic", fmt.Errorf("%s must not be dynamic", field))
		}
	}
	bad("Description-Content-Type", checkContentType(m.DescriptionContentType))
	if m.LicenseExpression == "" {
	} else if before24 := compareDotted(m.MetadataVersion, "2.4") < 0; before24 {
		bad("License-Expression", fmt.Errorf("there is none before Metadata-Version 2.4, and this is %s", m.MetadataVersion))
	} else if m.License != "" {
		bad("License", errors.New("it stands beside a License-Expression, which replaces it"))
	}
	a.checkLicenses()
	a.checkDistInfo()
}

// checkLicenses looks for the licence files that METADATA names, which have had a place of their own since 2.4.
func (a *audit) checkLicenses() {
	if compareDotted(a.wheel.Metadata.MetadataVersion, "2.4") < 0 {
		return
	}
	for _, name := range a.wheel.Metadata.LicenseFiles {
		file := path.Join(a.wheel.DistInfo, "licenses", name)
		if !slices.ContainsFunc(a.wheel.Members, func(m Member) bool { return m.Name == file }) {
			a.report("LICENSE-FILE", file, "METADATA names it, and it is not in the wheel")
		}
	}
}

// checkDistInfo looks at what else may lie in .dist-info: bills of materials (PEP 770), and signatures of RECORD.
func (a *audit) checkDistInfo() {
	for _, m := range a.wheel.Members {
		folder, name := path.Split(m.Name)
		switch {
		case strings.HasPrefix(m.Name, a.wheel.DistInfo+"/sboms/"):
			content, err := a.wheel.ReadFile(m.Name)
			if err == nil {
				err = checkSBOM(content)
			}
			if err != nil {
				a.report("SBOM", m.Name, "%v", err)
			}
		case folder == a.wheel.DistInfo+"/" && (name == "RECORD.jws" || name == "RECORD.p7s"):
			a.report("SIGNATURE", m.Name, "it signs RECORD")
		}
	}
}

// checkSBOM knows CycloneDX and SPDX by how they begin, in each of their forms.
func checkSBOM(content []byte) error {
	text := strings.TrimSpace(string(content))
	switch {
	case strings.HasPrefix(text, "<"):
		var document struct{ XMLName xml.Name }
		if err := xml.Unmarshal(content, &document); err != nil {
			return fmt.Errorf("it is no XML: %w", err)
		}
		if document.XMLName.Local == "bom" && strings.HasPrefix(document.XMLName.Space, "http://cyclonedx.org/schema/bom/") {
			return nil
		}
	case strings.HasPrefix(text, "{"):
		var document struct {
			CycloneDX string `json:"bomFormat"`
			SPDX2     string `json:"spdxVersion"`
			SPDX3     any    `json:"@context"`
		}
		if err := json.Unmarshal(content, &document); err != nil {
			return fmt.Errorf("it is no JSON: %w", err)
		}
		if document.CycloneDX == "CycloneDX" || document.SPDX2 != "" || strings.Contains(fmt.Sprint(document.SPDX3), "spdx.org/rdf/3") {
			return nil
		}
	case strings.HasPrefix(text, "SPDXVersion:"):
		return nil
	}
	return errors.New("it is neither CycloneDX nor SPDX")
}

func checkContentType(s string) error {
	if s == "" {
		return nil
	}
	kind, parameters, err := mime.ParseMediaType(s)
	if err != nil {
		return fmt.Errorf("%q: %w", s, err)
	}
	if !slices.Contains([]string{"text/plain", "text/x-rst", "text/markdown"}, kind) {
		return fmt.Errorf("%s is none of text/plain, text/x-rst and text/markdown", kind)
	}
	if charset := parameters["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") {
		return fmt.Errorf("METADATA is UTF-8, and not %s", charset)
	}
	return nil
}

var (
	requirement = regexp.MustCompile(`(?is)\A([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)\s*(?:\[([^\]]*)\])?\s*(.*)\z`)
	specifier   = regexp.MustCompile(`\A(~=|===|==|!=|<=|>=|<|>)\s*(\S+)\z`)
	markerToken = regexp.MustCompile(`\A\s*(?:('[^']*'|"[^"]*")|(===|==|~=|!=|<=|>=|<|>|not\s+in\b|in\b)|(and\b|or\b)|(\()|(\))|([a-z_.]+))`)
)

// checkRequirement checks a requirement as PEP 508 has it: name[extras] specifiers ; marker, or name @ address ; marker.
func checkRequirement(s string) error {
	fail := func(err error) error { return fmt.Errorf("%q: %w", s, err) }
	m := requirement.FindStringSubmatch(s)
	if m == nil {
		return fail(errors.New("it does not begin with a project's name"))
	}
	if m[2] != "" {
		for extra := range strings.SplitSeq(m[2], ",") {
			if !isProjectName(strings.TrimSpace(extra)) {
				return fail(fmt.Errorf("%q is not an extra's name", extra))
			}
		}
	}
	rest, marker, marked := strings.Cut(m[3], ";")
	if strings.HasPrefix(rest, "@") { // an address can have a semicolon in it, but not after a space
		rest, marker, marked = strings.Cut(m[3], " ;")
		if strings.TrimSpace(rest[1:]) == "" {
			return fail(errors.New("there is no address behind the @"))
		}
	} else if rest = strings.TrimSpace(rest); rest != "" {
		if inner, ok := strings.CutPrefix(rest, "("); ok {
			if rest, ok = strings.CutSuffix(inner, ")"); !ok {
				return fail(errors.New("a parenthesis is not closed"))
			}
		}
		if err := checkSpecifiers(rest); err != nil {
			return fail(err)
		}
	}
	if marked {
		if err := checkMarker(marker); err != nil {
			return fail(err)
		}
	}
	return nil
}

// checkSpecifiers checks a list of versions: ">=3.8,!=3.9.*".
func checkSpecifiers(s string) error {
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		m := specifier.FindStringSubmatch(part)
		if m == nil {
			return fmt.Errorf("%q is not a version with a comparison before it", part)
		}
		version := m[2]
		if m[1] == "===" {
			continue // any text
		} else if m[1] == "==" || m[1] == "!=" {
			version = strings.TrimSuffix(version, ".*")
		}
		if _, err := pep440.Parse(version); err != nil {
			return err
		}
	}
	return nil
}

// markerNames are what a marker can ask for.
var markerNames = strings.Fields(`python_version python_full_version os_name sys_platform platform_release platform_system platform_version
	platform_machine platform_python_implementation implementation_name implementation_version extra extras dependency_groups
	os.name sys.platform platform.version platform.machine platform.python_implementation python_implementation`)

// checkMarker checks that a marker is comparisons of names and texts, joined by "and" and "or".
func checkMarker(s string) error {
	const text, comparison, join, opening, closing, name = 1, 2, 3, 4, 5, 6
	open, state := 0, join // the state is the kind of what came last; a name counts as a text
	comparisons := 0
	for rest := s; strings.TrimSpace(rest) != ""; {
		m := markerToken.FindStringSubmatch(rest)
		if m == nil {
			return fmt.Errorf("the marker can not be read from %q on", strings.TrimSpace(rest))
		}
		rest = rest[len(m[0]):]
		kind := slices.IndexFunc(m[1:], func(group string) bool { return group != "" }) + 1
		if kind == name && !slices.Contains(markerNames, m[name]) {
			return fmt.Errorf("a marker can not ask for %q", m[name])
		} else if kind == name {
			kind = text
		}
		switch begins := state == join || state == opening; {
		case kind == opening && begins:
			open++
		case kind == text && begins:
			comparisons = 1
		case kind == comparison && state == text && comparisons == 1:
		case kind == text && state == comparison:
			comparisons = 2
		case kind == join && (state == closing || state == text && comparisons == 2):
		case kind == closing && open > 0 && (state == closing || state == text && comparisons == 2):
			open--
		default:
			return fmt.Errorf("the marker goes wrong at %q", strings.TrimSpace(m[0]))
		}
		state = kind
	}
	if open > 0 || state != closing && (state != text || comparisons != 2) {
		return errors.New("the marker is not complete")
	}
	return nil
}
