// SPDX-License-Identifier: Apache-2.0

package metayaml

import (
	"regexp"
	"slices"
	"strings"

	"crosswheel/internal/recipe"
	"crosswheel/internal/wheel"
)

// nativeTools are requirements that run while building, and are compiled against by nobody.
var nativeTools = []string{"setuptools", "wheel", "packaging", "pyparsing", "cython", "setuptools-scm", "hatchling", "flit-core", "meson", "ninja", "cmake", "pip"}

// hosts converts what is compiled against.
func (c *converter) hosts(k key) {
	values, ok := k.list()
	if !ok {
		c.keep(k, "a list is expected")
		return
	}
	var uses []string
	for _, value := range values {
		if slices.Contains(nativeTools, wheel.NormalizeProject(value)) {
			c.entry(k, Dropped, "it runs while building: what the source asks for is installed; if that does not, name it in build.requires").Value = value
			continue
		}
		uses = append(uses, value)
	}
	if len(uses) > 0 {
		c.remark(c.draft.add(wordUses, uses, c.entry(k, Converted, "each needs a recipe: %s", strings.Join(uses, ", "))), k)
	}
}

// runs converts what is needed at run time. Libraries are in the wheel then.
func (c *converter) runs(k key) {
	values, ok := k.list()
	if !ok {
		c.keep(k, "a list is expected")
		return
	}
	var requires []string
	for _, value := range values {
		if c.isLibrary() || slices.Contains(c.draft.list(wordUses), value) && strings.HasPrefix(value, "lib") {
			c.pyodide(k, value, "Pyodide ships libraries apart; here they are in what uses them")
			continue
		}
		requires = append(requires, value)
	}
	if len(requires) > 0 {
		c.remark(c.draft.add(wordRunRequires, requires, c.entry(k, Converted, "")), k)
	}
}

func (c *converter) buildExtras(k key) {
	c.keep(k, "build.requires replaces what the source asks for: write both there")
}

// executables converts programs. Rust is one thing here.
func (c *converter) executables(k key) {
	values, ok := k.list()
	if !ok {
		c.keep(k, "a list is expected")
		return
	}
	for _, value := range values {
		e := c.entry(k, Converted, "")
		if len(values) > 1 {
			e.Value = value
		}
		if value == "rustup" || value == "rustc" {
			e.Note, value = "Rust is asked for by cargo", "cargo"
		}
		c.remark(c.draft.add(wordExecutables, []string{value}, e), k)
	}
}

func (c *converter) buildType(k key) {
	text, _ := k.text()
	switch text {
	case "package", "static_library":
		c.entry(k, Converted, "").Into = string(c.draft.kind)
	case "shared_library":
		c.say(k, wordLinkage, recipe.Shared).Note = "the shared libraries among its exports are put into the wheels that need them"
	case "cpython_module":
		c.keep(k, "a part of Python itself: the target has it, or not")
	default:
		c.keep(k, "package, static_library or shared_library is expected")
	}
}

func (c *converter) oldType(k key) {
	if yes, ok := k.truth(); !ok || !yes {
		c.entry(k, Dropped, "it says nothing")
		return
	}
	if k.path == "build.sharedlibrary" {
		c.say(k, wordLinkage, recipe.Shared)
		return
	}
	c.entry(k, Converted, "").Into = string(c.draft.kind)
}

var settingLine = regexp.MustCompile(`^([^=\s]+)=(.*)$`)

// settings converts what is said to the build backend: a line each, or a list.
func (c *converter) settings(k key) {
	values, ok := k.list()
	if !ok {
		c.keep(k, "lines of NAME=VALUE are expected")
		return
	}
	settings := map[string][]string{}
	var remarks []string
	for line := range strings.SplitSeq(strings.Join(values, "\n"), "\n") {
		line = strings.TrimSpace(line)
		m := settingLine.FindStringSubmatch(line)
		switch {
		case line == "":
		case line[0] == '#':
			remarks = append(remarks, strings.TrimSpace(strings.TrimLeft(line, "#")))
		case strings.Contains(line, "MESON_CROSS_FILE"):
			c.entry(k, Dropped, "Meson is given its cross file without being told").Value = line
		case m == nil:
			c.person(k, line, "NAME=VALUE is expected")
			c.lost = append(c.lost, k.path+": "+line)
		default:
			c.setting(k, settings, m[1], m[2])
		}
	}
	if len(settings) == 0 {
		c.lost = append(c.lost, remarks...)
		return
	}
	k.comment = append(k.comment, remarks...)
	c.say(k, wordConfigSettings, settings)
}

func (c *converter) setting(k key, settings map[string][]string, name, value string) {
	expanded, unknown := c.expand(value, name)
	if len(unknown) > 0 {
		c.person(k, name, "$%s is not known here: write what it stands for", strings.Join(unknown, ", $"))
		c.lost = append(c.lost, k.path+": "+name+"="+value)
		return
	}
	settings[name] = append(settings[name], expanded)
}

// vendor: libraries are put into the wheels that use them, always.
func (c *converter) vendor(k key) {
	if yes, ok := k.truth(); !ok || yes {
		c.entry(k, Converted, "it is always so here")
		return
	}
	c.entry(k, Dropped, "what the wheel has itself is left as it is; what neither the wheel nor the target has is always put in")
}

// crossBuildFiles are what dependants compile against.
func (c *converter) crossBuildFiles(k key) {
	files, ok := k.list()
	if !ok {
		c.keep(k, "a list is expected")
		return
	}
	c.say(k, wordExports, files).Note = "read whether dependants need more than these"
}

// crossBuildEnv says that dependants compile against a package.
func (c *converter) crossBuildEnv(k key) {
	yes, ok := k.truth()
	switch {
	case !ok:
		c.keep(k, "true or false is expected")
	case !yes:
		c.entry(k, Converted, "the recipe need not say so")
	case c.draft.items[wordExports] != nil:
		c.entry(k, Converted, "exports says so").Into = string(wordExports)
	default:
		c.keep(k, "dependants compile against it: if they need files of the target's, name these in build.exports")
	}
}

// buildScript converts what runs before a package is built, or builds a library.
func (c *converter) buildScript(k key) {
	text, ok := k.text()
	if !ok {
		c.keep(k, "a script is expected")
		return
	}
	if c.isLibrary() {
		c.script(k, text, wordScript)
	} else {
		c.script(k, text, wordBefore)
	}
}

// post converts what is done to the unpacked wheel.
func (c *converter) post(k key) {
	text, ok := k.text()
	if !ok {
		c.keep(k, "a script is expected")
		return
	}
	var lines []string
	for _, line := range logicalLines(text) {
		lines = append(lines, c.translate(wheelFolder.ReplaceAllString(line, ".")))
	}
	c.putScript(k, strings.Join(lines, "\n"), wordPost)
}

// wheelFolder is where a script of post runs anyhow.
var wheelFolder = regexp.MustCompile(`"?\$\{?WHEELDIR\b\}?"?`)
