// SPDX-License-Identifier: Apache-2.0

package source

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Copy copies a file or a folder into the tree at dir, under the name to; a file that is there already is replaced. Nothing is
// written outside of the tree, whatever links there are in it.
func Copy(from, dir, to string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	return filepath.WalkDir(from, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		at := filepath.Join(to, relative)
		switch {
		case entry.IsDir():
			return root.MkdirAll(at, 0o755)
		case !entry.Type().IsRegular():
			return fmt.Errorf("%s is neither a file nor a folder", name)
		}
		return copyInto(root, name, at)
	})
}

func copyInto(root *os.Root, name, at string) error {
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	content, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if err := root.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		return err
	}
	if err := root.Remove(at); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	mode := fs.FileMode(0o644)
	if info.Mode()&0o111 != 0 {
		mode = 0o755
	}
	return root.WriteFile(at, content, mode)
}

// ForgetGit removes what git keeps beside a commit's files, and gives all of them the same time: the tree depends on the
// commit alone.
func ForgetGit(dir string) error {
	var kept []string
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Name() != ".git" {
			return err
		}
		kept = append(kept, name)
		if entry.IsDir() {
			return fs.SkipDir
		}
		return nil
	})
	for _, name := range kept {
		err = errors.Join(err, os.RemoveAll(name))
	}
	if err != nil {
		return err
	}
	return settleShipped(dir)
}
