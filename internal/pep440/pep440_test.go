// SPDX-License-Identifier: Apache-2.0

package pep440

import (
	"strings"
	"testing"
)

// ordered is PEP 440's own list of examples ("Summary of permitted suffixes and relative ordering") and the corners around it, oldest first.
var ordered = []string{
	"0", "0.9.9", "1.dev0", "1.0.dev456", "1.0a1.dev1", "1.0a1", "1.0a2.dev456", "1.0a12.dev456", "1.0a12", "1.0b1.dev456", "1.0b2",
	"1.0b2.post345.dev456", "1.0b2.post345", "1.0rc1.dev456", "1.0rc1", "1.0", "1.0+abc.5", "1.0+abc.7", "1.0+5", "1.0+5.1", "1.0+10",
	"1.0.post456.dev34", "1.0.post456", "1.0.1", "1.0.15", "1.1.dev1", "1.10", "20991231235959999999999999999999",
	"1!0.1", "2!0.0.dev1",
}

func TestCompare(t *testing.T) {
	for i, a := range ordered {
		for j, b := range ordered {
			want := 0
			switch {
			case i < j:
				want = -1
			case i > j:
				want = 1
			}
			if got := mustParse(t, a).Compare(mustParse(t, b)); got != want {
				t.Errorf("%s compared with %s is %d, want %d", a, b, got, want)
			}
		}
	}
}

func TestNormalForm(t *testing.T) {
	for in, want := range map[string]string{
		"1.0":                "1.0",
		" v1.00 ":            "1.0",
		"1.0-ALPHA_1":        "1.0a1",
		"1.0.beta":           "1.0b0",
		"1.0c2":              "1.0rc2",
		"1.0preview3":        "1.0rc3",
		"1.0-1":              "1.0.post1",
		"1.0rev":             "1.0.post0",
		"1.0_R.007":          "1.0.post7",
		"1.0DEV":             "1.0.dev0",
		"1!2.3rc4.post5-dev": "1!2.3rc4.post5.dev0",
		"0!1.0":              "1.0",
		"1.0+Ubuntu-01_b":    "1.0+ubuntu.1.b",
		"2024.01.05":         "2024.1.5",
	} {
		v := mustParse(t, in)
		if got := v.String(); got != want {
			t.Errorf("%q is %q in normal form, want %q", in, got, want)
		}
		if mustParse(t, want).Compare(v) != 0 {
			t.Errorf("%q and its normal form %q differ", in, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, in := range []string{"", "v", "x1", "1.", ".1", "1..2", "1.0-", "1.0+", "1.0+a..b", "1.0 rc 1", "1.0rc1a2", "1.0.dev1.post1", "-1", "1.0!2", "1.1.1w"} {
		if v, err := Parse(in); err == nil {
			t.Errorf("%q was read as %s", in, v)
		}
	}
}

func TestIsPrerelease(t *testing.T) {
	for in, want := range map[string]bool{"1.0": false, "1.0.post1": false, "1.0+dev": false, "1.0b1": true, "1.0.dev1": true, "1.0.post1.dev1": true} {
		if got := mustParse(t, in).IsPrerelease(); got != want {
			t.Errorf("%s is a pre-release: %v, want %v", in, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range ordered {
		f.Add(s, "1.0")
	}
	f.Fuzz(func(t *testing.T, s, other string) {
		v, err := Parse(s)
		if err != nil {
			return
		}
		normal, err := Parse(v.String())
		if err != nil || normal.Compare(v) != 0 || normal.String() != v.String() {
			t.Errorf("%q: its normal form %q is read as %q (%v)", s, v, normal, err)
		}
		if w, err := Parse(other); err == nil && v.Compare(w) != -w.Compare(v) {
			t.Errorf("%q and %q compare differently the other way round", s, other)
		}
	})
}

func mustParse(t *testing.T, s string) Version {
	t.Helper()
	v, err := Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestNewest(t *testing.T) {
	for versions, want := range map[string]int{
		"": -1, "1.9 1.10 1.2": 1, "2.0rc1 1.0": 1, "1.0 2.0.dev1 1.0.post1": 2, "1.0rc1 1.0b2": 0, "1.0 1.0.0": 1,
	} {
		var parsed []Version
		for _, v := range strings.Fields(versions) {
			parsed = append(parsed, mustParse(t, v))
		}
		if got := Newest(parsed); got != want {
			t.Errorf("%s: %d, want %d", versions, got, want)
		}
	}
}
