// SPDX-License-Identifier: Apache-2.0

package offline

import (
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// TestProgram runs the filter in x/net's virtual machine, for system call tables that this test's own process cannot use.
func TestProgram(t *testing.T) {
	vm, err := bpf.NewVM(Program())
	if err != nil {
		t.Fatal(err)
	}
	const x86, i386, arm = unix.AUDIT_ARCH_X86_64, unix.AUDIT_ARCH_I386, unix.AUDIT_ARCH_ARM
	down, missing, pass := deny.Val, noSuch.Val, allow.Val
	for _, c := range []struct {
		name               string
		arch, number, arg0 uint32
		want               uint32
	}{
		{"read", x86, 0, 3, pass},
		{"socket inet", x86, socketX86, unix.AF_INET, down},
		{"socket inet6", x86, socketX86, unix.AF_INET6, down},
		{"socket packet", x86, socketX86, unix.AF_PACKET, down},
		{"socket unix", x86, socketX86, unix.AF_UNIX, pass},
		{"socket netlink", x86, socketX86, unix.AF_NETLINK, pass},
		{"io_uring", x86, ioUringSetup, 8, missing},
		{"x32 socket", x86, x32Bit | socketX86, unix.AF_INET, missing},
		{"i386 read", i386, 3, 0, pass},
		{"i386 number 41 is dup", i386, socketX86, unix.AF_INET, pass},
		{"i386 socket inet", i386, socketI386, unix.AF_INET, down},
		{"i386 socket unix", i386, socketI386, unix.AF_UNIX, pass},
		{"i386 socketcall", i386, socketcallI386, 1, down},
		{"i386 io_uring", i386, ioUringSetup, 8, missing},
		{"another table", arm, 281, unix.AF_INET, missing},
	} {
		// The virtual machine reads big-endian, as packets are; the kernel reads seccomp_data in its own order.
		data := make([]byte, 64)
		binary.BigEndian.PutUint32(data[offNumber:], c.number)
		binary.BigEndian.PutUint32(data[offArch:], c.arch)
		binary.BigEndian.PutUint32(data[offArg0:], c.arg0)
		got, err := vm.Run(data)
		if err != nil || uint32(got) != c.want {
			t.Errorf("%s: got %#x, %v; want %#x", c.name, got, err, c.want)
		}
	}
}

// TestLauncher sets the filter on a real process.
func TestLauncher(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("needs root: the launcher changes its user")
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	launcher, filter := filepath.Join(dir, "offline.py"), filepath.Join(dir, "filter")
	if err := os.WriteFile(launcher, []byte(Launcher), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filter, []byte(Encoded()), 0o644); err != nil {
		t.Fatal(err)
	}
	const probe = `
import os, socket
print(os.getuid(), socket.socketpair()[0].family.name)
for family in socket.AF_INET, socket.AF_INET6:
    try:
        socket.socket(family)
    except OSError as err:
        print(err.strerror)
`
	out, err := exec.Command("/usr/bin/env", "python3", launcher, filter, "65534", "/usr/bin/env", "-C", "/", "/usr/bin/python3", "-c", probe).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	want := "65534 AF_UNIX\nNetwork is down\nNetwork is down\n"
	if got := string(out); !strings.HasSuffix(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
