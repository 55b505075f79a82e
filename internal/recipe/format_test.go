// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"bytes"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
)

func TestFormat(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"spaces and alignment", "package \"a\" {\n summary=\"x\"\n    license   = \"MIT\" # why\n}", "package \"a\" {\n  summary = \"x\"\n  license = \"MIT\" # why\n}\n"},
		{"empty lines", "\n\n# about\npackage \"a\" {\n\n\n  summary = \"x\"\n\n\n\n  tags = [\n\n    \"b\",\n\n  ]\n\n}\n\n\n", "# about\npackage \"a\" {\n  summary = \"x\"\n\n  tags = [\n    \"b\",\n  ]\n}\n"},
		{"what is in texts stays", "a {\n  s = <<-EOT\n\n\n    x   y\n\n  EOT\n\n\n  t = \"a   b\"\n}\n", "a {\n  s = <<-EOT\n\n\n    x   y\n\n  EOT\n\n  t = \"a   b\"\n}\n"},
		{"comments stay", "a {\n  # one\n\n\n  # two\n  b = 1 // three\n  /* four */\n\n\n}\n# five", "a {\n  # one\n\n  # two\n  b = 1 // three\n  /* four */\n}\n# five\n"},
		{"other line breaks", "a {\r\n  b = 1\r\n\r\n\r\n  c = 2\r\n}\r\n", "a {\n  b = 1\n\n  c = 2\n}\n"},
		{"nothing", "", ""},
	} {
		got, diags := Format("a.hcl", []byte(c.src))
		if diags.HasErrors() || string(got) != c.want {
			t.Errorf("%s: got %v\n%q\nwant\n%q", c.name, diags, got, c.want)
		}
	}
	const broken = "a {"
	if got, diags := Format("a.hcl", []byte(broken)); !diags.HasErrors() || string(got) != broken {
		t.Errorf("a broken file becomes %q, %v", got, diags)
	}
}

