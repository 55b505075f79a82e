// SPDX-License-Identifier: Apache-2.0

package index

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"crosswheel/internal/pep440"
	"crosswheel/internal/wheel"
)

// Names of what may lie beside a wheel: a PEP 740 provenance object (signed attestations), the build's in-toto statement as it is, a bill of
// materials.
const (
	attestationsSuffix = ".provenance"
	provenanceSuffix   = ".provenance.json"
	sbomSuffix         = ".cdx.json"
)

// inMemory is up to which size a wheel is read at once. Larger ones are read in pieces, so that memory does not grow with wheels. Up to kept
// the content stays at hand until it is written, which costs less than to read it again.
const (
	inMemory = 1 << 20
	kept     = 64 << 10
)

// FromWheel describes the wheel called name in fsys: os.DirFS("dist"), say. It reads the file whole, for its hash, and its provenance, if
// that lies beside it: the upload time comes from there.
func FromWheel(fsys fs.FS, name string) (File, error) {
	f, err := fromWheel(fsys, name, func(beside string) bool {
		_, err := fs.Stat(fsys, beside)
		return err == nil
	})
	f.content = nil // it may be one of many
	return f, err
}

// fromWheel is told what else is there, since asking for each wheel takes its time.
func fromWheel(fsys fs.FS, name string, exists func(string) bool) (File, error) {
	f := File{Filename: path.Base(name), Origin: name, wheel: name}
	if err := f.read(fsys, exists); err != nil {
		var format *wheel.FormatError
		if errors.As(err, &format) && format.File != "" {
			err = fmt.Errorf("%s: %w", format.File, format.Err)
		} else if errors.As(err, &format) {
			err = format.Err
		}
		var told *FileError
		if errors.As(err, &told) {
			return File{}, err
		}
		return File{}, f.failed(err)
	}
	_, err := f.check()
	return f, err
}

func (f *File) read(fsys fs.FS, exists func(string) bool) error {
	opened, err := fsys.Open(f.Origin)
	if err != nil {
		return err
	}
	defer opened.Close()
	buffer := buffers.Get().(*[]byte)
	defer buffers.Put(buffer)
	content, size, err := f.randomAccess(opened, buffer)
	if err != nil {
		return err
	}
	if size == 0 {
		return errors.New("it is empty: 0 bytes")
	}
	w, err := wheel.Open(f.Filename, content, size)
	if err != nil {
		return err
	}
	name := w.Name // w holds the buffer
	f.name = &name
	h := sha256.New()
	if _, err := content.WriteTo(h); err != nil {
		return err
	}
	f.Size, f.SHA256 = size, hex.EncodeToString(h.Sum(nil))
	if err := f.describe(w.Metadata); err != nil {
		return err
	}
	if _, err := pep440.ParseSpecifiers(f.RequiresPython); err != nil {
		return fmt.Errorf("METADATA: Requires-Python: %w", err)
	}
	f.Imports = w.Imports()
	if !slices.Equal(w.Name.Platform, []string{"any"}) {
		f.Glibc, f.Bundles = w.GlibcFloor(), w.Bundles()
	}
	if err := f.readSBOM(fsys, exists); err != nil {
		return err
	}
	return f.readProvenance(fsys, exists)
}

// archive is a file as a zip reader needs it, that can be hashed too.
type archive interface {
	io.ReaderAt
	io.WriterTo
}

// randomAccess gives small files from memory, since one read is cheaper than many, and large ones as they are. The buffer is for those that are not
// kept.
func (f *File) randomAccess(opened fs.File, buffer *[]byte) (archive, int64, error) {
	info, err := opened.Stat()
	if err != nil {
		return nil, 0, err
	}
	size := info.Size()
	if !info.Mode().IsRegular() {
		return nil, 0, fmt.Errorf("it is no file (%v)", info.Mode())
	}
	if large, ok := opened.(archive); ok && size > inMemory {
		return large, size, nil
	}
	var content []byte
	if size <= kept {
		content = make([]byte, size)
		f.content = content
	} else {
		*buffer = slices.Grow((*buffer)[:0], int(size))[:size]
		content = *buffer
	}
	_, err = io.ReadFull(opened, content)
	return bytes.NewReader(content), size, err
}

