// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
)

func TestInvalidTargets(t *testing.T) {
	src := readFile(t, "testdata/targets/invalid.hcl")
	targets, diags := LoadTargets("recipes/targets.hcl", src)
	files := map[string]*hcl.File{"recipes/targets.hcl": {Bytes: src}}
	want := markers(t, fstest.MapFS{"targets.hcl": {Data: src}})
	if diff := difference(want, reported(t, files, diags)); diff != "" {
		t.Errorf("reported are other mistakes than the markers say (- missing, + unexpected):\n%s", diff)
	}
	if len(targets) != 8 || targets[2].Name != "ot2" || targets[2].Python != "3.10" {
		t.Errorf("a good target among bad ones is not read: %+v", targets)
	}
	if _, diags := LoadTargets("targets.hcl", nil); len(diags) != 1 || diags[0].Summary != "No target" {
		t.Errorf("an empty file gives %v", diags)
	}
}

// TestDeclaredTargets reads the file that the project ships.
func TestDeclaredTargets(t *testing.T) {
	const name = "../../sdk-image/targets.hcl"
	src := readFile(t, name)
	targets, diags := LoadTargets(name, src)
	if len(diags) > 0 {
		t.Fatal(&Error{Diagnostics: diags, Files: map[string]*hcl.File{name: {Bytes: src}}})
	}
	got, err := FindTarget(targets, "bookworm-armhf")
	if err != nil {
		t.Fatal(err)
	}
	if got.Provider != "debian" || got.Suite != "bookworm" || got.Triple != "arm-linux-gnueabihf" || got.Range.Start.Line == 0 {
		t.Errorf("bookworm-armhf is read as %+v", got)
	}
	for _, declared := range targets {
		if !bytes.Contains(src, []byte(declared.Summary)) || declared.Summary == "" {
			t.Errorf("%s has no summary for people", declared.Name)
		}
	}
	const want = `there is no target "bookworm-armhv". Did you mean "bookworm-armhf"? Declared: bookworm-armhf`
	if _, err := FindTarget(targets[:1], "bookworm-armhv"); err == nil || err.Error() != want {
		t.Errorf("an unknown target: %v\nwant: %s", err, want)
	}
}

func TestExpectations(t *testing.T) {
	for _, c := range []struct {
		declared, version string
		admits            bool
	}{
		{"12.2", "12.2", true},
		{"12.2", "12.2.1", true},
		{"12.2", "12.20", false},
		{"12.2", "12", false},
		{">= 2.40, <= 2.41", "2.40", true},
		{">= 2.40, <= 2.41", "2.41", true},
		{">= 2.40, <= 2.41", "2.42", false},
		{">= 13, < 15", "13.3.0", true},
		{">= 13, < 15", "7.3.1", false},
	} {
		if Admits(c.declared, c.version) != c.admits {
			t.Errorf("%q admits %s: not %t", c.declared, c.version, c.admits)
		}
	}
	if got := (Target{GCC: "< 15, >= 13", Glibc: "2.36"}).Assumed(); got.GCC != "13" || got.Glibc != "2.36" {
		t.Errorf("assumed: gcc %s, glibc %s", got.GCC, got.Glibc)
	}
}

func TestSelectTargets(t *testing.T) {
	targets := []Target{{Name: "ot2", Provider: "buildroot"}, {Name: "bullseye", Provider: "debian"}, {Name: "bookworm", Provider: "debian"}}
	missing := func(t Target) string {
		if t.Provider == "buildroot" {
			return "hand in its SDK"
		}
		return ""
	}
	for _, c := range []struct{ names, selected, skipped, err string }{
		{"bookworm", "bookworm", "", ""},
		{"bookworm,bullseye,bookworm", "bookworm bullseye", "", ""},
		{"all", "bullseye bookworm", "ot2: hand in its SDK", ""},
		{"all,all-buildroot,bookworm", "bullseye bookworm", "ot2: hand in its SDK", ""},
		{"bookworm,all-debian", "bookworm bullseye", "", ""},
		{"ot2,all", "ot2 bullseye bookworm", "", ""}, // by its own name: whoever asks has the SDK
		{"all,ot2", "bullseye bookworm ot2", "", ""},
		{"all-buildroot", "", "", "none of the targets all-buildroot can be built for:\n  ot2: hand in its SDK"},
		{"all-debain", "", "", `there is no target "all-debain". Did you mean "all-debian" or "all"? Declared: ot2, bullseye and bookworm`},
		{"bokworm,all", "", "", `there is no target "bokworm". Did you mean "bookworm"? Declared: ot2, bullseye and bookworm`},
		{"", "", "", "no target is given. Declared: ot2, bullseye, bookworm, all, all-buildroot and all-debian"},
	} {
		selected, skipped, err := SelectTargets(targets, strings.FieldsFunc(c.names, func(r rune) bool { return r == ',' }), missing)
		var reasons []string
		for _, s := range skipped {
			reasons = append(reasons, s.Name+": "+s.Reason)
		}
		text := ""
		if err != nil {
			text = err.Error()
		}
		if got := strings.Join(namesOfTargets(selected), " "); got != c.selected || strings.Join(reasons, "; ") != c.skipped || text != c.err {
			t.Errorf("%s: selected %s, skipped %q, error %v", c.names, got, reasons, err)
		}
	}
}

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return src
}