// FuzzFormat holds formatting to its promises for any file: the second time changes nothing, no comment is lost, and the recipe says the same.
func FuzzFormat(f *testing.F) {
	for _, folder := range []string{"valid", "mistakes"} {
		for _, name := range testFiles(f, folder) {
			if strings.HasSuffix(name, ".json") {
				continue
			}
			for _, file := range readTestFile(f, name) {
				f.Add(file.Data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		formatted, diags := Format("demo.hcl", src)
		if diags.HasErrors() {
			return
		}
		again, diags := Format("demo.hcl", formatted)
		if diags.HasErrors() || !bytes.Equal(again, formatted) {
			t.Fatalf("formatted twice (%v)\n%q\nbecomes\n%q", diags, formatted, again)
		}
		if before, after := commentText(src), commentText(formatted); before != after {
			t.Errorf("of the comments\n%q\nis left\n%q", before, after)
		}
		if before, after := said(src), said(formatted); before != after {
			t.Errorf("%q says\n%s\nand formatted %q\n%s", src, before, formatted, after)
		}
	})
}

func commentText(src []byte) string {
	var texts []string
	for _, c := range commentsOf("demo.hcl", src) {
		texts = append(texts, strings.ReplaceAll(c.text, "\r", ""))
	}
	return strings.Join(texts, "\n")
}

// said is all that a recipe file says, without its positions.
func said(src []byte) string {
	set, diags := Load(fstest.MapFS{"demo/" + fileName: {Data: src}}, "recipes")
	recipes, more := set.Evaluate(testTarget)
	var b strings.Builder
	for _, r := range recipes {
		shown := r.Show("test")
		for i := range shown.Values {
			shown.Values[i].Line, shown.Values[i].Column = 0, 0
		}
		b.WriteString(plainJSON(shown) + "\n")
	}
	for _, diag := range append(diags, more...) {
		b.WriteString(diag.Summary + "\n")
	}
	return b.String()
}

const edited = `# Ours since 2021.
package "demo" {
  summary = "A demo" # for the manual

  version "1.0" { sha256 = "aa" } # the first

  # The one that works.
  version "1.1" {
    sha256 = "bb" # checked by hand
  }

  source {
    pypi {}
  }
}
`

func TestEdit(t *testing.T) {
	edit := func(change func(f *File) error) (string, error) {
		f, err := ParseFile("demo.hcl", []byte(edited))
		if err != nil {
			t.Fatal(err)
		}
		err = change(f)
		return string(f.Bytes()), err
	}
	replaced := func(pairs ...string) string { return strings.NewReplacer(pairs...).Replace(edited) }
	for _, c := range []struct {
		name   string
		change func(*File) error
		want   string
	}{
		{"nothing", func(*File) error { return nil }, edited},
		{"a checksum", func(f *File) error { return f.SetSHA256("1.1", "cc") }, replaced(`"bb"`, `"cc"`)},
		{"a checksum on one line", func(f *File) error { return f.SetSHA256("1.0", "cc") }, replaced(`"aa"`, `"cc"`)},
		{"another version", func(f *File) error { return f.SetVersion("1.1", "1.2", "cc") }, replaced(`"1.1"`, `"1.2"`, `"bb"`, `"cc"`)},
		{"one more version", func(f *File) error { return f.AddVersion("1.2", "cc") },
			replaced("by hand\n  }\n", "by hand\n  }\n\n  version \"1.2\" {\n    sha256 = \"cc\"\n  }\n")},
		{"disabled", func(f *File) error { return f.SetDisabled("1.1", "no \"gcc\"") }, replaced("by hand\n", "by hand\n    disabled = \"no \\\"gcc\\\"\"\n", `sha256 = "bb"`, `sha256   = "bb"`)},
		{"disabled on one line", func(f *File) error { return f.SetDisabled("1.0", "old") }, replaced(`{ sha256 = "aa" }`, "{\n    sha256   = \"aa\"\n    disabled = \"old\"\n  }")},
		{"all disabled", func(f *File) error { return f.SetDisabled("", "old") }, replaced("  source {\n    pypi {}\n  }\n", "  source {\n    pypi {}\n  }\n  disabled = \"old\"\n")},
		{"disabled and enabled", func(f *File) error { f.SetDisabled("1.1", "x"); return f.SetDisabled("1.1", "") }, edited},
	} {
		got, err := edit(c.change)
		if err != nil || got != c.want {
			t.Errorf("%s: got %v\n%s\nwant\n%s", c.name, err, got, c.want)
		}
	}
	for want, change := range map[string]func(*File) error{
		`there is no version "2"; there are: 1.0, 1.1`: func(f *File) error { return f.SetSHA256("2", "") },
		`there is a version "1.0" already`:             func(f *File) error { return f.AddVersion("1.0", "") },
		`there is a version "1.1" already`:             func(f *File) error { return f.SetVersion("1.0", "1.1", "") },
		`there is no version "3"`:                      func(f *File) error { return f.SetDisabled("3", "") },
	} {
		if got, err := edit(change); err == nil || !strings.Contains(err.Error(), want) || got != edited {
			t.Errorf("got %v, want %s\n%s", err, want, got)
		}
	}
	if _, err := ParseFile("demo.hcl", []byte("a {")); err == nil {
		t.Error("a broken file can be edited")
	}
}

// The first version of a recipe goes to its end.
func TestAddFirstVersion(t *testing.T) {
	f, err := ParseFile("demo.hcl", []byte("library \"demo\" {\n  summary = \"x\"\n}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if err := f.AddVersion("1.0", ""); err != nil || string(f.Bytes()) != "library \"demo\" {\n  summary = \"x\"\n\n  version \"1.0\" {\n    sha256 = \"\"\n  }\n}\n" {
		t.Errorf("got %v\n%s", err, f.Bytes())
	}
}

func TestReports(t *testing.T) {
	at := hcl.Range{Filename: "recipes/a/recipe.hcl", Start: hcl.Pos{Line: 2, Column: 3}, End: hcl.Pos{Line: 2, Column: 9}}
	diags := hcl.Diagnostics{Problem(at, "Unknown, or: not", "100%%\nof it."), finding("NO-TEST", at, "")}
	const want = "::error file=recipes/a/recipe.hcl,line=2,col=3,endLine=2,endColumn=9,title=Unknown%2C or%3A not::100%25%0Aof it.\n"
	if got := Annotations(diags); !strings.HasPrefix(got, want+"::warning file=") || !strings.Contains(got, "title=Nothing is tested::") {
		t.Errorf("annotations are\n%swant\n%s", got, want)
	}
	got := string(JSON(diags))
	for _, want := range []string{`"severity": "error"`, `"severity": "warning",` + "\n    " + `"code": "NO-TEST"`, `"file": "recipes/a/recipe.hcl"`, `"line": 2`, `"column": 9`} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not in\n%s", want, got)
		}
	}
	if got := string(JSON(nil)); got != "[]\n" {
		t.Errorf("nothing is %q", got)
	}
}
