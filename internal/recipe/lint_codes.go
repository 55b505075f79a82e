// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// LintCode explains one rule of [Set.Lint]. Codes are stable: recipes silence findings by them.
type LintCode struct {
	Code  string
	Title string // what is found, in a few words
	Why   string // what may come of it
}

// LintCodes are all the rules, sorted.
var LintCodes = []LintCode{
	{"DEPRECATED-LICENSE", "an identifier that SPDX has given up", "\"GPL-2.0\" does not say whether later versions may be chosen; tools that check licences stop at it."},
	{"EMPTY-SHA256", "a checksum is left empty", "Nothing can be built: the fetch fails and prints the actual one."},
	{"FIXED-VERSION", "an address or a tag that does not follow the version", "The next version block fetches the old archive, and fails at its checksum at best. Write ${version} in its place."},
	{"HTTP", "an address without encryption", "Who is on the way sees what is fetched, and can hold it back; the checksum only keeps them from changing it. Write https://."},
	{"IDLE-IGNORE", "a lint:ignore that silences nothing", "It names no code that there is, or what it was about is mended. Correct it, or take it away."},
	{"IGNORE-REASON", "a lint:ignore without a reason", "Who comes next cannot tell whether it still holds. Write the reason behind the code."},
	{"NATIVE-FLAG", "a compiler flag of the build machine", "-march=native, -I/usr/include and their like are for the machine that compiles, not for the robot."},
	{"NO-EXTENSIONS", "a build of C code whose extension modules are not named", "Many packages fall back to pure Python in silence. Name them in extensions."},
	{"NO-LICENSE", "no licence is given", "Who uses the wheel cannot tell whether they may. Give the licence as an SPDX expression."},
	{"NO-LICENSE-FILES", "a library without licence files", "It is linked into wheels, and most licences demand that their text goes along. Name the files in license_files."},
	{"NO-MIRROR", "an archive with one address only", "When that server is gone the recipe cannot be built. Name another address in mirrors, of Debian's archive for instance."},
	{"NO-SUMMARY", "no summary is given", "The index and the list show a name that says nothing to most people."},
	{"NO-TEST", "nothing is tested", "That a wheel was built does not mean that it can be imported. Name modules in the test block's imports."},
	{"PATCH-REASON", "a patch without a reason", "Who updates the package cannot tell whether the patch is still needed. Say it in a comment beside its name, or above the first hunk in the patch itself."},
	{"SCRIPT-FETCHES", "a script that wants the network", "There is none while building. Fetch it as the source, as extras, or in requires."},
	{"UNPINNED", "a build requirement that neither has a bound nor is locked", "It is resolved anew on each machine, as of the day of release. Bound it, or commit a lock: the lock function makes one."},
	{"VERSION-ORDER", "version blocks that are not in order", "People look for the newest at one end. Put the blocks in order, oldest or newest first."},
}

// ExplainLint finds a rule by its code.
func ExplainLint(code string) (LintCode, bool) {
	i := slices.IndexFunc(LintCodes, func(c LintCode) bool { return c.Code == strings.ToUpper(code) })
	if i < 0 {
		return LintCode{}, false
	}
	return LintCodes[i], true
}

// finding makes a warning of a rule. What it says is the rule's own, after what is particular to the place.
func finding(code string, at hcl.Range, format string, args ...any) *hcl.Diagnostic {
	c, ok := ExplainLint(code)
	if !ok {
		panic("recipe: unknown lint code " + code)
	}
	diag := Problem(at, strings.ToUpper(c.Title[:1])+c.Title[1:], "%s%s [%s]", sentence(format, args...), c.Why, code)
	diag.Severity = hcl.DiagWarning
	diag.Extra = c
	return diag
}

func sentence(format string, args ...any) string {
	if format == "" {
		return ""
	}
	return fmt.Sprintf(format, args...) + " "
}

// codeOf is the code of a finding; empty for other diagnostics.
func codeOf(diag *hcl.Diagnostic) string {
	if c, ok := diag.Extra.(LintCode); ok {
		return c.Code
	}
	return ""
}
