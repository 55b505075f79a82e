// SPDX-License-Identifier: Apache-2.0

// Package offline cuts the network off from a program: a seccomp filter, and a small launcher that gives up its
// privileges, sets the filter and runs the program. It works in any container, with no capability and no namespace,
// so that both engines cut the network off by the same code.
//
// It is not for sandboxing hostile code: it keeps a build from fetching what its recipe does not name.
package offline

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"encoding/binary"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// Launcher is a Python program: offline.py FILTER USER-ID PROGRAM [ARGUMENT…]. FILTER is a file with what
// [Encoded] returns. It replaces itself by PROGRAM.
//
// It is Python and not this program itself because it is an input of every compile step: what it consists of must
// change only when the way of compiling does.
//
//go:embed offline.py
var Launcher string

// Offsets in struct seccomp_data (linux/seccomp.h), and what the filter knows of the kernel's system call tables.
const (
	offNumber = 0
	offArch   = 4
	offArg0   = 16

	x32Bit         = 0x40000000 // asm/unistd.h, __X32_SYSCALL_BIT
	socketX86      = 41
	socketI386     = 359
	socketcallI386 = 102
	ioUringSetup   = 425 // the same number everywhere; a ring can open sockets that no filter sees
)

var (
	allow = bpf.RetConstant{Val: unix.SECCOMP_RET_ALLOW}
	// deny answers ENETDOWN, "Network is down", which no build meets otherwise: its log says what happened.
	deny   = bpf.RetConstant{Val: unix.SECCOMP_RET_ERRNO | uint32(unix.ENETDOWN)}
	noSuch = bpf.RetConstant{Val: unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)}
)

// Program is the filter: socket() answers ENETDOWN for every family but AF_UNIX and AF_NETLINK, on each system call
// table that an x86_64 kernel speaks; the x32 table and io_uring do not exist.
func Program() []bpf.Instruction {
	return []bpf.Instruction{
		0: bpf.LoadAbsolute{Off: offArch, Size: 4},
		1: bpf.JumpIf{Cond: bpf.JumpEqual, Val: unix.AUDIT_ARCH_X86_64, SkipTrue: 4 - 2},
		2: bpf.JumpIf{Cond: bpf.JumpEqual, Val: unix.AUDIT_ARCH_I386, SkipTrue: 9 - 3},
		3: noSuch, // this kernel speaks no other table

		4: bpf.LoadAbsolute{Off: offNumber, Size: 4}, // x86_64
		5: bpf.JumpIf{Cond: bpf.JumpBitsSet, Val: x32Bit, SkipTrue: 18 - 6},
		6: bpf.JumpIf{Cond: bpf.JumpEqual, Val: ioUringSetup, SkipTrue: 18 - 7},
		7: bpf.JumpIf{Cond: bpf.JumpEqual, Val: socketX86, SkipTrue: 13 - 8},
		8: allow,

		9:  bpf.LoadAbsolute{Off: offNumber, Size: 4}, // i386
		10: bpf.JumpIf{Cond: bpf.JumpEqual, Val: ioUringSetup, SkipTrue: 18 - 11},
		11: bpf.JumpIf{Cond: bpf.JumpEqual, Val: socketcallI386, SkipTrue: 17 - 12},
		12: bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: socketI386, SkipTrue: 16 - 13},

		13: bpf.LoadAbsolute{Off: offArg0, Size: 4}, // socket(family, …)
		14: bpf.JumpIf{Cond: bpf.JumpEqual, Val: unix.AF_UNIX, SkipTrue: 16 - 15},
		15: bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: unix.AF_NETLINK, SkipTrue: 17 - 16},
		16: allow,
		17: deny,
		18: noSuch,
	}
}

// Filter is Program as the kernel takes it: an array of struct sock_filter.
func Filter() []byte {
	raw, err := bpf.Assemble(Program())
	if err != nil {
		panic("offline: " + err.Error()) // Program is constant
	}
	var out bytes.Buffer
	for _, in := range raw {
		binary.Write(&out, binary.LittleEndian, in)
	}
	return out.Bytes()
}

// Encoded is [Filter] in base 64: a container's files are made from text.
func Encoded() string { return base64.StdEncoding.EncodeToString(Filter()) }
