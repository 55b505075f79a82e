// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"bytes"
	"os"
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
	if len(targets) != 4 || targets[2].Name != "ot2" || targets[2].Python != "3.10" {
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

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return src
}
