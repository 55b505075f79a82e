// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"debug/elf"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Target is the machine and the Python that a wheel is for.
type Target struct {
	Python string // its minor version: "3.11"
	// ExtSuffix is its Python's sysconfig variable EXT_SUFFIX: ".cpython-311-arm-linux-gnueabihf.so".
	ExtSuffix string
	Platform  string // the platform part of its own wheels' tags: "linux_armv7l"
	Glibc     string // "2.36"
	// Interpreter is the path of its Python program, as [Libraries] knows it: "/usr/bin/python3.11". An extension module takes the C API from
	// there. Where it is empty, every symbol that begins with Py or _Py counts as the interpreter's.
	Interpreter string
}

// PythonTag is the Python part of the tags of wheels that are made for exactly this Python: "cp311".
func (t Target) PythonTag() string { return "cp" + strings.ReplaceAll(t.Python, ".", "") }

// minor is the 11 of 3.11; 0 where Python is not of that form.
func (t Target) minor() int {
	_, minor, _ := strings.Cut(t.Python, ".")
	n, _ := strconv.Atoi(minor)
	return n
}

// machine is what the header of each ELF file for an architecture must say.
type machine struct {
	class   elf.Class
	data    elf.Data
	machine elf.Machine
	triplet string // how Python and Debian call it in file names
	// hardFloat: floating-point arguments travel in registers of the VFP, and e_flags must say so. A library of the other kind links, loads,
	// and computes with garbage.
	hardFloat bool
}

var machines = map[string]machine{
	"armv7l":  {elf.ELFCLASS32, elf.ELFDATA2LSB, elf.EM_ARM, "arm-linux-gnueabihf", true},
	"aarch64": {elf.ELFCLASS64, elf.ELFDATA2LSB, elf.EM_AARCH64, "aarch64-linux-gnu", false},
	"x86_64":  {elf.ELFCLASS64, elf.ELFDATA2LSB, elf.EM_X86_64, "x86_64-linux-gnu", false},
	"i686":    {elf.ELFCLASS32, elf.ELFDATA2LSB, elf.EM_386, "i386-linux-gnu", false},
}

// platformTag takes apart linux_armv7l, manylinux2014_armv7l and manylinux_2_17_armv7l.
var platformTag = regexp.MustCompile(`\A(linux|manylinux1|manylinux2010|manylinux2014|manylinux_([0-9]+)_([0-9]+))_([a-z].*)\z`)

// parsePlatform gives a platform tag's architecture, and the glibc that it promises to need at most: empty for linux_*, which promises nothing.
func parsePlatform(tag string) (arch, glibc string, ok bool) {
	m := platformTag.FindStringSubmatch(tag)
	if m == nil {
		return "", "", false
	}
	switch m[1] {
	case "linux":
	case "manylinux1":
		glibc = "2.5"
	case "manylinux2010":
		glibc = "2.12"
	case "manylinux2014":
		glibc = "2.17"
	default:
		glibc = m[2] + "." + m[3]
	}
	return m[4], glibc, true
}

// machine gives what ELF files for the target look like.
func (t Target) machine() (machine, error) {
	arch, _, ok := parsePlatform(t.Platform)
	m, known := machines[arch]
	if !ok || !known {
		return machine{}, fmt.Errorf("the target's platform %q is none of those that can be audited", t.Platform)
	}
	return m, nil
}

// installs says whether an installer on the target takes a wheel of this tag.
func (t Target) installs(tag Tag) bool {
	return t.runs(tag) && t.hasPlatform(tag.Platform)
}

// runs says whether the target's Python is one of those that a tag's first two parts mean.
func (t Target) runs(tag Tag) bool {
	kind, version := strings.TrimRight(tag.Python, "0123456789"), strings.TrimLeft(tag.Python, "cpy")
	minor := 0
	if len(version) > 1 {
		minor, _ = strconv.Atoi(version[1:])
	}
	if !strings.HasPrefix(version, "3") || minor > t.minor() {
		return false
	}
	switch {
	case tag.Python == t.PythonTag():
		return tag.ABI == tag.Python || tag.ABI == "abi3" || tag.ABI == "none"
	case kind == "cp":
		return tag.ABI == "abi3" // the stable ABI is kept by every later Python
	case kind == "py":
		return tag.ABI == "none"
	}
	return false
}

// hasPlatform says whether a tag's platform is the target's.
func (t Target) hasPlatform(tag string) bool {
	if tag == "any" {
		return true
	}
	ours, _, _ := parsePlatform(t.Platform)
	arch, glibc, ok := parsePlatform(tag)
	return ok && arch == ours && (glibc == "" || t.Glibc == "" || compareDotted(glibc, t.Glibc) <= 0)
}

// compareDotted orders versions of numbers and dots: 2.9 before 2.17.
func compareDotted(a, b string) int {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	for i := range max(len(x), len(y)) {
		if c := dotted(x, i) - dotted(y, i); c != 0 {
			return c
		}
	}
	return 0
}

func dotted(parts []string, i int) int {
	if i >= len(parts) {
		return 0
	}
	n, _ := strconv.Atoi(parts[i]) // callers have seen that these are digits
	return n
}
