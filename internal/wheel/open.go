// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
)

// Wheel is a wheel that was opened: its name, and what its .dist-info folder says. The rest stays in the file until it is asked for.
type Wheel struct {
	Filename string
	Name     Name
	DistInfo string // the folder: "numpy-1.24.0.dist-info"
	Metadata Metadata
	Info     Info
	Record   []RecordEntry
	Members  []Member // in the order of the archive, without folders

	folders map[string]bool // those that have an entry of their own
	closer  io.Closer       // what OpenFile opened
}

// Info is what the file WHEEL says: how the wheel was made, and for whom.
type Info struct {
	Version       string // of the wheel format: "1.0"
	Generator     string
	RootIsPurelib bool
	Build         string
	Tags          []Tag // expanded and sorted
}

// FormatError says why a file can not be read as a wheel. Its Code is one of [Codes].
type FormatError struct {
	Filename string // the wheel's
	File     string // inside it; empty where it is the archive as a whole
	Code     string
	Err      error
}

// Error names the wheel, the file inside it and what is wrong.
func (e *FormatError) Error() string {
	if e.File == "" {
		return fmt.Sprintf("%s: %v", e.Filename, e.Err)
	}
	return fmt.Sprintf("%s: %s: %v", e.Filename, e.File, e.Err)
}

// Unwrap gives what is wrong, without the place.
func (e *FormatError) Unwrap() error { return e.Err }

// Finding says the same in the audit's words.
func (e *FormatError) Finding() Finding {
	return newFinding(e.Code, e.File, "%v", e.Err)
}

// maxMeta bounds the files that are read whole on opening.
const maxMeta = 32 << 20

// OpenFile opens the wheel at path, whose last element is its name. The caller closes it.
func OpenFile(path string) (*Wheel, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	w, err := Open(info.Name(), f, info.Size())
	if err != nil {
		f.Close()
		return nil, err
	}
	w.closer = f
	return w, nil
}

// Open reads the wheel of that file name from r. It takes nothing for granted: what installers read in different ways is refused with
// a [*FormatError]. Whether the wheel is any good is [Audit]'s question.
func Open(filename string, r io.ReaderAt, size int64) (*Wheel, error) {
	w := &Wheel{Filename: filename, folders: map[string]bool{}}
	var err error
	if w.Name, err = ParseFilename(filename); err != nil {
		return nil, w.malformed("NAME", "", err)
	}
	if err := w.readMembers(r, size); err != nil {
		return nil, err
	}
	if err := w.readDistInfo(); err != nil {
		return nil, err
	}
	return w, nil
}

// Close closes the file that OpenFile opened.
func (w *Wheel) Close() error {
	if w.closer == nil {
		return nil
	}
	return w.closer.Close()
}

func (w *Wheel) malformed(code, file string, err error) *FormatError {
	return &FormatError{Filename: w.Filename, File: file, Code: code, Err: err}
}

// readDistInfo finds the one .dist-info folder, and reads METADATA, WHEEL and RECORD in it.
func (w *Wheel) readDistInfo() error {
	names := slices.Collect(maps.Keys(w.folders))
	for _, m := range w.Members {
		names = append(names, m.Name)
	}
	slices.Sort(names)
	for _, name := range names {
		folder, _, _ := strings.Cut(name, "/")
		if !strings.HasSuffix(folder, ".dist-info") || folder == w.DistInfo {
			continue
		}
		if w.DistInfo != "" {
			return w.malformed("DIST-INFO", folder, fmt.Errorf("a second .dist-info folder beside %s", w.DistInfo))
		}
		w.DistInfo = folder
	}
	if w.DistInfo == "" {
		return w.malformed("DIST-INFO", "", errors.New("it has no .dist-info folder"))
	}
	var err error
	for _, part := range []struct {
		file, code string
		read       func([]byte) error
	}{
		{"METADATA", "METADATA", func(b []byte) error { w.Metadata, err = ParseMetadata(b); return err }},
		{"WHEEL", "WHEEL", func(b []byte) error { w.Info, err = ParseInfo(b); return err }},
		{"RECORD", "RECORD", func(b []byte) error { w.Record, err = ParseRecord(b); return err }},
	} {
		name := path.Join(w.DistInfo, part.file)
		content, err := w.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			return w.malformed("DIST-INFO", name, errors.New("it is missing"))
		} else if err != nil {
			return w.malformed("ZIP", name, err)
		}
		if err := part.read(content); err != nil {
			return w.malformed(part.code, name, err)
		}
	}
	return nil
}

// ParseInfo reads the file WHEEL.
func ParseInfo(raw []byte) (Info, error) {
	fields, err := parseFields(raw)
	if err != nil {
		return Info{}, err
	}
	var info Info
	for _, f := range fields {
		switch f.key {
		case "wheel-version":
			info.Version = f.value
		case "generator":
			info.Generator = f.value
		case "root-is-purelib":
			info.RootIsPurelib = strings.EqualFold(f.value, "true")
		case "build":
			info.Build = f.value
		case "tag":
			tags, err := parseTag(f.value)
			if err != nil {
				return Info{}, err
			}
			info.Tags = append(info.Tags, tags...)
		}
	}
	if !strings.HasPrefix(info.Version, "1.") {
		return Info{}, fmt.Errorf("Wheel-Version is %q; installers know 1.x", info.Version)
	}
	if len(info.Tags) == 0 {
		return Info{}, errors.New("it has no Tag line")
	}
	info.Tags = sortTags(info.Tags)
	return info, nil
}

// ReadFile gives the content of one file in the wheel; its checksum in the archive was compared.
func (w *Wheel) ReadFile(name string) ([]byte, error) {
	for _, m := range w.Members {
		if m.Name == name {
			if m.Size > maxMeta {
				return nil, fmt.Errorf("%d bytes are more than the %d that are read at once", m.Size, maxMeta)
			}
			return m.read(nil)
		}
	}
	return nil, fmt.Errorf("%s in %s: %w", name, w.Filename, fs.ErrNotExist)
}
