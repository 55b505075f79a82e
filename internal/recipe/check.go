// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// The functions below are the checks of single values that language.go names: each returns a sentence about what is wrong, or nothing.

var (
	sha256Pattern   = regexp.MustCompile(`^[0-9a-f]{64}$`)
	tagPattern      = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)
	modulePattern   = regexp.MustCompile(`^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$`)
	variablePattern = regexp.MustCompile(`^[A-Za-z_]\w*$`)
	dottedPattern   = regexp.MustCompile(`^\d+(\.\d+)*$`)
	minorPattern    = regexp.MustCompile(`^\d+\.\d+$`)
	namePattern     = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$`)
	commitPattern   = regexp.MustCompile(`^([0-9a-f]{40}|[0-9a-f]{64})$`)
	gitHubPattern   = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]*$`)
	programPattern  = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._+-]*$`)
	separators      = regexp.MustCompile(`[-_.]+`)
)

// normalize gives the spelling of a name under which PEP 503 finds it: "Zope.Interface" is "zope-interface".
func normalize(name string) string {
	return strings.ToLower(separators.ReplaceAllString(name, "-"))
}

func sha256Digits(s string) string {
	switch {
	case sha256Pattern.MatchString(s):
		return ""
	case sha256Pattern.MatchString(strings.ToLower(s)):
		return "A sha256 is written in lower case here, as sha256sum prints it."
	default:
		return fmt.Sprintf("A sha256 is 64 hexadecimal digits, and this is %d characters: %q. "+
			"Copy it again, or leave the string empty: then the fetch step prints the actual one.", len(s), s)
	}
}

func webAddress(s string) string {
	if u, err := url.Parse(s); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return fmt.Sprintf("%q is not an address of the web: write https:// and the whole address.", s)
	}
	return ""
}

// sourceAddress is a web address, or a file of Debian's archive: that one lies on the mirror that apt is set up for.
func sourceAddress(s string) string {
	if file, ok := strings.CutPrefix(s, DebianArchive); ok && strings.HasPrefix(file, "pool/") {
		return ""
	}
	return webAddress(s)
}

func tagName(s string) string {
	if !tagPattern.MatchString(s) {
		return fmt.Sprintf("%q is not a tag: a tag is lower-case letters, digits and hyphens, so that it can be selected as tag:NAME.", s)
	}
	return ""
}

func oneOf(what, s string, known ...string) string {
	if slices.Contains(known, s) {
		return ""
	}
	return fmt.Sprintf("There is no %s %q; there are %s.%s", what, s, enumerate(known, "and"), DidYouMean(s, known))
}

// localPath refuses paths that leave the recipe's folder.
func localPath(s string) string {
	if !fs.ValidPath(s) || s == "." {
		return fmt.Sprintf("%q is not a path inside the recipe's folder: write it relative to that folder, without \"..\".", s)
	}
	return ""
}

func filePattern(s string) string {
	if path.IsAbs(s) || slices.Contains(strings.Split(s, "/"), "..") {
		return fmt.Sprintf("%q is not a pattern of files inside the build: write it relative to the wheel's or $PREFIX's top, without \"..\".", s)
	}
	if _, err := path.Match(s, ""); err != nil {
		return fmt.Sprintf("%q is not a pattern: a bracket is not closed. Close it, or write a backslash before it if it is part of a name.", s)
	}
	return ""
}

func variableName(s string) string {
	if !variablePattern.MatchString(s) {
		return fmt.Sprintf("%q is not the name of an environment variable: use letters, digits and underscores.", s)
	}
	return ""
}

func moduleName(s string) string {
	if !modulePattern.MatchString(s) {
		return fmt.Sprintf("%q is not the name of a Python module, as in \"import numpy.linalg\". Statements belong in commands.", s)
	}
	return ""
}

func dottedNumber(s string) string {
	if !dottedPattern.MatchString(s) {
		return fmt.Sprintf("%q is not a version number such as 12.2: write digits with dots between them.", s)
	}
	return ""
}

func minorVersion(s string) string {
	if !minorPattern.MatchString(s) {
		return fmt.Sprintf("%q is not a minor version such as 3.11: write two numbers with a dot between them.", s)
	}
	return ""
}

func constraintText(s string) string {
	_, err := parseConstraint(s)
	if err != nil {
		return err.Error() + "."
	}
	return ""
}

// expectation is a version, or a constraint that says how low it can be.
func expectation(s string) string {
	if dottedPattern.MatchString(s) {
		return ""
	}
	c, err := parseConstraint(s)
	switch {
	case err != nil && !strings.ContainsAny(s, "<>=!"):
		return dottedNumber(s)
	case err != nil:
		return err.Error() + "."
	case c.floor() == "":
		return fmt.Sprintf("%q does not say how low the version can be. Write for instance: \">= 2.40, %s\"", s, s)
	}
	return ""
}

// checkRecipe makes the checks that no single value shows.
func (e *evaluator) checkRecipe(r *Recipe, s *section) {
	source := s.blocks["source"]
	if source == nil || len(source.blocks) == 0 {
		at := r.VersionRange
		if source != nil {
			at = source.header
		}
		e.problem(at, "No source", "%s %s does not say where its source comes from. For instance:\n\n  source {\n    %s\n  }", r.Name, r.Version, sourceExample(r.Kind))
		return
	}
	e.checkSHA256(r)
	e.checkContradictions(r)
	if r.Kind == Library && s.blocks["build"] == nil {
		e.problem(r.VersionRange, "No build", "Nothing says how %s is built. Write a build block with script and exports.", r.Name)
	}
}

// checkSHA256 sees to it that there is a checksum exactly where bytes are downloaded that nothing else vouches for.
func (e *evaluator) checkSHA256(r *Recipe) {
	missing := r.Source.SHA256Range == hcl.Range{}
	if missing {
		r.Source.SHA256Range = r.VersionRange
	}
	switch kind := r.Source.Kind; {
	case kind == Path && !missing:
		e.problem(r.Source.SHA256Range, "Unexpected sha256", "The source is a folder beside the recipe, and nothing is downloaded that could be checked. Take sha256 away.")
	case kind == Git && !missing:
		e.problem(r.Source.SHA256Range, "Unexpected sha256", "The source is a commit, whose id is its checksum. Take sha256 away.")
	case kind != Path && kind != Git && missing:
		e.problem(r.VersionRange, "Missing sha256", "What is downloaded is checked against its sha256. Write an empty one to see the actual one: the fetch step fails and prints it.\n\n  sha256 = \"\"")
	}
}

// checkContradictions reports what would be without effect beside something else.
func (e *evaluator) checkContradictions(r *Recipe) {
	if r.Kind == Library {
		return
	}
	given := map[string]bool{
		"backend": r.Build.Backend != "", "config_settings": len(r.Build.ConfigSettings) > 0, "before": r.Build.Before != "", "after": r.Build.After != "",
		"script": r.Build.Script != "", "requires": len(r.Build.Requires) > 0, "uses": len(r.Build.Uses) > 0,
	}
	var idle []string
	var because, remedy string
	switch {
	case r.Source.IsWheel():
		idle = []string{"backend", "config_settings", "before", "script", "after", "requires", "uses"}
		because, remedy = "The source is a wheel: nothing is built", "Take one of the two away; a wheel is changed with patches, extras and post."
	case given["script"]:
		idle = []string{"backend", "config_settings", "before", "after"}
		because, remedy = "script does the whole work", "Take one of the two away; before and after stand around the backend, script instead of it."
	}
	for _, name := range idle {
		if given[name] {
			e.problem(r.At("build", name), "Contradiction", "%s, and %s has no effect. %s", because, name, remedy)
		}
	}
	if slices.Contains(RustBackends, r.Build.Backend) && r.Build.Native == NativeBuild {
		e.problem(r.At("build", "native"), "No native Rust", "Rust compiles for the target only. Write native = \"wheel\" if the package index has one.")
	}
	if r.Source.IsWheel() && r.Build.Native == NativeBuild {
		e.problem(r.At("build", "native"), "Contradiction", "The source is a wheel: nothing is built, natively neither. Write native = \"wheel\".")
	}
	if r.Source.IsWheel() && r.Source.Strip > 0 {
		e.problem(r.At("source", "strip"), "Contradiction", "A wheel has no leading folder that could be dropped. Take strip away.")
	}
}

func sourceExample(kind Kind) string {
	if kind == Package {
		return "pypi {}"
	}
	return `url { url = "https://…" }`
}

// noSuchFile says that a file or folder that a recipe names is not in the recipe's folder; empty where it is.
func noSuchFile(folder fs.FS, kind beside, name string) string {
	info, err := fs.Stat(folder, name)
	switch {
	case err == nil && (kind == besideAny || info.IsDir() == (kind == besideFolder)):
		return ""
	case err == nil:
		return fmt.Sprintf("%q is in the recipe's folder, but is no %s.", name, kind)
	}
	entries, _ := fs.ReadDir(folder, path.Dir(name)) // a folder that is not there has no files to suggest
	var names []string
	for _, entry := range entries {
		names = append(names, path.Join(path.Dir(name), entry.Name()))
	}
	return fmt.Sprintf("There is no %s %q in the recipe's folder.%s", kind, name, DidYouMean(name, names))
}
