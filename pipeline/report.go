// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/hashicorp/hcl/v2"

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

// Report says what became of each recipe. It is dist/report.json.
type Report struct {
	Target string  `json:"target"`
	Note   string  `json:"note,omitempty"` // what is true of all builds, and unusual
	Builds []Entry `json:"builds"`
}

// Entry is one recipe's line of a report.
type Entry struct {
	Name    string  `json:"name"`
	Version string  `json:"version"`
	Kind    string  `json:"kind"` // "package" or "library"
	Status  Status  `json:"status"`
	Stage   string  `json:"stage,omitempty"`   // where it failed
	Reason  string  `json:"reason,omitempty"`  // why it is failed, blocked or skipped
	Recipe  string  `json:"recipe"`            // file:line
	Seconds float64 `json:"seconds,omitempty"` // of compiling, whenever that was

	Wheel    string          `json:"wheel,omitempty"`
	Tag      string          `json:"tag,omitempty"`
	Size     int64           `json:"size,omitempty"` // in bytes
	SHA256   string          `json:"sha256,omitempty"`
	Findings []wheel.Finding `json:"findings,omitempty"`
	Log      string          `json:"log,omitempty"` // a path beside the report
}

// Result is what a run made.
type Result struct {
	Report Report
	// Diagnostics are the failures that a recipe's author can put right at a line of the recipe.
	Diagnostics hcl.Diagnostics

	pipeline *Pipeline
	outcomes []*outcome
}

func (p *Pipeline) result(outcomes []*outcome) *Result {
	r := &Result{Report: Report{Target: p.image.Target.Name, Note: p.note(), Builds: []Entry{}}, pipeline: p, outcomes: outcomes}
	for _, o := range outcomes {
		r.Diagnostics = append(r.Diagnostics, o.diagnostics...)
		r.Report.Builds = append(r.Report.Builds, o.entry())
	}
	return r
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
		Name: r.Name, Version: r.Version, Kind: string(r.Kind), Status: o.status, Stage: o.stage, Reason: o.reason,
		Recipe: fmt.Sprintf("%s:%d", r.VersionRange.Filename, r.VersionRange.Start.Line), Seconds: o.timing.Seconds,
		Findings: o.findings,
	}
	if o.status.good() || o.status == Failed {
		e.Log = o.logPath()
	}
	if o.wheel.Filename != "" && o.status.good() {
		e.Wheel, e.Tag, e.Size, e.SHA256 = o.wheel.Filename, o.wheel.Tag, o.wheel.Size, o.wheel.SHA256
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

// WriteTable writes a line for each build: name, version, status, tag, size, seconds.
func (r Report) WriteTable(w io.Writer) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "%s\tVERSION\tSTATUS\tTAG\tSIZE\tCOMPILED IN\n", strings.ToUpper(r.Target))
	for _, e := range r.Builds {
		size, seconds := "", ""
		if e.Size > 0 {
			size = bytesText(e.Size)
		}
		if e.Status.good() {
			seconds = fmt.Sprintf("%.0f s", e.Seconds)
		}
		tag := e.Tag
		if e.Kind == "library" {
			tag = "library"
		}
		switch e.Status {
		case Failed:
			tag = "at stage " + e.Stage
		case Blocked, Skipped:
			tag = e.Reason
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", e.Name, e.Version, e.Status, tag, size, seconds)
	}
	table.Flush()
	if r.Note != "" {
		fmt.Fprintln(w, r.Note)
	}
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
		fmt.Fprintf(&b, "\n%s %s %s (%s)\n  %s\n", e.Name, e.Version, at, e.Recipe, strings.ReplaceAll(e.Reason, "\n", "\n  "))
	}
	return b.String()
}

// ParseReport reads report.json.
func ParseReport(text []byte) (Report, error) {
	var r Report
	err := json.Unmarshal(text, &r)
	if err == nil && (r.Target == "" || r.Builds == nil) {
		err = errors.New("it has no target or no builds") // a gate must not pass for want of anything to read
	}
	if err != nil {
		return Report{}, fmt.Errorf("the report is not one of build-all's: %w", err)
	}
	return r, nil
}
