// SPDX-License-Identifier: Apache-2.0

package sdkimage

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestUnlike preloads the library into programs of this machine.
func TestUnlike(t *testing.T) {
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("there is no gcc")
	}
	dir := t.TempDir()
	source, library := filepath.Join(dir, "unlike.c"), filepath.Join(dir, "unlike.so")
	if err := os.WriteFile(source, []byte(UnlikeSource), 0o644); err != nil {
		t.Fatal(err)
	}
	unlike := Unlike()
	command := UnlikeCompiler(source, library, unlike)
	if out, err := exec.Command(command[0], append(command[1:], "-Wextra", "-Werror")...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	run := func(preload string, program ...string) string {
		t.Helper()
		cmd := exec.Command(program[0], program[1:]...)
		cmd.Env = append(os.Environ(), "LD_PRELOAD="+preload, "TZ=UTC")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v\n%s", program, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	for want, program := range map[string][]string{
		unlike.Host:     {"uname", "-n"},
		"1":             {"nproc"},
		"it is written": {"sh", "-c", "echo it is written > " + dir + "/a; cat " + dir + "/a"},
	} {
		if got := run(library, program...); got != want {
			t.Errorf("%q: got %q, want %q", program, got, want)
		}
	}
	if got, want := run(library, "date", "+%F"), time.Now().UTC().Add(unlike.Ahead).Format(time.DateOnly); got != want {
		t.Errorf("the day is %s, want %s", got, want)
	}

	// Files have the kernel's times: what is touched with the clock's is not newer than what is written afterwards.
	run(library, "sh", "-c", "cd "+dir+"; touch -d \"$(date '+%F %T')\" old; sleep 0.01; touch new; [ new -nt old ]")

	for _, name := range []string{"one", "two", "three", "four"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	usual, reversed := strings.Fields(run("", "ls", "-aU", dir)), strings.Fields(run(library, "ls", "-aU", dir))
	if slices.Reverse(reversed); !slices.Equal(usual, reversed) || len(usual) < 8 {
		t.Errorf("files are listed as %v, and backwards %v", usual, reversed)
	}
	run(library, "sh", "-c", "mkdir -p "+dir+"/x/y; touch "+dir+"/x/y/z; rm -r "+dir+"/x; [ ! -e "+dir+"/x ]")
}

func TestRemapFolder(t *testing.T) {
	got := RemapFolder(Facts{Machine: "armv7l", Triple: "arm-linux-gnueabihf"}, "/somewhere/unlike")
	const name, want = "CARGO_TARGET_ARMV7_UNKNOWN_LINUX_GNUEABIHF_RUSTFLAGS", "--remap-path-prefix=/crosswheel/=/ --remap-path-prefix=/somewhere/unlike/=/build/"
	if len(got) != 1 || got[name] != want {
		t.Errorf("got %q", got)
	}
}

// What differs must be there in both, and be another.
func TestCircumstances(t *testing.T) {
	usual, unlike := Usual(), Unlike()
	for name, value := range unlike.Variables {
		if usual.Variables[name] == "" || usual.Variables[name] == value {
			t.Errorf("%s is %q and %q", name, usual.Variables[name], value)
		}
	}
	if len(usual.Folder) != len(unlike.Folder) || len(usual.User) != len(unlike.User) {
		t.Errorf("%q and %q, %q and %q are not of the same length", usual.Folder, unlike.Folder, usual.User, unlike.User)
	}
}
