// SPDX-License-Identifier: Apache-2.0

// Package step is the part of the pipeline that runs inside the engine's containers: this program executes a copy of
// itself there, under a step's name. No second program is shipped, and no second language.
//
// It is not for deciding what runs where (package pipeline does), nor for compiling: what a compile step consists of
// must not change with this program.
package step

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// Variable is the environment variable whose presence makes the program run a step instead of itself.
const Variable = "CROSSWHEEL_STEP"

// Out is the folder that a step writes its results to.
const Out = "/out"

// steps are the steps by name. Each takes its own type of options.
var steps = map[string]func(context.Context, []byte) error{
	"fetch":        options(fetch),
	"clone":        options(clone),
	"unpack":       options(unpack),
	"lock":         options(lockRequirements),
	"requirements": options(requirements),
	"sdk":          options(openSDK),
	"crates":       options(crates),
	"facts":        options(facts),
	"compare":      options(compare),
	"export":       options(exportLibrary),
	"finish":       options(finish),
	"debug":        options(debugFiles),
	"reference":    options(reference),
	"audit":        options(audit),
	"index":        options(makeIndex),
	"bundle":       options(bundle),
	"install":      options(install),
}

// options makes a step of a function by decoding its options. They come from this same program: a name that the step does
// not know is a mistake in it.
func options[O any](run func(context.Context, O) error) func(context.Context, []byte) error {
	return func(ctx context.Context, text []byte) error {
		var o O
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&o); err != nil {
			return fmt.Errorf("the step's options: %w", err)
		}
		return run(ctx, o)
	}
}

// Main runs the step that the arguments name, NAME LABEL OPTIONS, and exits, if [Variable] is set. The label is for
// people who read the engine's progress.
func Main() {
	if os.Getenv(Variable) == "" {
		return
	}
	if len(os.Args) != 4 || steps[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: STEP LABEL OPTIONS")
		os.Exit(2)
	}
	if err := steps[os.Args[1]](context.Background(), []byte(os.Args[3])); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// writeJSON writes a result file below Out.
func writeJSON(name string, value any) error {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(Out, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(Out, name), append(text, '\n'), 0o644)
}

// readJSON reads a result file of an earlier step.
func readJSON(name string, value any) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, value); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
