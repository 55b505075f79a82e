// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"fmt"
	"strings"
	"testing"
)

func TestParseFilename(t *testing.T) {
	for filename, want := range map[string]string{
		"numpy-1.24.0-cp311-cp311-linux_armv7l.whl":                        "numpy 1.24.0  cp311-cp311-linux_armv7l",
		"six-1.17.0-py2.py3-none-any.whl":                                  "six 1.17.0  py2-none-any py3-none-any",
		"ruamel.yaml-0.17-1-cp36-abi3-linux_armv7l.whl":                    "ruamel-yaml 0.17 1 cp36-abi3-linux_armv7l",
		"PyYAML-6.0.1-cp311-cp311-manylinux_2_17_x86_64.whl":               "pyyaml 6.0.1  cp311-cp311-manylinux_2_17_x86_64",
		"demo-1.0+ot2.1-py3-none-any.whl":                                  "demo 1.0+ot2.1  py3-none-any",
		"a-1!2.0rc1.post2.dev3-cp313-cp313t-manylinux2014_armv7l.whl":      "a 1!2.0rc1.post2.dev3  cp313-cp313t-manylinux2014_armv7l",
		"foo_bar-1.0-3_build.x-cp311-cp311-linux_armv7l.linux_aarch64.whl": "foo-bar 1.0 3_build.x cp311-cp311-linux_aarch64 cp311-cp311-linux_armv7l",
	} {
		n, err := ParseFilename(filename)
		if err != nil {
			t.Error(err)
			continue
		}
		if got := fmt.Sprint(n.Project(), " ", n.Version, " ", n.Build, " ", strings.Trim(fmt.Sprint(n.Tags()), "[]")); got != want {
			t.Errorf("%s:\n got %s\nwant %s", filename, got, want)
		}
		if n.String() != filename {
			t.Errorf("%s is put together as %s", filename, n)
		}
	}
}

func TestParseFilenameRefuses(t *testing.T) {
	for _, filename := range []string{
		"numpy-1.24.0.tar.gz", "numpy-1.24.0-cp311-linux_armv7l.whl", "a-1-1-1-py3-none-any.whl",
		"foo__bar-1.0-py3-none-any.whl", "_foo-1.0-py3-none-any.whl", "foo-1.0-x1-py3-none-any.whl", "foo-one-py3-none-any.whl",
		"foo-1.0-py2..py3-none-any.whl", "foo-1.0--none-any.whl", "foo-1.0-py3-none-any\n.whl", "foo- 1.0-py3-none-any.whl",
		"../foo-1.0-py3-none-any.whl", "f/oo-1.0-py3-none-any.whl", `f"oo-1.0-py3-none-any.whl`, "foo-1.0-py3-none-a:b.whl", "", ".whl",
		"-1.0-py3-none-any.whl", "fóo-1.0-py3-none-any.whl", "boo\u212a-1.0-py3-none-any.whl", // a Kelvin sign, which is a k to (?i)
	} {
		if n, err := ParseFilename(filename); err == nil {
			t.Errorf("%q is taken for %#v", filename, n)
		} else if !strings.Contains(err.Error(), fmt.Sprintf("%q", filename)) {
			t.Errorf("%q is not named in: %v", filename, err)
		}
	}
}

func TestCanonical(t *testing.T) {
	n, err := ParseFilename("Ruamel.YAML-1.0-RC.1-py3-none-any.whl")
	if err == nil {
		t.Fatalf("a version with a dash is taken: %#v", n)
	}
	n, err = ParseFilename("Ruamel.YAML-v1.0.RC.1-py3-none-any.whl")
	if err != nil {
		t.Fatal(err)
	}
	if got := n.Canonical().String(); got != "ruamel_yaml-1.0rc1-py3-none-any.whl" {
		t.Error(got)
	}
}

func TestNormalizeProject(t *testing.T) {
	for name, want := range map[string]string{"Ruamel.YAML": "ruamel-yaml", "a-_.b": "a-b", "PyYAML": "pyyaml"} {
		if got := NormalizeProject(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// FuzzParseFilename: what is taken is put together as the same name again, and is never more than one element of a path.
func FuzzParseFilename(f *testing.F) {
	for _, seed := range []string{"numpy-1.24.0-cp311-cp311-linux_armv7l.whl", "a-1!2+b.1-1x-py2.py3-none-any.whl", "a..b-1-py3-none-any.whl"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, filename string) {
		n, err := ParseFilename(filename)
		if err != nil {
			return
		}
		if n.String() != filename || strings.ContainsAny(filename, "/\\\n\"<>&'") {
			t.Errorf("%q is taken for %q", filename, n)
		}
		canonical := n.Canonical()
		if again, err := ParseFilename(canonical.String()); err != nil || again.Canonical().String() != canonical.String() {
			t.Errorf("the normal form of %q, %q, has another normal form: %v", filename, canonical, err)
		}
	})
}
