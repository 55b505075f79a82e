// SPDX-License-Identifier: Apache-2.0

package metayaml

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"crosswheel/internal/recipe"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
)

const head = "package: {name: a, version: 1.2.3}\nsource: {url: https://example.org/a-1.2.3.tar.gz, sha256: \"\"}\n"

// Each line of a meta.yaml becomes, or does not become, lines of the recipe.
func TestConvert(t *testing.T) {
	for _, test := range []struct {
		name, yaml string
		want       []string // lines of the recipe
		not        []string // in no line
	}{
		{"version in addresses", head, []string{`url = "https://example.org/a-${version}.tar.gz"`}, nil},
		{"longer number", strings.Replace(head, "a-1.2.3.", "a-1.2.34-11.2.3.", 1), []string{`url = "https://example.org/a-1.2.34-11.2.3.tar.gz"`}, nil},
		{"commit, not tag", strings.Replace(head, "https://example.org/a-1.2.3", "https://github.com/o/r/archive/0123456789012345678901234567890123456789", 1),
			[]string{`url = "https://github.com/o/r/archive/0123456789012345678901234567890123456789.tar.gz"`}, []string{"github {"}},
		{"index by checksum", strings.Replace(head, "https://example.org/", "https://mirror.example.org/root/packages/02/c0/4429bf9b3be10e749149e286aa5c53775399ec62891c6b970456c6dca325/", 1),
			[]string{"pypi {}"}, []string{"mirror"}},
		{"another project's sdist", strings.Replace(head, "https://example.org/a-", "https://mirror.example.org/packages/source/b/b/b-", 1), []string{`url = "https://mirror.example.org/packages/source/b/b/b-${version}.tar.gz"`}, nil},
		{"flags apart", head + "build: {cflags: -s USE_ZLIB=1 -I inc -sSIDE_MODULE=1 -O2}\n", []string{`cflags = ["-Iinc", "-O2"]`}, []string{"ZLIB", "SIDE"}},
		{"quotes of flags", head + "build: {cflags: '-DX=\"a b\" # y'}\n", []string{`cflags = ["-DX=\"a b\""]`}, nil},
		{"unknown variable", head + "build: {ldflags: -L$(ELSEWHERE)/lib}\n", []string{`# build.ldflags: -L$(ELSEWHERE)/lib ($ELSEWHERE is not known here: write what it stands for)`}, []string{"ldflags ="}},
		{"command between exports", head + "build:\n  script: |\n    # why\n    export A=1\n    sed -i s/x/${y}/ z\n    export B=\"2 3\"\n",
			[]string{`env    = { A = "1", B = "2 3" }`, `before = "sed -i s/x/$${y}/ z"`, "# why"}, nil},
		{"no export out of a condition", head + "build:\n  script: |\n    if true; then\n      export A=1\n    fi\n", []string{"export A=1"}, []string{"env"}},
		{"nothing but comments", head + "build:\n  script: '# why'\n  cflags: '# not'\n  backend-flags: '# that'\n", []string{"# build.script: why", "# that"}, nil},
		{"make -s is no flag", head + "build: {type: static_library, script: make -s CC=emcc CFLAGS='-s USE_ZLIB=1 -O2'}\n", []string{`script = "make -s CC=$CC CFLAGS=' -O2'"`}, nil},
		{"configure", head + "build: {type: static_library, script: emconfigure ./configure --prefix=$WASM_LIBRARY_DIR}\n", []string{`script = "./configure --host=${target.triple} --prefix=$PREFIX"`}, nil},
		{"ln is no flag", head + "build: {type: static_library, script: ln -s LIB.a lib.a}\n", []string{`script = "ln -s LIB.a lib.a"`}, nil},
		{"library of two", head + "requirements: {host: [libx, libyy]}\nbuild:\n  script: |\n    export YY_DIR=$WASM_LIBRARY_DIR\n    export OTHER=${WASM_LIBRARY_DIR}\n",
			[]string{`env    = { YY_DIR = "/crosswheel/libs/libyy" }`, `before = "export OTHER=$${WASM_LIBRARY_DIR}"`}, nil},
		{"reason beside", "package: {name: a, version: 1.2.3, _disabled: true} # too new\nsource: {url: https://example.org/a-1.2.3.tar.gz, sha256: \"\"}\n", []string{"disabled = "}, nil},
		{"licence", head + "about: {license: GPL-2.0+ or MIT}\n", []string{`license = "GPL-2.0-or-later OR MIT"`}, nil},
		{"no licence", head + "about: {license: see the file}\n", []string{"# about.license: see the file (not clear"}, []string{"license ="}},
		{"refused by the language", head + "about: {home: nowhere}\n", []string{`# homepage = "nowhere"`, "# Not taken: Invalid homepage"}, nil},
		{"unknown key", head + "build: {colour: {warm: [red, 'yel low']}}\n", []string{"# build.colour.warm: [red, 'yel low'] (no key of Pyodide's"}, nil},
		{"section that is none", head + "test: yes please\n", []string{"# test: yes please (no key"}, nil},
		{"template escapes", head + "about: {summary: 'a ${x} %{y} \"z\" \\n'}\n", []string{`summary = "a $${x} %%{y} \"z\" \\n"`}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, err := Convert("meta.yaml", []byte(test.yaml), nil)
			if err != nil {
				t.Fatal(err)
			}
			var lines []string
			for line := range strings.Lines(string(c.Recipe)) {
				lines = append(lines, strings.TrimSpace(line))
			}
			for _, want := range test.want {
				if !slices.ContainsFunc(lines, func(line string) bool { return strings.HasPrefix(line, want) }) {
					t.Errorf("no line %s in\n%s", want, c.Recipe)
				}
			}
			for _, not := range test.not {
				if strings.Contains(string(c.Recipe), not) {
					t.Errorf("%s stands in\n%s", not, c.Recipe)
				}
			}
		})
	}
}

