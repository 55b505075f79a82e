// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Content is what a wheel's tag follows from.
type Content struct {
	Built   []Tag    // the tags that the build backend gave it
	Native  []string // its ELF files
	Modules []string // those of them that are Python extension modules
	Glibc   string   // the oldest glibc that has all that they ask for; empty where they ask for nothing
}

// DecideTags decides the tags of a wheel that was built for t. This is the only place where that is done; [Audit] asks here too.
//
//   - Nothing native in it, and the backend called it fit for any platform: the tag stays, "py3-none-any".
//   - Otherwise the platform is the target's own, whatever the backend believed. Also where there is nothing native, but the backend
//     did not say "any": it may have chosen files by the platform.
//   - Extension modules bind a wheel to the Python that they were compiled for: cp311-cp311. Only where all of them
//     keep to the stable ABI (.abi3.so), and the backend says from which Python on, that tag stays: cp36-abi3.
//   - Libraries that ctypes or cffi load bind it to the platform only: py3-none stays.
//
// The platform is plain linux_armv7l, and not manylinux_2_N_armv7l, unless the target asks for that and an audit proves it ([Wheel.Manylinux]): a
// manylinux tag is a promise to every machine that has that glibc, while what is built here may need libraries that only the target has. It
// costs something: where an index of others has a manylinux wheel of the same version, the pip of today's robots prefers that one.
func DecideTags(c Content, t Target) []Tag {
	var tags []Tag
	for _, tag := range c.Built {
		stable := tag.ABI == "abi3" && !bearsVersion(c.Modules)
		if len(c.Modules) > 0 && !stable {
			tag.Python, tag.ABI = t.PythonTag(), t.PythonTag()
		}
		if len(c.Native) > 0 || tag.Platform != "any" {
			tag.Platform = t.Platform
		}
		tags = append(tags, tag)
	}
	return sortTags(tags)
}

// Narrow binds tags to the target's own Python: no other takes the wheel then. What is stable or pure stays so in its files.
func Narrow(tags []Tag, t Target) []Tag {
	narrowed := slices.Clone(tags)
	for i := range narrowed {
		narrowed[i].Python = t.PythonTag()
		if narrowed[i].ABI == "abi3" {
			narrowed[i].ABI = t.PythonTag()
		}
	}
	return sortTags(narrowed)
}

// bearsVersion says whether one of the modules is named for a certain Python: x.cpython-311-arm-linux-gnueabihf.so. Builds for the stable ABI name
// theirs .abi3.so, or, with some backends, plain .so.
func bearsVersion(modules []string) bool {
	for _, m := range modules {
		if suffix := moduleSuffix(m); suffix != ".abi3.so" && suffix != ".so" {
			return true
		}
	}
	return false
}

// moduleSuffix is what follows the module's name, which has no dot in it, in its file's name.
func moduleSuffix(name string) string {
	base := path.Base(name)
	if i := strings.IndexByte(base, '.'); i >= 0 {
		return base[i:]
	}
	return ""
}

// ContentOf looks through an unpacked wheel.
func ContentOf(tree fs.FS) (Content, error) {
	distInfo, err := findDistInfo(tree)
	if err != nil {
		return Content{}, err
	}
	raw, err := fs.ReadFile(tree, path.Join(distInfo, "WHEEL"))
	if err != nil {
		return Content{}, err
	}
	info, err := ParseInfo(raw)
	if err != nil {
		return Content{}, fmt.Errorf("%s/WHEEL: %w", distInfo, err)
	}
	c := Content{Built: info.Tags}
	err = fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		return c.add(tree, name)
	})
	return c, err
}

// add looks at one file.
func (c *Content) add(tree fs.FS, name string) error {
	f, err := tree.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	head := make([]byte, 4)
	if _, err := io.ReadFull(f, head); err != nil || !isELF(head) {
		return nil // shorter files are not ELF either
	}
	rest, err := io.ReadAll(f)
	if err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	object, err := ReadObject(bytes.NewReader(append(head, rest...)))
	if err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	c.addObject(name, object)
	return nil
}

func (c *Content) addObject(name string, o *Object) {
	c.Native = append(c.Native, name)
	if floor := o.glibcFloor(); floor != "0" && compareDotted(floor, cmp.Or(c.Glibc, "0")) > 0 {
		c.Glibc = floor
	}
	if o.Module() {
		c.Modules = append(c.Modules, name)
	}
}

// findDistInfo finds the one .dist-info folder of an unpacked wheel.
func findDistInfo(tree fs.FS) (string, error) {
	found, err := fs.Glob(tree, "*.dist-info")
	if err != nil {
		return "", err
	}
	if len(found) != 1 {
		return "", fmt.Errorf("an unpacked wheel has one .dist-info folder, this has %d: %q", len(found), found)
	}
	return found[0], nil
}
