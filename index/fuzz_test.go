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
	pages, _, err := Render(Input{Files: sample(f)})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(pages[PackagesFile]), string(pages[SumsFile]))
	f.Add(`{"format":1,"packages":{`+"\n}}\n", "")
	f.Add(`{"format":1,"packages":{`+"\n\"..\":{}\n}}\n", strings.Repeat("0", 64)+"  simple/../x\n")
	f.Add(`{"format":2,"targets":[{"name":"lab"},{"name":"../lab"}],"packages":{`+"\n}}\n", "")
	f.Fuzz(func(t *testing.T, packages, sums string) {
		p, err := ParsePublished(packages, sums)
		if err != nil {
			return
		}
		for _, name := range p.Locks() {
			if strings.ContainsAny(name, "/\\\n\" ") {
				t.Errorf("a lock %q", name)
			}
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

// A wheel is for a minor version if it is for one of its patch releases.
func TestAdmitsMinor(t *testing.T) {
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
		s, err := pep440.ParseSpecifiers(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		}
		var got []string
		for _, python := range []string{"3.8", "3.11", "4.0"} {
			if admitsMinor(s, python) {
				got = append(got, python)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q admits %q, want %q", text, got, want)
		}
	}
}
