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

// fakeCompiler answers as bookworm's does, for the sysroot of a triple. Nothing is compiled with it: the end-to-end tests ask the real one.
func fakeCompiler(triple string) string {
	assembly := ""
	for i, name := range sizedTypes {
		assembly += fmt.Sprintf("\t.size\ttype%d, %d\n", i, bookworm.Sizes[name])
	}
	return `#!/bin/sh
case $* in
-dumpfullversion) echo 12.2.0 ;;
-print-sysroot) echo "${0%/*}/../` + triple + `/sysroot" ;;
--version) printf 'gcc (Debian 12.2.0-14) 12.2.0\nCopyright\n' ;;
"-Q --help=target") cat <<END
  -march=      	armv7-a+fp
  -mcpu=       	
  -marm        	[disabled]
  -mthumb      	[enabled]
  -mfloat-abi= 	hard

  Known ARM ABIs (for use with the -mabi= option):
    aapcs
END
;;
"-dM -E"*) printf '#define __ARM_ARCH 7\n#define __ARM_PCS_VFP 1\n#define __arm__ 1\n' ;;
-shared*) cp "${0%/*}/../module.so" "$3" ;;
-S*) cat <<END
` + assembly + `END
;;
*) echo "what is $*?" >&2; exit 1 ;;
esac
`
}

// fakeSDK is as much of an SDK as ReadFacts reads, with real libraries and a compiler that knows what it is.
func fakeSDK(t *testing.T, triple, prefix string) string {
	dir := t.TempDir()
	root := filepath.Join(dir, triple, "sysroot")
	writeFile(t, 0o755, fakeCompiler(triple), dir, "bin", prefix+"-gcc")
	writeFile(t, 0o755, "#!/bin/sh\necho GNU ld '(GNU Binutils for Debian)' 2.40\n", dir, "bin", prefix+"-ld")
	writeFile(t, 0o755, "#!/bin/sh\nprintf 'Attribute Section: aeabi\\nFile Attributes\\n  Tag_CPU_name: \"7-A\"\\n  Tag_FP_arch: VFPv3-D16\\n'\n", dir, "bin", prefix+"-readelf")
	writeFile(t, 0o644, "#define __GLIBC_PREREQ(maj, min) 0\n#define\t__GLIBC__\t2\n#define\t__GLIBC_MINOR__\t36\n", root, "usr/include/features.h")
	writeFile(t, 0o644, "#define PY_VERSION \"3.11.2+\"\n", root, "usr/include/python3.11/patchlevel.h")
	writeFile(t, 0o644, "build_time_vars = {'A': 1, 'EXT_SUFFIX': '.cpython-311-arm-linux-gnueabihf.so',\n 'SOABI': 'cpython-311-arm-linux-gnueabihf'}\n", root, bookworm.Sysconfigdata)
	// The build machine's own Python must not be taken for the target's.
	writeFile(t, 0o644, "build_time_vars = {'EXT_SUFFIX': '.x86', 'SOABI': 'x86'}\n", dir, "lib/python3.11/_sysconfigdata__linux_x86_64-linux-gnu.py")
	writeFile(t, 0o644, "Name: x86\nVersion: 1\n", dir, "lib/python3.11/site-packages/x86-1.dist-info/METADATA")
	// Nor a module that says nothing.
	writeFile(t, 0o644, "", root, "usr/lib/python3.11/_sysconfigdata__a.py")

	writeFile(t, 0o755, "#!/bin/sh\n", root, "usr/bin/xml2-config")
	writeFile(t, 0o755, "#!/usr/bin/python3\n", root, "usr/bin/numpy-config")
	writeFile(t, 0o755, "\x7fELF", root, "usr/bin/other-config")
	writeFile(t, 0o644, "Metadata-Version: 2.1\nName: numpy\nVersion: 1.21.6\n\nName: not\n", root, "usr/lib/python3.11/site-packages/numpy-1.21.6.dist-info/METADATA")
	writeFile(t, 0o644, "Name: six\nVersion: 1.16.0\n", root, "usr/lib/python3/dist-packages/six-1.16.0.egg-info/PKG-INFO")
	writeFile(t, 0o644, "Name: lazr\nVersion: 2\n", root, "usr/lib/python3/dist-packages/lazr-2.egg-info")
	writeFile(t, 0o644, "libc6 2.36-9+deb12u9 armhf\n", dir, "share/buildroot/packages")
	writeFile(t, 0o644, elfFile(t, "good.so"), dir, "module.so") // what the compiler makes
	for _, name := range []string{"libc.so.6", "libplus.so.1"} {
		writeFile(t, 0o644, elfFile(t, "sysroot/usr/lib/arm-linux-gnueabihf/"+name), root, "usr/lib", name+".0")
		link(t, name+".0", root, "usr/lib", name)
	}
	writeFile(t, 0o644, "GROUP ( libc.so.6 )\n", root, "usr/lib/libc.so")
	link(t, "/nowhere/libm.so.6", root, "usr/lib/libm.so")
	link(t, "usr/lib", root, "lib") // a second name of the same folder
	link(t, ".", dir, "usr")        // as Buildroot's SDKs have it: who follows links walks for ever
	link(t, triple, dir, "other-name")
	return dir
}

