// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// Report is what [Examine] says of a wheel.
type Report struct {
	Wheel string `json:"wheel"`
	// Against are the platforms that it was held against: the target's, or those of its own tags.
	Against  []string  `json:"against"`
	Needs    Needs     `json:"needs"`
	Findings []Finding `json:"findings"`
}

// Needs is what the native code of a wheel asks of a machine.
type Needs struct {
	Glibc     string   `json:"glibc,omitempty"`     // the oldest that is enough: "2.17"
	GLIBCXX   string   `json:"glibcxx,omitempty"`   // the same of libstdc++: "3.4.19"
	CXXABI    string   `json:"cxxabi,omitempty"`    // and of its other symbols
	Libraries []string `json:"libraries,omitempty"` // by their sonames; those in the wheel are not among them
	Modules   []string `json:"modules,omitempty"`   // the extension modules that it has: "numpy.linalg._umath_linalg"
}

// Examine audits the wheel at path: against the facts, or, without any (nil), against what its own tags promise. An error says that
// this could not be done; whatever is wrong with the wheel is a finding.
func Examine(file string, facts *Facts, o AuditOptions) (Report, error) {
	report := Report{Wheel: path.Base(file), Findings: []Finding{}, Against: []string{}}
	w, err := OpenFile(file)
	if bad := (*FormatError)(nil); errors.As(err, &bad) {
		report.Findings = append(report.Findings, bad.Finding())
		return report, nil
	} else if err != nil {
		return report, err
	}
	defer w.Close()
	targets := []Target{}
	if facts != nil {
		targets = append(targets, facts.Target)
	} else if targets, err = OwnTargets(w.Name); err != nil {
		return report, err
	}
	for _, t := range targets {
		libs := Promised(t)
		if facts != nil {
			libs = facts.Libraries
		}
		a, err := run(w, t, libs, o)
		if err != nil {
			return report, err
		}
		report.Against = append(report.Against, t.Platform)
		report.Findings = append(report.Findings, a.findings...)
		report.Needs = a.needs()
	}
	report.Findings = sortFindings(report.Findings)
	return report, nil
}

func sortFindings(findings []Finding) []Finding {
	slices.SortFunc(findings, func(f, g Finding) int {
		return cmp.Or(cmp.Compare(f.File, g.File), cmp.Compare(f.Code, g.Code), cmp.Compare(f.Message, g.Message))
	})
	return slices.Compact(findings)
}

// needs sums up what the wheel's ELF files ask for.
func (a *audit) needs() Needs {
	n := Needs{Modules: modulesOf(a.content.Modules)}
	libraries := map[string]bool{}
	inside := map[string]bool{}
	for _, name := range a.paths {
		inside[path.Base(name)], inside[a.objects[name].Object.SONAME] = true, true
	}
	for _, name := range a.paths {
		o := a.objects[name].Object
		n.Glibc, n.GLIBCXX, n.CXXABI = newest(n.Glibc, "GLIBC_", o), newest(n.GLIBCXX, "GLIBCXX_", o), newest(n.CXXABI, "CXXABI_", o)
		for _, soname := range o.Needed {
			if !inside[soname] {
				libraries[soname] = true
			}
		}
	}
	n.Libraries = slices.Sorted(maps.Keys(libraries))
	return n
}

// newest is the newest version, of those of that kind, that an object requires, or the given one.
func newest(version, kind string, o *Object) string {
	for _, r := range o.Requires {
		v, ok := strings.CutPrefix(r.Version, kind)
		if ok && strings.Trim(v, "0123456789.") == "" && (version == "" || compareDotted(v, version) > 0) {
			version = v
		}
	}
	return version
}

// Modules gives the wheel's extension modules by the names that they are imported by; see [ModulesOf].
func (w *Wheel) Modules() []string {
	var files []string
	for _, m := range w.Members {
		files = append(files, m.Name)
	}
	return ModulesOf(files)
}

// ModulesOf picks the extension modules among the files of a wheel, by their suffixes alone, and gives the names that they are imported by,
// sorted. A plain .so may be any library, and is left out.
func ModulesOf(files []string) []string {
	files = slices.DeleteFunc(slices.Clone(files), func(name string) bool {
		suffix := moduleSuffix(name)
		return !strings.HasSuffix(suffix, ".so") || !strings.HasPrefix(suffix, ".cpython-") && !strings.HasPrefix(suffix, ".abi3")
	})
	return modulesOf(files)
}

// modulesOf gives the names that files of extension modules are imported by.
func modulesOf(files []string) []string {
	var names []string
	for _, file := range files {
		if top, inner, ok := strings.Cut(file, "/"); ok && strings.HasSuffix(top, ".data") {
			file = strings.TrimPrefix(strings.TrimPrefix(inner, "purelib/"), "platlib/")
		}
		file = strings.TrimSuffix(file, path.Base(file)) + strings.TrimSuffix(path.Base(file), moduleSuffix(file))
		names = append(names, strings.ReplaceAll(file, "/", "."))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Text is the report as people read it.
func (r Report) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s", r.Wheel)
	if len(r.Against) > 0 {
		fmt.Fprintf(&b, ", as %s", strings.Join(r.Against, " and "))
	}
	var needs []string
	for _, need := range [][2]string{{"glibc", r.Needs.Glibc}, {"GLIBCXX", r.Needs.GLIBCXX}, {"CXXABI", r.Needs.CXXABI}} {
		if need[1] != "" {
			needs = append(needs, need[0]+" "+need[1])
		}
	}
	if needs = append(needs, r.Needs.Libraries...); len(needs) > 0 {
		fmt.Fprintf(&b, "\n  needs %s", strings.Join(needs, ", "))
	}
	if len(r.Findings) == 0 {
		b.WriteString("\n  nothing wrong\n")
		return b.String()
	}
	remedies := map[string]bool{}
	b.WriteString("\n")
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "  %s\n", f)
		if !remedies[f.Remedy] {
			fmt.Fprintf(&b, "      %s\n", f.Remedy)
		}
		remedies[f.Remedy] = true
	}
	return b.String()
}
