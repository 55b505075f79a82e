// SPDX-License-Identifier: Apache-2.0

package sdkimage

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"crosswheel/internal/dagger"
	"crosswheel/internal/recipe"

	"github.com/hashicorp/hcl/v2"
)

// fakeCompiler answers as bookworm's does. It is compiled nothing with: the end-to-end tests ask the real one.
var fakeCompiler = func() string {
	assembly := ""
	for i, name := range sizedTypes {
		assembly += fmt.Sprintf("\t.size\ttype%d, %d\n", i, bookworm.Sizes[name])
	}
	return `#!/bin/sh
case $* in
-dumpfullversion) echo 12.2.0 ;;
-print-sysroot) echo "${0%/*}/../arm-linux-gnueabihf/sysroot" ;;
"-dM -E"*) printf '#define __ARM_ARCH 7\n#define __ARM_PCS_VFP 1\n#define __arm__ 1\n' ;;
-S*) cat <<END
` + assembly + `END
;;
*) echo "what is $*?" >&2; exit 1 ;;
esac
`
}()

// fakeSDK is as much of an SDK as ReadFacts reads, with a compiler that knows its version.
func fakeSDK(t *testing.T) string {
	dir := t.TempDir()
	root := filepath.Join(dir, bookworm.Triple, "sysroot")
	writeFile(t, 0o755, fakeCompiler, dir, "bin", bookworm.Triple+"-gcc")
	writeFile(t, 0o755, "#!/bin/sh\n", root, "usr/bin/xml2-config")
	writeFile(t, 0o755, "\x7fELF", root, "usr/bin/other-config")
	writeFile(t, 0o644, "#define __GLIBC_PREREQ(maj, min) 0\n#define\t__GLIBC__\t2\n#define\t__GLIBC_MINOR__\t36\n", root, "usr/include/features.h")
	writeFile(t, 0o644, "#define PY_VERSION \"3.11.2+\"\n", root, "usr/include/python3.11/patchlevel.h")
	writeFile(t, 0o644, "build_time_vars = {'A': 1, 'EXT_SUFFIX': '.cpython-311-arm-linux-gnueabihf.so',\n 'SOABI': 'cpython-311-arm-linux-gnueabihf'}\n", root, bookworm.Sysconfigdata)
	// The build machine's own Python must not be taken for the target's.
	writeFile(t, 0o644, "build_time_vars = {'EXT_SUFFIX': '.x86', 'SOABI': 'x86'}\n", dir, "lib/python3.11/_sysconfigdata__linux_x86_64-linux-gnu.py")
	// Nor a module that says nothing.
	writeFile(t, 0o644, "", root, "usr/lib/python3.11/_sysconfigdata__a.py")
	return dir
}

func TestReadFacts(t *testing.T) {
	if got, err := ReadFacts(fakeSDK(t)); err != nil || !reflect.DeepEqual(got, bookworm) {
		t.Errorf("got %+v, %v; want %+v", got, err, bookworm)
	}
	// Debian has the C library's headers in a folder for the architecture.
	dir := fakeSDK(t)
	include := filepath.Join(dir, bookworm.Triple, "sysroot/usr/include")
	if err := os.Mkdir(filepath.Join(include, bookworm.Triple), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(include, "features.h"), filepath.Join(include, bookworm.Triple, "features.h")); err != nil {
		t.Fatal(err)
	}
	if got, err := ReadFacts(dir); err != nil || !reflect.DeepEqual(got, bookworm) {
		t.Errorf("multiarch: got %+v, %v", got, err)
	}
}

