// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"bufio"
	"bytes"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// schemes are the folders of a .data folder that installers know.
var schemes = []string{"purelib", "platlib", "headers", "scripts", "data"}

// commonNames are folders and files of source trees that get into wheels by mistake. All projects that do so share them.
var commonNames = []string{"test", "tests", "testing", "doc", "docs", "example", "examples", "src", "build", "dist", "setup.py", "conftest.py", "noxfile.py", "__init__.py"}

// checkLayout looks at where the wheel's files would go.
func (a *audit) checkLayout() {
	data := strings.TrimSuffix(a.wheel.DistInfo, ".dist-info") + ".data"
	installed := false
	for _, m := range a.wheel.Members {
		top, rest, below := strings.Cut(m.Name, "/")
		scheme, rest, inScheme := strings.Cut(rest, "/")
		switch {
		case top == a.wheel.DistInfo:
			continue
		case !strings.HasSuffix(top, ".data") || !below:
		case top != data:
			a.report("DATA", m.Name, "the folder is not %s, so that it would be installed as it is", data)
		case !inScheme || !slices.Contains(schemes, scheme):
			a.report("DATA", m.Name, "%q is none of the folders that installers know: %s", scheme, strings.Join(schemes, ", "))
		case scheme == "scripts" && strings.Contains(rest, "/"):
			a.report("DATA", m.Name, "a folder among scripts")
		}
		installed = true
	}
	if !installed {
		a.report("EMPTY", "", "it holds nothing but its own metadata")
	}
	for _, name := range a.topLevel() {
		if slices.Contains(commonNames, name) {
			a.report("TOP-LEVEL", name, "it is installed beside all other packages")
		}
	}
	if content, err := a.wheel.ReadFile(path.Join(a.wheel.DistInfo, "entry_points.txt")); err == nil {
		a.checkEntryPoints(path.Join(a.wheel.DistInfo, "entry_points.txt"), content)
	}
}

var (
	entryName  = regexp.MustCompile(`\A[^\s=\[\]](?:[^=]*[^\s=])?\z`)
	scriptName = regexp.MustCompile(`\A[A-Za-z0-9_.-]+\z`)
	entryValue = regexp.MustCompile(`\A[A-Za-z_][\w]*(\.[A-Za-z_]\w*)*\s*(:\s*[A-Za-z_]\w*(\.[A-Za-z_]\w*)*)?\s*(\[[^\]]*\])?\z`)
)

// checkEntryPoints reads entry_points.txt as installers do, which make programs of it.
func (a *audit) checkEntryPoints(file string, content []byte) {
	section, seen := "", map[string]bool{}
	lines := bufio.NewScanner(bytes.NewReader(content))
	lines.Buffer(nil, maxMeta)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		bad := func(format string, args ...any) {
			a.report("ENTRY-POINTS", file, "line %d: %s", n, fmt.Sprintf(format, args...))
		}
		if line == "" || line[0] == '#' || line[0] == ';' {
			continue
		}
		if line[0] == '[' {
			if section = strings.Trim(line, "[]"); line != "["+section+"]" || section == "" {
				bad("%q is not a section", line)
			}
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		script := section == "console_scripts" || section == "gui_scripts"
		switch {
		case section == "" || !ok || !entryName.MatchString(name):
			bad("%q is not of the form name = module:object, below a section", line)
		case seen[section+"\x00"+name]:
			bad("%s stands there twice", name)
		case !entryValue.MatchString(value):
			bad("%q is not of the form module:object", value)
		case script && !scriptName.MatchString(name):
			bad("%q can not be a program's name", name)
		case script && !strings.Contains(value, ":"):
			bad("%s calls no function: %q names a module alone", name, value)
		}
		seen[section+"\x00"+name] = true
	}
}

// cSize finds what C headers say of the sizes of types that the machine decides on.
var cSize = regexp.MustCompile(`(?m)^[ \t]*#[ \t]*define[ \t]+(\w*SIZEOF_(?:LONG|VOID_P|SIZE_T|PY_INTPTR_T|INTP|UINTPTR_T|INTPTR_T|PTRDIFF_T))[ \t]+\(?([48])\)?[ \t]*(?:/[*/].*)?\r?$`)

// checkSizes looks for headers of another machine. One that has both sizes chooses between them by itself.
func (a *audit) checkSizes(name string, content []byte) {
	if ext := path.Ext(name); ext != ".h" && ext != ".hpp" && ext != ".pxi" || a.machine.triplet == "" || !bytes.Contains(content, []byte("SIZEOF_")) {
		return
	}
	right, wrong := map[string]bool{}, []string{}
	for _, m := range cSize.FindAllSubmatch(content, -1) {
		if string(m[2]) == a.machine.longBytes() {
			right[string(m[1])] = true
		} else {
			wrong = append(wrong, string(m[1]))
		}
	}
	for _, constant := range wrong {
		if !right[constant] {
			a.report("FOREIGN", name, "it says that %s is %s, and on %s it is %s", constant, map[string]string{"4": "8", "8": "4"}[a.machine.longBytes()],
				machineName(a.machine.machine), a.machine.longBytes())
			return
		}
	}
}
