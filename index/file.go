// SPDX-License-Identifier: Apache-2.0

package index

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"crosswheel/internal/wheel"
)

// File is what the index says of one wheel. Its JSON form is that of packages.json.
type File struct {
	Filename string `json:"file"`
	SHA256   string `json:"sha256"` // of the wheel: 64 lower-case hex digits
	Size     int64  `json:"size"`   // of the wheel, in bytes
	// URL is where the file is, absolute or relative to its project's page; empty for beside the page.
	URL string `json:"url,omitempty"`
	// MetadataSHA256 is of METADATA, which lies beside the wheel. Empty where it does not: nothing is offered then.
	MetadataSHA256 string `json:"metadata_sha256,omitempty"`
	// UploadTime is when the file came to be, for resolvers that look at a day in the past. It is never the clock's: the same
	// index made again must be the same. Zero for unknown.
	UploadTime time.Time `json:"upload_time,omitzero"`
	// Yanked takes the file back: it is installed only where that very version is asked for.
	Yanked bool `json:"yanked,omitempty"`
	// YankedReason says why, to whoever installs it nevertheless; it may be empty.
	YankedReason string `json:"yanked_reason,omitempty"`
	// Attestations is the name of the PEP 740 provenance object beside the wheel, Provenance that of the build's statement.
	Attestations string `json:"attestations,omitempty"`
	Provenance   string `json:"provenance,omitempty"`
	// SBOM is the name of the wheel's bill of materials beside it (CycloneDX).
	SBOM string `json:"sbom,omitempty"`

	// What METADATA says.
	Name           string   `json:"name,omitempty"` // as the project spells it
	Summary        string   `json:"summary,omitempty"`
	Homepage       string   `json:"homepage,omitempty"`
	License        string   `json:"license,omitempty"`
	RequiresPython string   `json:"requires_python,omitempty"` // an installer passes over the wheel if its Python does not meet it
	Requires       []string `json:"requires,omitempty"`        // PEP 508
	Extras         []string `json:"extras,omitempty"`
	// Imports are the top-level modules that the wheel brings.
	Imports []string `json:"imports,omitempty"`
	// Glibc is the oldest C library that it runs with, as far as symbols tell: "2.17". Empty where it needs none or nobody looked.
	Glibc string `json:"glibc,omitempty"`
	// Bundles are the libraries of others that the wheel brings along: "libyaml 0.2.5", or the files that they are in.
	Bundles []string `json:"bundles,omitempty"`

	// Metadata is the wheel's METADATA, byte for byte, where it is at hand.
	Metadata []byte `json:"-"`
	// Origin is where the description comes from, a path say. It is named in errors and written nowhere.
	Origin string `json:"-"`

	wheel   string      // its path in Input.Wheels, where it is there
	content []byte      // the wheel itself, where it is there and small
	name    *wheel.Name // the file name taken apart, where that was done
}

// FileError says which file can not be in an index, so that the rest can be made without it.
type FileError struct {
	Filename string
	Origin   string
	Err      error
}

// Error names the file and where it comes from.
func (e *FileError) Error() string {
	if e.Origin == "" || path.Base(e.Origin) == e.Filename && !strings.Contains(e.Origin, "/") {
		return fmt.Sprintf("%q: %v", e.Filename, e.Err)
	}
	return fmt.Sprintf("%q (%q): %v", e.Filename, e.Origin, e.Err)
}

// Unwrap gives what is wrong, without the name.
func (e *FileError) Unwrap() error { return e.Err }

func (f *File) failed(err error) *FileError {
	return &FileError{Filename: f.Filename, Origin: f.Origin, Err: err}
}

// NewFile describes a wheel that is not at hand, by what was noted down when it was.
func NewFile(filename, sha256 string, size int64, metadata []byte) (File, error) {
	f := File{Filename: filename, SHA256: sha256, Size: size}
	parsed, err := wheel.ParseMetadata(metadata)
	if err != nil {
		return File{}, f.failed(fmt.Errorf("METADATA: %w", err))
	}
	if err := f.describe(parsed); err != nil {
		return File{}, err
	}
	_, err = f.check()
	return f, err
}

