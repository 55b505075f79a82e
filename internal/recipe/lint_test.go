// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

const blameless = `package "demo" {
  summary = "A demo"
  license = "MIT"

  version "1.0" { sha256 = "abababababababababababababababababababababababababababababababab" }
  version "1.1" { sha256 = "abababababababababababababababababababababababababababababababab" }

  source {
    patches = ["reasoned.patch"]
    url {
      url     = "https://example.org/demo-${version}.tar.gz"
      mirrors = ["https://example.com/demo-${version}.tar.gz"]
    }
  }

  build {
    requires   = ["wheel<1"]
    cflags     = ["-O2"]
    extensions = ["demo/*.so"]
  }

  test { imports = ["demo"] }
}
`

// lint gives "line CODE" for each finding.
func lint(t *testing.T, src string, files fstest.MapFS) string {
	t.Helper()
	fsys := fstest.MapFS{
		"demo/" + fileName:    {Data: []byte(src)},
		"demo/reasoned.patch": {Data: []byte("Its configure runs what it compiled.\n\n--- a/a\n+++ b/a\n")},
		"demo/bare.patch":     {Data: []byte("diff --git a/a b/a\n--- a/a\n+++ b/a\n")},
	}
	for name, file := range files {
		fsys[name] = file
	}
	set, diags := Load(fsys, "recipes")
	recipes, more := set.Evaluate(testTarget)
	if err := set.Error(append(diags, more...)); err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, diag := range set.Lint(recipes) {
		found = append(found, fmt.Sprintf("%d %s", diag.Subject.Start.Line, codeOf(diag)))
	}
	return strings.Join(found, ", ")
}

func TestLint(t *testing.T) {
	if got := lint(t, blameless, nil); got != "" {
		t.Fatalf("nothing is wrong, and found is %s", got)
	}
	covered := map[string]bool{"IDLE-IGNORE": true, "IGNORE-REASON": true, "NO-LICENSE-FILES": true, "NO-EXTENSIONS": true} // tested below
	for _, c := range []struct{ old, replacement, want string }{
		{`"MIT"`, `"GPL-2.0"`, "3 DEPRECATED-LICENSE"},
		{`"1.1" { sha256 = "abababababababababababababababababababababababababababababababab"`, `"1.1" { sha256 = ""`, "6 EMPTY-SHA256"},
		{"demo-${version}.tar.gz\"\n", "demo-1.0.tar.gz\"\n", "11 FIXED-VERSION"},
		{`"https://example.org`, `"http://example.org`, "11 HTTP"},
		{`["https://example.com`, `["http://example.com`, "12 HTTP"},
		{`"-O2"`, `"-O2", "-march=native"`, "18 NATIVE-FLAG"},
		{`"-O2"`, `"-I/usr/include/libxml2"`, "18 NATIVE-FLAG"},
		{`  license = "MIT"`, ``, "1 NO-LICENSE"},
		{`  summary = "A demo"`, ``, "1 NO-SUMMARY"},
		{`      mirrors = ["https://example.com/demo-${version}.tar.gz"]`, ``, "11 NO-MIRROR"},
		{`  test { imports = ["demo"] }`, ``, "1 NO-TEST"},
		{`"reasoned.patch"`, `"bare.patch"`, "9 PATCH-REASON"},
		{`["reasoned.patch"]`, `["bare.patch"] # because`, ""},
		{`["reasoned.patch"]`, "[\n  # because\n  \"bare.patch\",\n]", ""},
		{`    cflags     = ["-O2"]`, `    before = "curl -O https://example.org/data"`, "18 SCRIPT-FETCHES"},
		{`"wheel<1"`, `"wheel"`, "17 UNPINNED"},
		{`version "1.1" {`, "version \"1.2\" { sha256 = \"\" }\n  version \"1.1\" {", "6 EMPTY-SHA256, 7 VERSION-ORDER"},
	} {
		got := lint(t, strings.Replace(blameless, c.old, c.replacement, 1), nil)
		if got != c.want {
			t.Errorf("with %s in place of %s: found %q, want %q", c.replacement, c.old, got, c.want)
		}
		for found := range strings.SplitSeq(got, ", ") {
			_, code, _ := strings.Cut(found, " ")
			covered[code] = true
		}
	}
	library := fstest.MapFS{"lib/" + fileName: {Data: []byte("library \"lib\" {\n  summary = \"A library\"\n  license = \"MIT\"\n  version \"1.0\" {}\n  source {\n    path { path = \"src\" }\n  }\n" +
		"  build {\n    script  = \"make\"\n    exports = [\"lib/*\"]\n  }\n}\n")}, "lib/src/a.c": {}}
	src := strings.Replace(blameless, `extensions = ["demo/*.so"]`, `uses = ["lib"]`, 1)
	if got := lint(t, src, library); got != "19 NO-EXTENSIONS, 1 NO-LICENSE-FILES" {
		t.Errorf("with a library: %q", got)
	}
	if got := lint(t, strings.Replace(blameless, `"wheel<1"`, `"wheel"`, 1), fstest.MapFS{"demo/pylock.1_0-cp311.toml": {}, "demo/pylock.1_1-cp311.toml": {}}); got != "" {
		t.Errorf("what is locked: %q", got)
	}
	for _, c := range LintCodes {
		if !covered[c.Code] {
			t.Errorf("nothing is found by %s", c.Code)
		}
	}
}

func TestSilence(t *testing.T) {
	bare := strings.Replace(blameless, `  license = "MIT"`, ``, 1)
	for name, c := range map[string]struct{ src, want string }{
		"above":                  {"# lint:ignore NO-LICENSE it is ours\n" + bare, ""},
		"above other comments":   {"# lint:ignore NO-LICENSE it is ours\n# More.\n\n" + bare, ""},
		"beside":                 {strings.Replace(bare, `"demo" {`, `"demo" { // lint:ignore NO-LICENSE it is ours`, 1), ""},
		"without a reason":       {"# lint:ignore NO-LICENSE\n" + bare, "1 IGNORE-REASON"},
		"of another code":        {"# lint:ignore NO-TEST it is ours\n" + bare, "1 IDLE-IGNORE, 2 NO-LICENSE"},
		"of no code":             {"# lint:ignore NO-LICENCE it is ours\n" + bare, "1 IDLE-IGNORE, 2 NO-LICENSE"},
		"in another place":       {bare + "# lint:ignore NO-LICENSE it is ours\n", "1 NO-LICENSE, 24 IDLE-IGNORE"},
		"an attribute of a list": {strings.Replace(blameless, `["-O2"]`, "[\n \"-march=native\",\n] # lint:ignore NATIVE-FLAG all robots are alike", 1), ""},
	} {
		if got := lint(t, c.src, nil); got != c.want {
			t.Errorf("%s: found %q, want %q", name, got, c.want)
		}
	}
}
