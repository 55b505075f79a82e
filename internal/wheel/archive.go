// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"archive/tar"
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
)

// A wheel's archive is read here, and not by archive/zip, which knows the central directory only: an archive can show one reader other files
// than the next. What is accepted has one reading. Every byte of it belongs to one part, in this order:
//
//	for each member: local header, data, perhaps a data descriptor
//	for each member: its entry in the central directory
//	zip64's end and its locator, or neither
//	the end of the central directory, perhaps with a comment
//
// and all that is said twice is said in the same words. Python's zipfile and Go's archive/zip then read the same; tests compare them.

// The signatures that parts begin with.
const (
	sigLocal      = "PK\x03\x04"
	sigCentral    = "PK\x01\x02"
	sigEnd        = "PK\x05\x06"
	sigEnd64      = "PK\x06\x06"
	sigLocator64  = "PK\x06\x07"
	sigDescriptor = "PK\x07\x08"
)

// The sizes of the parts, without what varies.
const (
	lenLocal     = 30
	lenCentral   = 46
	lenEnd       = 22
	lenEnd64     = 56
	lenLocator64 = 20
)

// Numbers that do not fit are these, and zip64 has them.
const (
	none16 = 0xffff
	none32 = 0xffffffff
)

// Bounds of the central directory, which is read whole: the largest wheels have some 30,000 files.
const (
	maxDirectory = 32 << 20
	maxEntries   = 250_000
)

// zipEntry is one member as the archive describes it.
type zipEntry struct {
	name         string
	versionMade  uint16
	version      uint16 // that a reader needs
	flags        uint16
	method       uint16
	crc          uint32
	packed, size uint64 // of the data, and of the content
	attributes   uint32
	offset       uint64 // of the local header

	data int64 // where its data begins
}

// The flags that may be set: two for deflate's effort, the descriptor, and the name's encoding.
const (
	flagEncrypted  = 1 << 0
	flagEffort     = 3 << 1
	flagDescriptor = 1 << 3
	flagUTF8       = 1 << 11
)

// memberError is what is wrong with one member.
type memberError struct {
	name string
	err  error
}

func (e *memberError) Error() string { return e.name + ": " + e.err.Error() }
func (e *memberError) Unwrap() error { return e.err }

// readArchive reads the parts of an archive, all but the members' data.
func readArchive(r io.ReaderAt, size int64) ([]*zipEntry, error) {
	end, err := readEnd(r, size)
	if err != nil {
		return nil, err
	}
	directory := make([]byte, end.size)
	if _, err := r.ReadAt(directory, int64(end.offset)); err != nil {
		return nil, fmt.Errorf("the central directory: %w", err)
	}
	if end.count > maxEntries {
		return nil, fmt.Errorf("%d entries are more than any wheel's", end.count)
	}
	var entries []*zipEntry
	for len(directory) > 0 {
		var e *zipEntry
		if e, directory, err = readCentral(directory); err != nil {
			return nil, fmt.Errorf("the central directory, entry %d: %w", len(entries)+1, err)
		}
		if entries = append(entries, e); uint64(len(entries)) > end.count {
			break
		}
	}
	if uint64(len(entries)) != end.count {
		return nil, fmt.Errorf("it announces %d entries, and has others", end.count)
	}
	if err := checkLocals(r, entries, end.offset); err != nil {
		return nil, err
	}
	return entries, checkTar(r, size)
}

// checkTar refuses what is a tar file at the same time: some tools ask the content, and not the name.
func checkTar(r io.ReaderAt, size int64) error {
	if header, err := tar.NewReader(io.NewSectionReader(r, 0, size)).Next(); err == nil && header.Name != "" {
		return errors.New("it is a tar file, too")
	}
	return nil
}

// directoryEnd is what the end of an archive says of its central directory.
type directoryEnd struct{ count, size, offset uint64 }

