// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"github.com/klauspost/compress/flate"
	"hash/crc32"
	"io"
	"io/fs"
	"path"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Member is one file in a wheel.
type Member struct {
	Name string
	Size int64

	entry   *zipEntry
	archive io.ReaderAt
}

// A wheel larger than bombSize whose content is more than bombRatio times its file is taken for an attack; real wheels, even those with
// debug information, stay under a ratio of 10. PyPI draws the line at the same place.
const (
	bombSize  = 64 << 20
	bombRatio = 50
)

// The methods of compression that installers know.
const (
	methodStored   = 0
	methodDeflated = 8
)

// maxVersion is the newest version of the zip format that Python's zipfile reads, 6.3.
const maxVersion = 63

// readMembers lists the archive, and refuses what could write outside of the folder that it is unpacked in, or over another member.
func (w *Wheel) readMembers(r io.ReaderAt, size int64) error {
	entries, err := readArchive(r, size)
	if err != nil {
		if bad := (*memberError)(nil); errors.As(err, &bad) {
			return w.malformed("ZIP", bad.name, bad.err)
		}
		return w.malformed("ZIP", "", err)
	}
	taken := places{folders: map[string]bool{}, spelled: map[string]string{}}
	var total uint64
	for _, e := range entries {
		name, isDir := strings.CutSuffix(e.name, "/")
		err := e.check(name, isDir)
		if err == nil {
			err = taken.take(name, isDir, w.folders[name])
		}
		if total += e.size; err == nil && total > bombSize && total/bombRatio > uint64(size) {
			err = fmt.Errorf("the content is more than %d times as large as the file", bombRatio)
		}
		if err != nil {
			return w.malformed("ZIP", e.name, err)
		}
		if isDir {
			w.folders[name] = true
		} else {
			w.Members = append(w.Members, Member{Name: e.name, Size: int64(e.size), entry: e, archive: r})
		}
	}
	return nil
}

// places are the files and folders that an archive has so far.
type places struct {
	folders map[string]bool   // whether a name is a folder's; files are there with false
	spelled map[string]string // the names, by what a file system that knows no case, or only composed letters, makes of them
}

// take puts a member at its name, and folders above it. A folder may be implied before its own entry comes, but that comes once.
func (p places) take(name string, isDir, again bool) error {
	if isFolder, there := p.folders[name]; there && (!isDir || !isFolder || again) {
		return errors.New("it is in the archive twice")
	}
	for above := path.Dir(name); above != "."; above = path.Dir(above) {
		isFolder, there := p.folders[above]
		if there && !isFolder {
			return fmt.Errorf("%s is a file, and can not hold it", above)
		} else if there {
			break // and so are those above
		}
		if err := p.spell(above, true); err != nil {
			return err
		}
	}
	return p.spell(name, isDir)
}

func (p places) spell(name string, isDir bool) error {
	key := FoldName(name)
	if other, there := p.spelled[key]; there && other != name {
		return fmt.Errorf("on some file systems it is the same as %s", other)
	}
	p.spelled[key], p.folders[name] = name, isDir
	return nil
}

// FoldName gives what all names have in common that some file system takes for the same one as name: some know no case, some compose letters
// and accents.
func FoldName(name string) string { return strings.ToLower(strings.ToUpper(norm.NFC.String(name))) }

