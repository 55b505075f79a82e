// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"debug/elf"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// checkLinking does what the loader will do with each ELF file, short of running it: find its libraries, and theirs, and then
// bind every undefined symbol of the file.
func (a *audit) checkLinking(libs Libraries) error {
	l := &linking{audit: a, libs: libs, sonames: map[string]string{}, needed: map[string]bool{}}
	for _, name := range slices.Backward(a.paths) { // of two of one name, the first in the order of names counts
		l.sonames[path.Base(name)] = name
		if soname := a.objects[name].Object.SONAME; soname != "" {
			l.sonames[soname] = name
		}
	}
	for _, name := range a.paths {
		for _, soname := range a.objects[name].Object.Needed {
			l.needed[l.sonames[soname]] = true
		}
	}
	if a.target.Interpreter != "" {
		python, err := libs.Library(a.target.Interpreter)
		if err != nil {
			return fmt.Errorf("the target's Python: %w", err)
		}
		global, err := l.closure(python)
		if err != nil {
			return err
		}
		l.global = global.libraries
	} else if libc, err := libs.Library("libc.so.6"); err == nil {
		l.global = []*Library{libc} // Python itself needs it
	}
	for _, name := range a.paths {
		lib := a.objects[name]
		if lib.Object.Type == elf.ET_REL || lib.Object.Machine != a.machine.machine || lib.Object.Class != a.machine.class {
			continue
		}
		if err := l.check(lib); err != nil {
			return err
		}
	}
	return nil
}

// linking is what checkLinking keeps.
type linking struct {
	audit   *audit
	libs    Libraries
	sonames map[string]string // of the wheel's own libraries, to their names in the wheel
	needed  map[string]bool   // the wheel's files that others in it need
	global  []*Library        // Python and its libraries: their symbols are visible to every module
}

// scope is what the loader maps for one file: the file itself, what it needs, what that needs, and so on, in the loader's order.
type scope struct {
	libraries []*Library
	bySONAME  map[string]*Library
	missing   map[string]string // libraries that are nowhere, to what needs them
	outside   map[string]string // libraries of the wheel that the loader does not find, to what needs them
}

// closure collects a file's scope.
func (l *linking) closure(root *Library) (scope, error) {
	s := scope{libraries: []*Library{root}, bySONAME: map[string]*Library{}, missing: map[string]string{}, outside: map[string]string{}}
	for i := 0; i < len(s.libraries); i++ { // it grows on the way
		by := s.libraries[i]
		for _, soname := range by.Object.Needed {
			if s.bySONAME[soname] != nil || s.missing[soname] != "" {
				continue
			}
			lib, reachable, err := l.find(soname, by, root)
			if err != nil {
				return scope{}, err
			}
			if lib == nil {
				s.missing[soname] = by.Path
				continue
			}
			if !reachable {
				s.outside[soname] = by.Path
			}
			s.bySONAME[soname] = lib
			s.libraries = append(s.libraries, lib)
		}
	}
	return s, nil
}

// find looks for a library that the file by needs as the loader does when it loads root: in the wheel, then on the target. One that
// lies in the wheel where the loader does not look is given back as not reachable; it may have been loaded by other means before.
func (l *linking) find(soname string, by, root *Library) (lib *Library, reachable bool, err error) {
	for _, folder := range append(l.searched(by), l.searched(root)...) {
		if found := l.audit.objects[path.Join(folder, soname)]; found != nil {
			return found, true, nil
		}
	}
	lib, err = l.libs.Library(soname)
	if err == nil {
		return lib, true, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, false, fmt.Errorf("looking for %s, which %s needs: %w", soname, by.Path, err)
	}
	if name, ok := l.sonames[soname]; ok {
		return l.audit.objects[name], false, nil
	}
	return nil, false, nil
}

// searched gives the folders of the wheel where the loader looks for what a file of it needs. An RPATH counts also for the needs of what was
// needed, and a RUNPATH only for its own; that some wheel's RUNPATH is taken for an RPATH here hides a warning at most.
func (l *linking) searched(lib *Library) []string {
	if l.audit.objects[lib.Path] != lib {
		return nil // the target's own libraries
	}
	paths := lib.Object.RunPath
	if len(paths) == 0 {
		paths = lib.Object.RPath
	}
	var folders []string
	for _, p := range paths {
		if folder, ok := expandOrigin(p, lib.Path); ok {
			folders = append(folders, folder)
		}
	}
	return folders
}

