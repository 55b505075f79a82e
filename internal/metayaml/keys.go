// SPDX-License-Identifier: Apache-2.0

package metayaml

import (
	"slices"
	"strings"

	"crosswheel/internal/wheel"
)

// rule says how a key of Pyodide's is converted.
type rule struct {
	key     string
	convert func(*converter, key)
}

// rules are all keys of Pyodide's recipes, those of its first years included, in the order in which they are converted: later ones
// look at what earlier ones found.
var rules = []rule{
	{"package.name", (*converter).label},
	{"package.version", (*converter).label},
	{"package.tag", (*converter).tags},
	{"package.top-level", (*converter).modules},
	{"package._disabled", reason(wordDisabled, "Pyodide has it disabled, and does not say why")},
	{"package.pinned", reason(wordPinned, "Pyodide has it pinned, and does not say why")},
	{"package._cpython_dynlib", only("how Pyodide ships parts of Python itself")},

	{"about.home", (*converter).homepage},
	{"about.summary", (*converter).summary},
	{"about.license", (*converter).license},
	{"about.PyPI", (*converter).project},
	{"extra.recipe-maintainers", values(wordMaintainers)},

	{"requirements.host", (*converter).hosts},
	{"requirements.run", (*converter).runs},
	{"requirements.build-extras", (*converter).buildExtras},
	{"requirements.executable", (*converter).executables},
	{"requirements.constraint", values(wordConstraints)},

	{"source.url", (*converter).address},
	{"source.path", (*converter).folderPath},
	{"source.sha256", (*converter).checksum},
	{"source.md5", drop("sha256 is asked for, and nothing weaker")},
	{"source.extract_dir", (*converter).extractDir},
	{"source.patches", (*converter).patches},
	{"source.extras", (*converter).extras},

	{"build.type", (*converter).buildType},
	{"build.library", (*converter).oldType},
	{"build.sharedlibrary", (*converter).oldType},
	{"build.cflags", flags(wordCFlags)},
	{"build.cxxflags", flags(wordCXXFlags)},
	{"build.ldflags", flags(wordLDFlags)},
	{"build.backend-flags", (*converter).settings},
	{"build.script", (*converter).buildScript},
	{"build.cross-script", (*converter).buildScript},
	{"build.post", (*converter).post},
	{"build.exports", only("which symbols a WebAssembly module shows")},
	{"build.cross-build-files", (*converter).crossBuildFiles},
	{"build.cross-build-env", (*converter).crossBuildEnv},
	{"build._cross-build-env-skip-install", only("how Pyodide keeps its own list of packages for dependants")},
	{"build.unvendor-tests", only("tests stay in the wheel, where Pyodide publishes them apart: a post script can remove large ones")},
	{"build._retain-test-patterns", only("tests stay in the wheel, where Pyodide publishes them apart: a post script can remove large ones")},
	{"build.vendor-sharedlib", (*converter).vendor},
	{"build.replace-libs", only("which of Emscripten's libraries are linked")},
	{"build.skip_host", only("a second build for the host, which Pyodide does not make any more either")},

	{"test.imports", values(wordImports)},
	{"test.commands", (*converter).testCommands},
	{"test.requires", values(wordTestRequires)},
	{"test.files", (*converter).testFiles},
}

// only drops a key that means something in Pyodide only.
func only(why string) func(*converter, key) {
	return func(c *converter, k key) { c.pyodide(k, "", why) }
}

func drop(why string) func(*converter, key) {
	return func(c *converter, k key) { c.entry(k, Dropped, "%s", why) }
}

// values converts a list that is one in the recipe too.
func values(w word) func(*converter, key) {
	return func(c *converter, k key) {
		if list, ok := k.list(); ok {
			c.say(k, w, list)
		} else {
			c.keep(k, "a list is expected")
		}
	}
}

func flags(w word) func(*converter, key) {
	return func(c *converter, k key) {
		values, ok := k.list()
		if !ok {
			c.keep(k, "flags are expected")
			return
		}
		c.flags(k, strings.Join(values, "\n"), w)
	}
}

