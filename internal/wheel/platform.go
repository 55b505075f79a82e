// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"debug/elf"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

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
	"armv6l":  {elf.ELFCLASS32, elf.ELFDATA2LSB, elf.EM_ARM, "arm-linux-gnueabihf", true},
	"aarch64": {elf.ELFCLASS64, elf.ELFDATA2LSB, elf.EM_AARCH64, "aarch64-linux-gnu", false},
	"x86_64":  {elf.ELFCLASS64, elf.ELFDATA2LSB, elf.EM_X86_64, "x86_64-linux-gnu", false},
	"i686":    {elf.ELFCLASS32, elf.ELFDATA2LSB, elf.EM_386, "i386-linux-gnu", false},
}

// longBytes is how large a C long is on a machine, and a pointer and a size_t too.
func (m machine) longBytes() string {
	if m.class == elf.ELFCLASS64 {
		return "8"
	}
	return "4"
}

// platform is what the platform part of a tag promises to be enough.
type platform struct {
	tag  string
	arch string
	libc string // "glibc" or "musl"; empty for linux_*, which promises nothing
	// version is the oldest of that C library that is needed, at most.
	version string
}

// platformTag takes apart linux_armv7l, manylinux2014_armv7l, manylinux_2_17_armv7l and musllinux_1_2_armv7l.
var platformTag = regexp.MustCompile(`\A(linux|manylinux1|manylinux2010|manylinux2014|manylinux_([0-9]{1,4})_([0-9]{1,4})|musllinux_([0-9]{1,4})_([0-9]{1,4}))_([a-z].*)\z`)

// parsePlatform reads a platform tag of Linux.
func parsePlatform(tag string) (platform, bool) {
	m := platformTag.FindStringSubmatch(tag)
	if m == nil {
		return platform{}, false
	}
	p := platform{tag: tag, arch: m[6], libc: "glibc"}
	switch {
	case m[1] == "linux":
		p.libc = ""
	case m[1] == "manylinux1":
		p.version = "2.5"
	case m[1] == "manylinux2010":
		p.version = "2.12"
	case m[1] == "manylinux2014":
		p.version = "2.17"
	case m[2] != "":
		p.version = m[2] + "." + m[3]
	default:
		p.libc, p.version = "musl", m[4]+"."+m[5]
	}
	return p, true
}

// OwnTargets are the targets that a wheel's file name promises to be fit for: one for each C library and machine, of the oldest version that it
// names. Of the Python no more is known than the tag says, and of the machine no more than its standard guarantees: use [Promised] for its
// libraries. A wheel for other systems than Linux is an error.
func OwnTargets(name Name) ([]Target, error) {
	var targets []Target
	for _, tag := range name.Platform {
		t := Target{Platform: tag, own: true}
		if tag != "any" {
			p, ok := parsePlatform(tag)
			if _, known := machines[p.arch]; !ok || !known {
				return nil, fmt.Errorf("the platform %s is none of those that can be audited: Linux on armv7l, armv6l, aarch64, x86_64 and i686", tag)
			}
			t.libc(p)
		}
		same := func(other Target) bool { return other.sameSystem(t) }
		if i := slices.IndexFunc(targets, same); i < 0 {
			targets = append(targets, t)
		} else if targets[i].older(t) {
			targets[i] = t
		}
	}
	for i := range targets {
		for _, python := range name.Python {
			if minor, ok := strings.CutPrefix(python, "cp3"); ok && minor != "" {
				targets[i].Python = "3." + minor
			}
		}
	}
	return targets, nil
}

// libc takes the C library of a platform.
func (t *Target) libc(p platform) {
	if p.libc == "musl" {
		t.Musl = p.version
	} else {
		t.Glibc = p.version
	}
}

// sameSystem says whether two targets differ in versions only.
func (t Target) sameSystem(u Target) bool {
	p, _ := parsePlatform(t.Platform)
	q, _ := parsePlatform(u.Platform)
	return p.arch == q.arch && (p.libc == "musl") == (q.libc == "musl")
}

// older says whether u's C library is older: a promise that includes it is the stricter one. No version is no promise.
func (t Target) older(u Target) bool {
	mine, other := t.Glibc+t.Musl, u.Glibc+u.Musl
	return other != "" && (mine == "" || compareDotted(other, mine) < 0)
}

// extensionSuffix gives what the names of extension modules for t may end in, as a pattern; nil where anything may.
func (t Target) extensionSuffix(tags []Tag) *regexp.Regexp {
	if t.ExtSuffix != "" {
		return regexp.MustCompile(`\A(` + regexp.QuoteMeta(t.ExtSuffix) + `|\.abi3\.so|\.so)\z`)
	}
	p, ok := parsePlatform(t.Platform)
	if !ok {
		return nil
	}
	kinds := `[a-z]+-?[0-9]+[a-z0-9]*(-[a-z0-9]+)*` // a tag for every Python says nothing of them
	if len(tags) > 0 && !slices.ContainsFunc(tags, func(tag Tag) bool { return !strings.HasPrefix(tag.ABI, "cp") }) {
		var versions []string
		for _, tag := range tags {
			versions = append(versions, `cpython-`+strings.TrimPrefix(tag.ABI, "cp"))
		}
		kinds = strings.Join(versions, "|")
	}
	processor, _, _ := strings.Cut(machines[p.arch].triplet, "-")
	libc := `gnu`
	if p.libc == "musl" {
		libc = `(gnu|musl)` // before 3.11, CPython said gnu there as well
	}
	return regexp.MustCompile(`\A(\.(` + kinds + `)-` + processor + `-linux-` + libc + `[a-z]*\.so|\.abi3t?\.so|\.so)\z`)
}
