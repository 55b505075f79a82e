// SPDX-License-Identifier: Apache-2.0

package sdkimage

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files")

// bookworm is what the SDK of target bookworm-armhf says of itself.
var bookworm = Facts{
	Triple: "arm-linux-gnueabihf", Prefix: "arm-linux-gnueabihf", Machine: "armv7l", GCC: "12.2.0", Glibc: "2.36", Python: "3.11.2", SOABI: "cpython-311-arm-linux-gnueabihf",
	ExtSuffix: ".cpython-311-arm-linux-gnueabihf.so", Sysconfigdata: "usr/lib/python3.11/_sysconfigdata__arm-linux-gnueabihf.py",
	Sizes:         sizesOfARM,
	ConfigScripts: []string{"xml2-config"},
}

var sizesOfARM = map[string]int{
	"short": 2, "int": 4, "long": 4, "long long": 8, "void *": 4, "size_t": 4, "wchar_t": 4, "time_t": 4, "off_t": 4, "float": 4, "double": 8, "long double": 8,
}

// robot is what an SDK made by Buildroot around a toolchain from elsewhere says of itself.
var robot = Facts{
	Triple: "arm-buildroot-linux-gnueabihf", Prefix: "arm-linux-gnueabihf", Machine: "armv7l", GCC: "7.3.1", Glibc: "2.25", Python: "3.10.8",
	SOABI: "cpython-310-arm-linux-gnueabihf", ExtSuffix: ".cpython-310-arm-linux-gnueabihf.so",
	Sysconfigdata: "usr/lib/python3.10/_sysconfigdata__linux_arm-linux-gnueabihf.py",
	Sizes:         sizesOfARM,
}

// checkGolden compares a text with the file that holds what it should be.
func checkGolden(t *testing.T, file, got string) {
	t.Helper()
	file = filepath.Join("testdata", file)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || got != string(want) {
		t.Errorf("%s differs (-update writes it), %v; got:\n%s", file, err, got)
	}
}

// Every build depends on every byte of this: a change recompiles everything.
func TestEnvironment(t *testing.T) {
	for provider, facts := range map[string]Facts{"debian": bookworm, "buildroot": robot} {
		environment := Environment(facts)
		var b strings.Builder
		for _, name := range slices.Sorted(maps.Keys(environment.Variables)) {
			fmt.Fprintf(&b, "%s=%s\n", name, environment.Variables[name])
		}
		for _, name := range slices.Sorted(maps.Keys(environment.Files)) {
			file := environment.Files[name]
			fmt.Fprintf(&b, "\n-- %s %04o --\n%s", name, file.Mode, file.Contents)
		}
		checkGolden(t, "environment-"+provider+".txt", b.String())
		if left := regexp.MustCompile(`@[A-Z_]+@`).FindString(b.String()); left != "" {
			t.Errorf("%s is not replaced", left)
		}
	}
}

// PyO3 looks for the module below a folder, and by the name that Python is told: Debian's own name is none that Python knows.
func TestPyO3(t *testing.T) {
	for _, facts := range []Facts{bookworm, robot} {
		environment := Environment(facts)
		folder, _ := strings.CutPrefix(environment.Variables["PYO3_CROSS_LIB_DIR"], CrossDir+"/")
		if name := folder + "/" + environment.Variables["_PYTHON_SYSCONFIGDATA_NAME"] + ".py"; environment.Files[name].Contents == "" {
			t.Errorf("%s: there is no %s", facts.Triple, name)
		}
	}
}

// Cython names functions' files as it got them, with the path of the build, unless it is told.
func TestCythonPaths(t *testing.T) {
	dir := t.TempDir()
	onThisMachine(t, dir, "python/sitecustomize.py")
	writeFile(t, 0o644, "", dir, "Cython/__init__.py")
	writeFile(t, 0o644, "", dir, "Cython/Compiler/__init__.py")
	writeFile(t, 0o644, "class FileSourceDescriptor:\n    def get_filenametable_entry(self):\n        return self.file_path\n", dir, "Cython/Compiler/Scanning.py")
	command := exec.Command("python3", "-c", `
import sys
from Cython.Compiler.Scanning import FileSourceDescriptor
source = FileSourceDescriptor()
for source.file_path in sys.argv[1:]:
    print(source.get_filenametable_entry())
`, dir+"/build/numpy-1.26.4/numpy/random/a.pyx", "b.pyx", dir+"/env/c.pyx")
	command.Env = append(os.Environ(), "PYTHONPATH="+dir, "PYTHONDONTWRITEBYTECODE=1")
	if out, err := command.CombinedOutput(); err != nil || string(out) != "numpy/random/a.pyx\nb.pyx\n"+dir+"/env/c.pyx\n" {
		t.Errorf("got %v\n%s", err, out)
	}
}

