// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"strings"
)

// Manylinux gives the platform tag with which a wheel that was built for t can be offered to every machine that has glibc and is like t's:
// "manylinux_2_N_armv7l", of the oldest glibc that it is fit for by an audit against what that tag promises. Where there is none, why says
// so, and the platform is empty. A wheel without native code needs none, and gets none.
func (w *Wheel) Manylinux(t Target) (platform, why string, err error) {
	own, ok := parsePlatform(t.Platform)
	if !ok || t.Glibc == "" {
		return "", "", fmt.Errorf("of the target %s it is not known which glibc it has", t.Platform)
	}
	asBuilt, err := run(w, t, nil, AuditOptions{})
	if err != nil {
		return "", "", err
	}
	if len(asBuilt.content.Native) == 0 {
		return "", "", nil
	}
	for _, name := range asBuilt.paths {
		if beyond := asBuilt.objects[name].Object.beyondBaseline(); beyond != "" {
			return "", name + ": " + beyond, nil
		}
	}
	for _, glibc := range manylinuxGlibcs(asBuilt.content.Glibc, t.Glibc) {
		promised := Target{Python: t.Python, Platform: "manylinux_" + strings.ReplaceAll(glibc, ".", "_") + "_" + own.arch, Glibc: glibc, own: true}
		findings, err := Audit(w, promised, Promised(promised), AuditOptions{})
		if err != nil {
			return "", "", err
		}
		why = ""
		for _, f := range findings {
			if f.Severity == Error && why == "" {
				why = f.String()
			}
		}
		if why == "" {
			return promised.Platform, "", nil
		}
	}
	return "", why, nil
}

// oldestManylinux is the first glibc of which installers take manylinux wheels on ARM.
const oldestManylinux = "2.17"

// manylinuxGlibcs are those that a tag may name: the oldest that has the symbols, and those with which other libraries promise more, up to
// the target's own.
func manylinuxGlibcs(floor, newest string) []string {
	if floor == "" || compareDotted(floor, oldestManylinux) < 0 {
		floor = oldestManylinux
	}
	found := []string{floor}
	for _, m := range manylinux {
		if compareDotted(m.glibc, floor) > 0 && compareDotted(m.glibc, newest) <= 0 {
			found = append(found, m.glibc)
		}
	}
	return found
}

// What ARM's ABI calls the attributes of .ARM.attributes, and the highest values that every ARMv7 with hardware floating point keeps: of
// vector instructions none, and no more than 16 floating-point registers.
const (
	tagCPURawName    = 4
	tagCPUName       = 5
	tagCPUArch       = 6
	tagFPArch        = 10
	tagSIMDArch      = 12
	tagCompatibility = 32

	cpuARMv7 = 10
)

var baselineFP = map[uint64]bool{0: true, 1: true, 2: true, 4: true} // none, VFPv1, VFPv2, VFPv3-D16

// beyondBaseline says what of an object not every ARMv7 can run, as far as the linker has written that down; empty where all can.
func (o *Object) beyondBaseline() string {
	switch {
	case o.Machine != elf.EM_ARM:
		return ""
	case o.Attributes == nil:
		return "it does not say which processors it is for (.ARM.attributes)"
	case o.Attributes[tagCPUArch] > cpuARMv7:
		return "it has code for processors newer than ARMv7"
	case !baselineFP[o.Attributes[tagFPArch]]:
		return "it has code for another floating-point unit than VFPv3-D16"
	case o.Attributes[tagSIMDArch] != 0:
		return "it has NEON code"
	}
	return ""
}

// armAttributes reads the numbers of the section .ARM.attributes that hold for the whole file; nil where there are none, or they cannot be read.
func armAttributes(f *elf.File) map[uint64]uint64 {
	const wholeFile, version = 1, 'A'
	section := f.Section(".ARM.attributes")
	if section == nil || section.Size > 64<<10 {
		return nil
	}
	data, err := section.Data()
	if err != nil || len(data) == 0 || data[0] != version {
		return nil
	}
	vendor, rest, ok := bytes.Cut(data[min(5, len(data)):], []byte{0}) // a length goes before it
	if !ok || string(vendor) != "aeabi" || len(rest) < 5 || rest[0] != wholeFile {
		return nil
	}
	size := uint64(f.ByteOrder.Uint32(rest[1:]))
	if size < 5 || size > uint64(len(rest)) {
		return nil
	}
	attributes := map[uint64]uint64{}
	for rest = rest[5:size]; len(rest) > 0; {
		tag, n := binary.Uvarint(rest)
		if n <= 0 {
			return nil
		}
		rest = rest[n:]
		if tag == tagCPURawName || tag == tagCPUName || tag > tagCompatibility && tag%2 == 1 { // a text
			_, after, ok := bytes.Cut(rest, []byte{0})
			if !ok {
				return nil
			}
			rest = after
			continue
		}
		value, n := binary.Uvarint(rest)
		if n <= 0 {
			return nil
		}
		rest = rest[n:]
		attributes[tag] = value
		if tag == tagCompatibility { // a text follows the number
			_, after, ok := bytes.Cut(rest, []byte{0})
			if !ok {
				return nil
			}
			rest = after
		}
	}
	return attributes
}
