// SPDX-License-Identifier: Apache-2.0

package call

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"syscall"

	"golang.org/x/sync/errgroup"
)

// A scratch is the private directory that functions run in. A program that is killed can not remove its own; the next
// one does, knowing it by a lock that ended with the program.
type scratch struct {
	work string // what functions see as their working directory
	root string // holds work and the lock
	lock *os.File
}

// scratchLock is the name of the lock. A directory without one is none of ours, whatever it is called.
const scratchLock = "scratch.lock"

func newScratch(program string) (*scratch, error) {
	sweep(program)
	root, err := os.MkdirTemp("", program+"-")
	if err != nil {
		return nil, fmt.Errorf("making a scratch directory: %w", err)
	}
	s := &scratch{root: root, work: filepath.Join(root, "work")}
	if err := s.prepare(); err != nil {
		s.remove()
		return nil, fmt.Errorf("making a scratch directory: %w", err)
	}
	return s, nil
}

// prepare gives the lock its name only when it is held, so that nobody sweeps the directory before.
func (s *scratch) prepare() error {
	unnamed := filepath.Join(s.root, "new.lock")
	lock, err := os.OpenFile(unnamed, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	s.lock = lock
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return err
	}
	if err := os.Rename(unnamed, filepath.Join(s.root, scratchLock)); err != nil {
		return err
	}
	return os.Mkdir(s.work, 0o700)
}

// remove removes what lies deep on all processors: an index is tens of thousands of files, and the command has to wait for their end.
func (s *scratch) remove() error {
	defer s.lock.Close()
	var removing errgroup.Group
	removing.SetLimit(runtime.GOMAXPROCS(0))
	const deep = 3 // NAME/simple/PROJECT
	removeBelow(s.work, deep, &removing)
	return errors.Join(removing.Wait(), os.RemoveAll(s.root))
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
func sweep(program string) {
	locks, _ := filepath.Glob(filepath.Join(os.TempDir(), program+"-*", scratchLock))
	for _, name := range locks {
		lock, err := os.Open(name)
		if err != nil {
			continue
		}
		if syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			os.RemoveAll(filepath.Dir(name))
		}
		lock.Close()
	}
}
