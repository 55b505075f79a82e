// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// Libraries gives the shared libraries that a target has.
type Libraries interface {
	// Library finds a library as the target's loader does: by its SONAME in the loader's folders, or, where the name holds a
	// slash, by its path. Where the target has none, the error is an fs.ErrNotExist. It may be called at the same time
	// from many goroutines, and gives the same *Library for the same name.
	Library(soname string) (*Library, error)
}

// Library is a shared library, or the Python program, of a target.
type Library struct {
	Path   string // on the target: "/usr/lib/arm-linux-gnueabihf/libm.so.6"
	Object *Object

	exports func() exports // made when it is first asked for: most modules are needed by none
	// partly: which symbols it exports is not known, only their versions: those of Object.Versions, or those within the limits.
	partly bool
	limits limits
}

// hasVersion says whether it defines a symbol version. A library without any takes every one.
func (l *Library) hasVersion(version string) bool {
	if l.limits != nil {
		return l.limits.has(version)
	}
	return len(l.Object.Versions) == 0 || slices.Contains(l.Object.Versions, version)
}

// define says whether one of its symbols is known to be what an import wants.
func (l *Library) define(want Symbol) bool { return !l.partly && l.exports().define(want) }

// mayDefine says whether a library of which only versions are known can have a symbol.
func (l *Library) mayDefine(want Symbol) bool {
	switch {
	case !l.partly:
		return false
	case want.Version != "" && want.Library != "":
		return want.Library == l.Object.SONAME && l.hasVersion(want.Version)
	}
	return !versioned.MatchString(l.Object.SONAME) || glibcNames()[want.Name]
}

// NewLibrary makes a Library of what was read from a file.
func NewLibrary(path string, object *Object) *Library {
	return &Library{Path: path, Object: object, exports: sync.OnceValue(func() exports { return indexExports(object) })}
}

// exports finds an object's symbols by their name.
type exports map[string][]Symbol

func indexExports(o *Object) exports {
	index := make(exports, len(o.Exports))
	for _, s := range o.Exports {
		index[s.Name] = append(index[s.Name], s)
	}
	return index
}

// define says whether an import binds to one of the symbols. The loader compares versions only where both sides have one: a
// library without versions satisfies every import, and an import without one takes any version that is not hidden.
func (e exports) define(want Symbol) bool {
	return slices.ContainsFunc(e[want.Name], func(have Symbol) bool {
		switch {
		case have.Version == want.Version:
			return true
		case want.Version == "":
			return !have.Hidden
		default:
			return have.Version == ""
		}
	})
}

// sysroot is Libraries over a folder that holds a target's files.
type sysroot struct {
	dir     string
	folders []string

	mu      sync.Mutex
	entries map[string]*sysrootEntry
}

type sysrootEntry struct {
	once    sync.Once
	library *Library
	err     error
}

// Sysroot looks for libraries in the sysroot at dir. triple is the GNU triple whose folders below /lib and /usr/lib are searched too, as
// Debian has them: "arm-linux-gnueabihf"; it may be empty. Symbolic links are followed as on the target: an absolute one
// begins at dir again, and nothing outside of dir is ever read.
func Sysroot(dir, triple string) Libraries {
	folders := []string{"/lib", "/usr/lib"}
	if triple != "" {
		folders = append([]string{"/lib/" + triple, "/usr/lib/" + triple}, folders...)
	}
	return &sysroot{dir: dir, folders: folders, entries: map[string]*sysrootEntry{}}
}

// Library implements Libraries. A library is read when it is first asked for, and once.
func (s *sysroot) Library(soname string) (*Library, error) {
	s.mu.Lock()
	entry := s.entries[soname]
	if entry == nil {
		entry = &sysrootEntry{}
		s.entries[soname] = entry
	}
	s.mu.Unlock()
	entry.once.Do(func() { entry.library, entry.err = s.load(soname) })
	return entry.library, entry.err
}

func (s *sysroot) load(soname string) (*Library, error) {
	candidates := []string{soname}
	if !strings.Contains(soname, "/") {
		candidates = nil
		for _, folder := range s.folders {
			candidates = append(candidates, path.Join(folder, soname))
		}
	}
	for _, name := range candidates {
		real, err := resolve(s.dir, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return nil, err
		}
		object, err := readObjectFile(filepath.Join(s.dir, real))
		if err != nil {
			return nil, fmt.Errorf("reading %s of the sysroot: %w", real, err)
		}
		return NewLibrary(real, object), nil
	}
	return nil, fmt.Errorf("%s in the sysroot %s: %w", soname, s.dir, fs.ErrNotExist)
}

func readObjectFile(name string) (*Object, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return ReadObject(f)
}

// resolve gives the path, inside of root, of the file that name stands for there, every symbolic link followed. os.Root is no use here: it
// refuses absolute links, and a target's libraries are full of them.
func resolve(root, name string) (string, error) {
	const maxLinks = 40 // the kernel's own limit
	done, links := "/", 0
	rest := strings.Split(name, "/")
	for len(rest) > 0 {
		element := rest[0]
		rest = rest[1:]
		switch element {
		case "", ".":
			continue
		case "..":
			done = path.Dir(done)
			continue
		}
		next := path.Join(done, element)
		info, err := os.Lstat(filepath.Join(root, next))
		if err != nil {
			return "", err
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			done = next
			continue
		}
		if links++; links > maxLinks {
			return "", fmt.Errorf("%s: more than %d symbolic links", name, maxLinks)
		}
		to, err := os.Readlink(filepath.Join(root, next))
		if err != nil {
			return "", err
		}
		if strings.HasPrefix(to, "/") {
			done = "/"
		}
		rest = append(strings.Split(to, "/"), rest...)
	}
	return done, nil
}