// readSBOM looks at the bill of materials beside the wheel. What it is a bill of it need not say by a hash, but if it does, it must be this wheel.
func (f *File) readSBOM(fsys fs.FS, exists func(string) bool) error {
	if !exists(f.Origin + sbomSuffix) {
		return nil
	}
	text, err := fs.ReadFile(fsys, f.Origin+sbomSuffix)
	if err != nil {
		return err
	}
	var bill struct {
		Format   string `json:"bomFormat"`
		Metadata struct {
			Component struct {
				Hashes []struct{ Alg, Content string }
			}
		}
	}
	if err := json.Unmarshal(text, &bill); err != nil || bill.Format != "CycloneDX" {
		return fmt.Errorf("%s%s is no CycloneDX bill of materials (%v)", f.Filename, sbomSuffix, err)
	}
	for _, hash := range bill.Metadata.Component.Hashes {
		if hash.Alg == "SHA-256" && !strings.EqualFold(hash.Content, f.SHA256) {
			return fmt.Errorf("%s%s is about another file: the wheel's sha256 is %s", f.Filename, sbomSuffix, f.SHA256)
		}
	}
	f.SBOM = f.Filename + sbomSuffix
	return nil
}

// statement is what is read of an in-toto statement with SLSA provenance.
type statement struct {
	Subject []struct {
		Digest struct {
			SHA256 string `json:"sha256"`
		} `json:"digest"`
	} `json:"subject"`
	Predicate struct {
		RunDetails struct {
			Metadata struct {
				FinishedOn time.Time `json:"finishedOn"`
			} `json:"metadata"`
		} `json:"runDetails"`
	} `json:"predicate"`
}

// readProvenance takes the upload time from what lies beside the wheel: when the build finished.
func (f *File) readProvenance(fsys fs.FS, exists func(string) bool) error {
	for _, kind := range []struct {
		suffix string
		name   *string
		parse  func([]byte) ([]statement, error)
	}{{attestationsSuffix, &f.Attestations, parseAttestations}, {provenanceSuffix, &f.Provenance, parseStatement}} {
		if !exists(f.Origin + kind.suffix) {
			continue
		}
		text, err := fs.ReadFile(fsys, f.Origin+kind.suffix)
		if err != nil {
			return err
		}
		statements, err := kind.parse(text)
		if err != nil {
			return fmt.Errorf("%s%s: %w", f.Filename, kind.suffix, err)
		}
		*kind.name = f.Filename + kind.suffix
		for _, s := range statements {
			if len(s.Subject) != 1 || s.Subject[0].Digest.SHA256 != f.SHA256 {
				return fmt.Errorf("%s%s is about another file: the wheel's sha256 is %s", f.Filename, kind.suffix, f.SHA256)
			}
			if at := s.Predicate.RunDetails.Metadata.FinishedOn; f.UploadTime.IsZero() && !at.IsZero() {
				f.UploadTime = at.UTC().Truncate(time.Microsecond)
			}
		}
	}
	return nil
}

func parseStatement(text []byte) ([]statement, error) {
	var s statement
	if err := json.Unmarshal(text, &s); err != nil {
		return nil, fmt.Errorf("it is no in-toto statement: %w", err)
	}
	return []statement{s}, nil
}

// parseAttestations reads the statements of a PEP 740 provenance object. Whether they are signed by whom they say is for those to find out
// who know whom they trust.
func parseAttestations(text []byte) ([]statement, error) {
	var object struct {
		Version int `json:"version"`
		Bundles []struct {
			Attestations []struct {
				Envelope struct {
					Statement string `json:"statement"`
				} `json:"envelope"`
			} `json:"attestations"`
		} `json:"attestation_bundles"`
	}
	if err := json.Unmarshal(text, &object); err != nil {
		return nil, fmt.Errorf("it is no provenance object: %w", err)
	}
	if object.Version != 1 || len(object.Bundles) == 0 {
		return nil, errors.New("it is no provenance object of version 1 with attestations (PEP 740)")
	}
	var all []statement
	for _, bundle := range object.Bundles {
		for _, a := range bundle.Attestations {
			text, err := base64.StdEncoding.DecodeString(a.Envelope.Statement)
			if err != nil {
				return nil, fmt.Errorf("a statement in it: %w", err)
			}
			s, err := parseStatement(text)
			if err != nil {
				return nil, err
			}
			all = append(all, s...)
		}
	}
	return all, nil
}
