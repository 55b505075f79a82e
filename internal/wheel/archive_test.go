// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
	"testing"
)

// smallArchive is two stored members, with nothing special.
func smallArchive(t testing.TB) archive {
	return archive(files{"a.py": "pass # a", "b/c.py": "pass # bc"}.zip(t))
}

// archive is the bytes of one, to be spoiled.
type archive []byte

// at is where the n-th part with that signature begins.
func (a archive) at(signature string, n int) int {
	at := bytes.Index(a, []byte(signature))
	for range n {
		at += 4 + bytes.Index(a[at+4:], []byte(signature))
	}
	return at
}

func (a archive) put16(at int, v uint16) archive {
	b := slices.Clone(a)
	binary.LittleEndian.PutUint16(b[at:], v)
	return b
}

func (a archive) put32(at int, v uint32) archive {
	b := slices.Clone(a)
	binary.LittleEndian.PutUint32(b[at:], v)
	return b
}

func (a archive) insert(at int, s string) archive {
	return slices.Concat(a[:at], archive(s), a[at:])
}

// local and central change a field of the n-th member's headers.
func (a archive) local(n, field int, v uint16) archive { return a.put16(a.at(sigLocal, n)+field, v) }
func (a archive) central(n, field int, v uint16) archive {
	return a.put16(a.at(sigCentral, n)+field, v)
}

func (a archive) both(n, local int, v uint16) archive {
	return a.local(n, local, v).central(n, local+2, v)
}

// end changes a field of the end.
func (a archive) end(field int, v uint16) archive { return a.put16(a.at(sigEnd, 0)+field, v) }

// moved corrects the places that the end, and members from the n-th on, have, after bytes were put before them.
func (a archive) moved(n, by int) archive {
	end := a.at(sigEnd, 0)
	a = a.put32(end+16, le32(a[end+16:])+uint32(by))
	for ; n < int(le16(a[end+10:])); n++ {
		at := a.at(sigCentral, n)
		a = a.put32(at+42, le32(a[at+42:])+uint32(by))
	}
	return a
}

// renamed gives the n-th member a name of the same length, in one or both of its headers.
func (a archive) renamed(n int, name string, local, central bool) archive {
	b := slices.Clone(a)
	if local {
		copy(b[a.at(sigLocal, n)+lenLocal:], name)
	}
	if central {
		copy(b[a.at(sigCentral, n)+lenCentral:], name)
	}
	return b
}

// centralExtra adds an extra field to the first entry of the directory.
func (a archive) centralExtra(s string) archive {
	at := a.at(sigCentral, 0)
	a = a.put16(at+30, le16(a[at+30:])+uint16(len(s))).insert(at+lenCentral+4, s) // the first name has four letters
	end := a.at(sigEnd, 0)
	return a.put32(end+12, le32(a[end+12:])+uint32(len(s)))
}

// localExtra adds an extra field to the first local header.
func (a archive) localExtra(s string) archive {
	return a.put16(28, uint16(len(s))).insert(lenLocal+4, s).moved(1, len(s))
}

// comment adds a comment to the archive.
func (a archive) comment(s string) archive {
	return append(a.end(20, uint16(len(s))), s...)
}

// end64 adds the ends of zip64, as if they were needed or not.
func (a archive) end64(needed bool) archive {
	end := a.at(sigEnd, 0)
	b := make([]byte, lenEnd64+lenLocator64)
	copy(b, sigEnd64)
	binary.LittleEndian.PutUint64(b[4:], lenEnd64-12)
	binary.LittleEndian.PutUint64(b[24:], uint64(le16(a[end+10:])))
	binary.LittleEndian.PutUint64(b[32:], uint64(le16(a[end+10:])))
	binary.LittleEndian.PutUint64(b[40:], uint64(le32(a[end+12:])))
	binary.LittleEndian.PutUint64(b[48:], uint64(le32(a[end+16:])))
	copy(b[lenEnd64:], sigLocator64)
	binary.LittleEndian.PutUint64(b[lenEnd64+8:], uint64(end))
	b[lenEnd64+16] = 1
	if needed {
		a = a.put32(end+16, none32)
	}
	return a.insert(end, string(b))
}

// descriptor gives the second member, the last, a data descriptor.
func (a archive) descriptor(signature string, crc, packed, size uint32) archive {
	local, directory := a.at(sigLocal, 1), a.at(sigCentral, 0)
	d := signature + string(binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(nil, crc), packed), size))
	a = a.both(1, 6, flagDescriptor).put32(local+14, 0).put32(local+18, 0).put32(local+22, 0)
	return a.insert(directory, d).moved(2, len(d))
}

