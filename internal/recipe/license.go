// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	_ "embed"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

//go:embed spdx.txt
var spdxText string

// spdxList is what SPDX has names for; the values say which are deprecated.
type spdxList struct {
	licenses, exceptions map[string]bool
}

var spdx = parseSPDX(spdxText)

func parseSPDX(text string) spdxList {
	list := spdxList{map[string]bool{}, map[string]bool{}}
	into := list.licenses
	for line := range strings.Lines(text) {
		id, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch id {
		case "#":
		case "":
			into = list.exceptions
		default:
			into[id] = rest == "deprecated"
		}
	}
	return list
}

// licenseAliases are what people write for what SPDX calls otherwise.
var licenseAliases = map[string]string{
	"apache": "Apache-2.0", "apache 2": "Apache-2.0", "apache 2.0": "Apache-2.0", "apache-2": "Apache-2.0", "apache2": "Apache-2.0", "apache license 2.0": "Apache-2.0",
	"bsd": "BSD-3-Clause", "bsd-3": "BSD-3-Clause", "bsd 3-clause": "BSD-3-Clause", "new bsd": "BSD-3-Clause", "modified bsd": "BSD-3-Clause",
	"bsd-2": "BSD-2-Clause", "bsd 2-clause": "BSD-2-Clause", "mit license": "MIT", "the mit license": "MIT", "expat": "MIT", "psf": "PSF-2.0", "python": "PSF-2.0",
	"gpl": "GPL-3.0-or-later", "gplv2": "GPL-2.0-only", "gplv3": "GPL-3.0-only", "lgpl": "LGPL-3.0-or-later", "lgplv3": "LGPL-3.0-only", "mpl": "MPL-2.0", "public domain": "CC0-1.0",
}

var (
	licenseTokens = regexp.MustCompile(`\(|\)|[^\s()]+`)
	licenseRef    = regexp.MustCompile(`^(DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+$`)
)

// licenseExpression says what is wrong with an SPDX license expression.
func licenseExpression(s string) string {
	if id := licenseAliases[strings.ToLower(strings.TrimSpace(s))]; id != "" {
		return fmt.Sprintf("%q is no SPDX identifier. Write %q, if that is the one.", s, id)
	}
	p := licenseParser{tokens: licenseTokens.FindAllString(s, -1)}
	p.expression()
	if p.problem == "" && len(p.tokens) > 0 {
		p.fail("%q stands where AND, OR or the end was expected. Write for instance: MIT OR Apache-2.0", p.tokens[0])
	}
	return p.problem
}

// licenseParser reads license expressions: licences joined by AND and OR, with parentheses and exceptions.
type licenseParser struct {
	tokens  []string
	depth   int
	problem string // the first one
}

func (p *licenseParser) fail(format string, args ...any) {
	if p.problem == "" {
		p.problem = fmt.Sprintf(format, args...)
	}
}

func (p *licenseParser) next() string {
	if len(p.tokens) == 0 {
		return ""
	}
	token := p.tokens[0]
	p.tokens = p.tokens[1:]
	return token
}

func (p *licenseParser) peek() string {
	if len(p.tokens) == 0 {
		return ""
	}
	return p.tokens[0]
}

func (p *licenseParser) expression() {
	for p.term(); p.problem == "" && (p.peek() == "AND" || p.peek() == "OR"); p.term() {
		p.next()
	}
}

func (p *licenseParser) term() {
	switch token := p.next(); {
	case token == "":
		p.fail("A licence is missing at the end. Name one: MIT")
	case token == "(":
		if p.depth++; p.depth > 50 {
			p.fail("Its parentheses are nested too deep: nobody could read them.")
			return
		}
		p.expression()
		if p.next() != ")" {
			p.fail("A parenthesis is not closed. Close it.")
		}
		p.depth--
	default:
		p.license(token)
		if p.peek() == "WITH" {
			p.next()
			p.exception(p.next())
		}
	}
}

func (p *licenseParser) license(id string) {
	_, known := spdx.licenses[strings.TrimSuffix(id, "+")]
	if known || licenseRef.MatchString(id) {
		return
	}
	if upper := strings.ToUpper(id); slices.Contains([]string{"AND", "OR", "WITH", ")"}, upper) {
		p.fail("%q stands where a licence was expected. Operators are written in capitals, and stand between licences: MIT OR Apache-2.0", id)
		return
	}
	p.fail("%q is not an SPDX identifier.%s For a licence of its own write LicenseRef- and a name.", id, spelledLike(id, spdx.licenses))
}

func (p *licenseParser) exception(id string) {
	if _, known := spdx.exceptions[id]; !known {
		p.fail("%q is not an exception that SPDX knows.%s", id, spelledLike(id, spdx.exceptions))
	}
}

// spelledLike finds an identifier that differs in case only, or those that are near.
func spelledLike(id string, known map[string]bool) string {
	for other := range known {
		if strings.EqualFold(other, id) {
			return fmt.Sprintf(" It is spelled %q.", other)
		}
	}
	return DidYouMean(id, slices.Sorted(maps.Keys(known)))
}

// deprecatedLicenses are the identifiers of an expression that SPDX has better ones for.
func deprecatedLicenses(s string) []string {
	return slices.DeleteFunc(licenseTokens.FindAllString(s, -1), func(id string) bool { return !spdx.licenses[id] })
}
