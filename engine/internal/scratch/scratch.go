// SPDX-License-Identifier: Apache-2.0

// Package scratch makes folders for what a program needs only while it runs. A program that is killed can not remove its own; the next one that makes
// one at that place does, knowing it by a lock that ended with the program. It is not for what is to be found again.
package scratch

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"golang.org/x/sync/errgroup"
)

// Folder is a folder of the program's alone.
type Folder struct {
	Path string // it holds a lock, too: use a folder in it
	lock *os.File
}

// lockName is the name of the lock. A folder without one is none of ours, whatever it is called.
const lockName = "scratch.lock"

// New makes a folder in dir, whose name begins with prefix, and removes those of that prefix that killed programs left there.
func New(dir, prefix string) (*Folder, error) {
	sweep(dir, prefix)
	path, err := os.MkdirTemp(dir, prefix)
	if err != nil {
		return nil, err
	}
	f := &Folder{Path: path}
	if err := f.hold(); err != nil {
		return nil, errors.Join(err, f.Remove())
	}
	return f, nil
}

// hold gives the lock its name only when it is held, so that nobody sweeps the folder before.
func (f *Folder) hold() error {
	unnamed := filepath.Join(f.Path, "new.lock")
	lock, err := os.OpenFile(unnamed, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	f.lock = lock
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return err
	}
	return os.Rename(unnamed, filepath.Join(f.Path, lockName))
}

// Remove removes what lies deep on all processors: an index is tens of thousands of files, and the command has to wait for their end.
func (f *Folder) Remove() error {
	defer f.lock.Close()
	var removing errgroup.Group
	removing.SetLimit(runtime.GOMAXPROCS(0))
	const deep = 4 // work/NAME/simple/PROJECT
	removeBelow(f.Path, deep, &removing)
	return errors.Join(removing.Wait(), os.RemoveAll(f.Path))
}

// removeBelow leaves what lies so many folders deep to removing. Links are not followed: they may lead to the user's own.
func removeBelow(dir string, depth int, removing *errgroup.Group) {
	entries, _ := os.ReadDir(dir) // what can not be read will not be removed, and that is told
	for _, e := range entries {
		name := filepath.Join(dir, e.Name())
		if depth == 1 {
			removing.Go(func() error { return os.RemoveAll(name) })
		} else if e.IsDir() {
			removeBelow(name, depth-1, removing)
		}
	}
}

// sweep removes what killed programs left. It is a courtesy: what can not be removed stays.
func sweep(dir, prefix string) {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if !e.IsDir() || !strings.HasPrefix(e.Name(), prefix) {
			continue
		}
		path := filepath.Join(dir, e.Name())
		lock, err := os.Open(filepath.Join(path, lockName))
		if err != nil {
			continue
		}
		if syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			os.RemoveAll(path)
		}
		lock.Close()
	}
}
