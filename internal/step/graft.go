// SPDX-License-Identifier: Apache-2.0

package step

import (
	"context"
	"crypto/sha256"
	"debug/elf"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"crosswheel/internal/sbom"
	"crosswheel/internal/wheel"
)

// Library is one that a wheel was linked with.
type Library struct {
	Name, Version, License string
	Source                 sbom.Source
	Shared                 bool
	Files                  string // the folder of what it exports
	Licenses               string // the folder of its licence files
}

// Bundled is a library whose code a wheel carries along.
type Bundled struct {
	Name    string   `json:"name"`
	Version string   `json:"version"`
	License string   `json:"license,omitempty"` // an SPDX expression
	Linkage string   `json:"linkage"`           // "static": in the wheel's own files; "shared": in files of its own
	Files   []string `json:"files,omitempty"`   // of a shared one
}

// graft puts the shared libraries that a wheel needs into it, and the licences of all that it was linked with. What is put in gets a name that
// no other wheel gives it: of two libraries of one name the loader takes the one that it met first for both.
func graft(ctx context.Context, tree string, native []string, o FinishOptions) ([]Bundled, error) {
	distInfo, err := distInfoOf(tree)
	if err != nil {
		return nil, err
	}
	project, _, _ := strings.Cut(distInfo, "-")
	b := &grafting{options: o, tree: tree, folder: project + ".libs", given: map[string]given{}, names: map[string]string{}, edits: map[string]*edit{}}
	for i, library := range o.Libraries {
		if library.Shared {
			if err := b.offer(i, library.Files); err != nil {
				return nil, err
			}
		}
	}
	if err := b.gather(ctx, native); err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(b.edits)) {
		if err := b.apply(ctx, name); err != nil {
			return nil, err
		}
	}
	var carried []Bundled
	for i, library := range o.Libraries {
		bundled := Bundled{Name: library.Name, Version: library.Version, License: library.License, Linkage: "static"}
		if library.Shared {
			bundled.Linkage, bundled.Files = "shared", b.filesOf(i)
			if len(bundled.Files) == 0 {
				continue // nothing needs it
			}
		}
		carried = append(carried, bundled)
		if err := addLicenses(filepath.Join(tree, distInfo), library); err != nil {
			return nil, err
		}
	}
	return carried, nil
}

// addLicenses puts a library's licences where an installer leaves the wheel's own (PEP 639).
func addLicenses(distInfo string, library Library) error {
	entries, err := os.ReadDir(library.Licenses)
	if err != nil {
		return fmt.Errorf("the licences of %s: %w", library.Name, err)
	}
	if len(entries) == 0 {
		return nil
	}
	if err := os.CopyFS(filepath.Join(distInfo, "licenses", library.Name), os.DirFS(library.Licenses)); err != nil {
		return fmt.Errorf("the licences of %s: %w", library.Name, err)
	}
	return nil
}

// distInfoOf is the name of the .dist-info folder of an unpacked wheel.
func distInfoOf(tree string) (string, error) {
	found, err := filepath.Glob(filepath.Join(tree, "*.dist-info"))
	if err != nil {
		return "", err
	}
	if len(found) != 1 {
		return "", fmt.Errorf("the wheel has %d .dist-info folders, want one", len(found))
	}
	return filepath.Base(found[0]), nil
}

// grafting is what graft keeps.
type grafting struct {
	options FinishOptions
	tree    string
	folder  string            // of the wheel, for what is put in
	given   map[string]given  // shared libraries by SONAME
	names   map[string]string // of those that are put in, by SONAME
	edits   map[string]*edit  // by file of the wheel
}

// given is a shared library that may be put in.
type given struct {
	path    string
	library int // which of the options'
	object  *wheel.Object
}

// edit is what becomes of a file's dynamic section.
type edit struct {
	soname   string            // empty: it stays
	replaced map[string]string // needed libraries
	runpath  []string          // what of its search path stays
}

// offer looks through a library's files.
func (b *grafting) offer(library int, dir string) error {
	return filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || !strings.Contains(entry.Name(), ".so") {
			return err
		}
		object, err := readObject(name)
		if err != nil {
			return nil // a linker script, for instance: nothing can need it by name when it runs
		}
		soname := object.SONAME
		if soname == "" {
			soname = entry.Name()
		}
		b.given[soname] = given{name, library, object}
		return nil
	})
}

func readObject(name string) (*wheel.Object, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return wheel.ReadObject(file)
}

