// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"debug/elf"
	"fmt"
	"path"
	"strings"
)

// The bits of e_flags that matter on ARM: the version of the EABI, and that floating-point arguments travel in VFP registers.
const (
	armEABIMask  = 0xff000000
	armEABI5     = 0x05000000
	armHardFloat = 0x00000400
)

// execStackRefused is the first glibc that refuses to load a library which wants an executable stack.
const execStackRefused = "2.41"

// checkObjects checks each ELF file by itself.
func (a *audit) checkObjects() {
	for _, name := range a.paths {
		o := a.objects[name].Object
		if !a.checkMachine(name, o) {
			continue // nothing else about it would mean anything
		}
		if o.Type == elf.ET_REL {
			continue
		}
		a.checkPaths(name, "RPATH", o.RPath)
		a.checkPaths(name, "RUNPATH", o.RunPath)
		a.checkGlibc(name, o)
		if o.TextRel {
			a.report("ELF-TEXTREL", name, "it has text relocations: some object was compiled without -fPIC")
		}
		if o.ExecStack {
			f := newFinding("ELF-STACK", name, "it asks for an executable stack")
			if a.target.Glibc != "" && compareDotted(a.target.Glibc, execStackRefused) >= 0 {
				f.Severity = Error
			}
			a.findings = append(a.findings, f)
		}
	}
}

// checkMachine compares the header with the target's. A v8 among the CPU attributes (.ARM.attributes) is no reason to refuse: the linker writes
// down the highest of its objects, and numpy, say, has ARMv8 code that it runs only where the CPU has it.
func (a *audit) checkMachine(name string, o *Object) bool {
	m := a.machine
	if m.machine == elf.EM_NONE {
		return false // checkTags has said that there should be none
	}
	if o.Class != m.class || o.Data != m.data || o.Machine != m.machine {
		a.report("ELF-MACHINE", name, "it is %s (%s), the target is %s (%s)",
			machineName(o.Machine), byteOrder(o.Class, o.Data), machineName(m.machine), byteOrder(m.class, m.data))
		return false
	}
	if m.machine != elf.EM_ARM {
		return true
	}
	if o.Flags&armEABIMask != armEABI5 {
		a.report("ELF-ABI", name, "its flags are %#x: it is not of the EABI, version 5", o.Flags)
		return false
	}
	// The linker decides on the float ABI, so that an object file does not have the flag yet.
	if m.hardFloat && o.Type != elf.ET_REL && o.Flags&armHardFloat == 0 {
		a.report("ELF-ABI", name, "its flags are %#x: it is not for the hard-float ABI", o.Flags)
		return false
	}
	return true
}

func machineName(m elf.Machine) string {
	return strings.TrimPrefix(m.String(), "EM_")
}

func byteOrder(c elf.Class, d elf.Data) string {
	bits := map[elf.Class]string{elf.ELFCLASS32: "32-bit", elf.ELFCLASS64: "64-bit"}[c]
	order := map[elf.Data]string{elf.ELFDATA2LSB: "little-endian", elf.ELFDATA2MSB: "big-endian"}[d]
	return bits + " " + order
}

// checkPaths checks where the loader would look for libraries.
func (a *audit) checkPaths(name, kind string, paths []string) {
	for _, p := range paths {
		if folder, ok := expandOrigin(p, name); !ok {
			a.reportOurs("ELF-RPATH", name, "its %s has %q, which does not begin with $ORIGIN", kind, p)
		} else if folder == ".." || strings.HasPrefix(folder, "../") {
			a.report("ELF-RPATH", name, "its %s has %q, which leaves the wheel", kind, p)
		}
	}
}

// expandOrigin gives the folder of the wheel that a path of the file called name means.
func expandOrigin(p, name string) (folder string, ok bool) {
	for _, origin := range []string{"$ORIGIN", "${ORIGIN}"} {
		if rest, ok := strings.CutPrefix(p, origin); ok && (rest == "" || rest[0] == '/') {
			return path.Join(path.Dir(name), rest), true
		}
	}
	return "", false
}

// newerGlibc says whether a version of glibc is newer than the target's, where that is known.
func (a *audit) newerGlibc(version string) bool {
	return a.target.Glibc != "" && compareDotted(version, a.target.Glibc) > 0
}

// checkGlibc names what asks for a glibc that the target does not have, and what should not ask at all.
func (a *audit) checkGlibc(name string, o *Object) {
	var newer, private []string
	for _, s := range o.Imports {
		if v, ok := glibcVersion(s.Version); ok && a.newerGlibc(v) {
			newer = append(newer, symbolName(s))
		} else if s.Version == "GLIBC_PRIVATE" {
			private = append(private, s.Name)
		}
	}
	if len(private) > 0 {
		a.report("ELF-PRIVATE", name, "it uses what glibc keeps to itself: %s", shortList(private))
	}
	if floor := o.glibcFloor(); a.newerGlibc(floor) {
		has := "the target has " + a.target.Glibc
		if a.target.own {
			has = fmt.Sprintf("its tag %s promises that %s is enough", a.target.Platform, a.target.Glibc)
		}
		a.report("ELF-GLIBC", name, "it needs glibc %s, %s: %s", floor, has, orNone(newer))
	}
}

// glibcFloor is the oldest glibc that has all the symbol versions that the object requires; "0" where it requires none.
func (o *Object) glibcFloor() string {
	floor := "0"
	for _, r := range o.Requires {
		if v, ok := glibcVersion(r.Version); ok && compareDotted(v, floor) > 0 {
			floor = v
		}
	}
	return floor
}

// glibcVersion gives the 2.4 of GLIBC_2.4. Other names that begin so, GLIBC_PRIVATE and GLIBC_ABI_DT_RELR, are compared with what the library defines.
func glibcVersion(version string) (string, bool) {
	v, ok := strings.CutPrefix(version, "GLIBC_")
	if !ok || v == "" || strings.Trim(v, "0123456789.") != "" {
		return "", false
	}
	return v, true
}
