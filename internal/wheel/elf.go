// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Object is what the audit needs to know of one ELF file: an extension module, a shared library, a program or an object file.
type Object struct {
	Class   elf.Class
	Data    elf.Data
	Machine elf.Machine
	Type    elf.Type
	Flags   uint32 // e_flags: on ARM the ABI's version and the float ABI

	Interpreter string // the loader that a program asks for; empty for a library
	SONAME      string
	Needed      []string // DT_NEEDED, in order
	RPath       []string // DT_RPATH, split at colons
	RunPath     []string // DT_RUNPATH, split at colons
	Imports     []Symbol // undefined dynamic symbols
	Exports     []Symbol // defined dynamic symbols
	Versions    []string // the symbol versions that it defines
	Requires    []Requirement

	// Attributes are the numbers in .ARM.attributes, by what ARM's ABI calls Tag_…: what of the processor its code uses.
	Attributes map[uint64]uint64

	ExecStack bool // its stack must be executable, or it does not say that it need not
	TextRel   bool // its code is changed when it is loaded
}

// Symbol is a dynamic symbol.
type Symbol struct {
	Name    string
	Version string // "GLIBC_2.4"; empty where it has none
	Library string // of an import: the library that the version was taken from when it was linked
	Weak    bool   // of an import: it may stay undefined
	Hidden  bool   // of an export: only an import of exactly this version finds it
}

// Requirement is a symbol version that must be defined by a library, or the loader refuses the whole object.
type Requirement struct {
	Library string
	Version string
	Weak    bool // the loader only warns
}

// isELF says whether a file's content begins as every ELF file does.
func isELF(content []byte) bool { return bytes.HasPrefix(content, []byte(elf.ELFMAG)) }

// ReadObject reads an ELF file.
func ReadObject(r io.ReaderAt) (*Object, error) {
	if err := checkNames(r); err != nil {
		return nil, err
	}
	f, err := elf.NewFile(r)
	if err != nil {
		return nil, err
	}
	o := &Object{Class: f.Class, Data: f.Data, Machine: f.Machine, Type: f.Type, ExecStack: f.Type != elf.ET_REL}
	if o.Flags, err = readFlags(r, f); err != nil {
		return nil, err
	}
	for _, s := range f.Sections {
		if s.Type != elf.SHT_NOBITS && !reaches(r, s.Offset, s.FileSize) {
			return nil, fmt.Errorf("the section %s ends behind the file's end", s.Name)
		}
		if err := checkSection(f, s); err != nil {
			return nil, fmt.Errorf("the section %s: %w", s.Name, err)
		}
	}
	if f.Machine == elf.EM_ARM {
		o.Attributes = armAttributes(f)
	}
	for _, p := range f.Progs {
		switch p.Type {
		case elf.PT_GNU_STACK: // without one the loader takes it that the stack must be executable
			o.ExecStack = p.Flags&elf.PF_X != 0
		case elf.PT_INTERP:
			name, err := io.ReadAll(io.LimitReader(p.Open(), 4096))
			if err != nil {
				return nil, fmt.Errorf("the loader's name: %w", err)
			}
			o.Interpreter = strings.TrimRight(string(name), "\x00")
		case elf.PT_DYNAMIC:
			if f.SectionByType(elf.SHT_DYNAMIC) == nil {
				return nil, errors.New("it has a dynamic segment, but no section that describes it")
			}
		}
	}
	if f.SectionByType(elf.SHT_DYNAMIC) == nil {
		return o, nil
	}
	return o, o.readDynamic(f)
}