// describe takes over what METADATA says.
func (f *File) describe(m wheel.Metadata) error {
	name, err := f.parse()
	if err != nil {
		return f.failed(err)
	}
	// pip fetches METADATA first and the wheel later, and refuses the wheel where they differ.
	if !name.Describes(m) {
		return f.failed(fmt.Errorf("METADATA is that of %s %s", m.Name, m.Version))
	}
	sum := sha256.Sum256(m.Raw)
	f.Metadata, f.MetadataSHA256 = m.Raw, hex.EncodeToString(sum[:])
	f.Name, f.Summary, f.Homepage, f.RequiresPython = m.Name, oneLine(m.Summary), m.HomePage, m.RequiresPython
	f.Requires, f.Extras = m.RequiresDist, m.ProvidesExtra
	if f.License = m.LicenseExpression; f.License == "" {
		f.License = oneLine(m.License) // some projects put the whole text there
	}
	return nil
}

// longest is how much of a free text is kept, in bytes.
const longest = 300

// oneLine is the beginning of a text.
func oneLine(text string) string {
	text, _, _ = strings.Cut(strings.TrimSpace(text), "\n")
	if len(text) > longest {
		text = strings.ToValidUTF8(text[:longest], "") + "…"
	}
	return text
}

// parse takes the file name apart, if that was not done yet.
func (f *File) parse() (wheel.Name, error) {
	if f.name != nil {
		return *f.name, nil
	}
	return wheel.ParseFilename(f.Filename)
}

var besideWheel = regexp.MustCompile(`\A[A-Za-z0-9._+!-]+\z`)

func isSHA256(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return len(s) == 64
}

// check refuses what would make a page that clients read in different ways, or not at all, and gives the name taken apart.
func (f *File) check() (wheel.Name, error) {
	name, err := f.parse()
	switch {
	case err != nil:
	case !isSHA256(f.SHA256):
		err = fmt.Errorf("%q is not a sha256 of 64 lower-case hex digits", f.SHA256)
	case f.MetadataSHA256 != "" && !isSHA256(f.MetadataSHA256):
		err = fmt.Errorf("%q of METADATA is not a sha256 of 64 lower-case hex digits", f.MetadataSHA256)
	case f.Size < 0:
		err = fmt.Errorf("its size is %d", f.Size)
	case f.YankedReason != "" && !f.Yanked:
		err = fmt.Errorf("there is a reason to yank it (%q), and it is not yanked", f.YankedReason)
	case strings.ContainsAny(f.RequiresPython, "\r\n"):
		err = fmt.Errorf("Requires-Python %q is more than one line", f.RequiresPython)
	case f.URL != "" || f.Attestations != "" || f.Provenance != "" || f.SBOM != "":
		err = errors.Join(f.checkURL(), checkBeside(f.Attestations), checkBeside(f.Provenance), checkBeside(f.SBOM))
	}
	if err != nil {
		return name, f.failed(err)
	}
	return name, nil
}

// checkMetadata compares what somebody else has described with its METADATA.
func (f *File) checkMetadata() error {
	if f.Metadata == nil {
		return nil
	}
	name, err := f.parse()
	if err != nil {
		return f.failed(err)
	}
	m, err := wheel.ParseMetadata(f.Metadata)
	sum := sha256.Sum256(f.Metadata)
	switch {
	case err != nil:
		err = fmt.Errorf("METADATA: %w", err)
	case !name.Describes(m):
		err = fmt.Errorf("METADATA is that of %s %s", m.Name, m.Version)
	case m.RequiresPython != f.RequiresPython:
		err = fmt.Errorf("METADATA requires Python %q, and the file %q", m.RequiresPython, f.RequiresPython)
	case hex.EncodeToString(sum[:]) != f.MetadataSHA256:
		err = errors.New("METADATA has another sha256")
	}
	if err != nil {
		return f.failed(err)
	}
	return nil
}

