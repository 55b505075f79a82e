// SPDX-License-Identifier: Apache-2.0

package buildroot

import (
	"archive/tar"
	"debug/elf"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const top = triple + "_sdk-buildroot/"

// quirk is what real SDKs have, each alone; the zero value of check looks for a native Python.
type quirk struct {
	name  string
	top   string
	tree  tree
	check func(t *testing.T, s SDK, dir string)
}

var gone = entry{}

var quirks = []quirk{
	{name: "none"},
	{name: "a top folder of any name", top: "ot2/"},
	{name: "no top folder", top: "./"},
	{name: "folders that lead back", tree: tree{
		"usr": link("."), "lib64": link("lib"), sysroot + "lib32": link("usr/lib"),
	}},
	{name: "links that lead nowhere", tree: tree{
		sysroot + "etc/resolv.conf": link("../tmp/resolv.conf"), sysroot + "etc/mtab": link("../proc/mounts"), sysroot + "dev/fd": link("../proc/self/fd"),
	}},
	{name: "names that differ by case", tree: tree{
		sysroot + "usr/include/xt_MARK.h": {text: "1"}, sysroot + "usr/include/xt_mark.h": {text: "2"},
	}, check: func(t *testing.T, _ SDK, dir string) {
		if got := read(t, dir, sysroot+"usr/include/xt_MARK.h") + read(t, dir, sysroot+"usr/include/xt_mark.h"); got != "12" {
			t.Errorf("the files hold %q", got)
		}
	}},
	{name: "hard links", tree: tree{
		"bin/" + triple + "-ar": {text: "ar"}, "bin/arm-linux-ar": {kind: tar.TypeLink, link: "bin/" + triple + "-ar"},
	}, check: func(t *testing.T, _ SDK, dir string) {
		if read(t, dir, "bin/arm-linux-ar") != "ar" {
			t.Error("the second name is another file")
		}
	}},
	{name: "absolute links of the sysroot", tree: tree{
		sysroot + "usr/lib/libm.so": link("/lib/libm.so.6"), sysroot + "lib/libm.so.6": {text: "libm"},
	}, check: func(t *testing.T, _ SDK, dir string) {
		if read(t, dir, sysroot+"usr/lib/libm.so") != "libm" {
			t.Error("it leads elsewhere than in the target")
		}
	}},
	{name: "absolute links of the SDK", tree: tree{
		"bin/arm-linux-gcc": link(made + "/bin/" + triple + "-gcc"),
	}, check: func(t *testing.T, _ SDK, dir string) {
		if target, _ := os.Readlink(filepath.Join(dir, "bin/arm-linux-gcc")); target != triple+"-gcc" {
			t.Errorf("it leads to %s", target)
		}
	}},
	{name: "a relocation script that asks what is text", tree: tree{"relocate-sdk.sh": {text: greps}, "share/buildroot/sdk-relocs": gone}},
	{name: "an SDK that was moved before", tree: tree{"share/buildroot/sdk-location": {text: made + "\n\n"}}},
	{name: "a script for shells", tree: tree{"environment-setup": {text: "echo banner; exit 1\n"}}},
	{name: "a compiler that is not called like the sysroot's folder", tree: tree{
		"bin/" + triple + "-gcc": gone, "bin/arm-linux-gnueabihf-gcc": {text: compiler("object")},
	}},
	{name: "a second compiler", tree: tree{"bin/arm-none-eabi-gcc": {text: "#!/bin/sh\nexit 1\n"}}},
	{name: "a second compiler that comes first", tree: tree{
		"bin/" + triple + "-gcc": gone, "bin/arm-linux-gnueabihf-gcc": {text: compiler("object")}, "bin/aarch64-gcc": {text: compiler("other")},
		"bin/other": {text: elfFile(elf.EM_AARCH64, elf.ELFCLASS64)},
	}},
	{name: "programs that start others", tree: tree{"bin/" + triple + "-gcc.br_real": {text: elfFile(elf.EM_X86_64, elf.ELFCLASS64)}}},
	{name: "no native Python", tree: tree{"bin/python3": gone}, check: native("")},
	{name: "a native Python of another minor version", tree: tree{"bin/python3": {text: "#!/bin/sh\necho 3.11\n"}}, check: native("")},
	{name: "a native Python that needs a newer C library", tree: tree{"bin/python3": {text: "#!/bin/sh\nexit 1\n"}}, check: native("")},
	{name: "python3.12-config beside the target's Python", tree: tree{sysroot + "usr/bin/python3.12-config": {text: "#!/bin/sh\n"}}},
}

// TestQuirks opens SDKs with quirks. What is the same for all is checked for all.
func TestQuirks(t *testing.T) {
	for _, c := range quirks {
		t.Run(c.name, func(t *testing.T) {
			if _, err := exec.LookPath("file"); err != nil && strings.Contains(c.name, "what is text") {
				t.Skip("the program file is not here")
			}
			if c.top == "" {
				c.top = top
			}
			s, dir, err := opened(t, plain().with(c.tree).tarball(t, c.top), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if s.Triple != triple || s.Python != "3.12" || s.Location != made || !slices.Equal(s.Lacks, []string{"ssl"}) {
				t.Errorf("read: %+v", s)
			}
			checkPlace(t, dir)
			if c.check == nil {
				c.check = native("bin/python3")
			}
			c.check(t, s, dir)
		})
	}
}

func native(want string) func(*testing.T, SDK, string) {
	return func(t *testing.T, s SDK, _ string) {
		if s.Native != want {
			t.Errorf("the native Python is %q, want %q", s.Native, want)
		}
	}
}

// checkPlace looks whether the SDK knows where it lies, no link is absolute, and times say what has changed.
func checkPlace(t *testing.T, dir string) {
	t.Helper()
	const python = sysroot + "usr/lib/python3.12/"
	if got := read(t, dir, python+"_sysconfigdata__linux_arm-linux-gnueabihf.py"); !strings.Contains(got, "'"+dir+"/bin/gcc'") || !strings.Contains(got, "'abs'") {
		t.Errorf("sysconfigdata: %s", got)
	}
	if got := read(t, dir, sysroot+"usr/lib/pkgconfig/zlib.pc"); !strings.HasPrefix(got, "prefix="+dir+"/"+sysroot) {
		t.Errorf("zlib.pc: %s", got)
	}
	if info, err := os.Stat(filepath.Join(dir, python, "os.py")); err != nil || !info.ModTime().Equal(packed) {
		t.Errorf("os.py: %v, %v; it must keep its time", info.ModTime(), err)
	}
	if info, err := os.Stat(filepath.Join(dir, sysroot, "usr/lib/pkgconfig/zlib.pc")); err != nil || !info.ModTime().Equal(rewritten) {
		t.Errorf("zlib.pc: %v, %v; it must have a fixed time", info.ModTime(), err)
	}
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type() == fs.ModeSymlink {
			if target, _ := os.Readlink(name); filepath.IsAbs(target) {
				t.Errorf("%s leads to %s", name, target)
			}
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func read(t *testing.T, dir, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Error(err)
	}
	return string(text)
}

// broken is what is no SDK, or none for here.
var broken = []struct {
	name    string
	tree    tree
	options Options
	damage  func([]byte) []byte
	want    string
}{
	{name: "truncated", damage: func(b []byte) []byte { return b[:len(b)*3/4] }, want: "the SDK sdk.tar.gz: it ends too early: it was cut off"},
	{name: "damaged", damage: func(b []byte) []byte { b[len(b)-8]++; return b }, want: "it is damaged"},
	{name: "not an archive", damage: func([]byte) []byte { return []byte(strings.Repeat("<html>", 200)) }, want: "it is not an SDK: "},
	{name: "empty", damage: func([]byte) []byte { return nil }, want: "it is not an SDK: 0 bytes are no archive"},
	{name: "another SDK", options: Options{SHA256: strings.Repeat("0", 64)}, want: "and the target declares 0000"},
	{name: "some source", tree: tree{"relocate-sdk.sh": gone}, want: "it is not an SDK: no relocate-sdk.sh in its top folder"},
	{name: "no location", tree: tree{"share/buildroot/sdk-location": gone}, want: "it is not an SDK: no share/buildroot/sdk-location"},
	{name: "an empty location", tree: tree{"share/buildroot/sdk-location": {text: "\n"}}, want: "no share/buildroot/sdk-location"},
	{name: "two sysroots", tree: tree{"x86_64-linux-gnu/sysroot/etc/os-release": {text: "x"}}, want: "2 folders with a sysroot in it, want one"},
	{name: "no compiler", tree: tree{"bin/" + triple + "-gcc": gone}, want: "it has no compiler, bin/" + triple + "-gcc"},
	{name: "made on arm64", tree: tree{"bin/" + triple + "-gcc": {text: elfFile(elf.EM_AARCH64, elf.ELFCLASS64)}},
		want: "its compiler bin/" + triple + "-gcc runs on aarch64 (arm64), and builds run on x86_64: make the SDK on an x86_64 machine"},
	{name: "a script for a program made on arm64", tree: tree{"bin/" + triple + "-gcc.br_real": {text: elfFile(elf.EM_AARCH64, elf.ELFCLASS64)}},
		want: "runs on aarch64"},
	{name: "a compiler that does not start", tree: tree{"bin/" + triple + "-gcc": {text: "#!/bin/sh\necho GLIBC_2.99 not found >&2; exit 1\n"}},
		want: "-gcc does not compile an empty program: exit status 1\nGLIBC_2.99 not found"},
	{name: "for another processor", tree: tree{"bin/object": {text: elfFile(elf.EM_AARCH64, elf.ELFCLASS64)}},
		want: "is for aarch64 (arm64), and wheels are built for 32-bit ARM"},
	{name: "no Python", tree: tree{sysroot + "usr/bin/python3.12": gone}, want: "it has no Python for the target: 0 programs usr/bin/python3.N in its sysroot, want one. Configure Buildroot with BR2_PACKAGE_PYTHON3=y"},
	{name: "no headers of Python", tree: tree{sysroot + "usr/include/python3.12/Python.h": gone}, want: "its Python for the target is not whole: no usr/include/python3.12/Python.h"},
	{name: "a Python for another processor", tree: tree{sysroot + "usr/bin/python3.12": {text: elfFile(elf.EM_X86_64, elf.ELFCLASS64)}},
		want: "the Python in its sysroot, usr/bin/python3.12, is for x86_64"},
	{name: "a name that leaves the folder", tree: tree{"../../etc/passwd": {text: "x"}}, want: `../../etc/passwd": its name leaves the archive's folder`},
	{name: "a link that leaves the folder", tree: tree{"share/x": link("../../../etc")}, want: `it links to "../../../etc", outside the archive's folder`},
	{name: "an absolute link that leaves the folder", tree: tree{"share/x": link("/etc/passwd")}, want: `it links to "/etc/passwd", outside the archive's folder`},
	{name: "an absolute link that is only called like the SDK's place", tree: tree{"share/x": link(made + "-other/x")}, want: "outside the archive's folder"},
	{name: "an absolute link that leaves the sysroot", tree: tree{sysroot + "x": link("/../../../../etc")}, want: "outside the archive's folder"},
	{name: "a device", tree: tree{sysroot + "dev/null": {kind: tar.TypeChar}}, want: "it is a device"},
	{name: "a script that fails", tree: tree{"relocate-sdk.sh": {text: "echo no space >&2; exit 3\n"}}, want: "its relocate-sdk.sh fails: exit status 3\nno space"},
	{name: "a script that misses its programs", tree: tree{"relocate-sdk.sh": {text: strings.ReplaceAll(greps, "file -b", "no-such-file -b")}},
		want: "its relocate-sdk.sh has left the path " + made + " in "},
	{name: "a script that does nothing", tree: tree{"relocate-sdk.sh": {text: "#!/bin/sh\n"}}, want: "its relocate-sdk.sh says that it lies at " + made},
}

func TestBroken(t *testing.T) {
	for _, c := range broken {
		t.Run(c.name, func(t *testing.T) {
			tarball := plain().with(c.tree).tarball(t, top)
			if c.damage != nil {
				tarball = c.damage(tarball)
			}
			_, dir, err := opened(t, tarball, c.options)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			if outside, _ := filepath.Glob(filepath.Join(filepath.Dir(filepath.Dir(dir)), "*")); len(outside) > 3 {
				t.Errorf("it has written %v", outside)
			}
		})
	}
}
