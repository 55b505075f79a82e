// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"crosswheel/internal/sbom"
	"crosswheel/internal/step"
	sdkimage "crosswheel/sdk-image"
)

// Everything that a wheel was made of is in its provenance, in the way in which somebody else can compare it.
func TestProvenance(t *testing.T) {
	p, builds := plain(t, catalogue(t))
	p.facts = sdkimage.Facts{Python: "3.11.2", Glibc: "2.36", GCC: "12.2.0"}
	for _, b := range builds {
		b.outcome = &outcome{pipeline: p, build: b, finish: b.finish, status: Cached, timing: timing{Started: 1700000000.75, Seconds: 60.5}}
		for _, s := range b.stages() {
			p.key(s)
		}
		if b.finish != nil {
			b.outcome.wheel = step.Finished{Filename: b.slug() + "-py3-none-any.whl", SHA256: strings.Repeat("cd", 32)}
		}
	}
	for _, b := range builds {
		if name := b.Recipe.Name; name != "Spline" && name != "vendored" {
			continue
		}
		b.outcome.wheel.Contains = []sbom.Component{{Name: "libc", Version: "1", PURL: "pkg:cargo/libc@1", Source: sbom.Source{SHA256: strings.Repeat("ef", 32)}}}
		if b.requirements != nil && b.lock != nil {
			b.requirements = nil // a lock is made by an engine
		}
		text, err := b.outcome.provenance(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var statement map[string]any
		if err := json.Unmarshal(text, &statement); err != nil {
			t.Fatal(err)
		}
		builder := statement["predicate"].(map[string]any)["runDetails"].(map[string]any)["builder"].(map[string]any)
		delete(builder, "version") // of the test
		shown, err := json.MarshalIndent(statement, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		checkGolden(t, "provenance-"+strings.ToLower(b.Recipe.Name)+".json", strings.ReplaceAll(string(shown)+"\n", p.image.Key, "KEY"))
	}
}

// A folder's digest is what sha256sum gives of what it gives of its files.
func TestDigestOf(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"in/b": "b", "in/a.txt": "a", "in/a/c": "c"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	// cd in; find * -type f | LC_ALL=C sort | xargs sha256sum | sha256sum
	got, err := digestOf(os.DirFS(dir), "in")
	if want := "960f4b7e3ef40b5fbdb33a66d9268fcac5ab014b4b006f55ceccb373dbc31a7b"; err != nil || got["dirHash"] != want {
		t.Errorf("got %v, %v", got, err)
	}
	if got, err := digestOf(os.DirFS(dir), "in/b"); err != nil || got["sha256"] != "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d" {
		t.Errorf("of a file: %v, %v", got, err)
	}
	if _, err := digestOf(os.DirFS(dir), "out"); err == nil {
		t.Error("what is not there has a digest")
	}
}

// What is told of a wheel does not depend on the run that tells it.
func TestBillOutside(t *testing.T) {
	p, builds := plain(t, catalogue(t))
	for _, b := range builds {
		if b.Recipe.Name == "Spline" {
			o := &outcome{pipeline: p, build: b, wheel: step.Finished{Filename: "spline-2.0-py3-none-any.whl", SHA256: strings.Repeat("cd", 32)}}
			bill := o.bill()
			for _, want := range []string{`"purl": "pkg:pypi/spline@2.0?file_name=spline-2.0-py3-none-any.whl"`, strings.Repeat("cd", 32), strings.Repeat("3", 64)} {
				if !bytes.Contains(bill, []byte(want)) {
					t.Errorf("the bill does not say %s: %s", want, bill)
				}
			}
		}
	}
}