// checkURL keeps an address such that its hash can follow it, and that clients find the file's name in it.
func (f *File) checkURL() error {
	if f.URL == "" {
		return nil
	}
	u, err := url.Parse(f.URL)
	switch {
	case err != nil:
		return err
	case u.Scheme != "" && u.Scheme != "https" && u.Scheme != "http" && u.Scheme != "file":
		return fmt.Errorf("its address %s is none that an installer fetches", f.URL)
	case strings.Contains(f.URL, "#"):
		return fmt.Errorf("its address %s has a fragment, where its hash must stand", f.URL)
	case path.Base(u.Path) != f.Filename:
		return fmt.Errorf("its address %s does not end in its name", f.URL)
	}
	return nil
}

func checkBeside(name string) error {
	if name != "" && !besideWheel.MatchString(name) {
		return fmt.Errorf("%q is no file beside it", name)
	}
	return nil
}

// combine is what two descriptions of one wheel say together. It is the same in either order, and however many are combined in whatever
// order: an index does not depend on which of its parts came first.
func combine(f, g File) (File, error) {
	if f.SHA256 != g.SHA256 || f.Size != g.Size {
		return f, f.failed(fmt.Errorf("its sha256 is %s, and %s has the same name and sha256 %s: a name that was published stays with its bytes; give it a build number or a local version",
			f.SHA256, whence(g), g.SHA256))
	}
	if f.MetadataSHA256 != "" && g.MetadataSHA256 != "" && f.MetadataSHA256 != g.MetadataSHA256 {
		return f, f.failed(fmt.Errorf("%s has the same bytes and another METADATA", whence(g)))
	}
	if f.Metadata == nil {
		f.Metadata = g.Metadata
	}
	if f.URL == "" || g.URL == "" {
		f.URL = ""
	} else {
		f.URL = min(f.URL, g.URL)
	}
	if f.UploadTime.IsZero() || !g.UploadTime.IsZero() && g.UploadTime.Before(f.UploadTime) {
		f.UploadTime = g.UploadTime
	}
	f.Yanked = f.Yanked || g.Yanked
	f.MetadataSHA256, f.YankedReason = known(f.MetadataSHA256, g.MetadataSHA256), known(f.YankedReason, g.YankedReason)
	f.Attestations, f.Provenance, f.SBOM = known(f.Attestations, g.Attestations), known(f.Provenance, g.Provenance), known(f.SBOM, g.SBOM)
	f.Name, f.Summary, f.Homepage, f.License = known(f.Name, g.Name), known(f.Summary, g.Summary), known(f.Homepage, g.Homepage), known(f.License, g.License)
	f.RequiresPython, f.Glibc, f.Bundles = known(f.RequiresPython, g.RequiresPython), known(f.Glibc, g.Glibc), knownList(f.Bundles, g.Bundles)
	f.Requires, f.Extras, f.Imports = knownList(f.Requires, g.Requires), knownList(f.Extras, g.Extras), knownList(f.Imports, g.Imports)
	return f, nil
}

func whence(f File) string {
	if f.Origin == "" {
		return "another file"
	}
	return f.Origin
}

// known is the one that says something, or else the first of them in the alphabet.
func known(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return min(a, b)
}

func knownList(a, b []string) []string {
	if len(a) == 0 || len(b) > 0 && slices.Compare(b, a) < 0 {
		return b
	}
	return a
}

// href is the file's address without its hash; from is the way from the page to the folder of the project's files.
func (f *File) href(from string) string {
	if f.URL == "" {
		return from + escaped(f.Filename)
	}
	if u, err := url.Parse(f.URL); err == nil && u.Scheme == "" && !strings.HasPrefix(f.URL, "/") {
		return from + f.URL
	}
	return f.URL
}

// offersMetadata says whether METADATA is beside the wheel: not where the wheel is elsewhere.
func (f *File) offersMetadata() bool { return f.MetadataSHA256 != "" && f.URL == "" }

// escaped is a name in an address. The + of a local version is escaped, too: S3 takes a bare one for a space.
func escaped(name string) string {
	return strings.ReplaceAll(url.PathEscape(name), "+", "%2B")
}

// uploadTime is written as the standard wants it: UTC, and not more than six digits of a second.
func (f *File) uploadTime() string {
	if f.UploadTime.IsZero() {
		return ""
	}
	return f.UploadTime.UTC().Truncate(time.Microsecond).Format(time.RFC3339Nano)
}
