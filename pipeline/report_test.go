// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"crosswheel/internal/dagger"
	"crosswheel/internal/recipe"
	"crosswheel/internal/step"
	"crosswheel/internal/wheel"
	sdkimage "crosswheel/sdk-image"
)

// everyStatus is the result of a run in which each status occurs.
func everyStatus(t *testing.T) *Result {
	t.Helper()
	p, builds := plain(t, catalogue(t))
	r := &runner{pipeline: p, done: map[*Build]chan struct{}{}}
	for _, b := range builds {
		b.outcome = &outcome{pipeline: p, build: b}
		r.outcomes = append(r.outcomes, b.outcome)
		r.done[b] = make(chan struct{})
		close(r.done[b])
		switch b.Recipe.Name {
		case "cyaml":
			b.outcome.status, b.outcome.timing.Seconds = Cached, 4.2
		case "numeric":
			b.outcome.status, b.outcome.stage = Failed, "compile"
			b.outcome.reason, b.outcome.log = "exit code 1\ncc: error: no such file\nerror: command failed", "all of it\n"
		case "vendored":
			b.outcome.status, b.outcome.timing.Seconds = Built, 71.3
			b.outcome.wheel = step.Finished{
				Filename: "vendored-1.0-py3-none-any.whl", Tag: "py3-none-any", SHA256: strings.Repeat("ab", 32), Size: 1_540_000, Glibc: "2.17",
				Metadata: "Metadata-Version: 2.1\nName: vendored\nVersion: 1.0\nRequires-Python: >=3.8\nRequires-Dist: six>=1\n",
			}
			b.outcome.findings = []wheel.Finding{{Code: "tag-true", Severity: wheel.Warning, Message: "It is pure.", Remedy: "None is needed."}}
		default: // these need no engine
			r.run(t.Context(), b.outcome)
		}
	}
	// On another target the same versions become other things.
	newer, builds := plainFor(t, catalogue(t), "trixie-armhf")
	other := &runner{pipeline: newer}
	for _, b := range builds {
		o := &outcome{pipeline: newer, build: b, status: Skipped, reason: "its source requires Python <3.13; trixie-armhf has 3.13.5"}
		switch b.Recipe.Name {
		case "vendored":
			vendored := r.outcomes[len(r.outcomes)-1]
			o.status, o.reason, o.timing.Seconds, o.from = Built, "", 65, vendored
		case "numeric":
			continue // it was not asked for
		}
		other.outcomes = append(other.outcomes, o)
	}
	result := newResult([]*runner{r, other})
	result.Skip([]recipe.SkippedTarget{{Target: recipe.Target{Name: "ot2", Python: "3.10", Glibc: "2.25", Pip: "22.3.1"}, Reason: "hand in its SDK"}})
	return result
}

func TestReport(t *testing.T) {
	report := everyStatus(t).Report
	checkGolden(t, "report.json", string(report.JSON()))
	parsed, err := ParseReport(report.JSON())
	if err != nil || !reflect.DeepEqual(parsed, report) {
		t.Errorf("it comes back as %+v, %v", parsed, err)
	}
	var b bytes.Buffer
	report.WriteTable(&b)
	fmt.Fprintf(&b, "\n%s", report.FailuresText())
	checkGolden(t, "report.txt", b.String())
}

// verify-report is a gate: it must not pass for want of something to read.
func TestParseReportRefuses(t *testing.T) {
	for _, text := range []string{"", "[]", "{}", `{"targets": [{"name": "bookworm-armhf"}]}`, `{"builds": []}`, "no report"} {
		if _, err := ParseReport([]byte(text)); err == nil {
			t.Errorf("%q is taken for a report", text)
		}
	}
	p, _ := plain(t, catalogue(t))
	if r, err := ParseReport(newResult([]*runner{{pipeline: p}}).Report.JSON()); err != nil || len(r.Failed()) != 0 {
		t.Errorf("of nothing to build: %+v, %v", r, err)
	}
}

// A build that was stopped has not become anything.
func TestRunStops(t *testing.T) {
	p, builds := plain(t, catalogue(t))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := &runner{pipeline: p, limits: &limits{slots: make(chan struct{})}} // none is free
	o := &outcome{pipeline: p, build: builds[0]}
	if r.run(ctx, o); o.status != "" {
		t.Errorf("got %q", o.status)
	}
}

func TestExplain(t *testing.T) {
	lines := func(from, to int) string {
		var b strings.Builder
		for i := from; i <= to; i++ {
			fmt.Fprintf(&b, "line %d\n", i)
		}
		return b.String()
	}
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{"of another kind", errors.New("no route to the daemon"), "no route to the daemon"},
		{"short", &dagger.ExecError{ExitCode: 2, Stdout: "out\n", Stderr: "err\n"}, "exit code 2\nout\n\nerr"},
		{"long", &dagger.ExecError{ExitCode: 1, Stdout: lines(1, 50)}, "exit code 1\n" + strings.TrimSpace(lines(31, 50))},
		{"wrapped", fmt.Errorf("stage: %w", &dagger.ExecError{ExitCode: 1, Stderr: "err"}), "exit code 1\nerr"},
	} {
		if got := explain(c.err); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
	if got := explain(&dagger.ExecError{ExitCode: 1, Stderr: "curl: Network is down\n"}); !strings.Contains(got, "tried to reach the network") {
		t.Errorf("got %q", got)
	}
	if got, want := tail(&dagger.ExecError{Stdout: lines(1, 50), Stderr: "err"}), lines(1, 50)+"err"; got != want {
		t.Errorf("the log is %q", got)
	}
}

// The program that steps run is this one, handed to the engine as a file of the working directory.
func TestNew(t *testing.T) {
	p, _ := plain(t, catalogue(t))
	t.Chdir(t.TempDir())
	all, err := New(dagger.Connect(), p.recipes, p.folder, []*sdkimage.Image{p.image}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	made := all[0]
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.Stat(self)
	if err != nil {
		t.Fatal(err)
	}
	linked, err := interpreter(self)
	if err != nil {
		t.Fatal(err)
	}
	name := "step-program"
	if linked != "" { // it goes with its loader, so that it runs in a container with an older C library
		name = "step-loader/program"
		started := exec.Command(filepath.Join("step-loader", filepath.Base(linked)), "--library-path", "step-loader", name, "-test.list", "^TestNew$")
		if out, err := started.Output(); err != nil || !strings.Contains(string(out), "TestNew") {
			t.Errorf("started by its loader: %s, %v", out, err)
		}
	}
	copied, err := os.Stat(name)
	if err != nil || copied.Size() != want.Size() || copied.Mode()&0o111 == 0 || len(made.program.digest) != 64 {
		t.Errorf("the copy: %v, %v; digest %q", copied, err, made.program.digest)
	}
	if made.options.Jobs != 1 {
		t.Errorf("%d jobs by default", made.options.Jobs)
	}
}