// reason converts what is true or false there and has to have a reason here: the comment beside it, usually.
func reason(w word, unsaid string) func(*converter, key) {
	return func(c *converter, k key) {
		value, ok := k.truth()
		text, isText := k.text()
		switch {
		case ok && !value:
			c.entry(k, Converted, "the recipe need not say so")
		case !ok && !isText:
			c.keep(k, "true, false or a reason is expected")
		case !ok:
			c.say(k, w, "Pyodide: "+text)
		case len(k.comment) == 0:
			c.say(k, w, unsaid).Note = "see whether that holds here"
		default:
			text := "Pyodide: " + strings.Join(k.comment, " ")
			k.comment = nil
			c.say(k, w, text).Note = "see whether that holds here"
		}
	}
}

func (c *converter) unknown(k key) {
	c.keep(k, "no key of Pyodide's that is known here")
}

// label reports what went into the names of blocks.
func (c *converter) label(k key) {
	e := c.entry(k, Converted, "")
	e.Into = string(c.draft.kind)
	if k.path == "package.version" {
		e.Into = "version"
		if text, _ := k.text(); text != c.draft.version {
			e.Note = "spelled " + c.draft.version
		}
	}
	c.draft.head = append(c.draft.head, k.comment...)
}

func (c *converter) tags(k key) {
	values, ok := k.list()
	if !ok {
		c.keep(k, "a list is expected")
		return
	}
	var tags []string
	for _, value := range values {
		tag := strings.Trim(strings.ToLower(strings.ReplaceAll(value, "_", "-")), "-")
		if slices.Contains([]string{"library", "static-library", "shared-library"}, tag) {
			e := c.entry(k, Converted, "")
			e.Value, e.Into = value, string(c.draft.kind)
			continue
		}
		tags = append(tags, tag)
	}
	if len(tags) > 0 {
		c.say(k, wordTags, tags)
	}
}

func (c *converter) modules(k key) {
	values, ok := k.list()
	switch {
	case !ok:
		c.keep(k, "a list is expected")
	case c.isLibrary():
		c.keep(k, "a library has no modules")
	default:
		c.say(k, wordTopLevel, values)
	}
}

func (c *converter) homepage(k key) {
	if text, ok := k.text(); ok {
		c.say(k, wordHomepage, text)
	} else {
		c.keep(k, "an address is expected")
	}
}

func (c *converter) summary(k key) {
	if text, ok := k.text(); ok {
		c.say(k, wordSummary, strings.Join(strings.Fields(text), " "))
	} else {
		c.keep(k, "a sentence is expected")
	}
}

func (c *converter) license(k key) {
	text, ok := k.text()
	if !ok {
		c.keep(k, "the name of a licence is expected")
		return
	}
	expression, clear := licenseExpression(text)
	if !clear {
		c.keep(k, "not clear: write an SPDX expression, such as BSD-3-Clause")
		return
	}
	if e := c.say(k, wordLicense, expression); expression != text {
		e.Note = "in SPDX's words: " + expression
	}
}

// project: the page of a project in an index follows from its name.
func (c *converter) project(k key) {
	text, ok := k.text()
	last := text[strings.LastIndexByte(strings.TrimRight(text, "/"), '/')+1:]
	if !ok || wheel.NormalizeProject(strings.Trim(last, "/")) != wheel.NormalizeProject(c.draft.name) {
		c.keep(k, "another project than the recipe's name says?")
		return
	}
	e := c.entry(k, Converted, "the name says it")
	e.Into = string(c.draft.kind)
}

// testCommands: ours are statements of Python's.
func (c *converter) testCommands(k key) {
	c.keep(k, "test.commands are Python statements in a recipe: write these so")
}

func (c *converter) testFiles(k key) {
	c.keep(k, "test.files are files that the wheel must have, in a recipe: see what these are for")
}
