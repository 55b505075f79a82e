// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// PackOptions says how a wheel is written. The zero value keeps the tags and dates everything 1980-01-01, the first day that a zip file knows.
type PackOptions struct {
	// Tags replaces the tags in WHEEL and the file name; see DecideTags. Empty keeps what WHEEL says.
	Tags []Tag
	// Build is the build number, for bytes that change under the same version. 0 keeps what WHEEL says.
	Build int
	// ModTime is the date of every file in the archive, as SOURCE_DATE_EPOCH gives it; what lies before 1980 becomes 1980-01-01.
	ModTime time.Time
}

// compression is a number and not flate's default, so that the bytes stay where Go changes its mind. Level 9 makes numpy's wheel 0.4 %
// smaller, in almost three times the time.
const compression = 6

// Pack writes the wheel that is unpacked in tree, and gives its name. WHEEL's tags and RECORD are written anew.
//
// The same tree and options give the same bytes, whatever the order and dates of the files on disk: members are sorted, those of .dist-info
// last and RECORD the very last, as the standard recommends; there are no folders, extra fields and data descriptors (PyPI refuses the
// latter, and archive/zip writes them by itself); a file's mode is 0755 where anybody may run it, and 0644 otherwise.
func Pack(w io.Writer, tree fs.FS, o PackOptions) (Name, error) {
	distInfo, err := findDistInfo(tree)
	if err != nil {
		return Name{}, err
	}
	files, err := listTree(tree, distInfo)
	if err != nil {
		return Name{}, err
	}
	info, err := fs.ReadFile(tree, path.Join(distInfo, "WHEEL"))
	if err != nil {
		return Name{}, err
	}
	if len(o.Tags) > 0 {
		info = retag(info, o.Tags)
	}
	if o.Build > 0 {
		info = renumber(info, o.Build)
	}
	name, err := nameOf(distInfo, info)
	if err != nil {
		return Name{}, err
	}
	p := packer{zip: zip.NewWriter(w), modified: dosTime(o.ModTime)}
	for _, f := range files {
		content := info
		if f.name != path.Join(distInfo, "WHEEL") {
			if content, err = fs.ReadFile(tree, f.name); err != nil {
				return Name{}, err
			}
		}
		if err := p.add(f, content); err != nil {
			return Name{}, fmt.Errorf("packing %s: %w", f.name, err)
		}
	}
	return name, p.close(path.Join(distInfo, "RECORD"))
}

// treeFile is a file to pack.
type treeFile struct {
	name       string
	executable bool
}

// listTree lists what goes into the wheel, in its order there. RECORD is left out: it is made at the end.
func listTree(tree fs.FS, distInfo string) ([]treeFile, error) {
	var files []treeFile
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if !info.Mode().IsRegular() {
			return fmt.Errorf("%s is not a regular file (%v), and a wheel holds nothing else", name, info.Mode())
		}
		if name != path.Join(distInfo, "RECORD") && recorded(name) {
			files = append(files, treeFile{name, info.Mode()&0o111 != 0})
		}
		return nil
	})
	inside := func(f treeFile) bool { return strings.HasPrefix(f.name, distInfo+"/") }
	slices.SortFunc(files, func(a, b treeFile) int {
		if inside(a) != inside(b) {
			if inside(b) {
				return -1
			}
			return 1
		}
		return strings.Compare(a.name, b.name)
	})
	return files, err
}

// retag replaces the Tag lines of WHEEL, and says that a wheel for one platform is not pure: an installer would otherwise put it in the folder
// that systems of several architectures share.
func retag(info []byte, tags []Tag) []byte {
	pure := true
	for _, t := range tags {
		pure = pure && t.Platform == "any"
	}
	var b bytes.Buffer
	for line := range strings.Lines(strings.TrimSpace(string(info)) + "\n") {
		key, _, _ := strings.Cut(line, ":")
		switch key = strings.ToLower(strings.TrimSpace(key)); {
		case key == "" || key == "tag":
		case key == "root-is-purelib" && !pure:
			b.WriteString("Root-Is-Purelib: false\n")
		default:
			b.WriteString(strings.TrimRight(line, "\r\n") + "\n")
		}
	}
	for _, t := range sortTags(slices.Clone(tags)) {
		fmt.Fprintf(&b, "Tag: %s\n", t)
	}
	return b.Bytes()
}

