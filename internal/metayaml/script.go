// SPDX-License-Identifier: Apache-2.0

package metayaml

import (
	"regexp"
	"slices"
	"strings"
)

// A script of Pyodide's is one for bash, with Emscripten's tools and Pyodide's variables. What has a counterpart here is translated:
// Emscripten's compilers are those of the cross environment, Pyodide's one folder of libraries is $PREFIX or the folder of a library
// that is used. What is exported for the build becomes env. What is left of Emscripten is told.

var (
	ownFlags   = regexp.MustCompile(`\$\{?(C|CXX|LD)FLAGS\b\}?`)
	ownVersion = regexp.MustCompile(`\$\{?PKG_VERSION\b\}?`)

	embuilder    = regexp.MustCompile(`^\s*embuilder\b[^\n]*?\bbuild\b`)
	distribution = regexp.MustCompile(`^\s*cp\b.*\$\{?DISTDIR\b`)
	printing     = regexp.MustCompile(`^\s*(echo|set [-+]x)\b[^>|;&]*$`)
	exported     = regexp.MustCompile(`^\s*export\s+([A-Za-z_]\w*)=(.*?);?\s*$`)
	anyExport    = regexp.MustCompile(`(?m)^\s*export (\w+)=`)
	compound     = regexp.MustCompile(`(?m)^\s*(if|for|while|until|case|\w+\s*\(\)|\{|\()(\s|$)|<<`)
	bashOnly     = regexp.MustCompile(`\[\[ |[\w.*/]\{[\w.]*(,[\w.]*)+\}|<\(|\$'|(?m:^\s*function\s)`)
	commentLine  = regexp.MustCompile(`^\s*(#.*)?$`)
	commentLines = regexp.MustCompile(`(?m)^\s*#.*$`)
	downloads    = regexp.MustCompile(`(?m)^\s*(?:[^#\n]*[;&|]\s*)?(wget|curl|git clone|pip install)\b`)
)

// script converts a script that runs before, or instead of, a build.
func (c *converter) script(k key, text string, into word) {
	whole := compound.MatchString(text) || c.isLibrary() // what stands in a condition, or is used further on, stays there
	var kept, comments, aside []string
	for _, line := range logicalLines(text) {
		translated := c.translate(line)
		variable := exported.FindStringSubmatch(translated)
		switch {
		case embuilder.MatchString(line):
			c.person(k, strings.TrimSpace(line), "these libraries are Emscripten's own: give them recipes and name these in uses, or see that the target has them")
		case distribution.MatchString(line):
			c.pyodide(k, strings.TrimSpace(line), "how Pyodide publishes shared libraries")
		case commentLine.MatchString(line):
			comments = append(comments, translated)
			continue
		case !whole && printing.MatchString(line):
			c.entry(k, Dropped, "it only prints").Value = strings.TrimSpace(line)
		case !whole && variable != nil && c.export(k, variable[1], variable[2]):
		default:
			kept = append(append(kept, comments...), translated)
			comments = nil
		}
		aside = append(aside, comments...) // what they are about went elsewhere
		comments = nil
	}
	if len(kept) > 0 {
		c.putScript(k, strings.Join(append(kept, comments...), "\n"), into)
		comments = nil
	}
	c.aside(k, append(aside, comments...))
}

// putScript says a translated script, and tells what it still has of Pyodide.
func (c *converter) putScript(k key, text string, into word) {
	text = strings.TrimSpace(ownVersion.ReplaceAllString(text, versionMark))
	if earlier := c.draft.items[into]; earlier != nil { // script and cross-script, one after the other
		text = earlier.value.(string) + "\n" + text
	}
	e := c.say(k, into, text)
	e.Note = "it is for sh: read it once"
	var strangers []string
	for _, name := range strangerNames.FindAllString(withoutComments(text), -1) {
		if name = strings.TrimLeft(name, "${(./"); !slices.Contains(strangers, name) {
			strangers = append(strangers, name)
		}
	}
	if len(strangers) > 0 {
		e.Outcome, e.Note = Person, "it still has of Pyodide: "+strings.Join(strangers, ", ")
	}
	if m := downloads.FindStringSubmatch(text); m != nil {
		e.Outcome, e.Note = Person, "it downloads ("+m[1]+"), and builds have no network: bring it as an extra, or as a library"
	}
	if bashOnly.MatchString(withoutComments(text)) && e.Outcome == Converted {
		e.Outcome, e.Note = Person, "it is for bash, and sh runs it: "+bashOnly.FindString(withoutComments(text))
	}
	if m := anyExport.FindStringSubmatch(text); m != nil && into == wordBefore && e.Outcome == Converted {
		e.Outcome, e.Note = Person, "what it exports ("+m[1]+") does not reach the build: write it in env"
	}
}

// aside keeps comments of a script whose lines went elsewhere.
func (c *converter) aside(k key, lines []string) {
	for _, line := range lines {
		if line = strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(line), "#")); line == "" {
			continue
		}
		if it := c.draft.items[wordEnv]; it != nil {
			it.comment = append(it.comment, line)
		} else {
			c.lost = append(c.lost, k.path+": "+line)
		}
	}
}

// export converts one export of a package's script, and says whether that could be done.
func (c *converter) export(k key, name, value string) bool {
	into := map[string]word{"CFLAGS": wordCFlags, "CXXFLAGS": wordCXXFlags, "LDFLAGS": wordLDFlags}[name]
	words, err := shellWords(value)
	switch {
	case into == "" && (strings.HasPrefix(name, "EMSCRIPTEN") || emscriptenName.MatchString(value) || strings.Contains(value, "em-config")):
		c.pyodide(k, name, "a variable about Emscripten")
		return true
	case err != nil || len(words) > 1 || name == "PATH" || name == "PKG_CONFIG_PATH":
		return false
	case into != "":
		var text string
		if len(words) == 1 {
			text = strings.TrimSpace(ownFlags.ReplaceAllString(words[0].text, ""))
		}
		if text == "" {
			c.entry(k, Dropped, "nothing is left of it without Emscripten's flags").Value = name
			return true
		}
		c.flags(k, text, into)
		return true
	}
	text := ""
	if len(words) == 1 {
		text = words[0].text
	}
	text = ownVersion.ReplaceAllString(text, versionMark)
	if strings.ContainsAny(text, "$`") {
		return false
	}
	e := c.entry(k, Converted, "")
	e.Value = name
	c.remark(c.draft.assign(wordEnv, name, text, e), k)
	return true
}

// logicalLines splits a script into lines; one that ends in a backslash goes on.
func logicalLines(text string) []string {
	var lines []string
	var open strings.Builder
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		line = strings.TrimRight(line, " \t\r")
		open.WriteString(line)
		if strings.HasSuffix(line, "\\") && !strings.HasSuffix(line, `\\`) {
			open.WriteByte('\n')
			continue
		}
		lines = append(lines, open.String())
		open.Reset()
	}
	if open.Len() > 0 {
		lines = append(lines, open.String())
	}
	return lines
}

func withoutComments(text string) string {
	return commentLines.ReplaceAllString(text, "")
}
