// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// Reported is a diagnostic as programs read it.
type Reported struct {
	Severity string   `json:"severity"`       // "error" or "warning"
	Code     string   `json:"code,omitempty"` // of a finding of [Set.Lint]
	Summary  string   `json:"summary"`
	Detail   string   `json:"detail"`
	File     string   `json:"file,omitempty"`
	Start    Position `json:"start"`
	End      Position `json:"end"`
}

// Position is a place in a file; lines and columns count from 1, columns in characters.
type Position struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// report makes a diagnostic plain.
func report(diag *hcl.Diagnostic) Reported {
	r := Reported{Severity: "error", Summary: diag.Summary, Detail: diag.Detail, Code: codeOf(diag)}
	if diag.Severity == hcl.DiagWarning {
		r.Severity = "warning"
	}
	if at := diag.Subject; at != nil {
		r.File = at.Filename
		r.Start, r.End = Position{at.Start.Line, at.Start.Column}, Position{at.End.Line, at.End.Column}
	}
	return r
}

// JSON is diagnostics as a list of [Reported].
func JSON(diags hcl.Diagnostics) []byte {
	reported := []Reported{}
	for _, diag := range diags {
		reported = append(reported, report(diag))
	}
	text, err := json.MarshalIndent(reported, "", "  ")
	if err != nil {
		panic("recipe: " + err.Error()) // they are strings and numbers
	}
	return append(text, '\n')
}

// Annotations is diagnostics as commands of GitHub Actions, which shows them beside the lines that they are about.
func Annotations(diags hcl.Diagnostics) string {
	data := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	var b strings.Builder
	for _, diag := range diags {
		r := report(diag)
		fmt.Fprintf(&b, "::%s file=%s,line=%d,col=%d,endLine=%d,endColumn=%d,title=%s::%s\n", r.Severity,
			property.Replace(r.File), r.Start.Line, r.Start.Column, r.End.Line, r.End.Column, property.Replace(r.Summary), data.Replace(r.Detail))
	}
	return b.String()
}