// extra is an extra field.
func extra(id uint16, content string) string {
	return string(binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(nil, id), uint16(len(content)))) + content
}

const bc = "pass # bc"

func bcSum() uint32 { return crc32.ChecksumIEEE([]byte(bc)) }

// goodArchives are unusual, and read in one way by all.
var goodArchives = map[string]func(archive) archive{
	"plain":                       func(a archive) archive { return a },
	"a comment":                   func(a archive) archive { return a.comment("made by hand") },
	"zip64's end, needed":         func(a archive) archive { return a.end64(true) },
	"a descriptor":                func(a archive) archive { return a.descriptor(sigDescriptor, bcSum(), 9, 9) },
	"a descriptor, no signature":  func(a archive) archive { return a.descriptor("", bcSum(), 9, 9) },
	"an extra field of a time":    func(a archive) archive { return a.centralExtra(extra(0x5455, "\x01abcd")) },
	"a local extra field":         func(a archive) archive { return a.localExtra(extra(0x5455, "\x01abcd")) },
	"zip64 in a local header":     func(a archive) archive { return zip64Local(a, 8, 8) },
	"zip64 in the directory":      func(a archive) archive { return zip64Central(a, "\x08\x00\x00\x00\x00\x00\x00\x00") },
	"zip64 repeating a header":    func(a archive) archive { return zip64Repeated(a, 8) },
	"a Unix mode":                 func(a archive) archive { return a.central(0, 40, 0o100755) },
	"a name in UTF-8":             func(a archive) archive { return a.renamed(0, "é.p", true, true).both(0, 6, flagUTF8) },
	"a Unicode path that is true": func(a archive) archive { return a.centralExtra(unicodePath("a.py", "a.py")) },
}

// zip64Local leaves the first member's sizes to an extra field of its local header.
func zip64Local(a archive, size, packed uint64) archive {
	field := binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(nil, size), packed)
	return a.put32(18, none32).put32(22, none32).localExtra(extra(1, string(field)))
}

// zip64Repeated writes sizes in an extra field of the first local header that the header has as well, as Bazel does.
func zip64Repeated(a archive, packed uint64) archive {
	return a.localExtra(extra(1, string(binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(nil, 8), packed))))
}

// zip64Central leaves the first member's size to an extra field of its entry in the directory.
func zip64Central(a archive, field string) archive {
	return a.put32(a.at(sigCentral, 0)+24, none32).centralExtra(extra(1, field))
}

func unicodePath(of, name string) string {
	return extra(0x7075, "\x01"+string(binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(of))))+name)
}

