// SPDX-License-Identifier: Apache-2.0

package index

import (
	"strings"
	"testing"

	"crosswheel/internal/pep440"
)

// FuzzParsePublished: whatever a server answers, what is taken for an index is one: its names are those of folders, and its lines come out as they
// went in.
func FuzzParsePublished(f *testing.F) {
	pages, err := Render(sample(f))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(pages[PackagesFile]), string(pages[SumsFile]))
	f.Add(`{"format":1,"packages":{`+"\n}}\n", "")
	f.Add(`{"format":1,"packages":{`+"\n\"..\":{}\n}}\n", strings.Repeat("0", 64)+"  simple/../x\n")
	f.Fuzz(func(t *testing.T, packages, sums string) {
		p, err := ParsePublished(packages, sums)
		if err != nil {
			return
		}
		for _, name := range p.Projects() {
			if strings.ContainsAny(name, "/.\\\n\" ") || name == "" {
				t.Errorf("a project %q", name)
			}
			files, _, err := p.Project(name)
			if err != nil {
				continue
			}
			for _, file := range files {
				if strings.ContainsAny(file.Filename+file.Attestations+file.Provenance, "/\\\n\"<>") {
					t.Errorf("%+v", file)
				}
			}
		}
	})
}

// FuzzParseMarks: what is read marks something that can be in an index, in one line.
func FuzzParseMarks(f *testing.F) {
	f.Add([]byte("# c\nyank demo==1.0 why\r\nyank demo-1.0-py3-none-any.whl\narchived demo\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := ParseMarks(text)
		if err != nil {
			return
		}
		for project, yanks := range m.yanks {
			for _, y := range yanks {
				if strings.ContainsAny(y.reason, "\r\n") || y.line < 1 {
					t.Errorf("%s: %+v", project, y)
				}
			}
		}
	})
}

// FuzzSpecifiers: reading ends, and what is read can be asked.
func FuzzSpecifiers(f *testing.F) {
	f.Add(">=3.8,!=3.9.*,<4", "3.11")
	f.Add("~=3.8", "3")
	f.Fuzz(func(t *testing.T, text, python string) {
		s, err := parseSpecifiers(text)
		if err == nil && s.admit(python) {
			if _, err := pep440.Parse(python + ".0"); err != nil {
				t.Errorf("%q admits %q", text, python)
			}
		}
	})
}

func TestSpecifiers(t *testing.T) {
	for text, want := range map[string]string{
		"":                    "3.8 3.11 4.0",
		">=3.8":               "3.8 3.11 4.0",
		">=3.9, <4":           "3.11",
		"!=3.8.*,":            "3.11 4.0",
		"~=3.8":               "3.8 3.11",
		"==3.11.*":            "3.11",
		"==3.1.*":             "",
		">=3.11.4":            "3.11 4.0",
		"<3.11,>=2.7,!=3.0.*": "3.8",
		"~=3.8.1":             "3.8",
		">=3.8,<3.8":          "",
	} {
		s, err := parseSpecifiers(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		}
		var got []string
		for _, python := range []string{"3.8", "3.11", "4.0"} {
			if s.admit(python) {
				got = append(got, python)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q admits %q, want %q", text, got, want)
		}
	}
	for _, text := range []string{"3.8", ">=3.8 <4", ">=three", ">3.*", "~=3", "<script>", ">="} {
		if _, err := parseSpecifiers(text); err == nil {
			t.Errorf("%q is read", text)
		}
	}
}