func TestReadFactsFails(t *testing.T) {
	root := filepath.Join(bookworm.Triple, "sysroot")
	for name, c := range map[string]struct{ remove, want string }{
		"not an SDK":       {bookworm.Triple, "not an SDK: 0 folders with a sysroot in it, want one"},
		"no compiler":      {"bin", "no bin/*-gcc is for the sysroot"},
		"no C library":     {root + "/usr/include/features.h", "no usr/include/features.h or usr/include/*/features.h says "},
		"no Python":        {root + "/usr/include/python3.11", "not an SDK with Python: no usr/include/python3.*/patchlevel.h"},
		"no sysconfigdata": {filepath.Join(root, bookworm.Sysconfigdata), "no usr/lib/python3.11/_sysconfigdata__*.py says 'EXT_SUFFIX'"},
	} {
		dir := fakeSDK(t)
		if err := os.RemoveAll(filepath.Join(dir, c.remove)); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadFacts(dir); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
	two := fakeSDK(t)
	writeFile(t, 0o644, "", two, "x86_64-linux-gnu/sysroot/file")
	if _, err := ReadFacts(two); err == nil || !strings.Contains(err.Error(), "2 folders with a sysroot") {
		t.Errorf("two sysroots: got %v", err)
	}
}

func TestCheck(t *testing.T) {
	target, err := Target("bookworm-armhf")
	if err != nil {
		t.Fatal(err)
	}
	if diags := Check(target, bookworm); len(diags) > 0 {
		t.Error(diags)
	}
	var b strings.Builder
	for _, facts := range []Facts{
		{Triple: "arm-linux-gnueabi", Machine: "armv7l", GCC: "13.1.0", Glibc: "2.31", Python: "3.10.8", ExtSuffix: ".cpython-310-arm-linux-gnueabi.so"},
		{Triple: bookworm.Triple, Machine: "armv7l", GCC: "12.20.0", Glibc: "2.36", Python: "3.11.2", ExtSuffix: bookworm.ExtSuffix}, // 12.2 is not 12.20
	} {
		if err := recipe.WriteDiagnostics(&b, Files(), Check(target, facts), false, 100); err != nil {
			t.Fatal(err)
		}
	}
	checkGolden(t, "check.txt", b.String())
}

func TestTargets(t *testing.T) {
	targets, err := Targets()
	if err != nil || len(targets) == 0 {
		t.Fatalf("%v, %v", targets, err)
	}
	for _, target := range targets {
		if text := string(Files()[targetsName].Bytes); !strings.HasPrefix(text[target.Range.Start.Byte:], `target "`+target.Name+`"`) {
			t.Errorf("%s: its position is %v", target.Name, target.Range)
		}
	}
	if _, err := Target("bookworm-armfh"); err == nil || !strings.Contains(err.Error(), `"bookworm-armhf"`) {
		t.Errorf("got %v, want the nearest name", err)
	}
}

// What has to run again when a target changes follows from the declaration alone.
func TestKeys(t *testing.T) {
	target := recipe.Target{Name: "t", Provider: "debian", Suite: "bookworm", Triple: "arm-linux-gnueabihf", Python: "3.11", GCC: "12.2", Glibc: "2.36"}
	client := dagger.Connect() // it starts nothing
	key := func(change func(*recipe.Target)) (tools, all string) {
		t.Helper()
		changed := target
		change(&changed)
		image := New(client, changed)
		return image.ToolsKey, image.Key
	}
	tools, all := key(func(*recipe.Target) {})
	for _, c := range []struct {
		name                     string
		change                   func(*recipe.Target)
		toolsChange, imageChange bool
	}{
		{"nothing", func(*recipe.Target) {}, false, false},
		{"words", func(t *recipe.Target) { t.Summary, t.Range = "Other", hcl.Range{Start: hcl.InitialPos} }, false, false},
		{"packages", func(t *recipe.Target) { t.Packages = []string{"libssl-dev"} }, false, true},
		{"compiler", func(t *recipe.Target) { t.GCC = "13.1" }, false, true},
		{"suite", func(t *recipe.Target) { t.Suite = "trixie" }, true, true},
	} {
		if newTools, newAll := key(c.change); (newTools != tools) != c.toolsChange || (newAll != all) != c.imageChange {
			t.Errorf("%s: tools change: %t, image changes: %t", c.name, newTools != tools, newAll != all)
		}
	}
}
