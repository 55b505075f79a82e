// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/hashicorp/hcl/v2"

	"crosswheel/index"
	"crosswheel/internal/dagger"
	"crosswheel/internal/recipe"
	"crosswheel/internal/step"
	"crosswheel/internal/wheel"
)

// Status is what became of a build.
type Status string

const (
	Built   Status = "built"   // compiled in this run
	Cached  Status = "cached"  // compiled in an earlier run, from the same inputs
	Failed  Status = "failed"  // a stage failed, or the audit did
	Blocked Status = "blocked" // something that it uses is not there
	Skipped Status = "skipped" // the recipe says that this version is not for this target
)

func (s Status) good() bool { return s == Built || s == Cached }

// Report says what became of each recipe on each target. It is dist/report.json.
type Report struct {
	Targets []ReportedTarget `json:"targets"`
	Builds  []Entry          `json:"builds"` // the builds of one version one after the other, in the order of the targets
}

// ReportedTarget is a target that was asked for.
type ReportedTarget struct {
	Name    string `json:"name"`
	Summary string `json:"summary,omitempty"`
	Arch    string `json:"arch,omitempty"`
	Python  string `json:"python"` // the exact version, where its SDK was at hand
	Glibc   string `json:"glibc"`
	Pip     string `json:"pip"`
	Note    string `json:"note,omitempty"`    // what is true of all its builds, and unusual
	Skipped string `json:"skipped,omitempty"` // why nothing was built for it
}

// Entry is what became of one recipe on one target.
type Entry struct {
	Target  string  `json:"target"`
	Name    string  `json:"name"`
	Version string  `json:"version"`
	Kind    string  `json:"kind"` // "package" or "library"
	Status  Status  `json:"status"`
	Stage   string  `json:"stage,omitempty"`   // where it failed
	Reason  string  `json:"reason,omitempty"`  // why it is failed, blocked or skipped
	Recipe  string  `json:"recipe"`            // file:line
	Seconds float64 `json:"seconds,omitempty"` // of compiling, whenever that was
	Log     string  `json:"log,omitempty"`     // a path beside the report

	Summary   string    `json:"summary,omitempty"`
	Homepage  string    `json:"homepage,omitempty"`
	Released  time.Time `json:"released,omitzero"`   // when its source was, where the package index says it
	License   string    `json:"license,omitempty"`   // SPDX
	Libraries []string  `json:"libraries,omitempty"` // C libraries that are linked into it: "libyaml 0.2.5"

	// Of the wheel that the target's pip gets; there is none unless it is built.
	Wheel          string          `json:"wheel,omitempty"`
	Tag            string          `json:"tag,omitempty"`
	Size           int64           `json:"size,omitempty"` // in bytes
	SHA256         string          `json:"sha256,omitempty"`
	SBOM           string          `json:"sbom,omitempty"`       // the name of its bill of materials, which lies beside it
	Provenance     string          `json:"provenance,omitempty"` // the name of its provenance, which lies beside it, too
	Glibc          string          `json:"glibc,omitempty"`      // the oldest C library that it runs with; empty for any
	Requires       []string        `json:"requires,omitempty"`
	RequiresPython string          `json:"requires_python,omitempty"`
	Findings       []wheel.Finding `json:"findings,omitempty"`
	Bundles        []step.Bundled  `json:"bundles,omitempty"` // libraries whose code the wheel carries along

	// From is the target whose wheel it is, where it is another's. It has passed this one's audit and test. A version that is skipped
	// has it where pip on the target takes that other's wheel nevertheless.
	From string `json:"from,omitempty"`
	Note string `json:"note,omitempty"` // what became of the wheel for the sake of other targets
}

// Result is what a run made.
type Result struct {
	Report Report
	// Diagnostics are the failures that a recipe's author can put right at a line of the recipe.
	Diagnostics hcl.Diagnostics

	client   *dagger.Client
	outcomes []*outcome
	targets  []index.Target
}

func newResult(runners []*runner) *Result {
	r := &Result{Report: Report{Builds: []Entry{}}, client: runners[0].pipeline.client}
	for _, runner := range runners {
		target := reported(runner.pipeline.image.Target)
		target.Python = cmp.Or(runner.pipeline.facts.Python, target.Python)
		target.Note = runner.pipeline.note()
		r.Report.Targets = append(r.Report.Targets, target)
		r.targets = append(r.targets, LockTarget(runner.pipeline.image.Target))
		r.outcomes = append(r.outcomes, runner.outcomes...)
	}
	first := map[string]int{} // where each version is met first
	for i, o := range r.outcomes {
		if _, ok := first[o.build.Label()]; !ok {
			first[o.build.Label()] = i
		}
	}
	slices.SortStableFunc(r.outcomes, func(a, b *outcome) int { return cmp.Compare(first[a.build.Label()], first[b.build.Label()]) })
	for _, o := range r.outcomes {
		r.Diagnostics = append(r.Diagnostics, o.diagnostics...)
		r.Report.Builds = append(r.Report.Builds, o.entry())
	}
	r.Diagnostics = recipe.Together(r.Diagnostics)
	return r
}

// Skip adds targets that nothing was built for.
func (r *Result) Skip(skipped []recipe.SkippedTarget) {
	for _, s := range skipped {
		target := reported(s.Target)
		target.Skipped = s.Reason
		r.Report.Targets = append(r.Report.Targets, target)
	}
}