// The probe compiles with the build's own compiler and flags, against the numpy that the build would import, and says what to do. What it
// compiles is tried on real 64-bit headers in the end-to-end tests.
func TestProbe(t *testing.T) {
	dir := t.TempDir()
	probe := onThisMachine(t, dir, "probe.py")
	writeFile(t, 0o644, "raise SystemExit('the probe imports numpy')\n", dir, "with/numpy/__init__.py")
	writeFile(t, 0o644, "", dir, "with/numpy/core/include/numpy/numpyconfig.h")
	writeFile(t, 0o644, "", dir, "overlay/numpy/core/include/numpy/numpyconfig.h") // no numpy, but the headers of one
	for _, c := range []struct{ path, fail, want string }{
		{"", "", ""},
		{"", "*-m64*", "Look at env, cflags and CC of the recipe's build block."},
		{"with", "*-I" + dir + "/with/numpy/core/include*", `Write uses = ["numpy"] into the build block`},
		{"overlay", "*-DNUMPY*", `Write uses = ["numpy"] into the build block`},
		{"with", "", ""},
	} {
		writeFile(t, 0o755, "#!/bin/sh\ncase $* in "+cmp.Or(c.fail, "nothing")+") echo 'the sizes differ'; exit 1 ;; esac\n", dir, "cc")
		command := exec.Command("python3", probe)
		command.Env = append(os.Environ(), "PYTHONPATH="+filepath.Join(dir, c.path), "CC="+dir+"/cc -pipe", "CFLAGS=-O2 -m64")
		out, err := command.CombinedOutput()
		if (err == nil) != (c.want == "") || !strings.Contains(string(out), c.want) || err != nil && !strings.Contains(string(out), "the sizes differ") {
			t.Errorf("%+v: %v\n%s", c, err, out)
		}
	}
}

// onThisMachine writes a file of the environment as it would be if the containers' folders were below dir.
func onThisMachine(t *testing.T, dir, name string) string {
	t.Helper()
	file := Environment(bookworm).Files[name]
	path := filepath.Join(dir, filepath.Base(name))
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(file.Contents, Root, dir)), os.FileMode(file.Mode)); err != nil {
		t.Fatal(err)
	}
	return path
}

