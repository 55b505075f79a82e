// SPDX-License-Identifier: Apache-2.0

package daemon

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"golang.org/x/sys/unix"
)

// mountOwn makes this mount namespace private, and its /proc that of this PID namespace. runc keeps its notes about
// containers in /run/runc; those of ours go with the namespace.
func mountOwn() error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("making mounts private: %w", err)
	}
	const flags = unix.MS_NOSUID | unix.MS_NODEV | unix.MS_NOEXEC
	if err := unix.Mount("proc", "/proc", "proc", flags, ""); err != nil {
		return fmt.Errorf("mounting /proc: %w", err)
	}
	if err := os.MkdirAll("/run/runc", 0o700); err != nil {
		return err
	}
	if err := unix.Mount("tmpfs", "/run/runc", "tmpfs", flags, "mode=0700"); err != nil {
		return fmt.Errorf("mounting /run/runc: %w", err)
	}
	return nil
}

// remove removes what only a living daemon needs.
func (f files) remove() error {
	f.removeControlGroups()
	return errors.Join(os.RemoveAll(f.run()), os.RemoveAll(f.temp()))
}

// removeControlGroups removes those of containers that were killed with the daemon. Version 1 has a tree for each
// controller, version 2 a single one. A group that is still in use stays, for the next start to remove.
func (f files) removeControlGroups() {
	for _, pattern := range []string{"/sys/fs/cgroup", "/sys/fs/cgroup/*"} {
		tops, _ := filepath.Glob(filepath.Join(pattern, f.key()))
		for _, top := range tops {
			var groups []string
			_ = filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
				if err == nil && entry.IsDir() {
					groups = append(groups, path)
				}
				return nil
			})
			for _, group := range slices.Backward(groups) {
				_ = unix.Rmdir(group)
			}
		}
	}
}

// keepOnly closes what was inherited, but for standard input, output, error and fds, which it keeps from going
// further. The client may itself have been given descriptors, a build tool's pipes, say, that somebody waits to see closed.
// What the runtime opened in this process is known by its close-on-exec flag.
func keepOnly(fds ...int) error {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return err
	}
	for _, fd := range fds {
		unix.CloseOnExec(fd)
	}
	for _, entry := range entries {
		fd, err := strconv.Atoi(entry.Name())
		if err != nil || fd <= 2 {
			continue
		}
		if flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err == nil && flags&unix.FD_CLOEXEC == 0 {
			unix.Close(fd)
		}
	}
	return nil
}
