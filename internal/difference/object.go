// SPDX-License-Identifier: Apache-2.0

package difference

import (
	"bytes"
	"debug/elf"
	"fmt"
	"slices"
	"strings"
)

// objects compares two ELF files section by section; false if one of them is none.
func (c *comparer) objects(where []string, a, b []byte) bool {
	usual, err := openObject(a)
	if err != nil {
		return false
	}
	unlike, err := openObject(b)
	if err != nil {
		return false
	}
	before := len(c.findings)
	kinds := map[sectionKind][]string{} // sections that differ
	moved := false                      // then addresses differ too
	for _, name := range inBoth(c, place(where, "its sections"), usual.sections, unlike.sections) {
		if x, y := usual.data(name), unlike.data(name); !bytes.Equal(x, y) {
			kinds[usual.kind(name)] = append(kinds[usual.kind(name)], name)
			moved = moved || len(x) != len(y)
		}
	}
	tell := func(c *comparer, name string) {
		c.bytes(usual.data(name), unlike.data(name), func(offset int) []string { return place(where, usual.locate(name, offset)) })
	}
	for _, name := range kinds[constants] {
		tell(c, name)
	}
	moved = moved || slices.ContainsFunc(c.findings[before:], func(f Finding) bool { return !f.recognised() })
	var follows []string // what may differ because something else does
	for _, name := range kinds[variables] {
		all := &comparer{usual: c.usual, unlike: c.unlike}
		tell(all, name)
		telling := slices.DeleteFunc(slices.Clone(all.findings), func(f Finding) bool { return moved && len(c.findings) > before && !f.recognised() })
		if len(telling) < len(all.findings) {
			follows = append(follows, name)
		}
		c.findings = append(c.findings, telling...)
	}
	if len(c.findings) > before {
		follows = append(follows, kinds[following]...)
	} else {
		for _, name := range kinds[following] {
			tell(c, name)
		}
	}
	if len(follows) > 0 {
		c.add(Finding{Where: where, What: "Other sections differ too, which may follow from what is told above: " + strings.Join(follows, ", ")})
	}
	if len(c.findings) == before { // it is in no section
		c.bytes(a, b, func(offset int) []string {
			return place(where, fmt.Sprintf("offset %#x, outside of the sections", offset))
		})
	}
	return true
}

// object is an ELF file.
type object struct {
	*elf.File
	whole    []byte
	sections map[string]*elf.Section // by names that each has for itself
	index    map[string]int
	symbols  []elf.Symbol
}

func openObject(data []byte) (*object, error) {
	file, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	o := &object{File: file, whole: data, sections: map[string]*elf.Section{}, index: map[string]int{}}
	names := own{}
	for i, s := range file.Sections {
		name := names.name(s.Name)
		o.sections[name], o.index[name] = s, i
	}
	all, _ := file.Symbols() // a stripped file has none
	dynamic, _ := file.DynamicSymbols()
	o.symbols = slices.DeleteFunc(append(all, dynamic...), func(s elf.Symbol) bool {
		kind := elf.ST_TYPE(s.Info)
		return s.Size == 0 || s.Name == "" || kind != elf.STT_OBJECT && kind != elf.STT_FUNC && kind != elf.STT_TLS
	})
	return o, nil
}

// data is what a section has in the file.
func (o *object) data(name string) []byte {
	s := o.sections[name]
	if s.Type == elf.SHT_NOBITS || s.Type == elf.SHT_NULL || s.Offset > uint64(len(o.whole)) {
		return nil
	}
	rest := o.whole[s.Offset:]
	return rest[:min(s.FileSize, uint64(len(rest)))]
}

// sectionKind is what a section has, in the order in which a difference says something.
type sectionKind int

const (
	constants sectionKind = iota // texts above all
	variables                    // of these some are addresses
	following                    // code, addresses and digests: they change with where things lie in other sections
)

func (o *object) kind(name string) sectionKind {
	s := o.sections[name]
	if s.Type != elf.SHT_PROGBITS && s.Type != elf.SHT_STRTAB || s.Flags&elf.SHF_EXECINSTR != 0 {
		return following
	}
	for _, prefix := range []string{".got", ".plt", ".eh_frame", ".gcc_except_table", ".gnu_debuglink", ".shstrtab", ".debug_info", ".debug_line", ".debug_addr",
		".debug_aranges", ".debug_ranges", ".debug_rnglists", ".debug_loc", ".debug_frame"} {
		if strings.HasPrefix(name, prefix) && name != ".debug_line_str" {
			return following
		}
	}
	if s.Flags&elf.SHF_WRITE != 0 {
		return variables
	}
	return constants
}

// locate says where in the file a part of a section is.
func (o *object) locate(name string, offset int) string {
	s := o.sections[name]
	text := fmt.Sprintf("section %s, offset %#x (%#x in the file)", name, offset, s.Offset+uint64(offset))
	for _, symbol := range o.symbols {
		begin, at := symbol.Value, uint64(offset)
		if elf.ST_TYPE(symbol.Info) == elf.STT_FUNC && o.Machine == elf.EM_ARM {
			begin &^= 1 // that bit means Thumb code
		}
		if o.Type != elf.ET_REL {
			at += s.Addr
		}
		if int(symbol.Section) != o.index[name] || at < begin || at-begin >= symbol.Size {
			continue
		}
		if at > begin {
			return fmt.Sprintf("%s, symbol %s+%#x", text, symbol.Name, at-begin)
		}
		return text + ", symbol " + symbol.Name
	}
	return text
}
