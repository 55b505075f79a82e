// SPDX-License-Identifier: Apache-2.0

package step

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"crosswheel/internal/sbom"
	"crosswheel/internal/wheel"
)

const cargoLock = `
version = 4

[[package]]
name = "demo"
version = "1.0.0"

[[package]]
name = "libc"
version = "0.2.150"
source = "registry+https://crates.example/index"
checksum = "89d92a4743f9a61002fae18374ed11e7973f530cb3a3255fb354818118b2203c"

[[package]]
name = "forked"
version = "0.1.0"
source = "git+https://git.example.org/forked?branch=main#0123456789abcdef0123456789abcdef01234567"
`

func TestNamedCrates(t *testing.T) {
	source := writeFiles(t, map[string]string{"Cargo.lock": cargoLock})
	vendored := writeFiles(t, map[string]string{
		"libc-0.2.150/Cargo.toml": "[package]\nlicense = \"MIT/Apache-2.0\"\n", "forked-0.1.0/Cargo.toml": "[package]\nlicense.workspace = true\n",
	})
	got, err := namedCrates(CratesOptions{Source: source, To: vendored}, []string{"Cargo.lock"})
	want := []sbom.Component{
		{Name: "libc", Version: "0.2.150", PURL: "pkg:cargo/libc@0.2.150", License: "MIT OR Apache-2.0",
			Source: sbom.Source{URI: "pkg:cargo/libc@0.2.150", SHA256: "89d92a4743f9a61002fae18374ed11e7973f530cb3a3255fb354818118b2203c"}},
		{Name: "forked", Version: "0.1.0",
			PURL:   "pkg:cargo/forked@0.1.0?vcs_url=git%2Bhttps%3A%2F%2Fgit.example.org%2Fforked%3Fbranch%3Dmain%400123456789abcdef0123456789abcdef01234567",
			Source: sbom.Source{URI: "https://git.example.org/forked?branch=main", Commit: "0123456789abcdef0123456789abcdef01234567"}},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
}

// What a wheel carries along is told in it, in a way that the wheel stays right.
func TestDescribeContents(t *testing.T) {
	tree := writeFiles(t, map[string]string{
		"demo/__init__.py":            "",
		"demo-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n",
		"demo-1.0.dist-info/WHEEL":    "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
	})
	options := FinishOptions{Subject: sbom.Component{Name: "Demo", Version: "1.0", PURL: "pkg:pypi/demo@1.0"}, Libraries: []Library{{Name: "libx"}, {Name: "liby", Version: "2", Source: sbom.Source{URI: "https://example.org/y.tar.gz"}}}}
	if err := describeContents(tree, options, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(tree, "demo-1.0.dist-info/sboms")); err == nil {
		t.Error("a wheel that carries nothing along tells of it")
	}
	crates := writeFiles(t, map[string]string{"crates.json": `{"Locks": ["Cargo.lock"], "Named": [{"Name": "libc", "Version": "0.2.150", "PURL": "pkg:cargo/libc@0.2.150"}]}`})
	options.Crates = filepath.Join(crates, "crates.json")
	carried := []Bundled{{Name: "liby", Version: "2", Linkage: sbom.Shared, Files: []string{"demo.libs/liby.so"}}}
	components, err := contents(options, carried)
	if err != nil {
		t.Fatal(err)
	}
	if err := describeContents(tree, options, components); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "demo-1.0-py3-none-any.whl")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := wheel.Pack(file, os.DirFS(tree), wheel.PackOptions{}); err != nil {
		t.Fatal(err)
	}
	made, err := wheel.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer made.Close()
	const name = "demo-1.0.dist-info/sboms/demo.cdx.json"
	if text, err := made.ReadFile(name); err != nil || !bytes.Contains(text, []byte(`"url": "https://example.org/y.tar.gz"`)) || !bytes.Contains(text, []byte(`"location": "demo.libs/liby.so"`)) || !bytes.Contains(text, []byte("pkg:cargo/libc@0.2.150")) {
		t.Errorf("it has %s, %v", text, err)
	}
	if !slices.ContainsFunc(made.Record, func(row wheel.RecordEntry) bool { return row.Path == name && row.Hash != "" }) {
		t.Error("RECORD does not list it")
	}
	findings, err := wheel.Audit(made, wheel.Target{Python: "3.11", Platform: "linux_armv7l", Glibc: "2.36"}, nil, wheel.AuditOptions{})
	if err != nil || len(findings) > 0 {
		t.Errorf("the audit finds %v, %v", findings, err)
	}
	if err := describeContents(tree, options, components); err == nil || !strings.Contains(err.Error(), "demo.cdx.json") {
		t.Errorf("a backend's own bill is written over: %v", err)
	}
}
