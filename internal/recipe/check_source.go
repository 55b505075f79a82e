// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"
)

// The functions below are more checks of single values: of what sources and scripts are made of.

// requirementPattern is the frame of PEP 508; what exactly is in a marker or a version is left to the tools that read it.
var requirementPattern = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?\s*(\[[^\[\]]*\])?\s*` +
	`(@\s*\S+|\(?\s*(===|~=|==|!=|<=|>=|<|>)\s*[A-Za-z0-9.*+!_-]+(\s*,\s*(===|~=|==|!=|<=|>=|<|>)\s*[A-Za-z0-9.*+!_-]+)*\s*\)?)?\s*(;.+)?$`)

func requirementText(s string) string {
	switch {
	case requirementPattern.MatchString(s):
		return ""
	case strings.Contains(s, "=") && requirementPattern.MatchString(strings.Replace(s, "=", "==", 1)):
		return fmt.Sprintf("%q is not a requirement: one version is asked for with two equals signs, %q.", s, strings.Replace(s, "=", "==", 1))
	default:
		return fmt.Sprintf("%q is not a requirement. Write a name, and bounds with commas between them: \"numpy>=1.21,<2\".", s)
	}
}

// innerPath refuses paths that leave the source's folder.
func innerPath(s string) string {
	if !fs.ValidPath(s) || s == "." {
		return fmt.Sprintf("%q is not a path inside the source: write it relative to the source's top, without \"..\".", s)
	}
	return ""
}

func gitHubName(s string) string {
	if !gitHubPattern.MatchString(s) {
		return fmt.Sprintf("%q is neither an owner nor a repository: of https://github.com/yaml/libyaml the owner is \"yaml\" and the repo \"libyaml\".", s)
	}
	return ""
}

func tagText(s string) string {
	if strings.ContainsAny(s, " ~^:?*[\\") || strings.HasPrefix(s, "/") || strings.Contains(s, "..") {
		return fmt.Sprintf("%q is not the name of a tag: write the whole of it, as \"v${version}\".", s)
	}
	return ""
}

func assetName(s string) string {
	if strings.ContainsAny(s, "/ ?#") {
		return fmt.Sprintf("%q is not the name of a release's file: write its name alone, as the page of the release has it.", s)
	}
	return ""
}

func commitID(s string) string {
	switch {
	case commitPattern.MatchString(s):
		return ""
	case commitPattern.MatchString(strings.ToLower(s)):
		return "A commit is written in lower case here, as git prints it."
	default:
		return fmt.Sprintf("%q is not the whole id of a commit: write its 40 hexadecimal digits, as \"git rev-parse %s\" prints them. Tags, branches and short ids can become another commit.", s, s)
	}
}

func executableName(s string) string {
	if !programPattern.MatchString(s) {
		return fmt.Sprintf("%q is not the name of a program: write the name alone, without a folder or arguments.", s)
	}
	return ""
}

// pytestArgument takes options as they are; paths are the source's.
func pytestArgument(s string) string {
	if strings.HasPrefix(s, "-") {
		return ""
	}
	if file, _, _ := strings.Cut(s, "::"); innerPath(file) != "" {
		return fmt.Sprintf("%q is neither a path inside the source nor an option: write \"tests/test_api.py\", or an option with its value, \"-k=not network\".", s)
	}
	return ""
}
