// SPDX-License-Identifier: Apache-2.0

package pep440

import "testing"

func TestSpecifiers(t *testing.T) {
	for _, c := range []struct {
		specifiers, version string
		want                bool
	}{
		{"", "3.11.2", true},
		{">=3.8", "3.11.2", true}, {">=3.12", "3.11.2", false}, {">=3.11.3", "3.11.2", false},
		{">=2.7, !=3.0.*, !=3.1.*, <4", "3.11.2", true}, {">=2.7,!=3.11.*", "3.11.2", false},
		{"<3.12", "3.11.9", true}, {"<3.12", "3.12.0", false}, {"<=3.11", "3.11.2", false}, // as pip has it: 3.11.2 is newer than 3.11
		{">3.11", "3.11.2", true}, {">3.11.2", "3.11.2", false},
		{"==3.11.*", "3.11.2", true}, {"==3.11", "3.11.2", false}, {"==3.9.*", "3.11.2", false}, {"===3.11.2", "3.11.2", true},
		{"~=3.8", "3.13.5", true}, {"~=3.8", "4.0", false}, {"~=3.11.0", "3.12.1", false}, {"~=3.11.0", "3.11.2", true},
		{">=3.9,<3.14", "3.13.5", true}, {">=3.9,<3.13", "3.13.5", false},
	} {
		parsed, err := ParseSpecifiers(c.specifiers)
		if err != nil {
			t.Errorf("%s: %v", c.specifiers, err)
		} else if got := parsed.Admit(mustParse(t, c.version)); got != c.want {
			t.Errorf("%s admits %s: %v, want %v", c.specifiers, c.version, got, c.want)
		}
	}
	for _, s := range []string{"3.8", ">=", ">= x", ">=3.*", "~=3", "=3.8", ">=3.8 <4", ">3.*", "<script>"} {
		if got, err := ParseSpecifiers(s); err == nil {
			t.Errorf("%q is taken for %v", s, got)
		}
	}
}

// FuzzSpecifiers: reading ends, and what is read can be asked.
func FuzzSpecifiers(f *testing.F) {
	f.Add(">=3.8,!=3.9.*,<4", "3.11.2")
	f.Add("~=3.8", "3")
	f.Fuzz(func(t *testing.T, text, version string) {
		s, err := ParseSpecifiers(text)
		v, wrong := Parse(version)
		if err == nil && wrong == nil {
			s.Admit(v)
		}
	})
}
