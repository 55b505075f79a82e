// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"github.com/tonistiigi/fsutil"
	"github.com/tonistiigi/fsutil/types"

	"crosswheel/engine/internal/scratch"
)

// stage brings a directory into a temporary folder on the file system of target and calls move, which is to rename it
// into place. The temporary folder does not outlive the call.
func (c *Client) stage(ctx context.Context, target string, l location, move func(staged string) error) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("exporting to %s: %w", target, err)
		}
	}()
	staging, err := stagingFolder(target)
	if err != nil {
		return err
	}
	defer staging.Remove()
	dir := filepath.Join(staging.Path, "tree") // a folder that may take the target's place, with the usual permissions
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	if l.folder != nil {
		err = copyFolder(ctx, l.folder, dir)
	} else {
		err = c.fetch(ctx, l.isolated(), dir)
	}
	if err != nil {
		return err
	}
	return move(dir)
}

// stagingFolder makes a folder from which things can be renamed to target: beside it, or beside the first folder above
// it that will have to be made. Only where that is impossible, as for a mount point, it lies in the target.
func stagingFolder(target string) (*scratch.Folder, error) {
	for {
		if _, err := os.Lstat(filepath.Dir(target)); err == nil {
			break
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		target = filepath.Dir(target)
	}
	const prefix = ".crosswheel-export-"
	folder, err := scratch.New(filepath.Dir(target), prefix)
	if err == nil && sameFilesystem(folder.Path, target) {
		return folder, nil
	}
	if err == nil {
		folder.Remove()
	}
	if info, statErr := os.Stat(target); statErr != nil || !info.IsDir() {
		return nil, err
	}
	return scratch.New(target, prefix)
}

// sameFilesystem says whether a folder can be renamed to target, which need not exist.
func sameFilesystem(dir, target string) bool {
	probe := filepath.Join(target, filepath.Base(dir))
	if info, err := os.Stat(target); err != nil || !info.IsDir() {
		return true
	}
	if os.Rename(dir, probe) != nil {
		return false
	}
	return os.Rename(probe, dir) == nil
}

// copyFolder copies a folder of the host.
func copyFolder(ctx context.Context, f *folder, dir string) error {
	if f.own && len(f.views) == 1 { // nothing of it is hidden
		return takeOwn(ctx, f, dir)
	}
	seen, err := f.open()
	if err != nil {
		return err
	}
	return f.each(ctx, seen, func(e *types.Stat) error {
		return copyEntry(seen, e, filepath.Join(dir, e.Path))
	})
}

// copyEntry copies a file, a link or an empty folder.
func copyEntry(from fsutil.FS, e *types.Stat, to string) error {
	switch m := fs.FileMode(e.Mode); {
	case m.IsDir():
		return os.Mkdir(to, 0o755)
	case m&fs.ModeSymlink != 0:
		return os.Symlink(e.Linkname, to)
	}
	r, err := from.Open(e.Path)
	if err != nil {
		return err
	}
	defer r.Close()
	return copyFile(r, to, fs.FileMode(e.Mode))
}

func copyFile(r io.Reader, to string, mode fs.FileMode) error {
	w, err := openShortly(to, syscall.O_WRONLY|syscall.O_CREAT|syscall.O_EXCL, mode.Perm())
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return firstError(err, w.Close())
}

// openShortly is os.OpenFile for a file that is read or written at once: without the five system calls that ask whether it can be waited for.
func openShortly(name string, flags int, mode fs.FileMode) (*os.File, error) {
	for {
		file, err := syscall.Open(name, flags|syscall.O_CLOEXEC, uint32(mode))
		if err == nil {
			return os.NewFile(uintptr(file), name), nil
		}
		if err != syscall.EINTR {
			return nil, &os.PathError{Op: "open", Path: name, Err: err}
		}
	}
}

// moveFolder renames what lies in staged into target, which may exist. Nothing is renamed if a folder and something
// else would meet; wiping resolves that by removing the target's.
//
// Whoever reads target meanwhile never finds something that names what is not there yet, if things name what is beside or below them, as
// pages do: what is new comes first, a new folder at once with all that is in it; then files are replaced, the deepest first; what
// is wiped goes last.
func moveFolder(staged, target string, wipe bool) error {
	if !wipe {
		if err := checkMeeting(staged, target); err != nil {
			return err
		}
	}
	m := mover{wipe: wipe, staged: filepath.Base(filepath.Dir(staged))}
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}
	if err := m.add(staged, target, 0); err != nil {
		return err
	}
	slices.SortStableFunc(m.replaced, func(a, b replacement) int { return b.depth - a.depth })
	for _, r := range m.replaced {
		if err := os.Rename(r.from, r.to); err != nil {
			return err
		}
	}
	for _, name := range m.superfluous {
		if err := os.RemoveAll(name); err != nil {
			return err
		}
	}
	return nil
}

// mover puts off what is not to be done yet.
type mover struct {
	wipe        bool
	staged      string // the folder that is being moved lies in this, which may lie in the target itself
	replaced    []replacement
	superfluous []string
}

type replacement struct {
	from, to string
	depth    int
}

// add moves the folder from, with all in it that is new.
func (m *mover) add(from, to string, depth int) error {
	if _, err := os.Lstat(to); errors.Is(err, fs.ErrNotExist) {
		return os.Rename(from, to)
	}
	wanted, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	keep := map[string]bool{m.staged: true}
	for _, e := range wanted {
		keep[e.Name()] = true
		if err := m.addEntry(filepath.Join(from, e.Name()), filepath.Join(to, e.Name()), e, depth+1); err != nil {
			return err
		}
	}
	if !m.wipe {
		return nil
	}
	held, err := os.ReadDir(to)
	if err != nil {
		return err
	}
	for _, e := range held {
		if !keep[e.Name()] {
			m.superfluous = append(m.superfluous, filepath.Join(to, e.Name()))
		}
	}
	return nil
}

func (m *mover) addEntry(from, to string, e fs.DirEntry, depth int) error {
	held, err := os.Lstat(to)
	if e.IsDir() && !m.wipe {
		held, err = os.Stat(to) // a link to a folder is as good as one
	}
	switch {
	case err == nil && held.IsDir() != e.IsDir():
		if err := os.RemoveAll(to); err != nil {
			return err
		}
	case err == nil && !e.IsDir():
		m.replaced = append(m.replaced, replacement{from, to, depth})
		return nil
	}
	if e.IsDir() {
		return m.add(from, to, depth)
	}
	return os.Rename(from, to)
}

// checkMeeting fails if a folder of one side is something else on the other.
func checkMeeting(staged, target string) error {
	info, err := os.Stat(target)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.IsDir():
		return fmt.Errorf("%s is not a folder", target)
	}
	entries, err := os.ReadDir(staged)
	if err != nil {
		return err
	}
	for _, e := range entries {
		to := filepath.Join(target, e.Name())
		if e.IsDir() {
			err = checkMeeting(filepath.Join(staged, e.Name()), to)
		} else if held, statErr := os.Lstat(to); statErr == nil && held.IsDir() {
			err = fmt.Errorf("%s is a folder, where a file is to go", to)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
