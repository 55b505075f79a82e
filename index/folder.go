// SPDX-License-Identifier: Apache-2.0

package index

import (
	"cmp"
	"os"
	"path/filepath"
	"sync"
	"syscall"
)

// Folder is an Output that writes to a folder, which is better a new one: nothing in it is removed.
type Folder struct {
	Dir string
	// Wheels is the folder that Input.Wheels shows.
	Wheels string
	// Link leaves the wheels where they are, with symbolic links to them. Otherwise they are moved.
	Link bool

	made sync.Map // the folders that are there
}

// Text implements Output.
func (f *Folder) Text(name string, content []byte) error {
	path, err := f.path(name)
	if err != nil {
		return err
	}
	return writeFile(path, content)
}

// writeFile is os.WriteFile with three system calls instead of eight: a file that is kept open needs the others, and an index is many that are not.
func writeFile(path string, content []byte) error {
	file, err := syscall.Open(path, syscall.O_WRONLY|syscall.O_CREAT|syscall.O_TRUNC|syscall.O_CLOEXEC, 0o644)
	if err == syscall.EINTR {
		return writeFile(path, content)
	}
	if err != nil {
		return &os.PathError{Op: "open", Path: path, Err: err}
	}
	for len(content) > 0 && err == nil {
		var n int
		if n, err = syscall.Write(file, content); err == syscall.EINTR {
			n, err = 0, nil
		}
		content = content[max(n, 0):]
	}
	if err = cmp.Or(err, syscall.Close(file)); err != nil {
		return &os.PathError{Op: "write", Path: path, Err: err}
	}
	return nil
}

// Copy implements Output.
func (f *Folder) Copy(name, from string) error {
	path, err := f.path(name)
	if err != nil {
		return err
	}
	from = filepath.Join(f.Wheels, filepath.FromSlash(from))
	if !f.Link {
		return os.Rename(from, path)
	}
	if from, err = filepath.Abs(from); err != nil {
		return err
	}
	return os.Symlink(from, path)
}

func (f *Folder) path(name string) (string, error) {
	path := filepath.Join(f.Dir, filepath.FromSlash(name))
	dir := filepath.Dir(path)
	if _, made := f.made.Load(dir); !made {
		// The folder above is there most of the time.
		if os.Mkdir(dir, 0o755) != nil {
			if err := os.MkdirAll(dir, 0o755); err != nil {
				return "", err
			}
		}
		f.made.Store(dir, true)
	}
	return path, nil
}
