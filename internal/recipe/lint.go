// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"bytes"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// Lint looks through recipes that this set evaluated for what is no mistake and likely to become one. Each finding is a warning with a code
// of [LintCodes]; a comment in the recipe silences it, beside what it is about or above:
//
//	# lint:ignore NO-TEST it needs a camera
func (s *Set) Lint(recipes []*Recipe) hcl.Diagnostics {
	l := &linter{set: s}
	files := map[string]bool{}
	for _, r := range recipes {
		files[r.Range.Filename] = true
		l.recipe(r)
	}
	for _, d := range s.recipes {
		if files[d.header.Filename] {
			l.order(d)
		}
	}
	diags := arrange(l.diags)
	for _, name := range sortedKeys(files) {
		diags = silence(name, s.files[name].Bytes, diags)
	}
	return arrange(diags)
}

// linter gathers findings.
type linter struct {
	set   *Set
	diags hcl.Diagnostics
}

func (l *linter) find(code string, at hcl.Range, format string, args ...any) {
	l.diags = append(l.diags, finding(code, at, format, args...))
}

// recipe applies the rules to one version. What is not built is not looked at: it may be there for its reason alone.
func (l *linter) recipe(r *Recipe) {
	if r.Disabled != "" {
		return
	}
	if r.Summary == "" {
		l.find("NO-SUMMARY", r.Range, "")
	}
	if r.License == "" {
		l.find("NO-LICENSE", r.Range, "")
	}
	for _, id := range deprecatedLicenses(r.License) {
		l.find("DEPRECATED-LICENSE", r.At("license"), "SPDX has other identifiers for %q.", id)
	}
	l.source(r)
	l.flags(r)
	l.scripts(r)
	if r.Kind == Library {
		if len(r.Build.LicenseFiles) == 0 {
			l.find("NO-LICENSE-FILES", r.Range, "")
		}
		return
	}
	if len(r.Test.Imports) == 0 && len(r.Test.Commands) == 0 && len(r.Test.PyTest) == 0 && len(r.TopLevel) == 0 {
		l.find("NO-TEST", r.Range, "")
	}
	if len(r.Build.Extensions) == 0 && len(r.Build.Uses) > 0 {
		l.find("NO-EXTENSIONS", r.At("build", "uses"), "")
	}
	l.requirements(r)
}

// source looks at where a source comes from.
func (l *linter) source(r *Recipe) {
	s := r.Source
	if s.SHA256 == "" && s.Kind != Git && s.Kind != Path {
		l.find("EMPTY-SHA256", s.SHA256Range, "")
	}
	if s.Kind == URL && len(s.Mirrors) == 0 && !strings.HasPrefix(s.URL, DebianArchive) { // Debian's archive has mirrors of its own
		l.find("NO-MIRROR", r.At("source", "url", "url"), "")
	}
	var kind string
	addresses := map[string]string{"url": s.URL}
	switch kind = string(s.Kind); s.Kind {
	case GitHub:
		addresses = map[string]string{"tag": s.Tag}
	case URL, Git:
	default:
		addresses = nil
	}
	for name, address := range addresses {
		at := r.At("source", kind, name)
		if strings.HasPrefix(address, "http://") {
			l.find("HTTP", at, "")
		}
		if written := string(at.SliceBytes(l.set.files[at.Filename].Bytes)); s.Kind != Git && !strings.Contains(written, "${") && strings.Contains(address, r.Version) {
			l.find("FIXED-VERSION", at, "")
		}
	}
	for _, mirror := range s.Mirrors {
		if strings.HasPrefix(mirror, "http://") {
			l.find("HTTP", r.At("source", "url", "mirrors"), "")
		}
	}
	for _, patch := range s.Patches {
		if !l.explained(r, patch) {
			l.find("PATCH-REASON", r.At("source", "patches"), "It is %s.", patch)
		}
	}
}

// explained says whether a patch has words above its first hunk, or a comment beside or above its name in the recipe.
func (l *linter) explained(r *Recipe, patch string) bool {
	text, _ := fs.ReadFile(l.set.fsys, path.Join(r.Dir, patch)) // that it is not there has its diagnostic
	for line := range bytes.Lines(text) {
		line = bytes.TrimSpace(line)
		if bytes.HasPrefix(line, []byte("diff ")) || bytes.HasPrefix(line, []byte("--- ")) || bytes.HasPrefix(line, []byte("Index: ")) {
			break
		}
		if len(line) > 0 {
			return true
		}
	}
	at := r.At("source", "patches")
	for _, c := range commentsOf(at.Filename, l.set.files[at.Filename].Bytes) {
		if c.about >= at.Start.Line && c.about <= at.End.Line {
			return true
		}
	}
	return false
}

var (
	nativeFlag = regexp.MustCompile(`^-(march|mtune|mcpu)=native$|^-[IL]/usr/(local/)?(include|lib)|^-m(64|32|sse|avx)`)
	fetching   = regexp.MustCompile(`(?m)(^|[\s;&|(])(curl|wget|git (clone|fetch|submodule)|pip3? (install|download)|python3? -m pip|cargo fetch|apt(-get)? )`)
)

func (l *linter) flags(r *Recipe) {
	b := r.Build
	for name, flags := range map[string][]string{"cflags": b.CFlags, "cxxflags": b.CXXFlags, "ldflags": b.LDFlags} {
		for _, flag := range flags {
			if nativeFlag.MatchString(flag) {
				l.find("NATIVE-FLAG", r.At("build", name), "It is %s.", flag)
			}
		}
	}
}

func (l *linter) scripts(r *Recipe) {
	b := r.Build
	for name, script := range map[string]string{"before": b.Before, "script": b.Script, "after": b.After, "post": b.Post} {
		if found := fetching.FindStringSubmatch(script); found != nil {
			l.find("SCRIPT-FETCHES", r.At("build", name), "It runs %s.", strings.TrimSpace(found[2]))
		}
	}
}

// requirements looks for what no lock and no bound holds.
func (l *linter) requirements(r *Recipe) {
	locks, _ := fs.Glob(l.set.fsys, path.Join(r.Dir, "pylock."+strings.ReplaceAll(r.Version, ".", "_")+"-*.toml")) // the name of a version is no pattern
	if len(locks) > 0 {
		return
	}
	for _, requirement := range r.Build.Requires {
		if bare, _, _ := strings.Cut(requirement, ";"); !strings.ContainsAny(bare, "<>=~@") {
			l.find("UNPINNED", r.At("build", "requires"), "It is %s.", requirement)
		}
	}
}

// order wants version blocks oldest or newest first.
func (l *linter) order(d *declaration) {
	written := slices.Clone(d.versions) // oldest first
	slices.SortFunc(written, func(a, b declaredVersion) int { return a.header.Start.Byte - b.header.Start.Byte })
	rising, falling := true, true
	for i := 1; i < len(written); i++ {
		order := compareVersions(d.kind, written[i-1].version, written[i].version)
		rising, falling = rising && order < 0, falling && order > 0
		if !rising && !falling {
			l.find("VERSION-ORDER", written[i].header, "")
			return
		}
	}
}
