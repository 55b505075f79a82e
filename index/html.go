// SPDX-License-Identifier: Apache-2.0

package index

import (
	"html"
	"strconv"
)

// page is a project's.
type page struct {
	name   string
	files  []*entry
	status *Status
	base   string // the index's own address, if anybody said it
}

// provenance is the address of a file's attestations. The standard wants it whole.
func (p page) provenance(f *entry) string {
	if f.Attestations == "" || p.base == "" {
		return ""
	}
	return p.base + "/simple/" + p.name + "/" + escaped(f.Attestations)
}

// rootHTML lists the projects. Poetry takes their names from the addresses, and expects exactly the name and a slash.
func rootHTML(names []string) []byte {
	b := beginHTML(nil, "Simple index", nil)
	for _, name := range names {
		b = append(append(append(append(append(b, `    <a href="`...), name...), `/">`...), name...), "</a><br>\n"...)
	}
	return endHTML(b)
}

// html appends the list of files to b. There is no other link on the page, since clients take each for a file; and no white space in
// the anchor, since some of them read the file name there.
func (p page) html(b []byte) []byte {
	b = beginHTML(b, "Links for "+p.name, p.status)
	attribute := func(key, value string) {
		b = append(append(append(b, " data-"...), key...), `="`...)
		b = append(append(b, html.EscapeString(value)...), '"')
	}
	for _, f := range p.files {
		b = append(append(b, `    <a href="`...), html.EscapeString(f.href(""))...)
		b = append(append(append(b, "#sha256="...), f.SHA256...), '"')
		if f.RequiresPython != "" {
			attribute("requires-python", f.RequiresPython)
		}
		if f.offersMetadata() {
			b = append(append(append(b, ` data-core-metadata="sha256=`...), f.MetadataSHA256...), '"')
		}
		if f.Yanked { // the attribute counts, even where it is empty
			attribute("yanked", f.YankedReason)
		}
		if address := p.provenance(f); address != "" {
			attribute("provenance", address)
		}
		// The last two are not of the standard; uv reads them, and others pass over them.
		attribute("size", strconv.FormatInt(f.Size, 10))
		if t := f.uploadTime(); t != "" {
			attribute("upload-time", t)
		}
		b = append(append(append(b, '>'), html.EscapeString(f.Filename)...), "</a><br>\n"...)
	}
	return endHTML(b)
}

func beginHTML(b []byte, title string, status *Status) []byte {
	b = append(b, `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="pypi:repository-version" content="`+APIVersion+`">
`...)
	if status != nil {
		b = append(b, `    <meta name="pypi:project-status" content="`+html.EscapeString(status.Status)+"\">\n"...)
		if status.Reason != "" {
			b = append(b, `    <meta name="pypi:project-status-reason" content="`+html.EscapeString(status.Reason)+"\">\n"...)
		}
	}
	return append(b, "    <title>"+html.EscapeString(title)+"</title>\n  </head>\n  <body>\n"...)
}

func endHTML(b []byte) []byte { return append(b, "  </body>\n</html>\n"...) }