// badArchives are read by different readers in different ways, or would do harm.
var badArchives = map[string]func(archive) archive{
	"data before it":                      func(a archive) archive { return a.insert(0, "#!/bin/sh\n") },
	"data before it, accounted for":       func(a archive) archive { return a.insert(0, "#!/bin/sh\n").moved(0, 10) },
	"data after it":                       func(a archive) archive { return append(a, 0) },
	"data between members":                func(a archive) archive { return a.insert(a.at(sigLocal, 1), "hidden").moved(1, 6) },
	"data before the directory":           func(a archive) archive { return a.insert(a.at(sigCentral, 0), "hidden").moved(2, 6) },
	"data after the directory":            func(a archive) archive { return a.insert(a.at(sigEnd, 0), "hidden") },
	"another archive after it":            func(a archive) archive { return append(slices.Clone(a), a...) },
	"an end in the comment":               func(a archive) archive { return a.comment("x" + string(a[a.at(sigEnd, 0):])) },
	"an archive in the comment":           func(a archive) archive { return a.comment(string(a)) },
	"a comment that is cut":               func(a archive) archive { return a.end(20, 4) },
	"a comment that goes on":              func(a archive) archive { return append(a.end(20, 1), "xy"...) },
	"several disks":                       func(a archive) archive { return a.end(4, 1) },
	"a member on another disk":            func(a archive) archive { return a.central(1, 34, 1) },
	"too few entries announced":           func(a archive) archive { return a.end(8, 1).end(10, 1) },
	"too many entries announced":          func(a archive) archive { return a.end(8, 3).end(10, 3) },
	"two counts of entries":               func(a archive) archive { return a.end(8, 1) },
	"a directory of another size":         func(a archive) archive { return a.end(12, le16(a[a.at(sigEnd, 0)+12:])-1) },
	"a directory elsewhere":               func(a archive) archive { return a.end(16, 4) },
	"a member's comment":                  func(a archive) archive { return memberComment(a) },
	"a local name of its own":             func(a archive) archive { return a.renamed(0, "e.py", true, false) },
	"a central name of its own":           func(a archive) archive { return a.renamed(0, "e.py", false, true) },
	"a local method of its own":           func(a archive) archive { return a.local(0, 8, methodDeflated) },
	"local flags of its own":              func(a archive) archive { return a.local(0, 6, flagUTF8) },
	"a local checksum of its own":         func(a archive) archive { return a.put32(14, 1) },
	"a local size of its own":             func(a archive) archive { return a.put32(22, 7) },
	"a local packed size of its own":      func(a archive) archive { return a.put32(18, 7) },
	"a wrong checksum":                    func(a archive) archive { return a.put32(14, 1).put32(a.at(sigCentral, 0)+16, 1) },
	"stored in another size":              func(a archive) archive { return a.put32(22, 7).put32(a.at(sigCentral, 0)+24, 7) },
	"a local header elsewhere":            func(a archive) archive { return a.put32(a.at(sigCentral, 0)+42, 1) },
	"two members in one place":            func(a archive) archive { return a.put32(a.at(sigCentral, 1)+42, 0) },
	"a member beyond the end":             func(a archive) archive { return a.put32(a.at(sigCentral, 1)+42, 1<<30) },
	"encrypted":                           func(a archive) archive { return a.both(0, 6, flagEncrypted) },
	"strongly encrypted":                  func(a archive) archive { return a.both(0, 6, 1<<6) },
	"patch data":                          func(a archive) archive { return a.both(0, 6, 1<<5) },
	"masked headers":                      func(a archive) archive { return a.both(0, 6, 1<<13) },
	"bzip2":                               func(a archive) archive { return a.both(0, 8, 12) },
	"not deflated, as it says":            func(a archive) archive { return a.both(0, 8, methodDeflated) },
	"a future version":                    func(a archive) archive { return a.both(0, 4, 90) },
	"a NUL in a name":                     func(a archive) archive { return a.renamed(0, "a\x00py", true, true) },
	"a line feed in a name":               func(a archive) archive { return a.renamed(0, "a\npy", true, true) },
	"a backslash in a name":               func(a archive) archive { return a.renamed(0, `a\py`, true, true) },
	"a drive in a name":                   func(a archive) archive { return a.renamed(0, "a:py", true, true) },
	"an absolute name":                    func(a archive) archive { return a.renamed(0, "/apy", true, true) },
	"a name that leaves":                  func(a archive) archive { return a.renamed(1, "../c.y", true, true) },
	"a name with a dot element":           func(a archive) archive { return a.renamed(1, "b/./cy", true, true) },
	"a name with an empty element":        func(a archive) archive { return a.renamed(1, "b//c.y", true, true) },
	"a name in Latin-1":                   func(a archive) archive { return a.renamed(0, "\xe9.py", true, true) },
	"a name in Latin-1, called UTF-8":     func(a archive) archive { return a.renamed(0, "\xe9.py", true, true).both(0, 6, flagUTF8) },
	"a name in UTF-8, and no flag":        func(a archive) archive { return a.renamed(0, "é.p", true, true) },
	"a folder with content":               func(a archive) archive { return a.renamed(0, "a.p/", true, true) },
	"a symbolic link":                     func(a archive) archive { return a.central(0, 40, 0o120777) },
	"a symbolic link, made on DOS":        func(a archive) archive { return a.central(0, 40, 0o120777).central(0, 4, 20) },
	"a device":                            func(a archive) archive { return a.central(0, 40, 0o060644) },
	"setuid":                              func(a archive) archive { return a.central(0, 40, 0o104755) },
	"a file whose mode is a folder's":     func(a archive) archive { return a.central(0, 40, 0o040755) },
	"an extra field that is cut":          func(a archive) archive { return a.centralExtra("\x55\x54\x09\x00a") },
	"a rest of an extra field":            func(a archive) archive { return a.centralExtra("abc") },
	"a local extra field that is cut":     func(a archive) archive { return a.localExtra("\x55\x54\x09\x00a") },
	"a Unicode path of another name":      func(a archive) archive { return a.centralExtra(unicodePath("a.py", "e.py")) },
	"a local Unicode path":                func(a archive) archive { return a.localExtra(unicodePath("a.py", "e.py")) },
	"zip64's end, not needed":             func(a archive) archive { return a.end64(false) },
	"zip64's end that says otherwise":     func(a archive) archive { a = a.end64(true); return a.put32(a.at(sigEnd64, 0)+32, 1) },
	"zip64's end with more data":          func(a archive) archive { a = a.end64(true); return a.put32(a.at(sigEnd64, 0)+4, 48) },
	"zip64's locator elsewhere":           func(a archive) archive { a = a.end64(true); return a.put32(a.at(sigLocator64, 0)+8, 0) },
	"zip64's end that is missing":         func(a archive) archive { return a.put32(a.at(sigEnd, 0)+16, none32) },
	"zip64 fields that nobody needs":      func(a archive) archive { return a.centralExtra(extra(1, "\x08\x00\x00\x00\x00\x00\x00\x00")) },
	"zip64 fields that are too few":       func(a archive) archive { return zip64Central(a, "") },
	"zip64 fields that are too many":      func(a archive) archive { return zip64Central(a, strings.Repeat("\x08\x00\x00\x00\x00\x00\x00\x00", 2)) },
	"zip64 not repeating a header":        func(a archive) archive { return zip64Repeated(a, 7) },
	"zip64 sizes that differ":             func(a archive) archive { return zip64Local(a, 7, 8) },
	"no zip64 field":                      func(a archive) archive { return a.put32(a.at(sigCentral, 0)+24, none32) },
	"a descriptor with another size":      func(a archive) archive { return a.descriptor(sigDescriptor, bcSum(), 9, 8) },
	"a descriptor with another checksum":  func(a archive) archive { return a.descriptor(sigDescriptor, 1, 9, 9) },
	"a descriptor of another kind":        func(a archive) archive { return a.descriptor("PK\x07\x09", bcSum(), 9, 9) },
	"a descriptor that is missing":        func(a archive) archive { return a.both(1, 6, flagDescriptor) },
	"a descriptor that nobody announces":  func(a archive) archive { return a.descriptor(sigDescriptor, bcSum(), 9, 9).both(1, 6, 0) },
	"a tar file, too":                     func(a archive) archive { return tarToo(a) },
	"cut":                                 func(a archive) archive { return a[:len(a)-1] },
	"nothing":                             func(archive) archive { return nil },
	"an end and nothing else":             func(a archive) archive { return a[a.at(sigEnd, 0):] },
	"deflated data with more behind it":   func(archive) archive { return deflatedMember(bc, "more", 0) },
	"deflated data larger than announced": func(archive) archive { return deflatedMember(bc, "", -1) },
	"deflated data less than announced":   func(archive) archive { return deflatedMember(bc, "", 1) },
	"a file twice":                        func(archive) archive { return named("a", "a") },
	"a folder twice":                      func(archive) archive { return named("a/", "a/") },
	"a file that is a folder":             func(archive) archive { return named("a", "a/") },
	"a file that is a folder of others":   func(archive) archive { return named("a/b", "a") },
	"a file that holds another":           func(archive) archive { return named("a", "a/b") },
	"names that differ in case":           func(archive) archive { return named("a/b", "A/c") },
	"names that differ in composition":    func(archive) archive { return named("\u00e9", "e\u0301") },
}

