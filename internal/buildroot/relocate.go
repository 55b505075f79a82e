// SPDX-License-Identifier: Apache-2.0

package buildroot

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// relocate has the SDK's own script write the path that it lies at into its files.
func relocate(ctx context.Context, dir, from string) error {
	began := time.Now().Add(-time.Second) // the clock of files may lag
	command := exec.CommandContext(ctx, "sh", "./"+script)
	command.Dir = dir
	command.Env = append(os.Environ(), "LC_ALL=C")
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("its %s fails: %w\n%s", script, err, bytes.TrimSpace(out))
	}
	now, err := readLocation(dir)
	if err != nil {
		return err
	}
	if now != dir {
		return fmt.Errorf("its %s says that it lies at %s now, and it lies at %s", script, now, dir)
	}
	if err := settle(dir, began); err != nil || from == dir {
		return err
	}
	return checkRelocated(dir, from)
}

// rewritten is the time of what the script has changed, so that the SDK is the same whenever it is opened. No compiled
// module of Python is of that time: none stands for a file that has changed.
var rewritten = time.Date(1999, 12, 31, 0, 0, 0, 0, time.UTC)

func settle(dir string, began time.Time) error {
	return filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Type()&fs.ModeSymlink != 0 {
			return err
		}
		info, err := entry.Info()
		if err == nil && info.ModTime().After(began) {
			err = os.Chtimes(name, rewritten, rewritten)
		}
		return err
	})
}

// checkRelocated looks for the old path where builds would meet it. The script of Buildroot before 2026.02 asks the program
// `file` which files are text: without that program it changes none, and says that all is well.
func checkRelocated(dir, from string) error {
	var left []string
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || !matters(name) {
			return err
		}
		text, err := os.ReadFile(name)
		if err == nil && mentions(text, from) {
			relative, _ := filepath.Rel(dir, name) // name is below dir
			left = append(left, relative)
		}
		return err
	})
	if err == nil && len(left) > 0 {
		const most = 5
		more := ""
		if len(left) > most {
			more = fmt.Sprintf(" and %d more", len(left)-most)
		}
		err = fmt.Errorf("its %s has left the path %s in %s%s. It may have missed a program: the one of older Buildroots needs `file`",
			script, from, strings.Join(left[:min(most, len(left))], ", "), more)
	}
	return err
}

// matters says whether builds read a file that holds paths: it says of the target's Python or of one of its libraries how to
// compile for it.
func matters(name string) bool {
	base := path.Base(name)
	return strings.Contains(name, "/sysroot/") &&
		(strings.HasSuffix(base, ".pc") || strings.HasSuffix(base, "-config") || strings.HasPrefix(base, "_sysconfigdata") && strings.HasSuffix(base, ".py"))
}

// mentions says whether a text has a path, and not only one that begins like it.
func mentions(text []byte, path string) bool {
	if bytes.IndexByte(text, 0) >= 0 {
		return false
	}
	for {
		_, after, found := bytes.Cut(text, []byte(path))
		if !found {
			return false
		}
		if len(after) == 0 || !partOfName(after[0]) {
			return true
		}
		text = after
	}
}

func partOfName(c byte) bool {
	return c == '-' || c == '_' || c == '.' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}
