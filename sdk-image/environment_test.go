// SPDX-License-Identifier: Apache-2.0

package sdkimage

import (
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
	Triple: "arm-linux-gnueabihf", GCC: "12.2.0", Glibc: "2.36", Python: "3.11.2", SOABI: "cpython-311-arm-linux-gnueabihf",
	ExtSuffix: ".cpython-311-arm-linux-gnueabihf.so", Sysconfigdata: "usr/lib/python3.11/_sysconfigdata__arm-linux-gnueabihf.py",
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
	environment := Environment(bookworm)
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(environment.Variables)) {
		fmt.Fprintf(&b, "%s=%s\n", name, environment.Variables[name])
	}
	for _, name := range slices.Sorted(maps.Keys(environment.Files)) {
		file := environment.Files[name]
		fmt.Fprintf(&b, "\n-- %s %04o --\n%s", name, file.Mode, file.Contents)
	}
	checkGolden(t, "environment.txt", b.String())
	if left := regexp.MustCompile(`@[A-Z_]+@`).FindString(b.String()); left != "" {
		t.Errorf("%s is not replaced", left)
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

		// What is nobody's business here.
		{"-I/libs/yaml/include|-L/library|-L/libraries/lib|-I/usr/included", "<-I/libs/yaml/include><-L/library><-L/libraries/lib><-I/usr/included>"},
		{"-Iinclude|-I|.|-I../usr/include", "<-Iinclude><-I><.><-I../usr/include>"},
		{"-o|/usr/lib/x.so|-D/usr/include", "<-o></usr/lib/x.so><-D/usr/include>"},
		{`-DNAME="a b"|-I/a b/c|-D'x'=$HOME\n|-I/usr/include/a b|*`, `<-DNAME="a b"><-I/a b/c><-D'x'=$HOME\n><-I` + sysroot + `/usr/include/a b><*>`},
		{"-L||-lm", "<-L><><-lm>"},
		{"a|-I", "<a><-I>"},
	} {
		if got, _ := run(strings.Split(c.arguments, "|")...); got != c.want {
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
	const script = `
import json, _sysconfigdata__crosswheel as module
print(json.dumps(module.build_time_vars, indent=1, sort_keys=True))
`
	command := exec.Command("python3", "-c", script)
	command.Env = append(os.Environ(), "PYTHONPATH="+dir, "PYTHONDONTWRITEBYTECODE=1")
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	checkGolden(t, "sysconfigdata.json", strings.ReplaceAll(string(out), dir, Root))
}
