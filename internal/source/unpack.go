// SPDX-License-Identifier: Apache-2.0

package source

import (
	"archive/tar"
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"crosswheel/internal/wheel"
)

// limits of what an archive may unpack to: a larger one is taken for a bomb.
type limits struct {
	bytes   int64
	entries int // files, links and folders, also those that only names of files imply
	// ratio is how many times larger than the archive the files may be, once they have free bytes; 0 is no limit.
	ratio, free int64
}

// bomb is past everything real: the largest sdist that is known of has about 600 MB in 60,000 files, and text compresses to a tenth.
var bomb = limits{bytes: 4 << 30, entries: 200_000, ratio: 100, free: 256 << 20}

// Unpack unpacks an archive (.tar, .tar.gz, .tgz, .tar.bz2, .tar.xz, .tar.zst, .zip, .whl or .crate) into the folder to, which it
// makes. The first strip folders of each name are dropped. Names and links that leave the folder, devices, names that are
// there twice or differ in case only, and bombs are refused with the entry's name. Every file gets the same owner, one of
// two modes and one time, so that the tree depends on contents alone; see [Settle].
func Unpack(archive, to string, strip int) error {
	if err := unpackWithin(bomb, archive, to, strip); err != nil {
		return fmt.Errorf("unpacking %s: %w", filepath.Base(archive), err)
	}
	return nil
}

// StripError says that nothing of an archive is left without the folders that are dropped.
type StripError struct {
	Strip int
	Names []string // of some of its files
}

func (e *StripError) Error() string {
	return fmt.Sprintf("no file in it lies below %d folders (strip); it has, for instance: %s", e.Strip, strings.Join(e.Names, ", "))
}

func unpackWithin(l limits, archive, to string, strip int) error {
	u := &unpacker{strip: strip, left: l, spelled: map[string]string{}}
	if err := u.unpackTo(archive, to); err != nil {
		return err
	}
	return settleShipped(to)
}

func (u *unpacker) unpackTo(archive, to string) error {
	file, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(to) // nothing that follows can write outside
	if err != nil {
		return err
	}
	defer root.Close()
	if err := root.Chmod(".", 0o755); err != nil {
		return err
	}
	u.root, u.seen, u.folders = root, map[string]bool{}, map[string]bool{".": true}
	if err := u.limit(file); err != nil {
		return err
	}
	if err := u.unpack(file); err != nil {
		return err
	}
	if err := u.makeAbsolute(); err != nil {
		return err
	}
	if err := u.checkLinks(); err != nil {
		return err
	}
	if len(u.seen) == 0 {
		return &StripError{u.strip, u.above}
	}
	return nil
}

// limit takes the archive's own size into account.
func (u *unpacker) limit(archive *os.File) error {
	info, err := archive.Stat()
	if err != nil {
		return err
	}
	u.tooLarge = errors.New("the archive unpacks to more bytes than any source has")
	if most := max(u.left.free, u.left.ratio*info.Size()); u.left.ratio > 0 && most < u.left.bytes {
		u.left.bytes, u.tooLarge = most, fmt.Errorf("the archive unpacks to more than %d times its size", u.left.ratio)
	}
	return nil
}

// unpacker writes the entries of one archive.
type unpacker struct {
	root     *os.Root
	strip    int
	left     limits // what is left of them
	tooLarge error
	seen     map[string]bool // files and links
	folders  map[string]bool
	links    []link
	// spelled are the names, by what a file system that knows no case makes of them; nil where clashes are none of its business: a target's
	// headers have some.
	spelled map[string]string
	above   []string // the first few files that strip leaves nothing of

	// For a system's files only.
	inside   func(link, target string) (place string, ok bool)
	absolute []absoluteLink
	times    map[string]time.Time // of files, if they are kept
}

// link is a symbolic link that was made.
type link struct{ name, place string }

func (u *unpacker) tar(r io.Reader) error {
	archive := tar.NewReader(r)
	for {
		header, err := archive.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch header.Typeflag {
		case tar.TypeDir:
			err = u.folder(header.Name)
		case tar.TypeReg:
			err = u.file(header.Name, header.FileInfo().Mode(), archive)
			u.keepTime(header)
		case tar.TypeSymlink:
			err = u.symlink(header.Name, header.Linkname)
		case tar.TypeLink:
			err = u.hardLink(header.Name, header.Linkname)
		case tar.TypeXGlobalHeader: // git archive's commit id
		default:
			err = fmt.Errorf("it is a device or of another special kind (type %q)", header.Typeflag)
		}
		if err != nil {
			return fmt.Errorf("entry %q: %w", header.Name, err)
		}
	}
}

func (u *unpacker) zip(r io.ReaderAt, size int64) error {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return err
	}
	for _, entry := range archive.File {
		if err := u.zipEntry(entry); err != nil {
			return fmt.Errorf("entry %q: %w", entry.Name, err)
		}
	}
	return nil
}

func (u *unpacker) zipEntry(entry *zip.File) error {
	if strings.HasSuffix(entry.Name, "/") {
		return u.folder(entry.Name)
	}
	body, err := entry.Open()
	if err != nil {
		return err
	}
	defer body.Close()
	switch mode := entry.Mode(); {
	case mode.IsRegular():
		return u.file(entry.Name, mode, body)
	case mode&fs.ModeSymlink != 0:
		target, err := io.ReadAll(io.LimitReader(body, 4096))
		if err != nil {
			return err
		}
		return u.symlink(entry.Name, string(target))
	}
	return fmt.Errorf("it is of a special kind (%s)", entry.Mode())
}

