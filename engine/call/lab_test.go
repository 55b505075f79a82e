// SPDX-License-Identifier: Apache-2.0

// Lab is a module with an argument and a result of every kind.
//
// It lives in a test, and its source is embedded from there.
package call_test

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"crosswheel/engine"
)

//go:embed lab_test.go
var labSource embed.FS

// Lab is the main object.
type Lab struct {
	// Where the samples come from.
	Site string
	// +private
	Samples *engine.Directory
}

// New opens the lab.
func New(
	// Site that the samples come from.
	// +default="here"
	site string,

	// Directory of samples.
	// +defaultPath="/samples"
	// +ignore=["*.tmp"]
	samples *engine.Directory,
) *Lab {
	return &Lab{Site: site, Samples: samples}
}

// Show prints every argument that it was given, in the form of Go. What is not given is said to be so. The text goes
// on for more than a line.
//
// A second paragraph is for those who ask for the help of this very function.
func (l *Lab) Show(
	ctx context.Context,
	// Name of the thing.
	name string,
	// How often, and so much is said about it that the help has to break the line in two.
	// +default=3
	count int,
	// +optional
	dryRun bool, // Do nothing.
	// Tags to show; repeat the flag, or separate them by commas.
	// +optional
	tags []string,
	// +optional
	maybe *int,
	// Same comment for two.
	// +optional
	first, second string,
) string {
	some := "none"
	if maybe != nil {
		some = fmt.Sprint(*maybe)
	}
	return fmt.Sprintf("name=%q count=%d dry-run=%t tags=%q maybe=%s first=%q second=%q",
		name, count, dryRun, tags, some, first, second)
}

// All hands on the samples.
func (l *Lab) All() *engine.Directory { return l.Samples }

// Read takes a file and a secret of the host.
func (l *Lab) Read(
	ctx context.Context,
	file *engine.File,
	// +optional
	key *engine.Secret,
) (string, error) {
	text, err := file.Contents(ctx)
	if err != nil || key == nil {
		return text, err
	}
	name, err := key.Name(ctx)
	return strings.TrimSpace(text) + " " + name, err
}

// Echo hands the file on.
func (l *Lab) Echo(file *engine.File) *engine.File { return file }

// Robot2 finds a robot.
func (l *Lab) Robot2(
	// Number of the robot.
	// +default=1
	number int,
) Robot {
	return Robot{Number: number, Site: l.Site, Names: []string{"<tip>", "arm"}}
}

// Numbers lists some.
func (l *Lab) Numbers() []int { return []int{1, 2} }

// Pick takes its arguments as a struct, one of them with a name that no parameter can have.
func (l *Lab) Pick(ctx context.Context, with struct {
	// What to pick.
	// +optional
	Select []string
	// How many to pick.
	// +default=2
	AtMost int // not read: there is a comment above
}) []string {
	return with.Select[:min(with.AtMost, len(with.Select))]
}

// Where prints the working directory of functions.
func (l *Lab) Where() (string, error) { return os.Getwd() }

// Litter leaves a file in the working directory and says what the engine was told about progress.
func (l *Lab) Litter() (string, error) {
	return os.Getenv("CROSSWHEEL_PROGRESS"), os.WriteFile("litter", nil, 0o600)
}

// Check fails when it is told to.
func (l *Lab) Check(
	// Fail in the way of a command.
	// +optional
	command bool,
	// +optional
	fail bool,
	// +optional
	panics bool,
) error {
	if panics {
		panic("a bug in the module")
	}
	if command {
		return fmt.Errorf("numpy: %w", commandError{})
	}
	if fail {
		return errors.New("numpy 1.24.0: the compiler stopped\n  line 1\n  line 2")
	}
	return nil
}

// Wait writes its process number to a file, then waits to be stopped.
func (l *Lab) Wait(
	ctx context.Context,
	// File to write when ready.
	ready string,
	// Do not listen when told to stop.
	// +optional
	deaf bool,
) error {
	if err := os.WriteFile(ready, []byte(fmt.Sprint(os.Getpid())), 0o600); err != nil {
		return err
	}
	stop := ctx.Done()
	if deaf {
		stop = nil
	}
	select {
	case <-stop:
		return fmt.Errorf("waiting: %w", ctx.Err())
	case <-time.After(30 * time.Second):
		return errors.New("nobody stopped the wait")
	}
}

// Robot is an object that functions return by value.
type Robot struct {
	// Number of the robot.
	Number int
	// Site of the lab.
	Site string
	// Names of its parts.
	Names []string
	// +private
	Secret string
}

// Greet says hello.
func (r *Robot) Greet(
	// Words to say, one after the other.
	words ...string,
) string {
	return fmt.Sprintf("robot %d at %s says %s", r.Number, r.Site, strings.Join(words, " "))
}

// Next is the robot after this one.
func (r Robot) Next() *Robot {
	r.Number++
	return &r
}

// Nobody is no robot at all.
func (r Robot) Nobody() *Robot { return nil }

// commandError is an error with a failed command in it, as the engine's have one.
type commandError struct{}

func (commandError) Error() string { return "exit code: 7" }

func (commandError) As(target any) bool {
	exec, ok := target.(**engine.ExecError)
	if ok {
		*exec = &engine.ExecError{ExitCode: 7, Stderr: "no such header\n"}
	}
	return ok
}
