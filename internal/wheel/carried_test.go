// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"bytes"
	"fmt"
	"testing"
)

// TestCarried: what a wheel asks of the C library, and what it brings along of others.
func TestCarried(t *testing.T) {
	const bill, library = distInfo + "/sboms/spam.cdx.json", "spam.libs/libyaml-0-1a2b.so.2"
	for _, c := range []struct {
		what    string
		change  func(files)
		glibc   string
		bundles string
	}{
		{"nothing to say", func(f files) { f[module] = elfFile("libeggs.so") }, "", "[]"},
		{"symbols", func(f files) {}, "2.4", "[]"},
		{"the newest of several", set("spam/eggs.so", elfFile("newglibc.so")), "2.38", "[]"},
		{"what can not be read", set("spam/eggs.so", elfFile("newglibc.so")[:100]), "", "[]"},
		{"files", set(library, elfFile("newglibc.so")), "2.38", "[libyaml-0-1a2b.so.2]"},
		{"a bill", func(f files) {
			f[library], f[bill] = "", `{"bomFormat":"CycloneDX","components":[{"name":"ryu","version":"1.0.18"},{"name":"libyaml","version":"0.2.5"},{"name":"libyaml","version":"0.2.5"},{"name":"x"}]}`
		}, "2.4", "[libyaml 0.2.5 ryu 1.0.18 x]"},
		{"a bill that can not be read", func(f files) { f[library], f[bill] = "", "{" }, "2.4", "[libyaml-0-1a2b.so.2]"},
	} {
		f := spam()
		c.change(f)
		name, content := f.pack(t, PackOptions{})
		w, err := Open(name.String(), bytes.NewReader(content), int64(len(content)))
		if err != nil {
			t.Fatal(err)
		}
		if glibc, bundles := w.GlibcFloor(), fmt.Sprint(w.Bundles()); glibc != c.glibc || bundles != c.bundles {
			t.Errorf("%s: %q, %s; want %q, %s", c.what, glibc, bundles, c.glibc, c.bundles)
		}
	}
}