// checkNames makes sure that the sections' names, which debug/elf reads first of all, lie in the file. It asks for memory by the size that the
// file gives, and for a lot of it before it sees that the file ends.
func checkNames(r io.ReaderAt) error {
	header := make([]byte, 64)
	if n, err := r.ReadAt(header, 0); n < 52 {
		return err
	}
	var order binary.ByteOrder = binary.LittleEndian
	if elf.Data(header[elf.EI_DATA]) == elf.ELFDATA2MSB {
		order = binary.BigEndian
	}
	word := func(b []byte) uint64 { return uint64(order.Uint32(b)) }
	table, entry, at, offset, size := word(header[0x20:]), order.Uint16(header[0x2e:]), order.Uint16(header[0x32:]), 16, 20
	if elf.Class(header[elf.EI_CLASS]) == elf.ELFCLASS64 {
		word = order.Uint64
		table, entry, at, offset, size = word(header[0x28:]), order.Uint16(header[0x3a:]), order.Uint16(header[0x3e:]), 24, 32
	}
	section := make([]byte, 40)
	if table == 0 || int64(table) < 0 {
		return nil // debug/elf has a word for it
	}
	if _, err := r.ReadAt(section, int64(table)+int64(entry)*int64(at)); err != nil {
		return fmt.Errorf("the header of the sections' names: %w", err)
	}
	if elf.SectionFlag(word(section[8:]))&elf.SHF_COMPRESSED != 0 {
		return errors.New("the sections' names are compressed")
	}
	if !reaches(r, word(section[offset:]), word(section[size:])) {
		return errors.New("the sections' names end behind the file's end")
	}
	return nil
}

// reaches says whether a file has all of a part.
func reaches(r io.ReaderAt, offset, size uint64) bool {
	end := offset + size
	if size == 0 || end < size || int64(end) < 0 {
		return size == 0
	}
	_, err := r.ReadAt(make([]byte, 1), int64(end)-1)
	return err == nil
}

// checkSection refuses what would make debug/elf, which trusts files, take time or memory out of all proportion.
func checkSection(f *elf.File, s *elf.Section) error {
	var header, count, next int
	switch s.Type {
	case elf.SHT_GNU_VERDEF:
		header, count, next = 20, 6, 16
	case elf.SHT_GNU_VERNEED:
		header, count, next = 16, 2, 12
	default:
		if s.Flags&elf.SHF_COMPRESSED != 0 && (s.Flags&elf.SHF_ALLOC != 0 || s.Type != elf.SHT_PROGBITS) {
			return errors.New("it is compressed, which only debug information can be")
		}
		return nil
	}
	const most = 64 << 10 // the largest real tables, those of libstdc++ and glibc, have 2 KiB
	if s.Size > most || s.Flags&elf.SHF_COMPRESSED != 0 {
		return fmt.Errorf("a table of symbol versions of %d bytes", s.Size)
	}
	data, err := s.Data()
	if err != nil {
		return err
	}
	entries := 0
	for at := 0; at+header <= len(data); {
		if entries += int(f.ByteOrder.Uint16(data[at+count:])); entries > len(data)/8 {
			return errors.New("it announces more symbol versions than it has room for")
		}
		step := int(f.ByteOrder.Uint32(data[at+next:]))
		if step == 0 {
			break
		}
		at += step
	}
	return nil
}

// readFlags reads e_flags, which debug/elf leaves out.
func readFlags(r io.ReaderAt, f *elf.File) (uint32, error) {
	offset := int64(0x24)
	if f.Class == elf.ELFCLASS64 {
		offset = 0x30
	}
	var b [4]byte
	if _, err := r.ReadAt(b[:], offset); err != nil {
		return 0, fmt.Errorf("the header's flags: %w", err)
	}
	return f.ByteOrder.Uint32(b[:]), nil
}

// readDynamic reads what the loader reads.
func (o *Object) readDynamic(f *elf.File) error {
	var sonames, rpath, runpath []string
	for _, entry := range []struct {
		tag elf.DynTag
		to  *[]string
	}{{elf.DT_NEEDED, &o.Needed}, {elf.DT_SONAME, &sonames}, {elf.DT_RPATH, &rpath}, {elf.DT_RUNPATH, &runpath}} {
		values, err := f.DynString(entry.tag)
		if err != nil {
			return fmt.Errorf("reading %v: %w", entry.tag, err)
		}
		*entry.to = values
	}
	if len(sonames) > 0 {
		o.SONAME = sonames[0]
	}
	o.RPath, o.RunPath = splitPaths(rpath), splitPaths(runpath)
	textrel, err := f.DynValue(elf.DT_TEXTREL)
	if err != nil {
		return fmt.Errorf("reading DT_TEXTREL: %w", err)
	}
	flags, err := f.DynValue(elf.DT_FLAGS)
	if err != nil {
		return fmt.Errorf("reading DT_FLAGS: %w", err)
	}
	o.TextRel = len(textrel) > 0 || len(flags) > 0 && elf.DynFlag(flags[0])&elf.DF_TEXTREL != 0
	return o.readSymbols(f)
}

