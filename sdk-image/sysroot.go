// SPDX-License-Identifier: Apache-2.0

package sdkimage

import (
	"cmp"
	"debug/elf"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// configScripts are the sysroot's *-config programs that are shell scripts: one for Python would look for its modules on the
// build machine. A link may lead out of the sysroot: then it is none.
func configScripts(root string) ([]string, error) {
	var names []string
	paths, _ := filepath.Glob(filepath.Join(root, "usr/bin/*-config"))
	for _, path := range paths {
		real, err := filepath.EvalSymlinks(path)
		if err != nil || !strings.HasPrefix(real, root+"/") {
			continue
		}
		text, err := os.ReadFile(real)
		if err != nil {
			return nil, err
		}
		if first, _, _ := strings.Cut(string(text), "\n"); strings.HasPrefix(first, "#!") && strings.HasSuffix(first, "sh") {
			names = append(names, filepath.Base(path))
		}
	}
	return names, nil
}

// libraries are the shared libraries of the folders that the target's loader looks into by itself, each soname once. A folder can be there
// under several names.
func libraries(root, multiarch string) ([]Library, error) {
	var found []Library
	seen := map[string]bool{}
	for _, folder := range []string{"lib/" + multiarch, "usr/lib/" + multiarch, "lib", "usr/lib"} {
		real, err := filepath.EvalSymlinks(filepath.Join(root, folder))
		if err != nil || seen[real] {
			continue // not every layout has all of them
		}
		seen[real] = true
		names, _ := filepath.Glob(filepath.Join(real, "*.so*"))
		for _, name := range names {
			library, err := readLibrary(name)
			if err != nil {
				return nil, err
			}
			if library.Name == "" || seen[library.Name] {
				continue
			}
			seen[library.Name] = true
			if name, err = filepath.EvalSymlinks(name); err != nil {
				return nil, err
			}
			if library.File, err = filepath.Rel(root, name); err != nil {
				return nil, err
			}
			found = append(found, library)
		}
	}
	slices.SortFunc(found, func(a, b Library) int { return cmp.Compare(a.Name, b.Name) })
	return found, nil
}

// readLibrary reads a file's soname, and the versions of the symbols that it defines. What is not a shared library, such as a linker script, has no name.
func readLibrary(name string) (Library, error) {
	file, err := elf.Open(name)
	var format *elf.FormatError
	switch {
	case errors.As(err, &format), errors.Is(err, fs.ErrNotExist): // a link that leads nowhere
		return Library{}, nil
	case err != nil:
		return Library{}, err
	}
	defer file.Close()
	sonames, err := file.DynString(elf.DT_SONAME)
	if err != nil || len(sonames) == 0 {
		return Library{}, nil
	}
	library := Library{Name: sonames[0]}
	versions, _ := file.DynamicVersions() // none: it has no such section
	for _, version := range versions {
		if version.Flags&elf.VER_FLG_BASE == 0 {
			library.Versions = append(library.Versions, version.Name)
		}
	}
	return library, nil
}

// newestOf is the highest number among versions that begin so: "3.4.30".
func newestOf(versions []string, prefix string) string {
	best := ""
	for _, version := range versions {
		number, ok := strings.CutPrefix(version, prefix)
		if ok && !strings.ContainsFunc(number, func(r rune) bool { return r != '.' && (r < '0' || r > '9') }) && compareNumbers(number, best) > 0 {
			best = number
		}
	}
	return best
}

// compareNumbers compares dotted numbers: 3.4.9 comes before 3.4.30.
func compareNumbers(a, b string) int {
	numbers := func(text string) []int {
		var parts []int
		for _, part := range strings.Split(text, ".") {
			n, _ := strconv.Atoi(part)
			parts = append(parts, n)
		}
		return parts
	}
	return slices.Compare(numbers(a), numbers(b))
}

var attributePattern = regexp.MustCompile(`(?m)^[ \t]+(Tag_\w+): "?([^"\n]+)"?$`)

// attributes are an object's, as the SDK's readelf words them; empty for processors whose objects have none.
func attributes(readelf, name string) map[string]string {
	text, err := ask(readelf, "", "-A", name)
	if err != nil {
		return nil
	}
	found := map[string]string{}
	for _, match := range attributePattern.FindAllStringSubmatch(text, -1) {
		found[match[1]] = match[2]
	}
	return found
}

// pythonPackages are those that the sysroot's Python finds, from the metadata that installers leave: a file in a .dist-info folder,
// or an .egg-info folder or file.
func pythonPackages(root string) ([]Package, error) {
	var found []Package
	for _, pattern := range []string{"*.dist-info/METADATA", "*.egg-info/PKG-INFO", "*.egg-info"} {
		names, _ := filepath.Glob(filepath.Join(root, "usr/lib/python3*", "*-packages", pattern))
		for _, name := range names {
			info, err := os.Stat(name)
			if err != nil || info.IsDir() {
				continue
			}
			text, err := os.ReadFile(name)
			if err != nil {
				return nil, err
			}
			headers, _, _ := strings.Cut(string(text), "\n\n")
			value := func(name string) string {
				if match := regexp.MustCompile(`(?m)^` + name + `: *(\S+)`).FindStringSubmatch(headers); match != nil {
					return match[1]
				}
				return ""
			}
			if p := (Package{value("Name"), value("Version")}); p.Name != "" {
				found = append(found, p)
			}
		}
	}
	slices.SortFunc(found, func(a, b Package) int { return cmp.Compare(a.Name, b.Name) })
	return found, nil
}

// recordedPackages are those of share/buildroot/packages: a name and a version in each line.
func recordedPackages(dir string) ([]Package, error) {
	text, err := os.ReadFile(filepath.Join(dir, "share/buildroot/packages"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil // only the debian provider writes it
	}
	if err != nil {
		return nil, err
	}
	var found []Package
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); len(fields) >= 2 {
			found = append(found, Package{fields[0], fields[1]})
		}
	}
	return found, nil
}