// check refuses a member by its header.
func (e *zipEntry) check(name string, isDir bool) error {
	control := func(r rune) bool { return r < ' ' || r == 0x7f }
	ascii := !strings.ContainsFunc(name, func(r rune) bool { return r >= utf8.RuneSelf })
	switch {
	// ValidPath knows UTF-8, absolute names, empty and dot elements; the rest is what Windows would read into a name.
	case !fs.ValidPath(name) || name == "." || strings.ContainsAny(name, `\:`) || strings.ContainsFunc(name, control):
		return errors.New("it is not a name that a wheel may hold")
	case e.flags&flagEncrypted != 0:
		return errors.New("it is encrypted")
	case e.flags&^(flagEffort|flagDescriptor|flagUTF8) != 0:
		return fmt.Errorf("it has the flags %#x, which not all readers know", e.flags)
	case !ascii && e.flags&flagUTF8 == 0:
		return errors.New("its name is not said to be UTF-8: readers differ in what they take it for")
	case e.method != methodStored && e.method != methodDeflated:
		return fmt.Errorf("compression method %d, where wheels know stored (0) and deflated (8)", e.method)
	case e.version > maxVersion:
		return fmt.Errorf("it asks for version %d.%d of the zip format", e.version/10, e.version%10)
	case e.method == methodStored && e.packed != e.size:
		return fmt.Errorf("it is stored, and is %d bytes of %d", e.packed, e.size)
	case isDir && (e.size > 0 || e.packed > 2): // some tools deflate nothing, to two bytes
		return errors.New("it is a folder, and has content")
	}
	return e.checkMode(isDir)
}

// checkMode refuses what is neither file nor folder. The Unix mode is looked at whoever made the archive: pip does so, too.
func (e *zipEntry) checkMode(isDir bool) error {
	const kinds, folder, file, privileged = 0o170000, 0o040000, 0o100000, 0o6000
	mode := e.attributes >> 16
	switch kind := mode & kinds; {
	case kind == folder && !isDir || kind == file && isDir:
		return errors.New("its name and its mode differ in whether it is a folder")
	case kind != 0 && kind != folder && kind != file:
		return fmt.Errorf("it is neither a file nor a folder (mode %06o)", mode)
	case mode&privileged != 0 && !isDir:
		return fmt.Errorf("it would run with another's rights (mode %06o)", mode)
	}
	return nil
}

// inflaters and buffers are kept, since each has many KiB.
var (
	inflaters = sync.Pool{New: func() any { return flate.NewReader(nil) }}
	buffers   = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, 128<<10) }}
)

// open gives the member's content. What is read is the size, and has the checksum, that the archive announces, or the reader fails at its end.
func (m Member) open() *memberReader {
	data := buffers.Get().(*bufio.Reader)
	data.Reset(io.NewSectionReader(m.archive, m.entry.data, int64(m.entry.packed)))
	r := &memberReader{data: data, content: data, left: m.entry.size, want: m.entry.crc}
	if m.entry.method == methodDeflated {
		r.inflater = inflaters.Get().(io.ReadCloser)
		// It reads byte by byte where it can, and so not beyond the end of the compressed data.
		_ = r.inflater.(flate.Resetter).Reset(data, nil) // it never fails
		r.content = r.inflater
	}
	return r
}

// memberReader reads one member's content.
type memberReader struct {
	data      *bufio.Reader
	content   io.Reader
	inflater  io.ReadCloser
	left      uint64
	crc, want uint32
}

func (r *memberReader) Read(p []byte) (int, error) {
	n, err := r.content.Read(p)
	if uint64(n) > r.left {
		return 0, errors.New("its content is larger than the archive announces")
	}
	r.left -= uint64(n)
	r.crc = crc32.Update(r.crc, crc32.IEEETable, p[:n])
	if err != io.EOF {
		return n, err
	}
	if _, err := r.data.ReadByte(); err != io.EOF {
		return n, errors.New("other data follows its compressed data")
	}
	if r.left > 0 {
		return n, errors.New("its content is smaller than the archive announces")
	}
	if r.crc != r.want {
		return n, errors.New("its content has another checksum than the archive announces")
	}
	return n, io.EOF
}

// Close gives back what reading took.
func (r *memberReader) Close() {
	if r.inflater != nil {
		inflaters.Put(r.inflater)
		r.inflater = nil
	}
	r.data.Reset(nil)
	buffers.Put(r.data)
}

// read gives the member's content, in buf where it is large enough.
func (m Member) read(buf []byte) ([]byte, error) {
	r := m.open()
	defer r.Close()
	b := bytes.NewBuffer(buf[:0])
	b.Grow(int(min(m.Size, largeMember)) + bytes.MinRead) // an announced size is believed up to a bound only
	_, err := b.ReadFrom(r)
	return b.Bytes(), err
}
