// SPDX-License-Identifier: Apache-2.0

// Package sbom writes bills of materials: CycloneDX 1.6 as JSON.
//
// A bill is a pure function of what it lists: there is no clock in it, and its serial number is a digest of the rest. So it may lie inside
// a wheel that is the same bytes every time (PEP 770).
//
// It is not for finding out what something is made of: who built it knows.
package sbom

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Linkages of a component.
const (
	Static = "static" // in the files of what it is linked into
	Shared = "shared" // in files of its own
)

// BOM lists what a wheel is made of.
type BOM struct {
	Wheel      Component
	SHA256     string // of the wheel; empty inside of it
	Components []Component
}

// Component is a piece of software.
type Component struct {
	Name    string
	Version string
	PURL    string // which one it is: "pkg:generic/libyaml@0.2.5"; of two with the same PURL the first is listed
	License string `json:",omitempty"` // an SPDX expression, or what its authors say instead
	Source  Source `json:",omitzero"`
	Linkage string `json:",omitempty"` // [Static] or [Shared]; empty where nobody knows
	// Files are where it lies in the wheel, where it has files of its own there.
	Files []string `json:",omitempty"`
}

// Source is where a component's source is from.
type Source struct {
	URI    string `json:",omitempty"` // of the archive or repository: an address, or a PURL where an index is asked for it
	SHA256 string `json:",omitempty"` // of the archive
	Commit string `json:",omitempty"` // of the repository
	Built  bool   `json:",omitempty"` // it is no source but built already: a wheel
}

// PURL names a package: of type "pypi", its name and version.
func PURL(kind, name, version string) string {
	return "pkg:" + kind + "/" + url.PathEscape(name) + "@" + strings.ReplaceAll(url.PathEscape(version), "+", "%2B")
}

// JSON is the bill as a file. The order of its components is of no account.
func (b BOM) JSON() []byte {
	about := document{Schema: "http://cyclonedx.org/schema/bom-1.6.schema.json", Format: "CycloneDX", SpecVersion: "1.6", Version: 1}
	about.Metadata.Lifecycles = []lifecycle{{"build"}}
	about.Metadata.Tools.Components = []component{{Type: "application", Name: "crosswheel"}}
	about.Metadata.Component = newComponent(b.Wheel)
	about.Metadata.Component.Hashes = hashes(b.SHA256)
	sorted := slices.Clone(b.Components)
	slices.SortStableFunc(sorted, func(x, y Component) int { return cmp.Compare(x.PURL, y.PURL) })
	sorted = slices.CompactFunc(sorted, func(x, y Component) bool { return x.PURL == y.PURL })
	about.Components = []component{}
	whole := dependency{Ref: b.Wheel.PURL}
	for _, c := range sorted {
		about.Components = append(about.Components, newComponent(c))
		whole.DependsOn = append(whole.DependsOn, c.PURL)
	}
	about.Dependencies = []dependency{whole}
	about.SerialNumber = serial(sha256.Sum256(about.json()))
	return about.json()
}

// serial makes a UUID of a digest: version 8, which is anybody's own (RFC 9562).
func serial(sum [sha256.Size]byte) string {
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// What follows is CycloneDX's own form.
type (
	document struct {
		Schema       string       `json:"$schema"`
		Format       string       `json:"bomFormat"`
		SpecVersion  string       `json:"specVersion"`
		SerialNumber string       `json:"serialNumber,omitempty"`
		Version      int          `json:"version"`
		Metadata     metadata     `json:"metadata"`
		Components   []component  `json:"components"`
		Dependencies []dependency `json:"dependencies"`
	}
	metadata struct {
		Lifecycles []lifecycle `json:"lifecycles"`
		Tools      struct {
			Components []component `json:"components"`
		} `json:"tools"`
		Component component `json:"component"`
	}
	lifecycle struct {
		Phase string `json:"phase"`
	}
	component struct {
		Type       string      `json:"type"`
		Ref        string      `json:"bom-ref,omitempty"`
		Name       string      `json:"name"`
		Version    string      `json:"version,omitempty"`
		Hashes     []hash      `json:"hashes,omitempty"`
		Licenses   []any       `json:"licenses,omitempty"`
		PURL       string      `json:"purl,omitempty"`
		References []reference `json:"externalReferences,omitempty"`
		Evidence   *evidence   `json:"evidence,omitempty"`
		Properties []property  `json:"properties,omitempty"`
	}
	hash struct {
		Algorithm string `json:"alg"`
		Content   string `json:"content"`
	}
	reference struct {
		Type    string `json:"type"`
		URL     string `json:"url"`
		Comment string `json:"comment,omitempty"`
		Hashes  []hash `json:"hashes,omitempty"`
	}
	evidence struct {
		Occurrences []occurrence `json:"occurrences"`
	}
	occurrence struct {
		Location string `json:"location"`
	}
	property struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	dependency struct {
		Ref       string   `json:"ref"`
		DependsOn []string `json:"dependsOn,omitempty"`
	}
)

func newComponent(c Component) component {
	made := component{Type: "library", Ref: c.PURL, Name: c.Name, Version: c.Version, Licenses: licenses(c.License), PURL: c.PURL}
	switch {
	case c.Source.Commit != "":
		made.References = []reference{{Type: "vcs", URL: c.Source.URI, Comment: "commit " + c.Source.Commit}}
	case c.Source.Built:
		made.References = []reference{{Type: "distribution", URL: c.Source.URI, Hashes: hashes(c.Source.SHA256)}}
	case c.Source.URI != "":
		made.References = []reference{{Type: "source-distribution", URL: c.Source.URI, Hashes: hashes(c.Source.SHA256)}}
	}
	if len(c.Files) > 0 {
		made.Evidence = &evidence{}
		for _, name := range c.Files {
			made.Evidence.Occurrences = append(made.Evidence.Occurrences, occurrence{name})
		}
	}
	if c.Linkage != "" {
		made.Properties = []property{{"crosswheel:linkage", c.Linkage}}
	}
	return made
}

func hashes(sha256 string) []hash {
	if sha256 == "" {
		return nil
	}
	return []hash{{"SHA-256", sha256}}
}

// expression is what an SPDX expression looks like without its parentheses.
var expression = regexp.MustCompile(`\A[A-Za-z0-9.+:-]+( (AND|OR|WITH) [A-Za-z0-9.+:-]+)*\z`)

func licenses(license string) []any {
	switch {
	case license == "":
		return nil
	case expression.MatchString(strings.NewReplacer("(", "", ")", "").Replace(license)):
		return []any{map[string]string{"expression": license}}
	}
	return []any{map[string]any{"license": map[string]string{"name": license}}}
}

func (d document) json() []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(d); err != nil {
		panic("sbom: " + err.Error()) // it is made of strings
	}
	return b.Bytes()
}
