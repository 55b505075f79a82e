// SPDX-License-Identifier: Apache-2.0

package source

import (
	"io/fs"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// Times of files. ZIP files cannot say an earlier day than the first.
var (
	shipped = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	patched = shipped.AddDate(0, 0, 1)
)

// Settle gives every file below dir that has changed since it was unpacked the same later time, so that what is
// generated from it is made again. All files of an archive have one time: no build tool finds a shipped file older
// than what it was generated from.
func Settle(dir string) error {
	return setTimes(dir, func(_ string, info fs.FileInfo) time.Time {
		if info.IsDir() || info.ModTime().Equal(shipped) {
			return shipped
		}
		return patched
	})
}

// settleShipped gives all files below dir the time of shipped ones.
func settleShipped(dir string) error {
	return setTimes(dir, func(string, fs.FileInfo) time.Time { return shipped })
}

// setTimes sets the times of files, of folders, and of links themselves.
func setTimes(dir string, choose func(name string, info fs.FileInfo) time.Time) error {
	return filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		to, err := unix.TimeToTimespec(choose(name, info))
		if err != nil {
			return err
		}
		if err := unix.UtimesNanoAt(unix.AT_FDCWD, name, []unix.Timespec{to, to}, unix.AT_SYMLINK_NOFOLLOW); err != nil {
			return &fs.PathError{Op: "setting the time of", Path: name, Err: err}
		}
		return nil
	})
}
