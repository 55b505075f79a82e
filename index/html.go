// SPDX-License-Identifier: Apache-2.0

package index

import (
	"bytes"
	"fmt"
	"html"
	"strconv"
)

// rootHTML lists the projects. Poetry takes their names from the addresses, and expects exactly the name and a slash.
func rootHTML(names []string) []byte {
	var b bytes.Buffer
	beginHTML(&b, "Simple index")
	for _, name := range names {
		fmt.Fprintf(&b, "    <a href=\"%s/\">%s</a><br>\n", name, name)
	}
	endHTML(&b)
	return b.Bytes()
}

// projectHTML lists the files. There is no other link on the page, since clients take each for a file; and no white space in
// the anchor, since some of them read the file name there.
func projectHTML(name string, files []entry) []byte {
	var b bytes.Buffer
	beginHTML(&b, "Links for "+name)
	for _, f := range files {
		fmt.Fprintf(&b, `    <a href="%s#sha256=%s"`, html.EscapeString(f.href()), f.SHA256)
		attribute := func(key, value string) { fmt.Fprintf(&b, ` data-%s="%s"`, key, html.EscapeString(value)) }
		if f.RequiresPython != "" {
			attribute("requires-python", f.RequiresPython)
		}
		if sum := f.metadataSHA256(); sum != "" {
			attribute("core-metadata", "sha256="+sum)
		}
		if f.Yanked { // the attribute counts, even where it is empty
			attribute("yanked", f.YankedReason)
		}
		// The last two are not of the standard; uv reads them, and others pass over them.
		attribute("size", strconv.FormatInt(f.Size, 10))
		if t := f.uploadTime(); t != "" {
			attribute("upload-time", t)
		}
		fmt.Fprintf(&b, ">%s</a><br>\n", html.EscapeString(f.Filename))
	}
	endHTML(&b)
	return b.Bytes()
}

func beginHTML(b *bytes.Buffer, title string) {
	fmt.Fprintf(b, `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="pypi:repository-version" content="%s">
    <title>%s</title>
  </head>
  <body>
`, APIVersion, html.EscapeString(title))
}

func endHTML(b *bytes.Buffer) {
	b.WriteString("  </body>\n</html>\n")
}
