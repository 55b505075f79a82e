// SPDX-License-Identifier: Apache-2.0

package source

import (
	"archive/tar"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"time"
)

// system is past every toolchain with its libraries: the largest one that is known of has 3 GB in 60,000 files.
var system = limits{bytes: 16 << 30, entries: 1_000_000}

// UnpackSystem unpacks the archive of a whole system, such as a toolchain with its libraries, into the folder to. What
// [Unpack] refuses it refuses too, but for three things: it may be larger, names may differ in case only (a kernel's headers
// do), and links may name an absolute path. For these it asks, once all files are there, which place of the folder is meant, and makes them relative. Files keep their
// times, by which compiled Python modules know their source.
func UnpackSystem(archive, to string, inside func(link, target string) (place string, ok bool)) error {
	u := &unpacker{left: system, inside: inside, times: map[string]time.Time{}}
	if err := u.unpackTo(archive, to); err != nil {
		return err
	}
	return setTimes(to, func(name string, info fs.FileInfo) time.Time {
		relative, _ := filepath.Rel(to, name) // name is below to
		if kept, ok := u.times[relative]; ok && info.Mode().IsRegular() {
			return kept
		}
		return shipped
	})
}

// absoluteLink is a symbolic link that is made last.
type absoluteLink struct{ name, place, target string }

// makeAbsolute makes the links that named an absolute path.
func (u *unpacker) makeAbsolute() error {
	for _, l := range u.absolute {
		to, ok := u.inside(l.place, l.target)
		if !ok || !filepath.IsLocal(to) {
			return fmt.Errorf("entry %q: %w", l.name, leaves(l.target))
		}
		relative, err := filepath.Rel(path.Dir(l.place), to)
		if err != nil {
			return fmt.Errorf("entry %q: %w", l.name, err)
		}
		if err := u.root.Symlink(relative, l.place); err != nil {
			return fmt.Errorf("entry %q: %w", l.name, err)
		}
		u.links = append(u.links, link{l.name, l.place})
	}
	return nil
}

// keepTime notes the time of a file, in whole seconds: no more of it is in a compiled module.
func (u *unpacker) keepTime(header *tar.Header) {
	if place, err := u.place(header.Name); err == nil && u.times != nil {
		u.times[place] = header.ModTime.Truncate(time.Second)
	}
}