// LockTarget is a target as an index locks for it.
func LockTarget(t recipe.Target) index.Target {
	return index.Target{Name: t.Name, Python: t.Python, Platform: "linux_" + t.Arch, Glibc: t.Glibc}
}

func reported(t recipe.Target) ReportedTarget {
	return ReportedTarget{Name: t.Name, Summary: t.Summary, Arch: t.Arch, Python: t.Python, Glibc: t.Glibc, Pip: t.Pip}
}

// note says how wheels were installed in tests, if not as on the robot.
func (p *Pipeline) note() string {
	because := p.image.WithoutPip()
	if because == "" {
		return ""
	}
	return "In tests wheels were installed by unpacking them, each file checked against RECORD: " + because
}

func (o *outcome) entry() Entry {
	r := o.build.Recipe
	e := Entry{
		Target: o.pipeline.image.Target.Name,
		Name:   r.Name, Version: r.Version, Kind: string(r.Kind), Status: o.status, Stage: o.stage, Reason: o.reason,
		Recipe: fmt.Sprintf("%s:%d", r.VersionRange.Filename, r.VersionRange.Start.Line), Seconds: o.timing.Seconds,
		Summary: r.Summary, Homepage: r.Homepage, License: r.License, Released: o.uploaded,
		Libraries: o.bundles(), Findings: o.findings, Note: o.note,
	}
	if o.status.good() || o.status == Failed {
		e.Log = o.logPath()
	}
	if o.from != nil {
		e.From, e.Findings = o.from.pipeline.image.Target.Name, o.from.findings
	}
	if made := o.published(); made.Filename != "" && o.status.good() {
		e.Wheel, e.Tag, e.Size, e.SHA256, e.Glibc = made.Filename, made.Tag, made.Size, made.SHA256, made.Glibc
		e.SBOM, e.Provenance, e.Bundles = made.Filename+billSuffix, made.Filename+provenanceSuffix, made.Bundles
		if metadata, err := wheel.ParseMetadata([]byte(made.Metadata)); err == nil { // it was read when the wheel was finished
			e.Requires, e.RequiresPython = metadata.RequiresDist, metadata.RequiresPython
		}
	}
	return e
}

// Failed are the builds that were wanted and are not there.
func (r Report) Failed() []Entry {
	return slices.DeleteFunc(slices.Clone(r.Builds), func(e Entry) bool { return e.Status != Failed && e.Status != Blocked })
}

// JSON is the report as a file.
func (r Report) JSON() []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false) // people read it too
	if err := encoder.Encode(r); err != nil {
		panic("pipeline: report: " + err.Error()) // it is made of strings and numbers
	}
	return b.Bytes()
}

// WriteTable writes a line for each build: name, version, target, status, tag, size, seconds.
func (r Report) WriteTable(w io.Writer) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "NAME\tVERSION\tTARGET\tSTATUS\tTAG\tSIZE\tCOMPILED IN")
	for _, e := range r.Builds {
		size, seconds := "", ""
		if e.Size > 0 {
			size = bytesText(e.Size)
		}
		if e.Status.good() {
			seconds = fmt.Sprintf("%.0f s", e.Seconds)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", e.Name, e.Version, e.Target, e.Status, e.remark(), size, seconds)
	}
	table.Flush()
	for _, t := range r.Targets {
		if t.Skipped != "" {
			fmt.Fprintf(w, "Nothing is built for %s: %s\n", t.Name, t.Skipped)
		}
		if t.Note != "" {
			fmt.Fprintf(w, "%s: %s\n", t.Name, t.Note)
		}
	}
}

// remark is the tag of what was built, or why it was not.
func (e Entry) remark() string {
	switch {
	case e.Status == Failed:
		return "at stage " + e.Stage
	case e.Status == Blocked || e.Status == Skipped:
		return e.Reason
	case e.Kind == "library":
		return "library"
	case e.From != "":
		return e.Tag + " of " + e.From
	}
	return e.Tag
}

// bytesText is a size in bytes, as people read it.
func bytesText(n int64) string {
	if n < 1e6 {
		return fmt.Sprintf("%.0f kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}

// FailuresText names each failure with the last lines of its log, and where it is asked for.
func (r Report) FailuresText() string {
	var b strings.Builder
	failed := r.Failed()
	fmt.Fprintf(&b, "%d of %d builds are not there:\n", len(failed), len(r.Builds))
	for _, e := range failed {
		at := string(e.Status)
		if e.Stage != "" {
			at += " at stage " + e.Stage
		}
		fmt.Fprintf(&b, "\n%s %s %s (%s) for %s\n  %s\n", e.Name, e.Version, at, e.Recipe, e.Target, strings.ReplaceAll(e.Reason, "\n", "\n  "))
	}
	return b.String()
}

// ParseReport reads report.json.
func ParseReport(text []byte) (Report, error) {
	var r Report
	err := json.Unmarshal(text, &r)
	if err == nil && (len(r.Targets) == 0 || r.Builds == nil) {
		err = errors.New("it has no targets or no builds") // a gate must not pass for want of anything to read
	}
	if err != nil {
		return Report{}, fmt.Errorf("the report is not one of build-all's: %w", err)
	}
	return r, nil
}

// bundles are the libraries that are linked into the build's wheel.
func (o *outcome) bundles() []string {
	var names []string
	for _, library := range o.build.libraries() {
		names = append(names, library.Label())
	}
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	return names
}