// check links one file of the wheel.
func (l *linking) check(lib *Library) error {
	s, err := l.closure(lib)
	if err != nil {
		return err
	}
	for _, soname := range slices.Sorted(maps.Keys(s.missing)) {
		needs := "it"
		if by := s.missing[soname]; by != lib.Path {
			needs = by
		}
		where := "neither on the target nor in the wheel"
		if l.audit.target.own {
			where = "not in the wheel, and not promised by " + l.audit.target.Platform
		}
		l.audit.report("ELF-NEEDED", lib.Path, "%s needs %s, which is %s; %s", needs, soname, where, providers(soname))
	}
	for _, soname := range slices.Sorted(maps.Keys(s.outside)) {
		if s.outside[soname] == lib.Path && !l.needed[lib.Path] { // one that is needed itself is loaded by what needs it, and may inherit an RPATH
			l.audit.report("ELF-UNREACHABLE", lib.Path, "it needs %s, which is in the wheel as %s", soname, l.sonames[soname])
		}
	}
	refused := l.checkVersions(lib, s)
	if len(s.missing) > 0 {
		return nil // what the missing libraries define is unknown
	}
	var undefined []string
	for _, symbol := range lib.Object.Imports {
		if !symbol.Weak && !refused[Requirement{Library: symbol.Library, Version: symbol.Version}] && !l.defined(symbol, lib, s) {
			undefined = append(undefined, symbolName(symbol))
		}
	}
	if len(undefined) > 0 {
		slices.Sort(undefined)
		verb := "are"
		if len(undefined) == 1 {
			verb = "is"
		}
		l.audit.report("ELF-SYMBOL", lib.Path, "%s %s defined neither by Python nor by a library that it needs: %s",
			counted(len(undefined), "symbol"), verb, shortList(undefined))
	}
	return nil
}

// defined says whether the loader finds a symbol.
func (l *linking) defined(symbol Symbol, lib *Library, s scope) bool {
	if lib.Object.Interpreter == "" { // a program is not loaded into Python
		if l.audit.target.Interpreter == "" && (strings.HasPrefix(symbol.Name, "Py") || strings.HasPrefix(symbol.Name, "_Py")) {
			return true
		}
		if slices.ContainsFunc(l.global, func(g *Library) bool { return g.define(symbol) }) {
			return true
		}
	}
	return slices.ContainsFunc(s.libraries, func(g *Library) bool { return g.define(symbol) || g.mayDefine(symbol) })
}

// checkVersions does the loader's check of symbol versions, which comes before it looks at symbols, and gives the requirements that fail it.
func (l *linking) checkVersions(lib *Library, s scope) map[Requirement]bool {
	refused := map[Requirement]bool{}
	for _, r := range lib.Object.Requires {
		provider := s.bySONAME[r.Library]
		if provider == nil || r.Weak || provider.hasVersion(r.Version) {
			continue
		}
		refused[Requirement{Library: r.Library, Version: r.Version}] = true
		if v, ok := glibcVersion(r.Version); ok && l.audit.newerGlibc(v) {
			continue // checkGlibc has said so
		}
		var symbols []string
		for _, symbol := range lib.Object.Imports {
			if symbol.Library == r.Library && symbol.Version == r.Version {
				symbols = append(symbols, symbol.Name)
			}
		}
		slices.Sort(symbols)
		whose := "the target's " + provider.Path
		if l.audit.target.own {
			whose = "not every machine's that " + l.audit.target.Platform + " is for"
		}
		l.audit.report("ELF-VERSION", lib.Path, "it needs %s of %s, which %s does not define: %s", r.Version, r.Library, whose, orNone(symbols))
	}
	return refused
}

func symbolName(s Symbol) string {
	if s.Version == "" {
		return s.Name
	}
	return s.Name + "@" + s.Version
}
