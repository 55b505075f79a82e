// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// foreign are names that other systems, and other people's memories, have for what is called otherwise here; and names of what there is not.
// Keys are in lower case, with underscores.
var foreign = map[string]string{
	"backend_flags": "config_settings", "config": "config_settings", "setup_args": "config_settings",
	"build_script": "script", "cross_script": "before", "pre_build": "before", "before_build": "before", "post_build": "after",
	"checksum": "sha256", "digest": "sha256", "hash": "sha256", "sha": "sha256", "sha1": "sha256",
	"constraint": "constraints", "cross_build_files": "exports", "cross_build_env": "exports", "host": "uses", "depends": "uses", "dependencies": "uses", "libraries": "uses",
	"cxx_flags": "cxxflags", "cppflags": "cflags", "linker_flags": "ldflags", "environment": "env", "variables": "env", "executable": "executables", "tools": "executables",
	"folder": "extract_dir", "subdir": "extract_dir", "subdirectory": "extract_dir", "strip_components": "strip", "patch": "patches", "files": "extras",
	"description": "summary", "home": "homepage", "website": "homepage", "licence": "license", "license_file": "license_files", "licenses": "license", "maintainer": "maintainers",
	"recipe_maintainers": "maintainers", "tag": "tags", "groups": "tags", "skip": "disabled", "_disabled": "disabled", "enabled": "disabled",
	"run": "requires", "requirements": "requires", "install_requires": "requires", "build_requires": "requires", "run_requires": "requires", "top_level_modules": "top_level",
	"import": "imports", "command": "commands", "build_number": "number", "epoch": "number", "rev": "commit", "revision": "commit", "ref": "commit", "branch": "commit",
	"release": "tag", "organization": "owner", "org": "owner", "repository": "repo", "address": "url", "time_limit": "timeout", "parallel": "jobs", "type": "linkage",
}

// absent are names of what other systems have and this one does not, with what to do.
var absent = map[string]string{
	"skip_host":        "Whether what uses it has it natively too, says native: \"wheel\" or \"build\".",
	"md5":              "An md5 proves nothing any more: write the archive's sha256.",
	"variant":          "There are no variants: write a version block for each version, and conditions on target where targets differ.",
	"variable":         "Values of one's own stand in a locals block: locals { flags = [\"-O2\"] }, and local.flags where they are used.",
	"unvendor_tests":   "Remove what the robot does not need in post: rm -r demo/tests",
	"vendor_sharedlib": "Shared libraries of recipes that are named in uses are put into the wheel always.",
}

// calledHere says, in a sentence after a space, what a name of another system is here; empty where that is not known, or not in that block.
func calledHere(given string, names []string) string {
	key := strings.ReplaceAll(strings.ToLower(given), "-", "_")
	if sentence := absent[key]; sentence != "" {
		return " " + sentence
	}
	for _, name := range names {
		if name == foreign[key] {
			return " It is called " + name + " here."
		}
	}
	return ""
}

var blockInside = regexp.MustCompile(`^\s*(\w+)`)

var bareVersion = regexp.MustCompile(`^version\s+(\d[\w.]*)\s*\{`)

// explainSyntax says in this language's words what hcl says in general ones. Of what follows from a text that does not end nothing is left.
func explainSyntax(src []byte, diags hcl.Diagnostics) hcl.Diagnostics {
	diags = arrange(diags)
	for i, diag := range diags {
		if diag.Subject == nil {
			continue
		}
		rest := src[min(diag.Subject.Start.Byte, len(src)):]
		if m := bareVersion.FindSubmatch(rest); m != nil && diag.Summary == "Argument or block definition required" {
			diags[i] = Problem(*diag.Subject, "Version without quotes", "A version is written in quotes: version %q { … }", m[1])
		}
		if m := blockInside.FindSubmatch(rest); m != nil && strings.HasPrefix(diag.Detail, "A single-line block definition") {
			diags[i] = Problem(*diag.Subject, "Block in a block on one line", "A block on one line has room for one attribute, and for no block. Open the braces: write %s on a line of its own between them.", m[1])
			continue
		}
		switch diag.Summary {
		case "Attribute redefined":
			diag.Detail += " Take one of the two away."
		case "Missing newline after argument":
			diag.Detail += " Put what follows on the next line."
		case "Unclosed configuration block":
			diag.Detail += " Write the closing brace where the block ends."
		}
		if diag.Summary == "Invalid multi-line string" && !bytes.Contains(src[:diag.Subject.Start.Byte], []byte("<<")) {
			return append(diags[:i], Problem(*diag.Subject, "Quotes not closed",
				"The text on this line has no closing quotation mark. Close it; a text of several lines stands between <<-EOT and EOT."))
		}
	}
	return diags
}