// Errors say where.
func TestErrors(t *testing.T) {
	for yaml, want := range map[string]string{
		"":                                      "m/meta.yaml:1: the file is empty",
		"- a":                                   "m/meta.yaml:1: this is no meta.yaml",
		"a: 1\n b: 2":                           "m/meta.yaml:2: this is not YAML",
		"\n{% set version = 1 %}\nx: y":         "m/meta.yaml:",
		"a: b\n---\nc: d":                       "m/meta.yaml:3: a second document",
		"package:\n  name: a\n  name: b\n":      "m/meta.yaml:3: package.name is written twice, first in line 2",
		"package: {name: a}":                    "m/meta.yaml:1: package.version is missing",
		"package: {name: ../a, version: 1}":     "m/meta.yaml:1: package.name is",
		"a: &x\n  b: *x\n":                      "m/meta.yaml:",
		"? [a, b]\n: c":                         "m/meta.yaml:1: a key is a word",
		strings.Repeat("{a: ", 30) + "b" + "\n": "m/meta.yaml:1:",
	} {
		if _, err := Convert("m/meta.yaml", []byte(yaml), nil); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", yaml, err, want)
		}
	}
}

func TestImportErrors(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	for want, tree := range map[string]fstest.MapFS{
		"there is no meta.yaml in that folder":                       {"a/recipe.hcl": file("")},
		"b/meta.yaml: the recipe would be a, as that of a/meta.yaml": {"a/meta.yaml": file(head), "b/meta.yaml": file(head)},
		"a/meta.yaml:1: the file is empty":                           {"a/meta.yaml": file(""), "b/meta.yaml": file("x"), "c/meta.yaml": file(head)},
		"b/meta.yaml:1: this is no meta.yaml":                        {"a/meta.yaml": file(""), "b/meta.yaml": file("x"), "c/meta.yaml": file(head)},
	} {
		if _, _, err := Import(tree); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// Files that a recipe names come along; links do not.
func TestBeside(t *testing.T) {
	beside := fstest.MapFS{
		"p/1.patch": {Data: []byte("--- a\n")},
		"x":         {Data: []byte("target"), Mode: os.ModeSymlink | 0o777},
	}
	c, err := Convert("meta.yaml", []byte(strings.Replace(head, "sha256", "patches: [p/1.patch, p/2.patch, x, ../../etc/passwd], sha256", 1)), beside)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Beside) != 1 || string(c.Beside["p/1.patch"]) != "--- a\n" {
		t.Errorf("%q came along", c.Beside)
	}
	if c.Report.Keys.Person == 0 {
		t.Error("nothing is said of the others")
	}
}

// The tables hold each word and each key once, and what a conversion can say has a place in the recipe.
func TestTables(t *testing.T) {
	words := map[word]bool{}
	for _, w := range order {
		if words[w] {
			t.Errorf("%s twice", w)
		}
		words[w] = true
	}
	keys := map[string]bool{}
	for _, r := range rules {
		if keys[r.key] {
			t.Errorf("%s twice", r.key)
		}
		keys[r.key] = true
	}
}

func FuzzConvert(f *testing.F) {
	names, err := filepath.Glob(filepath.Join(corpus, "*", fileName))
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		src, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		c, err := Convert("meta.yaml", src, nil)
		if err != nil {
			return
		}
		_, diags := hclsyntax.ParseConfig(c.Recipe, "recipe.hcl", hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatalf("%v in\n%s", diags, c.Recipe)
		}
		if again := hclwrite.Format(c.Recipe); string(again) != string(c.Recipe) {
			t.Fatalf("formatting changes it:\n%s\n%s", c.Recipe, again)
		}
		recipe.Load(fstest.MapFS{c.Folder + "/recipe.hcl": {Data: c.Recipe}}, "recipes") // does not panic
		counted := c.Report.Keys
		if counted.Converted+counted.Dropped+counted.Person == 0 {
			t.Fatal("nothing is reported")
		}
	})
}