// renumber replaces the Build line of WHEEL.
func renumber(info []byte, build int) []byte {
	var b bytes.Buffer
	for line := range strings.Lines(strings.TrimSpace(string(info)) + "\n") {
		if key, _, _ := strings.Cut(line, ":"); !strings.EqualFold(strings.TrimSpace(key), "build") {
			b.WriteString(line)
		}
	}
	fmt.Fprintf(&b, "Build: %d\n", build)
	return b.Bytes()
}

// nameOf is the file name that a wheel has by its .dist-info folder and WHEEL.
func nameOf(distInfo string, info []byte) (Name, error) {
	parsed, err := ParseInfo(info)
	if err != nil {
		return Name{}, fmt.Errorf("%s/WHEEL: %w", distInfo, err)
	}
	distribution, version, _ := strings.Cut(strings.TrimSuffix(distInfo, ".dist-info"), "-")
	name := Name{Distribution: distribution, Version: version, Build: parsed.Build}.Canonical().withTags(parsed.Tags)
	if len(name.Tags()) != len(parsed.Tags) {
		return Name{}, errors.New("its tags do not fit in one file name: " + name.String() + " would stand for more of them")
	}
	return ParseFilename(name.String())
}

// packer writes members one by one.
type packer struct {
	zip      *zip.Writer
	modified time.Time
	record   []RecordEntry
	deflated bytes.Buffer
	flate    *flate.Writer
}

// add writes one member, and its row of RECORD.
func (p *packer) add(f treeFile, content []byte) error {
	p.record = append(p.record, newRecordEntry(f.name, content))
	return p.write(f, content)
}

func (p *packer) write(f treeFile, content []byte) error {
	h := &zip.FileHeader{Name: f.name, Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(content), UncompressedSize64: uint64(len(content))}
	h.SetMode(0o644)
	if f.executable {
		h.SetMode(0o755)
	}
	//lint:ignore SA1019 CreateRaw writes the old fields, and the new one would add an extra field
	h.ModifiedDate, h.ModifiedTime = dosDate(p.modified)
	data, err := p.compress(content)
	if err != nil {
		return err
	}
	if len(data) >= len(content) {
		h.Method, data = zip.Store, content
	}
	h.CompressedSize64 = uint64(len(data))
	// Create would not know the sizes beforehand, and put them behind the data.
	to, err := p.zip.CreateRaw(h)
	if err != nil {
		return err
	}
	_, err = to.Write(data)
	return err
}

func (p *packer) compress(content []byte) ([]byte, error) {
	p.deflated.Reset()
	if p.flate == nil {
		var err error
		if p.flate, err = flate.NewWriter(&p.deflated, compression); err != nil {
			return nil, err
		}
	}
	p.flate.Reset(&p.deflated)
	if _, err := p.flate.Write(content); err != nil {
		return nil, err
	}
	if err := p.flate.Close(); err != nil {
		return nil, err
	}
	return p.deflated.Bytes(), nil
}

// close writes RECORD, whose own row has neither hash nor size, and ends the archive.
func (p *packer) close(record string) error {
	rows := append(p.record, RecordEntry{Path: record, Size: -1})
	slices.SortFunc(rows, func(a, b RecordEntry) int { return strings.Compare(a.Path, b.Path) })
	if err := p.write(treeFile{name: record}, formatRecord(rows)); err != nil {
		return fmt.Errorf("packing %s: %w", record, err)
	}
	return p.zip.Close()
}

// dosTime is the date as a zip file can hold it.
func dosTime(t time.Time) time.Time {
	first := time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	if t = t.UTC(); t.Before(first) {
		return first
	}
	return t
}

// dosDate packs a date into the two numbers of MS-DOS, which count seconds by twos.
func dosDate(t time.Time) (date, clock uint16) {
	date = uint16(t.Day() + int(t.Month())<<5 + (t.Year()-1980)<<9)
	clock = uint16(t.Second()/2 + t.Minute()<<5 + t.Hour()<<11)
	return date, clock
}
