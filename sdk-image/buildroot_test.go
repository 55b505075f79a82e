// SPDX-License-Identifier: Apache-2.0

package sdkimage

import (
	"strings"
	"testing"

	"crosswheel/internal/buildroot"
	"crosswheel/internal/dagger"
	"crosswheel/internal/recipe"
)

// A native Python of the target's minor version is the SDK's own, or that of the Debian which has one.
func TestNativePython(t *testing.T) {
	client := dagger.Connect() // it starts nothing
	for _, c := range []struct{ python, own, suite, native, pip, fails string }{
		{"3.12.11", "bin/python3", "trixie", SDKDir + "/bin/python3", "25.2", ""},
		{"3.11.2", "bin/python3", "trixie", SDKDir + "/bin/python3", "22.3.1", ""},
		{"3.11.2", "", "bookworm", "", "22.3.1", ""},
		{"3.9.2", "", "bullseye", "", "22.3.1", ""},
		{"3.13.5", "", "trixie", "", "25.2", ""},
		{"3.10.8", "", "", "", "", "the SDK ot2.tar.gz has Python 3.10.8 for the target and no bin/python3 of that minor version which runs here."},
	} {
		facts := bookworm
		facts.Python = c.python
		opened := Opened{SDK: buildroot.SDK{SHA256: "a", Native: c.own}, Name: "ot2.tar.gz", Facts: facts, Directory: client.Directory()}
		image, err := NewBuildroot(client, recipe.Target{}, opened)
		if c.fails != "" {
			if err == nil || !strings.HasPrefix(err.Error(), c.fails) {
				t.Errorf("%s: got %v, want %q", c.python, err, c.fails)
			}
			continue
		}
		if err != nil || image.ToolsKey != toolsKey(c.suite) || image.Native != c.native || image.Target.Pip != c.pip {
			t.Errorf("%s, own %q: %+v, %v", c.python, c.own, image, err)
		}
	}
}

// What is declared loosely, or not at all, is what the SDK says. A declared name, pip and architecture stay.
func TestComplete(t *testing.T) {
	opened := Opened{Name: "sdk.tar.gz", Facts: bookworm}
	got := complete(recipe.Target{}, opened)
	want := recipe.Target{Name: "sdk", Summary: "The SDK sdk.tar.gz", Provider: "buildroot", Arch: "armv7l", Triple: bookworm.Triple, Python: "3.11", Glibc: "2.36", GCC: "12.2.0", Pip: "22.3.1"}
	if !sameTarget(got, want) {
		t.Errorf("without a declaration: %+v", got)
	}
	declared := recipe.Target{Name: "ot2", Summary: "A robot", Provider: "debian", Suite: "bookworm", Packages: []string{"x"}, Arch: "armv7l", GCC: ">= 12", Glibc: ">= 2.30", Pip: "25.2"}
	want.Name, want.Summary, want.Pip = "ot2", "A robot", "25.2"
	if got := complete(declared, opened); !sameTarget(got, want) {
		t.Errorf("with one: %+v", got)
	}
}

func sameTarget(a, b recipe.Target) bool {
	return len(a.Packages) == 0 && a.Suite == "" && a.Name == b.Name && a.Summary == b.Summary && a.Provider == b.Provider && a.Arch == b.Arch &&
		a.Triple == b.Triple && a.Python == b.Python && a.Glibc == b.Glibc && a.GCC == b.GCC && a.Pip == b.Pip
}

// Another tarball is another SDK, whatever it says of itself.
func TestTarballIsInKey(t *testing.T) {
	client := dagger.Connect()
	key := func(sum string) (tools, all string) {
		image, err := NewBuildroot(client, recipe.Target{}, Opened{SDK: buildroot.SDK{SHA256: sum}, Facts: bookworm, Directory: client.Directory()})
		if err != nil {
			t.Fatal(err)
		}
		return image.ToolsKey, image.Key
	}
	tools, all := key("a")
	if otherTools, other := key("b"); otherTools != tools || other == all {
		t.Errorf("another tarball: tools change: %t, the image changes: %t", otherTools != tools, other != all)
	}
}

func TestWithoutPip(t *testing.T) {
	if because := (&Image{Lacks: []string{"ssl", "sqlite3"}}).WithoutPip(); because != "" {
		t.Errorf("pip runs without ssl from files: %s", because)
	}
	if because := (&Image{Lacks: []string{"ssl", "xml.parsers.expat"}}).WithoutPip(); !strings.Contains(because, "without xml.parsers.expat") {
		t.Errorf("got %q", because)
	}
}
