// SPDX-License-Identifier: Apache-2.0

package index

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"strings"
	"time"

	"crosswheel/internal/wheel"
)

// File is what the index says of one wheel.
type File struct {
	Filename string
	SHA256   string // of the wheel: 64 lower-case hex digits
	Size     int64  // of the wheel, in bytes
	// Metadata is the wheel's METADATA, byte for byte. Empty where it is not known: nothing is offered then.
	Metadata []byte
	// RequiresPython is METADATA's field; empty for none. An installer passes over wheels whose requirement its Python does not meet.
	RequiresPython string
	// UploadTime is when the file came to be, for resolvers that look at a day in the past. It is never the clock's: the same
	// index made again must be the same. Zero for unknown.
	UploadTime time.Time
	// Yanked takes the file back: it is installed only where that very version is asked for.
	Yanked bool
	// YankedReason says why, to whoever installs it nevertheless; it may be empty.
	YankedReason string
	// URL is where the file is, absolute or relative to its project's page; empty for beside the page.
	URL string
	// Origin is where the description comes from, a path say. It is named in errors and written nowhere.
	Origin string
}

// FileError says which file can not be in an index, so that the rest can be rendered without it.
type FileError struct {
	Filename string
	Origin   string
	Err      error
}

// Error names the file and where it comes from.
func (e *FileError) Error() string {
	if e.Origin == "" || e.Origin == e.Filename {
		return fmt.Sprintf("%s: %v", e.Filename, e.Err)
	}
	return fmt.Sprintf("%s (%s): %v", e.Filename, e.Origin, e.Err)
}

// Unwrap gives what is wrong, without the name.
func (e *FileError) Unwrap() error { return e.Err }

// NewFile describes a wheel that is not at hand, by what was noted down when it was.
func NewFile(filename, sha256 string, size int64, metadata []byte) (File, error) {
	f := File{Filename: filename, SHA256: sha256, Size: size, Metadata: metadata}
	parsed, err := wheel.ParseMetadata(metadata)
	if err != nil {
		return File{}, f.failed(fmt.Errorf("METADATA: %w", err))
	}
	f.RequiresPython = parsed.RequiresPython
	_, err = f.check()
	return f, err
}

// FromWheel describes the wheel called name in fsys: os.DirFS("dist"), say. It reads the file whole, for its hash.
func FromWheel(fsys fs.FS, name string) (File, error) {
	opened, err := fsys.Open(name)
	if err != nil {
		return File{}, err
	}
	defer opened.Close()
	content, size, err := randomAccess(opened)
	if err != nil {
		return File{}, fmt.Errorf("reading %s: %w", name, err)
	}
	w, err := wheel.Open(path.Base(name), content, size)
	if err != nil {
		return File{}, fmt.Errorf("reading %s: %w", name, err)
	}
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(content, 0, size)); err != nil {
		return File{}, fmt.Errorf("reading %s: %w", name, err)
	}
	f, err := NewFile(w.Filename, hex.EncodeToString(h.Sum(nil)), size, w.Metadata.Raw)
	f.Origin = name
	return f, err
}

// randomAccess gives a file as a zip reader needs it: files on disk as they are, others from memory.
func randomAccess(f fs.File) (io.ReaderAt, int64, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, 0, err
	}
	if r, ok := f.(io.ReaderAt); ok {
		return r, info.Size(), nil
	}
	content, err := io.ReadAll(f)
	return bytes.NewReader(content), int64(len(content)), err
}

var sha256Digits = regexp.MustCompile(`\A[0-9a-f]{64}\z`)

// check refuses what would make a page that clients read in different ways, or not at all, and gives the name taken apart.
func (f File) check() (wheel.Name, error) {
	name, err := wheel.ParseFilename(f.Filename)
	if err != nil {
		return name, f.failed(err)
	}
	if !sha256Digits.MatchString(f.SHA256) {
		return name, f.failed(fmt.Errorf("%q is not a sha256 of 64 lower-case hex digits", f.SHA256))
	}
	if f.Size < 0 {
		return name, f.failed(fmt.Errorf("its size is %d", f.Size))
	}
	if f.YankedReason != "" && !f.Yanked {
		return name, f.failed(fmt.Errorf("there is a reason to yank it (%q), and it is not yanked", f.YankedReason))
	}
	if err := f.checkURL(); err != nil {
		return name, f.failed(err)
	}
	if len(f.Metadata) == 0 {
		return name, nil
	}
	metadata, err := wheel.ParseMetadata(f.Metadata)
	if err != nil {
		return name, f.failed(fmt.Errorf("METADATA: %w", err))
	}
	// pip fetches METADATA first and the wheel later, and refuses the wheel where they differ.
	if !name.Describes(metadata) {
		return name, f.failed(fmt.Errorf("METADATA is that of %s %s", metadata.Name, metadata.Version))
	}
	if metadata.RequiresPython != f.RequiresPython {
		return name, f.failed(fmt.Errorf("METADATA requires Python %q, and the file %q", metadata.RequiresPython, f.RequiresPython))
	}
	return name, nil
}

// checkURL keeps an address such that its hash can follow it, and that clients find the file's name in it.
func (f File) checkURL() error {
	if f.URL == "" {
		return nil
	}
	u, err := url.Parse(f.URL)
	switch {
	case err != nil:
		return err
	case strings.Contains(f.URL, "#"):
		return fmt.Errorf("its address %s has a fragment, where its hash must stand", f.URL)
	case path.Base(u.Path) != f.Filename:
		return fmt.Errorf("its address %s does not end in its name", f.URL)
	}
	return nil
}

func (f File) failed(err error) *FileError {
	return &FileError{Filename: f.Filename, Origin: f.Origin, Err: err}
}
