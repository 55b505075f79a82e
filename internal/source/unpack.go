// SPDX-License-Identifier: Apache-2.0

package source

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// Limits of what an archive may unpack to: a larger one is taken for a bomb. The largest sdist that is known of has
// about 600 MB in 60,000 files.
const (
	maxBytes = 4 << 30
	maxFiles = 200_000
)

// Unpack unpacks an archive (.tar, .tar.gz, .tgz, .tar.bz2, .tar.xz, .zip, .whl or .crate) into the folder to, which it
// makes. The first strip folders of each name are dropped. Names and links that leave the folder, devices, duplicate
// names and bombs are refused with the entry's name. Every file gets the same owner, one of two modes and no time, so
// that the tree depends on contents alone; see [Settle].
func Unpack(archive, to string, strip int) error {
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
	u := &unpacker{root: root, strip: strip, seen: map[string]bool{}}
	if err := u.unpack(file); err != nil {
		return fmt.Errorf("unpacking %s: %w", filepath.Base(archive), err)
	}
	if u.files == 0 {
		return fmt.Errorf("unpacking %s: no file in it lies below %d folders (strip)", filepath.Base(archive), strip)
	}
	return setTimes(to, func(fs.FileInfo) time.Time { return shipped })
}

// unpack tells formats apart by their first bytes, not by name.
func (u *unpacker) unpack(file *os.File) error {
	buffered := bufio.NewReader(file)
	head, _ := buffered.Peek(6)
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		info, err := file.Stat()
		if err != nil {
			return err
		}
		return u.zip(file, info.Size())
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		decompressed, err := gzip.NewReader(buffered)
		if err != nil {
			return err
		}
		return u.tar(decompressed)
	case bytes.HasPrefix(head, []byte("BZh")):
		return u.tar(bzip2.NewReader(buffered))
	case bytes.HasPrefix(head, []byte("\xfd7zXZ\x00")):
		return u.xz(buffered)
	}
	return u.tar(buffered)
}

// xz decompresses with the xz program: the standard library has none.
func (u *unpacker) xz(r io.Reader) error {
	command := exec.Command("xz", "-dc")
	command.Stdin = r
	out, err := command.StdoutPipe()
	if err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return err
	}
	err = u.tar(out)
	if err != nil {
		command.Process.Kill()
	}
	return errors.Join(err, command.Wait())
}

// unpacker writes the entries of one archive.
type unpacker struct {
	root  *os.Root
	strip int
	seen  map[string]bool // of names as written, folders apart
	files int
	bytes int64
}

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
		case tar.TypeSymlink:
			err = u.link(header.Name, header.Linkname)
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
		return u.link(entry.Name, string(target))
	}
	return fmt.Errorf("it is of a special kind (%s)", entry.Mode())
}

// place turns an entry's name into one below the folder; "" means that strip leaves nothing of it.
func (u *unpacker) place(name string) (string, error) {
	if strings.ContainsAny(name, "\\\x00") {
		return "", errors.New("its name has a backslash or a zero byte")
	}
	if path.IsAbs(name) {
		return "", errors.New("its name is absolute")
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
	if err != nil || place == "" {
		return "", err
	}
	if u.seen[place] {
		return "", errors.New("the archive has that name twice")
	}
	u.seen[place] = true
	if u.files++; u.files > maxFiles {
		return "", fmt.Errorf("the archive has more than %d files", maxFiles)
	}
	return place, u.root.MkdirAll(path.Dir(place), 0o755)
}

func (u *unpacker) folder(name string) error {
	place, err := u.place(name)
	if err != nil || place == "" || place == "." {
		return err
	}
	return u.root.MkdirAll(place, 0o755)
}

func (u *unpacker) file(name string, mode fs.FileMode, r io.Reader) error {
	place, err := u.claim(name)
	if err != nil || place == "" {
		return err
	}
	out, err := u.root.OpenFile(place, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644|mode&0o111)
	if err != nil {
		return err
	}
	n, err := io.Copy(out, io.LimitReader(r, maxBytes-u.bytes+1))
	if u.bytes += n; u.bytes > maxBytes {
		err = fmt.Errorf("the archive unpacks to more than %d bytes", int64(maxBytes))
	}
	return errors.Join(err, out.Close())
}

// link makes a symbolic link that stays inside the folder wherever the folder lies.
func (u *unpacker) link(name, target string) error {
	place, err := u.claim(name)
	if err != nil || place == "" {
		return err
	}
	if path.IsAbs(target) || !filepath.IsLocal(path.Join(path.Dir(place), target)) {
		return fmt.Errorf("it links to %q, outside the archive's folder", target)
	}
	return u.root.Symlink(target, place)
}

// hardLink makes a copy: a later step that edits one name must not edit the other.
func (u *unpacker) hardLink(name, target string) error {
	from, err := u.place(target)
	if err != nil || from == "" {
		return fmt.Errorf("it links to %q, outside the archive's folder", target)
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

// Times of files. ZIP files cannot say an earlier day than the first.
var (
	shipped = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	patched = shipped.AddDate(0, 0, 1)
)

// Settle gives every file below dir that has changed since it was unpacked the same later time, so that what is
// generated from it is made again. All files of an archive have one time: no build tool finds a shipped file older
// than what it was generated from.
func Settle(dir string) error {
	return setTimes(dir, func(info fs.FileInfo) time.Time {
		if info.IsDir() || info.ModTime().Equal(shipped) {
			return shipped
		}
		return patched
	})
}

func setTimes(dir string, choose func(fs.FileInfo) time.Time) error {
	return filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Type()&fs.ModeSymlink != 0 {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		to := choose(info)
		return os.Chtimes(name, to, to)
	})
}
