// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"maps"
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

// mergeIndex takes back a wheel of what build-all made, and adds a build to an index that somebody else has made: the pages still tell all that both know.
func mergeIndex(t *testing.T, dist string, wheels []string) {
	marks := filepath.Join(t.TempDir(), "marks.txt")
	write(t, marks, "yank PyYAML==6.0.1 it bites\n")
	marked := filepath.Join(t.TempDir(), "dist")
	if err := os.CopyFS(marked, os.DirFS(dist)); err != nil {
		t.Fatal(err)
	}
	succeed(t, "index", "--merge", dist, "--marks", marks, "export", "--path", marked)
	followLinks(t, marked, wheels)
	says := func(dist, name string, texts ...string) {
		t.Helper()
		page, err := os.ReadFile(filepath.Join(dist, name))
		for _, text := range texts {
			if err != nil || !strings.Contains(string(page), text) {
				t.Errorf("%s does not say %q: %v\n%s", name, text, err, page)
			}
		}
	}
	says(marked, "index.html", "bookworm-armhf", "Debian 12 on ARMv7")
	says(marked, "packages/pyyaml/index.html", "it bites", "needs Python &gt;= 3.13", "logs/bookworm-armhf/PyYAML-6.0.1.txt")

	old, merged := t.TempDir(), filepath.Join(t.TempDir(), "dist")
	smallWheel(t, old, "six", "1.10.0")
	smallWheel(t, old, "spam", "1.0")
	succeed(t, "index", "--wheels", old, "export", "--path", merged)
	succeed(t, "build-all", "--select", "six", "--merge", merged, "export", "--path", merged)
	followLinks(t, merged, []string{"six-1.10.0-py3-none-any.whl", "six-1.16.0-py2.py3-none-any.whl", "spam-1.0-py3-none-any.whl"})
	says(merged, "simple/six/index.html", "six-1.10.0-py3-none-any.whl", "six-1.16.0-py2.py3-none-any.whl")
	says(merged, "packages/six/index.html", "six==1.16.0", "bookworm-armhf")
	// The same again changes nothing: the bytes are those that are published.
	before := published(t, merged)
	succeed(t, "build-all", "--select", "six", "--merge", merged, "export", "--path", merged)
	if !maps.Equal(before, published(t, merged)) {
		t.Error("the same once more gives other files")
	}
}
