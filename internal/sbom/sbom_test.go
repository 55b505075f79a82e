// SPDX-License-Identifier: Apache-2.0

package sbom

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata anew")

// sample has something of everything.
func sample() BOM {
	const sum = "fa240dbf262be053f3898006d502d514936c818e422afdcf33921c63bed9bf2e"
	crate := PURL("cargo", "libc", "0.2.1+a")
	return BOM{
		Wheel:  Component{Name: "Demo", Version: "1.0", PURL: PURL("pypi", "demo", "1.0") + "?file_name=demo-1.0-py3-none-any.whl", License: "MIT", Source: Source{URI: PURL("pypi", "demo", "1.0"), SHA256: sum}},
		SHA256: sum,
		Components: []Component{
			{Name: "libyaml", Version: "0.2.5", PURL: PURL("generic", "libyaml", "0.2.5"), License: "(MIT OR Zlib) AND GPL-2.0-only WITH GCC-exception-2.0", Source: Source{URI: "debian:pool/main/y.tar.gz", SHA256: sum}, Linkage: Static},
			{Name: "libb", Version: "1", PURL: PURL("generic", "libb", "1"), License: "as is, mostly", Linkage: Shared, Files: []string{"demo.libs/libb-01234567.so.1"}},
			{Name: "libc", Version: "0.2.1+a", PURL: crate, Source: Source{URI: crate, SHA256: sum}},
			{Name: "libc", Version: "0.2.1+a", PURL: crate, Source: Source{URI: crate, SHA256: sum}},
			{Name: "packed", Version: "1", PURL: PURL("pypi", "packed", "1"), Source: Source{URI: PURL("pypi", "packed", "1"), SHA256: sum, Built: true}},
			{Name: "forked", Version: "0.1.0", PURL: PURL("cargo", "forked", "0.1.0") + "?vcs_url=git%2Bhttps://git.example.org/f%40abc", Source: Source{URI: "https://git.example.org/f", Commit: "abc"}},
		},
	}
}

func TestJSON(t *testing.T) {
	got := sample().JSON()
	golden := filepath.Join("testdata", "sample.cdx.json")
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(golden); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s differs (-update writes it), %v; got:\n%s", golden, err, got)
	}
	turned := sample()
	slices.Reverse(turned.Components)
	if !bytes.Equal(turned.JSON(), got) {
		t.Error("another order of components gives other bytes")
	}
	turned.SHA256 = strings.Repeat("0", 64)
	if serial := got[bytes.Index(got, []byte("urn:uuid:")):][:45]; bytes.Contains(turned.JSON(), serial) {
		t.Error("a bill of another wheel has the same serial number")
	}
}

// TestSchema has CycloneDX's own validator look at bills, also at the smallest.
func TestSchema(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it needs the network")
	}
	python := filepath.Join(t.TempDir(), "venv", "bin", "python")
	for _, command := range [][]string{
		{"python3", "-m", "venv", filepath.Dir(filepath.Dir(python))},
		{python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "cyclonedx-python-lib[json-validation]==11.5.0"},
	} {
		if out, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%q: %v\n%s", command, err, out)
		}
	}
	const validate = `
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(sys.stdin.read())
sys.exit(str(error) if error else 0)
`
	bare := BOM{Wheel: Component{Name: "demo", Version: "1.0", PURL: PURL("pypi", "demo", "1.0")}}
	wrong := bytes.Replace(bare.JSON(), []byte(`"library"`), []byte(`"bookshop"`), 1)
	for name, c := range map[string]struct {
		bill  []byte
		right bool
	}{"everything": {sample().JSON(), true}, "nothing": {bare.JSON(), true}, "an unknown type": {wrong, false}} {
		command := exec.Command(python, "-c", validate)
		command.Stdin = bytes.NewReader(c.bill)
		if out, err := command.CombinedOutput(); (err == nil) != c.right {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}
