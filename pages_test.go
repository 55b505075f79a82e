// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// followLinks goes through the pages for people from the front page on: every link leads to a file, and every wheel is found.
func followLinks(t *testing.T, dist string, wheels []string) {
	seen := map[string]bool{}
	var follow func(name, from string)
	follow = func(name, from string) {
		if seen[name] {
			return
		}
		seen[name] = true
		text, err := os.ReadFile(filepath.Join(dist, filepath.FromSlash(name)))
		if err != nil {
			t.Errorf("%s leads to %s: %v", from, name, err)
		}
		if path.Ext(name) != ".html" || strings.HasPrefix(name, "simple/") {
			return
		}
		root, err := html.Parse(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		for n := range root.Descendants() {
			for _, a := range n.Attr {
				u, err := url.Parse(a.Val)
				if (a.Key == "href" || a.Key == "src") && err == nil && u.Scheme == "" && u.Path != "" {
					follow(path.Join(path.Dir(name), u.Path), name)
				}
			}
		}
	}
	follow("index.html", "")
	for _, file := range wheels {
		project := strings.ReplaceAll(strings.Split(file, "-")[0], "_", "-")
		if !seen["simple/"+project+"/"+file] {
			t.Errorf("no page leads to %s", file)
		}
	}
}