func memberComment(a archive) archive {
	at, end := a.at(sigCentral, 0), a.at(sigEnd, 0)
	return a.central(0, 32, 2).end(12, le16(a[end+12:])+2).insert(at+lenCentral+4, "hi")
}

// tarToo hides a tar file's header, with a checksum that is right, in a local extra field.
func tarToo(a archive) archive {
	a = a.localExtra(extra(0x6666, strings.Repeat("\x00", 600)))
	header := slices.Clone(a[:512])
	copy(header[100:], "0000644\x000000000\x000000000\x0000000000000\x0000000000000\x00")
	copy(header[257:], "ustar\x0000")
	copy(header[148:], "        ")
	sum := 0
	for _, c := range header {
		sum += int(c)
	}
	copy(header[148:], fmt.Sprintf("%06o\x00 ", sum))
	return append(header, a[512:]...)
}

// deflatedMember is an archive of one member, with bytes behind its compressed data, and a size that is wrong by so much.
func deflatedMember(content, behind string, wrong int) archive {
	p := packer{}
	data, err := p.compress([]byte(content))
	if err != nil {
		panic(err)
	}
	data = append(data, behind...)
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	to, err := w.CreateRaw(&zip.FileHeader{Name: "a.py", Method: zip.Deflate, CRC32: crc32.ChecksumIEEE([]byte(content)),
		CompressedSize64: uint64(len(data)), UncompressedSize64: uint64(len(content) + wrong)})
	if err == nil {
		_, err = to.Write(data)
	}
	if err := errors.Join(err, w.Close()); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// named is an archive of empty members with these names.
func named(names ...string) archive {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range names {
		if _, err := w.CreateRaw(&zip.FileHeader{Name: name, NonUTF8: false}); err != nil {
			panic(err)
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	a := archive(b.Bytes())
	for i := range names {
		a = a.both(i, 6, flagUTF8)
	}
	return a
}
