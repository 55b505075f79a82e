// SPDX-License-Identifier: Apache-2.0

package difference

import (
	"archive/zip"
	"bytes"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func day(text string) time.Time {
	at, err := time.Parse(time.DateTime, text)
	if err != nil {
		panic(err)
	}
	return at
}

var (
	here = Circumstances{Folder: "/crosswheel/build", Home: "/tmp", User: "nobody", UserID: "65534", Host: "sandbox", Epoch: day("1980-01-01 00:00:00"),
		From: day("2026-11-21 23:50:00"), To: day("2026-11-22 00:10:00")}
	elsewhere = Circumstances{Folder: "/somewhere/unlike", Home: "/var/tmp", User: "backup", UserID: "34", Host: "outside", Epoch: day("2001-02-03 04:05:06"),
		From: day("2027-12-28 09:00:00"), To: day("2027-12-28 09:30:00")}
)

// compared compares two files of one name.
func compared(t *testing.T, name, usual, unlike string) []Finding {
	t.Helper()
	found, err := Compare(fstest.MapFS{name: {Data: []byte(usual)}}, fstest.MapFS{name: {Data: []byte(unlike)}}, here, elsewhere)
	if err != nil {
		t.Fatal(err)
	}
	if (usual == unlike) != (len(found) == 0) {
		t.Errorf("%d findings in %q and %q", len(found), usual, unlike)
	}
	return found
}

func TestCause(t *testing.T) {
	number := func(at time.Time, size int) string {
		return string(binary.LittleEndian.AppendUint64(nil, uint64(at.Unix()))[:size])
	}
	for _, c := range []struct{ usual, unlike, want string }{
		{"same", "same", ""},
		{"at /crosswheel/build/a-1/x.h", "at /somewhere/unlike/a-1/x.h", pathCause},
		{"x.h", "/somewhere/unlike/a-1/x.h", pathCause},
		{"by root@sandbox\x00", "by root@outside\x00", hostCause},
		{"\x00nobody\x00", "\x00backup\x00", userCause},
		{"uid 65534", "uid 34", userCause},
		{"HOME=/tmp/x", "HOME=/var/tmp/x", homeCause},
		{"/tmp/tmpa8s7dh2q/a.c", "/tmp/tmp_9ajf2md/a.c", temporaryCause},
		{"\x00Jan  1 1980\x00", "\x00Feb  3 2001\x00", macroCause},
		{"seconds = 315532800", "seconds = 981173106", macroCause},
		{"\x00\x00" + number(here.Epoch, 4) + "\x01", "\x00\x00" + number(elsewhere.Epoch, 4) + "\x01", macroCause},
		{"made on 2026-11-22", "made on 2027-12-28", clockCause}, // the second of the two days
		{"copyright 2026", "copyright 2027", clockCause},
		{"at 1795305000.25", "at 1829985000.75", clockCause},
		{"\x00\x00\x00\x00" + number(here.To, 8), "\x00\x00\x00\x00" + number(elsewhere.From, 8), clockCause},
		{"at 12:31:05 or so", "at 12:31:06 or so", clockCause},
		{"nobody@sandbox:/crosswheel/build", "backup@outside:/somewhere/unlike", pathCause + "\n" + hostCause + "\n" + userCause},
		{"b\na\nc\n", "a\nb\nc\n", orderCause},
		{`{"x": ["b", "a"]}`, `{"x": ["a", "b"]}`, orderCause},
		{"\x00one\x00two\x00three\x00", "\x00three\x00one\x00two\x00", orderCause},
		{"\x00\x01\x02\x03\x04\x05", "\x00\x05\x03\x02\x04\x01", orderCause},
		{"\x00\x01\x02\x03", "\x00\x01\x09\x03", unknownCause},
		{"salt = f0a3", "salt = 1bc2", unknownCause},
		{"\x00short\x00", "\x00longer\x00", unknownCause},
		// What is in both is no cause, nor is what is in one alone.
		{"nobody and backup: 1", "nobody and backup: 2", unknownCause},
		{"/crosswheel/build: f0a3", "/crosswheel/build: 1bc2", unknownCause},
	} {
		found := compared(t, "file", c.usual, c.unlike)
		if c.want == "" {
			continue
		}
		if len(found) != 1 || found[0].Cause != c.want {
			t.Errorf("%q and %q: got\n%swant %q", c.usual, c.unlike, Text(found), c.want)
		} else if found[0].Cure == "" {
			t.Errorf("%q and %q: no cure", c.usual, c.unlike)
		}
	}
}

// writeObject writes an ELF file for ARM: sections, and a symbol for each.
func writeObject(kind elf.Type, sections ...[2]string) string {
	const headerSize, sectionSize, symbolSize = 52, 40, 16
	names, strs, symbols := "\x00", "\x00", make([]byte, symbolSize)
	header := func(name string, kind elf.SectionType, flags elf.SectionFlag, at, offset, size, link, entry int) []byte {
		names += name + "\x00"
		h := elf.Section32{Name: uint32(len(names) - len(name) - 1), Type: uint32(kind), Flags: uint32(flags), Addr: uint32(at), Off: uint32(offset), Size: uint32(size),
			Link: uint32(link), Info: 1, Addralign: 1, Entsize: uint32(entry)}
		out, _ := binary.Append(nil, binary.LittleEndian, h)
		return out
	}
	body, headers := make([]byte, headerSize), make([]byte, sectionSize)
	for i, s := range sections {
		flags, at := elf.SHF_ALLOC, 0
		if s[0] == ".text" {
			flags |= elf.SHF_EXECINSTR
		}
		if kind != elf.ET_REL {
			at = 0x1000 + len(body)
		}
		headers = append(headers, header(s[0], elf.SHT_PROGBITS, flags, at, len(body), len(s[1]), 0, 0)...)
		strs += "in" + strings.ReplaceAll(s[0], ".", "_") + "\x00"
		symbol := elf.Sym32{Name: uint32(strings.Index(strs, "in"+strings.ReplaceAll(s[0], ".", "_"))), Value: uint32(at), Size: uint32(len(s[1])),
			Info: elf.ST_INFO(elf.STB_GLOBAL, elf.STT_OBJECT), Shndx: uint16(i + 1)}
		symbols, _ = binary.Append(symbols, binary.LittleEndian, symbol)
		body = append(body, s[1]...)
	}
	link := len(sections) + 2
	headers = append(headers, header(".symtab", elf.SHT_SYMTAB, 0, 0, len(body), len(symbols), link, symbolSize)...)
	body = append(body, symbols...)
	headers = append(headers, header(".strtab", elf.SHT_STRTAB, 0, 0, len(body), len(strs), 0, 0)...)
	body = append(body, strs...)
	headers = append(headers, header(".shstrtab", elf.SHT_STRTAB, 0, 0, len(body), len(names)+len(".shstrtab")+1, 0, 0)...)
	body = append(body, names...)
	first := elf.Header32{Type: uint16(kind), Machine: uint16(elf.EM_ARM), Version: 1, Shoff: uint32(len(body)), Ehsize: headerSize, Shentsize: sectionSize,
		Shnum: uint16(len(sections) + 4), Shstrndx: uint16(len(sections) + 3)}
	copy(first.Ident[:], "\x7fELF\x01\x01\x01")
	start, _ := binary.Append(nil, binary.LittleEndian, first)
	copy(body, start)
	return string(append(body, headers...))
}

func TestObject(t *testing.T) {
	make := func(kind elf.Type, date, code string) string {
		return writeObject(kind, [2]string{".text", code}, [2]string{".rodata", "1.0\x00 " + date + "\x00"})
	}
	for kind, want := range map[elf.Type]string{elf.ET_REL: "section .rodata, offset 0x4 (0x3c in the file), symbol in_rodata+0x4", elf.ET_DYN: "section .rodata, offset 0x4 (0x3c in the file), symbol in_rodata+0x4"} {
		found := compared(t, "x.so", make(kind, "Jan  1 1980", "\x01\x02\x03\x04"), make(kind, "Feb  3 2001", "\x01\x02\x03\x05"))
		if len(found) != 2 {
			t.Fatalf("%v:\n%s", kind, Text(found))
		}
		if got := found[0]; !slices.Equal(got.Where, []string{"x.so", want}) || got.Cause != macroCause || !strings.HasSuffix(got.Usual, `"Jan  1 1980"`) && !strings.HasSuffix(got.Usual, `" Jan  1 1980"`) {
			t.Errorf("%v: got %+v, want it at %s", kind, got, want)
		}
		if got := found[1].What; !strings.HasSuffix(got, ": .text") {
			t.Errorf("%v: what follows: %q", kind, got)
		}
	}
	// Code alone is told of where nothing else differs, and so is what only one has.
	found := compared(t, "x.so", make(elf.ET_DYN, "", "\x01\x02\x03\x04"), make(elf.ET_DYN, "", "\x01\x02\x03\x05"))
	if len(found) != 1 || found[0].Where[1] != "section .text, offset 0x3 (0x37 in the file), symbol in_text+0x3" {
		t.Errorf("code:\n%s", Text(found))
	}
	found = compared(t, "x.so", writeObject(elf.ET_DYN, [2]string{".data", "x"}), writeObject(elf.ET_DYN, [2]string{".data", "x"}, [2]string{".more", "y"}))
	if text := Text(found); !strings.Contains(text, "x.so > its sections > .more") || !strings.Contains(text, "Only the unlike build made it.") {
		t.Errorf("a section more:\n%s", text)
	}
}

// Texts of other lengths move all that is behind them: told are the texts.
func TestStrings(t *testing.T) {
	usual, unlike := "\x00first text\x00in 12 folders\x00last\x00", "\x00first text\x00in 7 folders\x00last\x00"
	found := compared(t, "x", usual, unlike)
	if len(found) != 1 || found[0].Usual != `"in 12 folders"` || found[0].Unlike != `"in 7 folders"` || found[0].Where[1] != "offset 0xc" {
		t.Errorf("got\n%s", Text(found))
	}
}

// pack writes a zip archive of names and texts.
func pack(t *testing.T, modified time.Time, members ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(members); i += 2 {
		f, err := w.CreateHeader(&zip.FileHeader{Name: members[i], Modified: modified})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(f, members[i+1])
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWheel(t *testing.T) {
	const record = "a-1.dist-info/RECORD"
	usual := pack(t, here.Epoch, "a.py", "x = 1\ny = 2\n", "b.py", "", "c.py", "", record, "a.py,sha256=aa,12\nb.py,sha256=bb,0\na-1.dist-info/RECORD,,\n")
	for want, unlike := range map[string]string{
		"a.whl > a.py > line 2":                         pack(t, here.Epoch, "a.py", "x = 1\ny = 3\n", "b.py", "", "c.py", "", record, "a.py,sha256=ab,12\nb.py,sha256=bb,0\na-1.dist-info/RECORD,,\n"),
		"a.whl > a-1.dist-info/RECORD > line 2":         pack(t, here.Epoch, "a.py", "x = 1\ny = 2\n", "b.py", "", "c.py", "", record, "a.py,sha256=aa,12\nb.py,sha256=bc,0\na-1.dist-info/RECORD,,\n"),
		"a.whl\n    what    The members are in another": pack(t, here.Epoch, "b.py", "", "a.py", "x = 1\ny = 2\n", "c.py", "", record, "a.py,sha256=aa,12\nb.py,sha256=bb,0\na-1.dist-info/RECORD,,\n"),
		"a.whl > c.py\n    what    Only the usual":      pack(t, here.Epoch, "a.py", "x = 1\ny = 2\n", "b.py", "", record, "a.py,sha256=aa,12\nb.py,sha256=bb,0\na-1.dist-info/RECORD,,\n"),
		"a.whl > a.py\n    what    The archive says":    pack(t, elsewhere.Epoch, "a.py", "x = 1\ny = 2\n", "b.py", "", "c.py", "", record, "a.py,sha256=aa,12\nb.py,sha256=bb,0\na-1.dist-info/RECORD,,\n"),
	} {
		found := compared(t, "a.whl", usual, unlike)
		if text := Text(found); !strings.Contains(text, want) || strings.Contains(want, "line") && len(found) != 1 {
			t.Errorf("got\n%swant %q", text, want)
		}
	}
	// A version that is made of the day gives wheels of other names.
	found, err := Compare(fstest.MapFS{"a-2026.11.21-py3-none-any.whl": {Data: []byte(usual)}}, fstest.MapFS{"a-2027.12.28-py3-none-any.whl": {Data: []byte(usual)}}, here, elsewhere)
	if err != nil || len(found) != 1 || found[0].Cause != clockCause {
		t.Errorf("%v, got\n%s", err, Text(found))
	}
}

// archive writes a static library of names and contents; a long name is in a table of them.
func archive(owner string, members ...string) string {
	text, long := "", ""
	entry := func(name, data string) string {
		return fmt.Sprintf("%-16s%-12s%-6s%-6s%-8s%-10d`\n%s%s", name, "0", owner, owner, "644", len(data), data, strings.Repeat("\n", len(data)%2))
	}
	for i := 0; i < len(members); i += 2 {
		name := members[i] + "/"
		if len(name) > 16 {
			name, long = fmt.Sprintf("/%d", len(long)), long+name+"\n"
		}
		text += entry(name, members[i+1])
	}
	return arMagic + entry("/", "\x00\x00\x00\x00") + entry("//", long) + text
}

func TestArchive(t *testing.T) {
	const name = "a_name_that_is_too_long.o"
	usual := archive("0", "a.o", "one", name, "\x01\x02two", "a.o", "again")
	for want, unlike := range map[string]string{
		"x.a > a_name_that_is_too_long.o > offset 0x1":       archive("0", "a.o", "one", name, "\x01\x03two", "a.o", "again"),
		"x.a > a.o (2.) > line 1":                            archive("0", "a.o", "one", name, "\x01\x02two", "a.o", "agaim"),
		"owner 34":                                           archive("34", "a.o", "one", name, "\x01\x02two", "a.o", "again"),
		"x.a\n    what    The members are in another order.": archive("0", name, "\x01\x02two", "a.o", "one", "a.o", "again"),
	} {
		if text := Text(compared(t, "x.a", usual, unlike)); !strings.Contains(text, want) {
			t.Errorf("got\n%swant %q", text, want)
		}
	}
}

func TestFolder(t *testing.T) {
	usual := fstest.MapFS{"lib/a": {Data: []byte("a")}, "bin/x": {Data: []byte("x"), Mode: 0o755}, "lib/l": {Data: []byte("a"), Mode: 0o777 | 1<<27}}
	unlike := fstest.MapFS{"lib/b": {Data: []byte("a")}, "bin/x": {Data: []byte("x"), Mode: 0o664}, "lib/l": {Data: []byte("b"), Mode: 0o777 | 1<<27}}
	found, err := Compare(usual, unlike, here, elsewhere)
	if err != nil {
		t.Fatal(err)
	}
	text := Text(found)
	for _, want := range []string{"Each has a file that the other has not.", "bin/x\n    what    Only one of them can be run.", "lib/l\n    what    The links lead elsewhere."} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if found, err := Compare(usual, usual, here, elsewhere); err != nil || len(found) != 0 {
		t.Errorf("the same: %v\n%s", err, Text(found))
	}
}

// Many differences are told in few words.
func TestMany(t *testing.T) {
	usual, unlike := fstest.MapFS{}, fstest.MapFS{}
	for i := range 3 * most {
		name := fmt.Sprintf("%03d", i)
		usual[name], unlike[name] = &fstest.MapFile{Data: []byte("a")}, &fstest.MapFile{Data: []byte("b")}
	}
	found, err := Compare(usual, unlike, here, elsewhere)
	if err != nil || len(found) != most+1 || found[most].What != "There are 80 more differences." {
		t.Errorf("%v, %d findings, %+v", err, len(found), found[len(found)-1])
	}
}

// FuzzCompare gives two files that may be anything. What differs is told of, and nothing else.
func FuzzCompare(f *testing.F) {
	for _, pair := range [][2]string{
		{"a\nb\n", "b\na\n"}, {"\x00abcd\x00efgh", "\x00efgh\x00abcd"},
		{archive("0", "a.o", "one"), archive("0", "a.o", "two")},
		{writeObject(elf.ET_DYN, [2]string{".rodata", "Jan  1 1980"}), writeObject(elf.ET_DYN, [2]string{".rodata", "Feb  3 2001"}, [2]string{".text", "x"})},
	} {
		f.Add([]byte(pair[0]), []byte(pair[1]))
	}
	f.Fuzz(func(t *testing.T, a, b []byte) {
		for _, pair := range [][2][]byte{{a, b}, {b, a}, {a, a}} {
			found, err := Compare(fstest.MapFS{"x": {Data: pair[0]}}, fstest.MapFS{"x": {Data: pair[1]}}, here, elsewhere)
			if err != nil {
				t.Fatal(err)
			}
			if same := bytes.Equal(pair[0], pair[1]); same != (len(found) == 0) {
				t.Errorf("the same: %v, but:\n%s", same, Text(found))
			}
			Text(found)
		}
	})
}