// maxName is the longest name that Linux opens.
const maxName = 4095

// place turns an entry's name into one below the folder; "" means that strip leaves nothing of it.
func (u *unpacker) place(name string) (string, error) {
	if strings.ContainsAny(name, "\\\x00") {
		return "", errors.New("its name has a backslash or a zero byte")
	}
	if path.IsAbs(name) {
		return "", errors.New("its name is absolute")
	}
	if len(name) > maxName {
		return "", fmt.Errorf("its name has more than %d bytes", maxName)
	}
	for _, part := range strings.Split(name, "/") {
		if part == ".." {
			return "", errors.New("its name leaves the archive's folder")
		}
	}
	parts := strings.Split(path.Clean(name), "/")
	if len(parts) <= u.strip {
		return "", nil
	}
	return path.Join(parts[u.strip:]...), nil
}

// claim is place for an entry that is no folder: each name may come once.
func (u *unpacker) claim(name string) (string, error) {
	place, err := u.place(name)
	if err == nil && place == "" && len(u.above) < 3 {
		u.above = append(u.above, name)
	}
	if err != nil || place == "" {
		return "", err
	}
	if u.seen[place] {
		return "", errors.New("the archive has that name twice")
	}
	u.seen[place] = true
	if err := errors.Join(u.count(), u.spell(place)); err != nil {
		return "", err
	}
	return place, u.makeFolder(path.Dir(place))
}

// spell refuses a name that differs from another one in case only: which of the two there is depends on the file system.
func (u *unpacker) spell(place string) error {
	if u.spelled == nil {
		return nil
	}
	key := wheel.FoldName(place)
	if other, there := u.spelled[key]; there && other != place {
		return fmt.Errorf("on some file systems it is the same as %q", other)
	}
	u.spelled[key] = place
	return nil
}

func (u *unpacker) count() error {
	if u.left.entries--; u.left.entries < 0 {
		return errors.New("the archive unpacks to more files than any source has")
	}
	return nil
}

func (u *unpacker) folder(name string) error {
	place, err := u.place(name)
	if err != nil || place == "" {
		return err
	}
	return u.makeFolder(place)
}

// makeFolder makes a folder and those above it.
func (u *unpacker) makeFolder(place string) error {
	if u.folders[place] {
		return nil
	}
	if err := u.makeFolder(path.Dir(place)); err != nil {
		return err
	}
	if err := errors.Join(u.count(), u.spell(place)); err != nil {
		return err
	}
	u.folders[place] = true
	err := u.root.Mkdir(place, 0o755)
	if err == nil {
		return u.root.Chmod(place, 0o755) // whatever the umask
	}
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := u.root.Stat(place) // a link to a folder may stand there
	if err == nil && !info.IsDir() {
		err = errors.New("a file stands where a folder should be")
	}
	return err
}

func (u *unpacker) file(name string, mode fs.FileMode, r io.Reader) error {
	place, err := u.claim(name)
	if err != nil {
		return err
	}
	if place == "" {
		return u.copy(io.Discard, r)
	}
	out, err := u.root.OpenFile(place, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	err = u.copy(out, r)
	if mode&0o111 != 0 {
		mode = 0o755
	} else {
		mode = 0o644
	}
	return errors.Join(err, out.Chmod(mode), out.Close()) // whatever the umask
}

// copy copies what is left of the limit at most.
func (u *unpacker) copy(w io.Writer, r io.Reader) error {
	n, err := io.Copy(w, io.LimitReader(r, u.left.bytes+1))
	if u.left.bytes -= n; u.left.bytes < 0 {
		return u.tooLarge
	}
	return err
}

// symlink makes a symbolic link that stays inside the folder wherever the folder lies.
func (u *unpacker) symlink(name, target string) error {
	place, err := u.claim(name)
	if err != nil || place == "" {
		return err
	}
	if path.IsAbs(target) && u.inside != nil {
		u.absolute = append(u.absolute, absoluteLink{name, place, target})
		return nil
	}
	if path.IsAbs(target) || !filepath.IsLocal(path.Join(path.Dir(place), target)) {
		return leaves(target)
	}
	u.links = append(u.links, link{name, place})
	return u.root.Symlink(target, place)
}

func leaves(target string) error {
	return fmt.Errorf("it links to %q, outside the archive's folder", target)
}

// checkLinks follows the links once all are there: one that stays inside by its words may leave through another one.
func (u *unpacker) checkLinks() error {
	for _, l := range u.links {
		_, err := u.root.Stat(l.place)
		if err == nil || errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ELOOP) || errors.Is(err, syscall.ENOTDIR) {
			continue // links that lead nowhere are found in real archives, in tests mostly
		}
		target, _ := u.root.Readlink(l.place)
		return fmt.Errorf("entry %q: %w", l.name, leaves(target))
	}
	return nil
}

// hardLink makes a copy: a later step that edits one name must not edit the other.
func (u *unpacker) hardLink(name, target string) error {
	from, err := u.place(target)
	if err != nil || from == "" {
		return leaves(target)
	}
	file, err := u.root.Open(from)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	return u.file(name, info.Mode(), file)
}
