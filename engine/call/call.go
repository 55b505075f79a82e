// SPDX-License-Identifier: Apache-2.0

// Package call is the command line of a Dagger module that runs on the embedded engine. It speaks the grammar of
// `dagger call`: the arguments of the constructor, then functions, each followed by its own arguments; a function
// whose result is an object is followed by a function of that object.
//
//	crosswheel --recipes ./recipes build --pkg numpy export --path ./dist
//
// A function that takes files, and that no other can follow, takes words without a flag for their paths: `audit *.whl` works in a shell. Dagger
// wants `--wheel` before each.
//
// Everything is read off the module itself: reflection finds the functions, and the module's own source, embedded in
// the program, gives what reflection does not know, which is doc comments, the names of parameters and Dagger's
// pragmas (+optional, +default, +defaultPath, +ignore, +private). What the engine's own types offer after a function
// is declared in core.go in the same manner.
//
// The whole line is checked before anything runs, so a misspelled `export --pth` does not cost a build. Functions run
// in a private scratch directory, as on Dagger; paths on the command line are those of the directory that the program
// was started in.
//
// Exit codes: 0 for success; 1 when a function failed; 2 when the command line is wrong and nothing was run; 128 and
// the number of the signal when one ended the run, thus 130 for Ctrl-C and 143 for SIGTERM. (`go run` makes 1 of each.)
//
// A module that Dagger would refuse or understand differently (a reserved argument name, a type that can not be
// passed, an unknown pragma, state that would be lost) is its author's mistake: Main panics and names the place.
//
// The package knows nothing of what the module does, and it is no general framework for command lines.
package call

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"crosswheel/engine"
	"crosswheel/engine/internal/scratch"
)

// Exit codes, next to 128 + signal.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// Module is a Dagger module in the form that Main runs.
type Module struct {
	// New is the constructor, a func that returns the module's main object; its arguments become the flags that
	// stand before the first function.
	New any
	// Source holds the Go files, at its root, that declare New and the objects of the module.
	Source fs.FS
	// Client is the engine's client that the module's functions use. Main closes it.
	Client *engine.Client
}

// Main runs the command line in os.Args and exits.
func Main(m Module) {
	os.Exit(newProgram(m).run(os.Args[1:], os.Stdout, os.Stderr))
}

// A program is a module that was read and found sound.
type program struct {
	name        string // as typed, in usage lines
	doc         string
	constructor *function
	client      *engine.Client
}

// run returns the exit code. The result goes to stdout last, when the engine is closed: its display is out of the way
// by then, and a reader that closes the pipe early takes nothing down with it.
func (p *program) run(args []string, stdout, stderr io.Writer) int {
	var result bytes.Buffer
	code, err := p.runLine(args, &result, stderr)
	if err != nil {
		text := err.Error()
		if !strings.HasPrefix(text, "Error: ") { // diagnostics say so themselves, each
			text = "Error: " + text
		}
		fmt.Fprintln(stderr, text)
	}
	if _, err := stdout.Write(result.Bytes()); err != nil {
		fmt.Fprintf(stderr, "Error: writing the result: %v\n", err)
		return exitFailed
	}
	return code
}

func (p *program) runLine(args []string, result, stderr io.Writer) (int, error) {
	line, err := parse(p.constructor, args)
	if err != nil {
		return exitUsage, p.usage(line, err)
	}
	if line.help {
		p.writeHelp(result, line)
		return exitOK, nil
	}
	if len(line.steps) == 1 {
		p.writeHelp(stderr, line)
		return exitUsage, errors.New("a function is missing")
	}
	start, err := os.Getwd()
	if err != nil {
		return exitFailed, fmt.Errorf("finding the current directory: %w", err)
	}
	if err := line.bind(host{start: start, client: p.client}); err != nil {
		return exitUsage, p.usage(line, err)
	}
	if line.progress != "" {
		if err := os.Setenv(engineProgress, line.progress); err != nil {
			return exitFailed, err
		}
	}
	return p.evaluate(line, start, result, stderr)
}

// engineProgress is the variable by which the engine, when it connects, learns how to show its progress.
const engineProgress = "CROSSWHEEL_PROGRESS"

// evaluate runs the steps in the scratch directory, then clears up whatever happened.
func (p *program) evaluate(line *line, start string, result, stderr io.Writer) (code int, err error) {
	private, err := scratch.New(os.TempDir(), p.name+"-")
	if err != nil {
		return exitFailed, fmt.Errorf("making a scratch directory: %w", err)
	}
	ctx, stop := untilSignal(stderr, func() { private.Remove() })
	release := holdMessages(stderr)
	defer func() {
		err = errors.Join(err, p.client.Close(), os.Chdir(start), private.Remove())
		release()
		if code == exitOK && err != nil {
			code = exitFailed
		}
		var s signalled
		if errors.As(context.Cause(ctx), &s) {
			code, err = 128+int(s.Signal.(syscall.Signal)), nil // what broke, broke because we were told to stop
		}
		stop()
	}()
	work := filepath.Join(private.Path, "work")
	if err := cmp.Or(os.Mkdir(work, 0o700), os.Chdir(work)); err != nil {
		return exitFailed, fmt.Errorf("entering the scratch directory: %w", err)
	}
	value, err := line.run(ctx)
	if err == nil {
		err = write(ctx, result, line.last().function, value, line.json)
	}
	if err != nil {
		return exitFailed, explain(err)
	}
	return exitOK, nil
}

// explain adds the output of a failed command where the module let the engine's error through as it came.
func explain(err error) error {
	var exec *engine.ExecError
	if !errors.As(err, &exec) {
		return err
	}
	text := err.Error()
	for _, stream := range []struct{ name, text string }{{"Stdout", exec.Stdout}, {"Stderr", exec.Stderr}} {
		if stream.text != "" {
			text += "\n" + stream.name + ":\n" + strings.TrimRight(stream.text, "\n")
		}
	}
	return errors.New(text)
}

// signalled is the cause of a context that a signal cancelled.
type signalled struct{ os.Signal }

func (s signalled) Error() string { return s.String() }

// untilSignal returns a context that the first signal to stop cancels. The second one ends the program at once, after
// lastRites; stop ends the watch.
func untilSignal(stderr io.Writer, lastRites func()) (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		for s := range signals {
			if ctx.Err() != nil {
				lastRites()
				os.Exit(128 + int(s.(syscall.Signal)))
			}
			cancel(signalled{s})
			fmt.Fprintf(stderr, "Stopping (%v); once more to stop at once.\n", s)
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(signals)
		cancel(nil)
	}
}