func writeFile(t *testing.T, mode os.FileMode, text string, path ...string) {
	t.Helper()
	name := filepath.Join(path...)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

// The wrapper runs for real, around a compiler that prints its arguments.
func TestCompilerWrapper(t *testing.T) {
	dir := t.TempDir()
	wrapper := onThisMachine(t, dir, "bin/arm-linux-gnueabihf-g++")
	writeFile(t, 0o755, "#!/bin/sh\nprintf '<%s>' \"$@\"\n", dir, "sdk/bin/arm-linux-gnueabihf-g++")
	run := func(arguments ...string) (out, messages string) {
		t.Helper()
		command := exec.Command(wrapper, arguments...)
		var errors strings.Builder
		command.Env, command.Stderr = append(os.Environ(), "CROSSWHEEL_WRAPPER=1"), &errors
		text, err := command.Output()
		if err != nil {
			t.Fatalf("%v\n%s", err, &errors)
		}
		// What comes first is the same for all.
		rest := regexp.MustCompile(`^(<-ffile-prefix-map=[^>]*>)+`).ReplaceAllString(string(text), "")
		return strings.ReplaceAll(rest, dir, "ROOT"), strings.ReplaceAll(errors.String(), dir, "ROOT")
	}
	const sysroot = "ROOT/sdk/arm-linux-gnueabihf/sysroot"
	for _, c := range []struct{ arguments, want string }{
		{"-c|a.c|-o|a.o", "<-c><a.c><-o><a.o>"},
		{"-I/usr/include/python3.11", "<-I" + sysroot + "/usr/include/python3.11>"},
		{"-I|/usr/include|-c", "<-I><" + sysroot + "/usr/include><-c>"},
		{"-isystem|/usr/include/python3.11", "<-isystem><" + sysroot + "/usr/include/python3.11>"},
		{"-isystem/usr/local/include", "<-isystem" + sysroot + "/usr/local/include>"},
		{"-iquote|/usr/include|-idirafter|/usr/include/x", "<-iquote><" + sysroot + "/usr/include><-idirafter><" + sysroot + "/usr/include/x>"},
		{"-L/usr/lib|-L|/lib/tls|-lz", "<-L" + sysroot + "/usr/lib><-L><" + sysroot + "/lib/tls><-lz>"},

		// What only the build machine has.
		{"a|-L/usr/lib/x86_64-linux-gnu|b", "<a><b>"},
		{"a|-L|/usr/lib/x86_64-linux-gnu/mit-krb5|b", "<a><b>"},
		{"a|-I/usr/include/x86_64-linux-gnu/python3.11|-L/usr/lib64|b", "<a><b>"},

		// An SDK's own native Python, and what else of it runs on the build machine.
		{"-I@SDK/include/python3.11|-I|@SDK/usr/include|-L@SDK/lib|-L@SDK/lib/gcc/arm/12", "<-I" + sysroot + "/usr/include/python3.11><-I><" + sysroot + "/usr/include><-L" + sysroot + "/usr/lib><-LROOT/sdk/lib/gcc/arm/12>"},
		{"-I@SDK/usr/share/x|-L@SDK/usr/lib/gcc/arm/7", "<-IROOT/sdk/usr/share/x><-LROOT/sdk/usr/lib/gcc/arm/7>"},
		{"-I@SDK/arm-linux-gnueabihf/sysroot/usr/include", "<-I" + sysroot + "/usr/include>"},

		// What is nobody's business here.
		{"-I/libs/yaml/include|-L/library|-L/libraries/lib|-I/usr/included", "<-I/libs/yaml/include><-L/library><-L/libraries/lib><-I/usr/included>"},
		{"-Iinclude|-I|.|-I../usr/include", "<-Iinclude><-I><.><-I../usr/include>"},
		{"-o|/usr/lib/x.so|-D/usr/include", "<-o></usr/lib/x.so><-D/usr/include>"},
		{`-DNAME="a b"|-I/a b/c|-D'x'=$HOME\n|-I/usr/include/a b|*`, `<-DNAME="a b"><-I/a b/c><-D'x'=$HOME\n><-I` + sysroot + `/usr/include/a b><*>`},
		{"-L||-lm", "<-L><><-lm>"},
		{"a|-I", "<a><-I>"},
	} {
		arguments := strings.ReplaceAll(c.arguments, "@SDK", filepath.Join(dir, "sdk"))
		if got, _ := run(strings.Split(arguments, "|")...); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.arguments, got, c.want)
		}
	}

	_, messages := run("-I/usr/include/a\\nb", "-isystem", "/usr/include", "-L", "/usr/lib/x86_64-linux-gnu", "-I/libs")
	want := "arm-linux-gnueabihf-g++: -I/usr/include/a\\nb -> -I" + sysroot + "/usr/include/a\\nb\n" +
		"arm-linux-gnueabihf-g++: -isystem /usr/include -> -isystem " + sysroot + "/usr/include\n" +
		"arm-linux-gnueabihf-g++: -L /usr/lib/x86_64-linux-gnu -> dropped\n"
	if messages != want {
		t.Errorf("it says\n%swant\n%s", messages, want)
	}
}

// Not every SDK has Fortran.
func TestMissingCompiler(t *testing.T) {
	wrapper := onThisMachine(t, t.TempDir(), "bin/arm-linux-gnueabihf-gfortran")
	if out, err := exec.Command(wrapper, "-c", "a.f90").CombinedOutput(); err == nil || !strings.Contains(string(out), "the SDK of this target has no such compiler") {
		t.Errorf("got %v\n%s", err, out)
	}
}