// readEnd finds the one end that the archive has.
func readEnd(r io.ReaderAt, size int64) (directoryEnd, error) {
	tail, at, err := lastEnd(r, size, lenEnd) // most have no comment
	if err == nil && at != 0 {
		tail, at, err = lastEnd(r, size, lenEnd+none16)
	}
	if err != nil {
		return directoryEnd{}, err
	}
	if at < 0 || len(tail)-at < lenEnd {
		return directoryEnd{}, errors.New("it has no end of a central directory: it is no zip file, or was cut")
	}
	record, comment := tail[at:at+lenEnd], tail[at+lenEnd:]
	if int(le16(record[20:])) != len(comment) {
		return directoryEnd{}, errors.New("data follows its end")
	}
	if bytes.Contains(comment, []byte("PK")) {
		return directoryEnd{}, errors.New("its comment could be taken for another end")
	}
	if le16(record[4:]) != 0 || le16(record[6:]) != 0 || le16(record[8:]) != le16(record[10:]) {
		return directoryEnd{}, errors.New("it is a part of several")
	}
	e := directoryEnd{uint64(le16(record[10:])), uint64(le32(record[12:])), uint64(le32(record[16:]))}
	position := uint64(size) - uint64(len(tail)-at)
	e, position, err = readEnd64(r, e, position)
	switch {
	case err != nil:
		return e, err
	case e.size > position || e.offset != position-e.size:
		return e, errors.New("its central directory is not where its end says: data stands before the archive, or between its parts")
	case e.size > maxDirectory:
		return e, fmt.Errorf("a central directory of %d bytes is larger than any wheel's", e.size)
	}
	return e, nil
}

// lastEnd gives the last bytes of a file, and where in them the last signature of an end stands: -1 for nowhere.
func lastEnd(r io.ReaderAt, size, length int64) (tail []byte, at int, err error) {
	tail = make([]byte, min(size, length))
	if _, err := r.ReadAt(tail, size-int64(len(tail))); err != nil && err != io.EOF {
		return nil, 0, err
	}
	return tail, bytes.LastIndex(tail, []byte(sigEnd)), nil
}

// readEnd64 reads the end that zip64 puts before the ordinary one. Readers look for it in different cases: here there is one exactly where the
// ordinary one has not enough room, and nothing else that looks like one.
func readEnd64(r io.ReaderAt, e directoryEnd, position uint64) (directoryEnd, uint64, error) {
	needed := e.count == none16 || e.size == none32 || e.offset == none32
	b := make([]byte, lenEnd64+lenLocator64)
	before := b[:min(position, uint64(len(b)))]
	if _, err := r.ReadAt(before, int64(position)-int64(len(before))); err != nil {
		return e, 0, err
	}
	found := len(before) >= lenLocator64 && string(before[len(before)-lenLocator64:][:4]) == sigLocator64
	if !needed && !found {
		return e, position, nil
	}
	if !found || len(before) < len(b) || string(b[:4]) != sigEnd64 {
		return e, 0, errors.New("zip64's end of the central directory is missing or broken")
	}
	locator, start := b[lenEnd64:], position-uint64(len(b))
	e64 := directoryEnd{le64(b[32:]), le64(b[40:]), le64(b[48:])}
	switch {
	case le32(locator[4:]) != 0 || le64(locator[8:]) != start || le32(locator[16:]) != 1:
		return e, 0, errors.New("zip64's locator points elsewhere")
	case le64(b[4:]) != lenEnd64-12 || le32(b[16:]) != 0 || le32(b[20:]) != 0 || le64(b[24:]) != e64.count:
		return e, 0, errors.New("zip64's end of the central directory is broken")
	case !needed:
		return e, 0, errors.New("it has an end for zip64, and no need of it: readers differ in which one counts")
	case e.count != none16 && e.count != e64.count || e.size != none32 && e.size != e64.size || e.offset != none32 && e.offset != e64.offset:
		return e, 0, errors.New("its two ends of the central directory say different things")
	}
	return e64, start, nil
}

