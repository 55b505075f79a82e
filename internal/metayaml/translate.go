// SPDX-License-Identifier: Apache-2.0

package metayaml

import (
	"regexp"
	"strings"
)

// translation replaces something of Emscripten's by what does the same here.
type translation struct {
	what *regexp.Regexp
	by   string
}

var translations = []translation{
	{regexp.MustCompile(`\bemconfigure +(\S*configure)\b`), "${1} --host=" + tripleMark},
	{regexp.MustCompile(`\b(?:emconfigure|emmake|emcmake) +`), ""},
	{regexp.MustCompile(` *-j *"?(?:\$\{PYODIDE_JOBS(?::-\d+)?\}|\$PYODIDE_JOBS\b|\$\(nproc\))"?`), ""}, // MAKEFLAGS says that
	{regexp.MustCompile(`(^|[\s="'(;])emcc\b`), "${1}$$CC"},
	{regexp.MustCompile(`(^|[\s="'(;])em\+\+`), "${1}$$CXX"},
	{regexp.MustCompile(`(^|[\s="'(;])emar\b`), "${1}$$AR"},
	{regexp.MustCompile(`(^|[\s="'(;])emranlib\b`), "${1}$$RANLIB"},
	{regexp.MustCompile(`(^|[\s="'])(?:-s[A-Z][A-Z0-9_]+(?:=[^\s"']*)?|-s (?:USE_|SIDE_MODULE|MAIN_MODULE|WASM|EXPORT|SUPPORT_LONGJMP|ALLOW_MEMORY|ERROR_ON|LINKABLE)[A-Z0-9_]*(?:=[^\s"']*)?)`), "${1}"}, // and not make -s CC=gcc
	{regexp.MustCompile(`(^|[\s="'])-(?:fwasm-exceptions|mrelaxed-simd|msimd128|sSUPPORT_LONGJMP=wasm)\b`), "${1}"},
	{regexp.MustCompile(`\$\{?SIDE_MODULE_(?:C|CXX|LD)FLAGS\b\}?`), ""},
	{regexp.MustCompile(`(-l[\w+.]+?)-(?:legacysjlj|legacyexcept|wasmsjlj|wasmexcept)\b`), "${1}"},
	{regexp.MustCompile(`(?m)^(\s*)pushd `), "${1}cd "},
	{regexp.MustCompile(`(?m)^(\s*)popd\b`), "${1}cd \"$$OLDPWD\""},
	{regexp.MustCompile(`(?m)^(\s*)source `), "${1}. "},
}

var (
	libraryVariable = regexp.MustCompile(`\$(?:\{WASM_LIBRARY_DIR\}|\(WASM_LIBRARY_DIR\)|WASM_LIBRARY_DIR\b)`)
	// Before the folder of libraries, these say that it is where something is installed.
	installs = regexp.MustCompile(`(?i)(--prefix=|INSTALL_PREFIX(:\w+)?=|\bPREFIX=|INSTALL_?DIR=|--(lib|include|data|bin)dir=|^\s*(cp|mv|rm|ln|mkdir|install|ls|cd|sed|find|test|chmod)\b.*)["']?$`)
	// What has no counterpart.
	strangerNames = regexp.MustCompile(`\b(em-config|embuilder|emcc|emar|emranlib|emrun)\b|\$[({]?(WASM_LIBRARY_DIR|DISTDIR|PKGDIR|HOSTINSTALLDIR|HOSTSITEPACKAGES|PYTHONINCLUDE|NUMPY_LIB|NUMPY_INCLUDE_DIR|PYODIDE_\w+|EMSCRIPTEN\w*|PKG_BUILD_DIR|PYTHON_ARCHIVE_URL|PYVERSION|PYMAJOR|PYMINOR|WHEELDIR|MESON_CROSS_FILE|SIDE_MODULE\w*)\b|[\w./-]*(?i:wasm|emscripten)[\w./-]*`)
)

// translate puts what does the same here in the place of Pyodide's words.
func (c *converter) translate(line string) string {
	for _, t := range translations {
		line = t.what.ReplaceAllString(line, t.by)
	}
	for from := 0; ; {
		at := libraryVariable.FindStringIndex(line[from:])
		if at == nil {
			return strings.TrimRight(line, " \t\r")
		}
		start, end := from+at[0], from+at[1]
		by := line[start:end]
		before := line[strings.LastIndexByte(line[:start], '\n')+1 : start]
		if c.isLibrary() && installs.MatchString(before) {
			by = "$PREFIX"
		} else if folder := c.libraryFolder(around(line, start, end)); folder != "" {
			by = folder
		}
		line = line[:start] + by + line[end:]
		from = start + len(by)
	}
}

// around is the word that something stands in.
func around(line string, start, end int) string {
	first := strings.LastIndexAny(line[:start], " \t\n") + 1
	last := strings.IndexAny(line[end:], " \t\n")
	if last < 0 {
		return line[first:]
	}
	return line[first : end+last]
}