// gather puts in what the wheel's files need, what that needs, and so on, and notes what has to be edited for it.
func (b *grafting) gather(ctx context.Context, native []string) error {
	own := map[string]bool{}
	for _, name := range native {
		own[path.Base(name)] = true
	}
	queue := slices.Clone(native)
	for len(queue) > 0 {
		name := queue[0]
		queue = queue[1:]
		object, err := readObject(filepath.Join(b.tree, name))
		if err != nil {
			return fmt.Errorf("reading %s: %w", name, err)
		}
		for _, soname := range object.Needed {
			library, ok := b.given[soname]
			if !ok || own[soname] {
				continue
			}
			if b.names[soname] == "" {
				added, err := b.add(ctx, soname, library)
				if err != nil {
					return err
				}
				queue = append(queue, added)
			}
			e := b.edits[name]
			if e == nil {
				e = &edit{replaced: map[string]string{}}
				b.edits[name] = e
			}
			e.replaced[soname] = b.names[soname]
			e.runpath = slices.DeleteFunc(slices.Concat(object.RunPath, object.RPath), func(folder string) bool { return !strings.HasPrefix(folder, "$ORIGIN") })
		}
	}
	return nil
}

// add puts one library in, stripped, and returns its name in the wheel.
func (b *grafting) add(ctx context.Context, soname string, library given) (string, error) {
	text, err := os.ReadFile(library.path)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	stem, rest, _ := strings.Cut(soname, ".so")
	b.names[soname] = stem + "-" + hex.EncodeToString(sum[:4]) + ".so" + rest
	name := path.Join(b.folder, b.names[soname])
	to := filepath.Join(b.tree, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(to), 0o755), os.WriteFile(to, text, 0o755)); err != nil {
		return "", err
	}
	b.edits[name] = &edit{soname: b.names[soname], replaced: map[string]string{}}
	return name, strip(ctx, b.options, to)
}

// filesOf are the files of the wheel that come from a library.
func (b *grafting) filesOf(library int) []string {
	var files []string
	for soname, name := range b.names {
		if b.given[soname].library == library {
			files = append(files, path.Join(b.folder, name))
		}
	}
	slices.Sort(files)
	return files
}

// pageSize aligns what patchelf adds. Debian's libraries for ARM are aligned to this; mixed with segments that are aligned to less they work
// under emulation, and crash on the robot.
const pageSize = "65536"

// apply edits one file.
func (b *grafting) apply(ctx context.Context, name string) error {
	e := b.edits[name]
	arguments := []string{"--page-size", pageSize}
	if e.soname != "" {
		arguments = append(arguments, "--set-soname", e.soname)
	}
	for _, old := range slices.Sorted(maps.Keys(e.replaced)) {
		arguments = append(arguments, "--replace-needed", old, e.replaced[old])
	}
	if len(e.replaced) > 0 {
		folder, err := filepath.Rel(path.Dir(name), b.folder)
		if err != nil {
			return err
		}
		runpath := append(slices.Clone(e.runpath), strings.TrimSuffix("$ORIGIN/"+folder, "/."))
		arguments = append(arguments, "--set-rpath", strings.Join(slices.Compact(runpath), ":"))
	}
	file := filepath.Join(b.tree, name)
	if err := run(ctx, b.options.Patchelf, append(arguments, file)...); err != nil {
		return fmt.Errorf("editing %s: %w", name, err)
	}
	if err := checkLayout(file); err != nil {
		return fmt.Errorf("patchelf has broken %s: %w", name, err)
	}
	return nil
}

// located are the entries of a dynamic section that hold the address of a section.
var located = map[elf.DynTag]elf.SectionType{
	elf.DT_SYMTAB: elf.SHT_DYNSYM, elf.DT_GNU_HASH: elf.SHT_GNU_HASH, elf.DT_HASH: elf.SHT_HASH,
	elf.DT_VERSYM: elf.SHT_GNU_VERSYM, elf.DT_VERNEED: elf.SHT_GNU_VERNEED, elf.DT_VERDEF: elf.SHT_GNU_VERDEF,
	elf.DT_INIT_ARRAY: elf.SHT_INIT_ARRAY, elf.DT_FINI_ARRAY: elf.SHT_FINI_ARRAY,
}

// checkLayout looks for what patchelf is known to break: segments out of alignment, and addresses that stay behind when a section moves.
func checkLayout(name string) error {
	f, err := elf.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	for _, p := range f.Progs {
		if p.Type == elf.PT_LOAD && p.Align > 1 && p.Off%p.Align != p.Vaddr%p.Align {
			return fmt.Errorf("its segment at %#x is out of alignment", p.Vaddr)
		}
	}
	for tag, kind := range located {
		values, err := f.DynValue(tag)
		if err != nil {
			return err
		}
		section := f.SectionByType(kind)
		if len(values) > 0 && (section == nil || section.Addr != values[0]) {
			return fmt.Errorf("%s does not lead to its section", tag)
		}
	}
	return nil
}
