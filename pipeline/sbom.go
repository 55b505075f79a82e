// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"net/url"

	"crosswheel/internal/recipe"
	"crosswheel/internal/sbom"
	"crosswheel/internal/wheel"
)

// subject is a package as bills of materials have it.
func subject(r *recipe.Recipe) sbom.Component {
	name := wheel.NormalizeProject(r.Name)
	return sbom.Component{Name: r.Name, Version: r.Version, PURL: sbom.PURL("pypi", name, r.Version), License: r.License, Source: sourceOf(r)}
}

// sourceOf is where a recipe's source is from, for the world: what a mirror or an enterprise server gives instead is the same by its
// checksum. A folder beside the recipe is nowhere.
func sourceOf(r *recipe.Recipe) sbom.Source {
	s := r.Source
	from := sbom.Source{SHA256: s.SHA256, Built: s.IsWheel()}
	switch s.Kind {
	case recipe.PyPI:
		from.URI = sbom.PURL("pypi", wheel.NormalizeProject(r.Name), r.Version)
	case recipe.URL:
		from.URI = s.URL
	case recipe.GitHub:
		from.URI = gitHubURL(publicGitHub, s)
	case recipe.Git:
		return sbom.Source{URI: s.URL, Commit: s.Commit}
	default:
		return sbom.Source{}
	}
	return from
}

// billSuffix is what is added to a wheel's name for that of its bill of materials.
const billSuffix = ".cdx.json"

// bill is the bill of materials that lies beside a wheel: what is told inside of it, and which file it is about.
func (o *outcome) bill() []byte {
	about := subject(o.build.Recipe)
	about.PURL += "?file_name=" + url.QueryEscape(o.wheel.Filename)
	return sbom.BOM{Wheel: about, SHA256: o.wheel.SHA256, Components: o.wheel.Contains}.JSON()
}