// elfFile is a real one for ARM.
func elfFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("../internal/wheel/testdata/elf/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func link(t *testing.T, to string, path ...string) {
	t.Helper()
	if err := os.Symlink(to, filepath.Join(path...)); err != nil {
		t.Fatal(err)
	}
}

// whole is what fakeSDK says beyond what a build environment is made of.
func whole(f Facts) Facts {
	f.Compiler, f.Binutils, f.Platform = "gcc (Debian 12.2.0-14) 12.2.0", "2.40", "linux_armv7l"
	f.Code = map[string]string{"-march": "armv7-a+fp", "-mthumb": "enabled", "-mfloat-abi": "hard"}
	f.Attributes = map[string]string{"Tag_CPU_name": "7-A", "Tag_FP_arch": "VFPv3-D16"}
	f.Libraries = []Library{
		{"libc.so.6", "usr/lib/libc.so.6.0", []string{"GLIBC_2.4", "GLIBC_2.33", "GLIBC_2.36", "GLIBC_PRIVATE"}},
		{"libplus.so.1", "usr/lib/libplus.so.1.0", []string{"PLUS_1"}},
	}
	f.Preinstalled = []Package{{"lazr", "2"}, {"numpy", "1.21.6"}, {"six", "1.16.0"}}
	f.Packages = []Package{{"libc6", "2.36-9+deb12u9"}}
	return f
}

func TestReadFacts(t *testing.T) {
	got, err := ReadFacts(fakeSDK(t, bookworm.Triple, bookworm.Triple))
	if want := whole(bookworm); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
	checkGolden(t, "facts.txt", got.Text())

	// A toolchain from elsewhere in an SDK of Buildroot's has another name, and another one beside it.
	dir := fakeSDK(t, "arm-buildroot-linux-gnueabihf", "arm-linux-gnueabihf")
	writeFile(t, 0o755, "#!/bin/sh\necho /\n", dir, "bin/aarch64-linux-gcc")
	writeFile(t, 0o755, "#!/bin/sh\nexit 1\n", dir, "bin/arm-broken-gcc")
	want := whole(bookworm)
	want.Triple = "arm-buildroot-linux-gnueabihf"
	if got, err := ReadFacts(dir); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}

	// Debian has the C library's headers in a folder for the architecture.
	dir = fakeSDK(t, bookworm.Triple, bookworm.Triple)
	include := filepath.Join(dir, bookworm.Triple, "sysroot/usr/include")
	if err := os.Mkdir(filepath.Join(include, bookworm.Triple), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(include, "features.h"), filepath.Join(include, bookworm.Triple, "features.h")); err != nil {
		t.Fatal(err)
	}
	if got, err := ReadFacts(dir); err != nil || got.Glibc != "2.36" {
		t.Errorf("multiarch: got %+v, %v", got, err)
	}
}

// The compiler is believed in what it makes, and not in how it is called.
func TestMachine(t *testing.T) {
	for macros, want := range map[string]string{
		"#define __ARM_ARCH 8\n#define __ARM_PCS_VFP 1\n#define __arm__ 1\n": "armv7l", // a Cortex-A53 in 32-bit mode
		"#define __ARM_ARCH 6\n#define __ARM_PCS_VFP 1\n#define __arm__ 1\n": "ARMv6",
		"#define __ARM_ARCH 7\n#define __arm__ 1\n":                          "hardware floating point: false",
		"#define __ARM_ARCH 8\n#define __aarch64__ 1\n":                      "aarch64",
		"#define __x86_64__ 1\n":                                             "no processor that wheels are built for",
	} {
		got, err := machine(macros)
		if got != want && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: got %q, %v, want %q", macros, got, err, want)
		}
	}
}

func TestNewest(t *testing.T) {
	versions := []string{"GLIBCXX_3.4", "GLIBCXX_3.4.9", "GLIBCXX_3.4.30", "GLIBCXX_DEBUG_MESSAGE_LENGTH", "CXXABI_1.3.13", "CXXABI_TM_1", "CXXABI_ARM_1.3.3"}
	if glibcxx, cxxabi := newestOf(versions, "GLIBCXX_"), newestOf(versions, "CXXABI_"); glibcxx != "3.4.30" || cxxabi != "1.3.13" {
		t.Errorf("got %s, %s", glibcxx, cxxabi)
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
		dir := fakeSDK(t, bookworm.Triple, bookworm.Triple)
		if err := os.RemoveAll(filepath.Join(dir, c.remove)); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadFacts(dir); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
	// A dangling libm.so: what is linked needs no libm.so.6.
	static := fakeSDK(t, bookworm.Triple, bookworm.Triple)
	writeFile(t, 0o644, elfFile(t, "rpath.so"), static, "module.so")
	if _, err := ReadFacts(static); err == nil || !strings.Contains(err.Error(), "the linker finds only the static library") {
		t.Errorf("a static libm: got %v", err)
	}
	two := fakeSDK(t, bookworm.Triple, bookworm.Triple)
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