// readSymbols reads the dynamic symbols and their versions.
func (o *Object) readSymbols(f *elf.File) error {
	symbols, err := f.DynamicSymbols()
	if errors.Is(err, elf.ErrNoSymbols) {
		return nil
	} else if err != nil {
		return fmt.Errorf("reading the dynamic symbols: %w", err)
	}
	for _, s := range symbols {
		bind := elf.ST_BIND(s.Info)
		if bind == elf.STB_LOCAL || s.Name == "" {
			continue
		}
		if s.Section == elf.SHN_UNDEF {
			o.Imports = append(o.Imports, Symbol{Name: s.Name, Version: s.Version, Library: s.Library, Weak: bind == elf.STB_WEAK})
		} else if !(s.HasVersion && s.VersionIndex.Index() == 0) && visible(s) {
			o.Exports = append(o.Exports, Symbol{Name: s.Name, Version: s.Version, Hidden: s.HasVersion && s.VersionIndex.IsHidden()})
		}
	}
	if f.SectionByType(elf.SHT_GNU_VERSYM) == nil {
		return nil
	}
	return o.readVersions(f)
}

func visible(s elf.Symbol) bool {
	v := elf.ST_VISIBILITY(s.Other)
	return v == elf.STV_DEFAULT || v == elf.STV_PROTECTED
}

// readVersions reads which symbol versions it defines and requires.
func (o *Object) readVersions(f *elf.File) error {
	defined, err := f.DynamicVersions()
	if err != nil {
		return fmt.Errorf("reading the versions it defines: %w", err)
	}
	for _, v := range defined {
		if v.Flags&elf.VER_FLG_BASE == 0 { // the base version is the file's own name
			o.Versions = append(o.Versions, v.Name)
		}
	}
	needs, err := f.DynamicVersionNeeds()
	if err != nil {
		return fmt.Errorf("reading the versions it requires: %w", err)
	}
	for _, n := range needs {
		for _, d := range n.Needs {
			o.Requires = append(o.Requires, Requirement{Library: n.Name, Version: d.Dep, Weak: d.Flags&elf.VER_FLG_WEAK != 0})
		}
	}
	return nil
}

// Module says whether it is a Python extension module: it exports the function that an import calls.
func (o *Object) Module() bool {
	return slices.ContainsFunc(o.Exports, func(s Symbol) bool {
		return strings.HasPrefix(s.Name, "PyInit_") || strings.HasPrefix(s.Name, "PyInitU_")
	})
}

func splitPaths(values []string) []string {
	var paths []string
	for _, v := range values {
		paths = append(paths, strings.Split(v, ":")...)
	}
	return paths
}

// firstObject finds the first ELF file in a static library (an ar archive) by its headers; nil where it holds none. An archive is made
// by one compiler, so the first speaks for all.
func firstObject(archive []byte) []byte {
	const magic, header = "!<arch>\n", 60
	if !bytes.HasPrefix(archive, []byte(magic)) {
		return nil
	}
	rest := archive[len(magic):]
	for len(rest) >= header {
		var size int
		if _, err := fmt.Sscanf(string(rest[48:58]), "%d", &size); err != nil || size < 0 || size > len(rest)-header {
			return nil
		}
		member := rest[header : header+size]
		if isELF(member) {
			return member
		}
		rest = rest[min(header+size+size%2, len(rest)):] // members begin at even offsets
	}
	return nil
}

// machineOf reads the machine of an ELF file's first bytes, for files that are not looked into further.
func machineOf(content []byte) elf.Machine {
	if len(content) < 20 {
		return elf.EM_NONE
	}
	if elf.Data(content[elf.EI_DATA]) == elf.ELFDATA2MSB {
		return elf.Machine(binary.BigEndian.Uint16(content[18:]))
	}
	return elf.Machine(binary.LittleEndian.Uint16(content[18:]))
}
