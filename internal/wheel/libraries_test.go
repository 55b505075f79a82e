// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// TestSysroot lays the sysroot out as Debian and Buildroot do: /lib is a link, and so are libraries, some of them absolute.
func TestSysroot(t *testing.T) {
	root := t.TempDir()
	triple := "arm-linux-gnueabihf"
	if err := os.CopyFS(root, os.DirFS("testdata/elf/sysroot")); err != nil {
		t.Fatal(err)
	}
	outside := filepath.Join(t.TempDir(), "libout.so")
	if err := os.WriteFile(outside, []byte(elfFile("libeggs.so")), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, to := range map[string]string{
		"lib":                              "usr/lib",
		"usr/lib/libabsolute.so":           "/lib/" + triple + "/libm.so.6",
		"usr/lib/librelative.so":           "../../usr/lib/" + triple + "/libm.so.6",
		"usr/lib/libclimbs.so":             "../../../../../usr/lib/" + triple + "/libm.so.6", // .. of / is / on the target
		"usr/lib/libloop.so":               "libloop.so",
		"usr/lib/libout.so":                outside,
		"usr/lib/" + triple + "/libtwo.so": "libabsent.so",
	} {
		if err := os.Symlink(to, filepath.Join(root, name)); err != nil {
			t.Fatal(err)
		}
	}
	libs := Sysroot(root, triple)
	for _, name := range []string{"libm.so.6", "libabsolute.so", "librelative.so", "libclimbs.so", "/lib/" + triple + "/libm.so.6"} {
		lib, err := libs.Library(name)
		if err != nil {
			t.Error(err)
		} else if lib.Object.SONAME != "libm.so.6" || lib.Path != "/usr/lib/"+triple+"/libm.so.6" {
			t.Errorf("%s is %s, %s", name, lib.Path, lib.Object.SONAME)
		}
	}
	for _, name := range []string{"libabsent.so.1", "libtwo.so", "libout.so"} {
		if lib, err := libs.Library(name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v, %v", name, lib, err)
		}
	}
	if _, err := libs.Library("libloop.so"); err == nil || errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "libloop.so") {
		t.Errorf("a link to itself: %v", err)
	}
}

func TestSysrootReadsOnce(t *testing.T) {
	libs := armLibraries()
	var found [8]*Library
	var wait sync.WaitGroup
	for i := range found {
		wait.Go(func() {
			lib, err := libs.Library("libc.so.6")
			if err != nil {
				t.Error(err)
			}
			found[i] = lib
		})
	}
	wait.Wait()
	for _, lib := range found {
		if lib == nil || lib != found[0] {
			t.Fatal("libc.so.6 was read twice")
		}
	}
}

// TestSymbolVersions: what the loader binds to what.
func TestSymbolVersions(t *testing.T) {
	old := exports{"f": {{Name: "f", Version: "V1", Hidden: true}, {Name: "f", Version: "V2"}}, "hidden": {{Name: "hidden", Version: "V1", Hidden: true}}}
	unversioned := exports{"f": {{Name: "f"}}}
	for _, test := range []struct {
		what string
		in   exports
		want Symbol
		ok   bool
	}{
		{"an old version", old, Symbol{Name: "f", Version: "V1"}, true},
		{"the default version", old, Symbol{Name: "f", Version: "V2"}, true},
		{"a version that is not there", old, Symbol{Name: "f", Version: "V3"}, false},
		{"any version", old, Symbol{Name: "f"}, true},
		{"any version, of one that is hidden", old, Symbol{Name: "hidden"}, false},
		{"a version, of a library without any", unversioned, Symbol{Name: "f", Version: "V1"}, true},
		{"another name", unversioned, Symbol{Name: "g"}, false},
	} {
		if got := test.in.define(test.want); got != test.ok {
			t.Errorf("%s: %v", test.what, got)
		}
	}
}