// readCentral reads one entry of the central directory, and gives what follows.
func readCentral(b []byte) (*zipEntry, []byte, error) {
	if len(b) < lenCentral || string(b[:4]) != sigCentral {
		return nil, nil, errors.New("it does not begin as one")
	}
	name, extras, comment := int(le16(b[28:])), int(le16(b[30:])), int(le16(b[32:]))
	length := lenCentral + name + extras + comment
	if len(b) < length {
		return nil, nil, errors.New("it is cut")
	}
	e := &zipEntry{
		name:        string(b[lenCentral : lenCentral+name]),
		versionMade: le16(b[4:]), version: le16(b[6:]), flags: le16(b[8:]), method: le16(b[10:]),
		crc: le32(b[16:]), packed: uint64(le32(b[20:])), size: uint64(le32(b[24:])),
		attributes: le32(b[38:]), offset: uint64(le32(b[42:])),
	}
	extra := b[lenCentral+name : lenCentral+name+extras]
	fail := func(format string, args ...any) (*zipEntry, []byte, error) {
		return nil, nil, &memberError{e.name, fmt.Errorf(format, args...)}
	}
	if comment > 0 {
		return fail("it has a comment, where a second archive can hide")
	}
	if disk := le16(b[34:]); disk != 0 {
		return fail("it is on disk %d of several", disk)
	}
	var missing []*uint64
	for _, n := range []*uint64{&e.size, &e.packed, &e.offset} {
		if *n == none32 {
			missing = append(missing, n)
		}
	}
	if err := readExtra(extra, e.name, missing, len(missing)); err != nil {
		return fail("%w", err)
	}
	return e, b[length:], nil
}

// readExtra reads the extra fields of a header. zip64's has exactly the given numbers, or is not there. It must be there where the header leaves
// some of them out; those that the header has it repeats.
func readExtra(extra []byte, name string, numbers []*uint64, missing int) error {
	const zip64, unicodePath = 0x0001, 0x7075
	seen := map[uint16]bool{}
	for len(extra) > 0 {
		if len(extra) < 4 || len(extra)-4 < int(le16(extra[2:])) {
			return errors.New("its extra fields are cut")
		}
		id, field := le16(extra), extra[4:4+int(le16(extra[2:]))]
		extra = extra[4+len(field):]
		switch id {
		case zip64:
			if seen[id] || len(field) != 8*len(numbers) || len(numbers) == 0 {
				return errors.New("its zip64 field has not the numbers that its header leaves out")
			}
			for i, n := range numbers {
				if *n != none32 && *n != le64(field[8*i:]) {
					return errors.New("its zip64 field has other numbers than its header")
				}
				*n = le64(field[8*i:])
			}
		case unicodePath: // a version, a checksum, and a name that some readers take for the header's
			if seen[id] || len(field) < 5 || string(field[5:]) != name {
				return errors.New("an extra field gives it another name")
			}
		}
		seen[id] = true
	}
	if missing > 0 && !seen[zip64] {
		return errors.New("its size or place is left to a zip64 field, and there is none")
	}
	return nil
}

// checkLocals compares each member's local header with its entry, and sees that the members fill the archive from its beginning up to the
// central directory.
func checkLocals(r io.ReaderAt, entries []*zipEntry, directory uint64) error {
	sorted := slices.SortedFunc(slices.Values(entries), func(a, b *zipEntry) int { return cmp.Compare(a.offset, b.offset) })
	at := uint64(0)
	for i, e := range sorted {
		if e.offset != at {
			return &memberError{e.name, errors.New("it begins inside of another member, or data that belongs to none stands before it")}
		}
		next := directory
		if i+1 < len(sorted) {
			next = sorted[i+1].offset
		}
		if next < at || next > directory {
			return &memberError{e.name, errors.New("it reaches into what follows it")}
		}
		if err := e.checkLocal(io.NewSectionReader(r, int64(at), int64(next-at)), int64(at)); err != nil {
			return &memberError{e.name, err}
		}
		at = next
	}
	if at != directory {
		return errors.New("data that belongs to no member stands before the central directory")
	}
	return nil
}

