// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"fmt"
	"strconv"
	"strings"
)

// Target is the machine and the Python that a wheel is for.
type Target struct {
	Python string // its minor version: "3.11"
	// ExtSuffix is its Python's sysconfig variable EXT_SUFFIX: ".cpython-311-arm-linux-gnueabihf.so".
	ExtSuffix string
	Platform  string // the platform part of its own wheels' tags: "linux_armv7l"
	Glibc     string // "2.36"; empty where it is not known, or another C library
	Musl      string `json:",omitempty"` // "1.2", where that is its C library
	// Interpreter is the path of its Python program, as [Libraries] knows it: "/usr/bin/python3.11". An extension module takes the C API from
	// there. Where it is empty, every symbol that begins with Py or _Py counts as the interpreter's.
	Interpreter string

	own bool // it is what a wheel's tags promise; see OwnTargets
}

// PythonTag is the Python part of the tags of wheels that are made for exactly this Python: "cp311".
func (t Target) PythonTag() string { return "cp" + strings.ReplaceAll(t.Python, ".", "") }

// minor is the 11 of 3.11; 0 where Python is not of that form.
func (t Target) minor() int {
	_, minor, _ := strings.Cut(t.Python, ".")
	n, _ := strconv.Atoi(minor)
	return n
}

// machine gives what ELF files for the target look like.
func (t Target) machine() (machine, error) {
	if t.own && t.Platform == "any" {
		return machine{}, nil // any code for it is one too many
	}
	p, ok := parsePlatform(t.Platform)
	m, known := machines[p.arch]
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
	ours, _ := parsePlatform(t.Platform)
	p, ok := parsePlatform(tag)
	if !ok || p.arch != ours.arch {
		return false
	}
	switch p.libc {
	case "musl":
		return t.Musl != "" && compareDotted(p.version, t.Musl) <= 0
	case "glibc":
		return t.Musl == "" && (t.Glibc == "" || compareDotted(p.version, t.Glibc) <= 0)
	}
	return true
}

// CompareGlibc orders targets by the age of their C library, the oldest first.
func CompareGlibc(a, b Target) int { return compareDotted(a.Glibc, b.Glibc) }

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
