// SPDX-License-Identifier: Apache-2.0

package metayaml

import (
	"regexp"
	"slices"
	"strings"
)

var (
	emscriptenFlag = regexp.MustCompile(`^(-s[A-Z][A-Z0-9_]*(=.*)?|-s [A-Z].*|-fwasm-exceptions|-mrelaxed-simd|-msimd128|-mbulk-memory|-matomics|-mno-bulk-memory|--(js-library|pre-js|post-js|preload-file|embed-file|no-entry).*)$`)
	emscriptenName = regexp.MustCompile(`(?i)emscripten|wasm(32|64)|SIDE_MODULE`)
	clangWarning   = regexp.MustCompile(`^-Werror=mismatched-`)
	portFlavour    = regexp.MustCompile(`^(-l[\w+.-]+?)-(legacysjlj|legacyexcept|wasmsjlj|wasmexcept)$`)

	buildVariable = regexp.MustCompile(`\$(?:\(([A-Z][A-Z0-9_]*)\)|\{([A-Z][A-Z0-9_]*)\}|([A-Z][A-Z0-9_]*))`)
	// What is in these folders is found without being told: uses and the cross environment see to it.
	givenFolder = regexp.MustCompile(`^-[IL] ?\$[({]?(WASM_LIBRARY_DIR[)}]?/(include|lib)/?|(PYTHONINCLUDE|NUMPY_INCLUDE_DIR)[)}]?/?|(NUMPY_LIB|HOSTSITEPACKAGES)[)}]?/.*)$|^-[IL]` + librariesFolder + `[^/]+/(include|lib)/?$`)
)

// flags converts the flags of a compiler or a linker into a list of the recipe.
func (c *converter) flags(k key, text string, into word) {
	words, err := shellWords(text)
	if err != nil {
		c.keep(k, "these are no flags: %v", err)
		return
	}
	var raw []string // a build system splits them once more
	for _, w := range words {
		raw = append(raw, w.raw)
	}
	var kept []string
	for _, flag := range joinPairs(raw) {
		switch verdict := c.flag(flag, k.path); {
		case verdict.pyodide:
			c.pyodide(k, flag, verdict.note)
		case verdict.given:
			e := c.entry(k, Converted, "%s", verdict.note)
			e.Value, e.Into = flag, string(wordUses)
		case verdict.flag == "":
			e := c.person(k, flag, "%s", verdict.note)
			c.lost = append(c.lost, k.path+": "+flag+" ("+e.Note+")")
		default:
			if verdict.note != "" {
				c.entry(k, Converted, "%s", verdict.note).Value = flag
			}
			kept = append(kept, verdict.flag)
		}
	}
	if len(kept) > 0 {
		c.remark(c.draft.add(into, kept, c.entry(k, Converted, "")), k)
	}
}

// verdict is what becomes of a flag.
type verdict struct {
	flag    string // as the recipe has it; empty: it has not
	note    string
	pyodide bool // it means something to Emscripten only
	given   bool // it is so without being said
}

func (c *converter) flag(flag, key string) verdict {
	switch {
	case emscriptenFlag.MatchString(flag):
		return verdict{note: "a flag of Emscripten", pyodide: true}
	case givenFolder.MatchString(flag):
		return verdict{note: "what the recipe uses is found without being told", given: true}
	case emscriptenName.MatchString(flag):
		return verdict{note: "it is about Emscripten", pyodide: true}
	case clangWarning.MatchString(flag):
		return verdict{note: "a warning of Clang, which GCC refuses; mismatches of that kind only break WebAssembly", pyodide: true}
	case flag == "-Oz":
		return verdict{flag: "-Os", note: "-Os: GCC knows no -Oz before version 12"}
	}
	if m := portFlavour.FindStringSubmatch(flag); m != nil {
		return verdict{flag: m[1], note: m[1] + ": flavours of a library are Emscripten's"}
	}
	expanded, unknown := c.expand(flag, "")
	if len(unknown) > 0 {
		return verdict{note: "$" + strings.Join(unknown, ", $") + " is not known here: write what it stands for"}
	}
	return verdict{flag: expanded}
}

// joinPairs joins flags with what they are written apart from: -s NAME=1, -I folder.
func joinPairs(words []string) []string {
	var joined []string
	for i := 0; i < len(words); i++ {
		if slices.Contains([]string{"-s", "-I", "-L"}, words[i]) && i+1 < len(words) {
			joined = append(joined, words[i]+" "+words[i+1])
			i++
			continue
		}
		joined = append(joined, words[i])
	}
	for i, word := range joined {
		if strings.HasPrefix(word, "-I ") || strings.HasPrefix(word, "-L ") {
			joined[i] = word[:2] + word[3:]
		}
	}
	return joined
}

// expand replaces variables of Pyodide's build by what they stand for here, and returns the names of those that have no meaning here.
// Near is text in which the name of a library may be that the folder of libraries is about.
func (c *converter) expand(s, near string) (expanded string, unknown []string) {
	expanded = buildVariable.ReplaceAllStringFunc(s, func(reference string) string {
		m := buildVariable.FindStringSubmatch(reference)
		switch name := m[1] + m[2] + m[3]; name {
		case "ORIGIN":
			return reference // the dynamic linker's
		case "PKG_VERSION":
			return versionMark
		case "PKG_NAME":
			return c.draft.name
		case "WASM_LIBRARY_DIR":
			if folder := c.libraryFolder(near + " " + s); folder != "" {
				return folder
			}
			unknown = append(unknown, name)
		default:
			unknown = append(unknown, name)
		}
		return reference
	})
	return expanded, unknown
}

// libraryFolder is the folder of the library that a text is about: the only one that is used, or the only one that is named.
// Pyodide has all libraries in one folder.
func (c *converter) libraryFolder(near string) string {
	var libraries, named []string
	for _, use := range c.draft.list(wordUses) {
		stem, isLibrary := strings.CutPrefix(use, "lib")
		if !isLibrary {
			continue
		}
		libraries = append(libraries, use)
		if strings.Contains(strings.ToLower(near), strings.ToLower(stem)) {
			named = append(named, use)
		}
	}
	switch {
	case len(named) == 1:
		return librariesFolder + named[0]
	case len(libraries) == 1:
		return librariesFolder + libraries[0]
	}
	return ""
}