// checkLocal compares a member's local header with its entry; r holds the header, the data, and all up to the next member.
func (e *zipEntry) checkLocal(r *io.SectionReader, at int64) error {
	// Most headers are read at once with their names.
	b := make([]byte, min(r.Size(), int64(lenLocal+len(e.name)+64)))
	if _, err := r.ReadAt(b, 0); err != nil && err != io.EOF {
		return err
	}
	if len(b) < lenLocal || string(b[:4]) != sigLocal {
		return errors.New("it has no local header of its own")
	}
	name, extra := int(le16(b[26:])), int(le16(b[28:]))
	header := int64(lenLocal + name + extra)
	if header > r.Size() {
		return errors.New("it reaches into what follows it")
	}
	if header > int64(len(b)) {
		b = make([]byte, header)
		if _, err := r.ReadAt(b, 0); err != nil {
			return err
		}
	}
	if local := string(b[lenLocal : lenLocal+name]); local != e.name {
		return fmt.Errorf("its local header calls it %q", local)
	}
	if le16(b[6:]) != e.flags || le16(b[8:]) != e.method {
		return errors.New("its local header has other flags, or another method")
	}
	crc, packed, size := le32(b[14:]), uint64(le32(b[18:])), uint64(le32(b[22:]))
	is64 := size == none32 || packed == none32
	missing := 0
	if is64 {
		missing = 1
	}
	if err := readExtra(b[lenLocal+name:header], e.name, []*uint64{&size, &packed}, missing); err != nil {
		return fmt.Errorf("its local header: %w", err)
	}
	e.data = at + header
	rest := r.Size() - header
	if e.flags&flagDescriptor != 0 && crc == 0 && packed == 0 && size == 0 {
		crc, packed, size = e.crc, e.packed, e.size // they are in the descriptor
	}
	switch {
	case crc != e.crc || packed != e.packed || size != e.size:
		return errors.New("its local header has another checksum or size")
	case uint64(rest) < e.packed:
		return errors.New("it reaches into what follows it")
	case e.flags&flagDescriptor != 0:
		return e.checkDescriptor(io.NewSectionReader(r, header+int64(e.packed), rest-int64(e.packed)), is64)
	case uint64(rest) != e.packed:
		return errors.New("data that belongs to no member stands after it")
	}
	return nil
}

// checkDescriptor compares the descriptor that follows a member's data. It may have a signature, and has sizes of 8 bytes with zip64.
func (e *zipEntry) checkDescriptor(r *io.SectionReader, is64 bool) error {
	b := make([]byte, min(r.Size(), 25))
	if _, err := r.ReadAt(b, 0); err != nil && err != io.EOF {
		return err
	}
	if len(b) == 16 || len(b) == 24 {
		if string(b[:4]) != sigDescriptor {
			return errors.New("its data descriptor is broken")
		}
		b = b[4:]
	}
	switch {
	case len(b) == 12 && !is64 && le32(b) == e.crc && uint64(le32(b[4:])) == e.packed && uint64(le32(b[8:])) == e.size:
	case len(b) == 20 && le32(b) == e.crc && le64(b[4:]) == e.packed && le64(b[12:]) == e.size:
	default:
		return errors.New("its data descriptor has another checksum or size, or other data follows it")
	}
	return nil
}

func le16(b []byte) uint16 { return binary.LittleEndian.Uint16(b) }
func le32(b []byte) uint32 { return binary.LittleEndian.Uint32(b) }
func le64(b []byte) uint64 { return binary.LittleEndian.Uint64(b) }