// What a library says of itself is true of the sysroot; what lies beside it stays where it is.
func TestConfigScripts(t *testing.T) {
	dir := t.TempDir()
	wrapper := onThisMachine(t, dir, "bin/xml2-config")
	writeFile(t, 0o755, "#!/bin/sh\n[ -z \"$PKG_CONFIG_SYSROOT_DIR\" ] || exit 1\ncase $1 in --fail) echo out; exit 3 ;; esac\nprintf '%s\\n' \"$1\"\n",
		dir, "sdk/arm-linux-gnueabihf/sysroot/usr/bin/xml2-config")
	for said, want := range map[string]string{
		"-I/usr/include/libxml2 -I/usr/include": "-IROOT/usr/include/libxml2 -IROOT/usr/include",
		"-L/usr/lib -L/lib -lxml2 -lm":          "-LROOT/usr/lib -LROOT/lib -lxml2 -lm",
		"-isystem /usr/include":                 "-isystem ROOT/usr/include",
		"-I/crosswheel/libs/xml2/include":       "-I/crosswheel/libs/xml2/include",
		"-I/usrlocal -L/library -D/usr/include": "-I/usrlocal -L/library -D/usr/include",
		"/usr":                                  "/usr",
		"2.9.14":                                "2.9.14",
	} {
		command := exec.Command(wrapper, said)
		command.Env = append(os.Environ(), "PKG_CONFIG_SYSROOT_DIR=/sysroot")
		out, err := command.CombinedOutput()
		got := strings.ReplaceAll(string(out), filepath.Join(dir, "sdk/arm-linux-gnueabihf/sysroot"), "ROOT")
		if err != nil || got != want+"\n" {
			t.Errorf("%s: got %q, %v, want %q", said, got, err, want)
		}
	}
	var status *exec.ExitError
	if err := exec.Command(wrapper, "--fail").Run(); !errors.As(err, &status) || status.ExitCode() != 3 {
		t.Errorf("its exit code is lost: %v", err)
	}
}

// A native Python reads the target's settings through the module.
func TestSysconfigdata(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, 0o644, `build_time_vars = {
    'CC': 'gcc-12 -pthread', 'CFLAGS': '-g -fstack-protector -ffile-prefix-map=/build/python=.', 'LDFLAGS': '-Wl,-z,relro', 'LDSHARED': 'gcc-12 -shared',
    'CPPFLAGS': '-I/build/python', 'EXT_SUFFIX': '.cpython-311-arm-linux-gnueabihf.so', 'SOABI': 'cpython-311-arm-linux-gnueabihf',
    'INCLUDEPY': '/usr/include/python3.11', 'LIBDIR': '/usr/lib', 'LIBPL': 3, 'prefix': '/usr', 'SIZEOF_LONG': 4, 'SHLIB_SUFFIX': '.so',
}
`, dir, "sdk/arm-linux-gnueabihf/sysroot", bookworm.Sysconfigdata)
	onThisMachine(t, dir, "python/_sysconfigdata__crosswheel.py")
	onThisMachine(t, dir, "python/sitecustomize.py")
	const script = `
import importlib.machinery, json, sysconfig, _sysconfigdata__crosswheel as module
print(json.dumps(module.build_time_vars, indent=1, sort_keys=True))
print(sysconfig.get_path("include").rpartition("/")[0], sysconfig.get_config_var("EXT_SUFFIX"), sysconfig.get_platform())
suffixes = importlib.machinery.EXTENSION_SUFFIXES
print("of the target:", suffixes[-1], "its own:", len(suffixes) > 1)
import _ctypes # an extension module
`
	command := exec.Command("python3", "-c", script)
	command.Env = append(os.Environ(), "PYTHONPATH="+dir, "PYTHONDONTWRITEBYTECODE=1",
		"_PYTHON_SYSCONFIGDATA_NAME=_sysconfigdata__crosswheel", "_PYTHON_HOST_PLATFORM=linux-armv7l")
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	checkGolden(t, "sysconfigdata.txt", strings.ReplaceAll(string(out), dir, Root))
}
