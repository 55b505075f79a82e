// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"crypto/sha256"
	"debug/elf"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"crosswheel/internal/dagger"
	"crosswheel/internal/step"
	sdkimage "crosswheel/sdk-image"
)

// program is this executable, which stages run inside the engine.
type program struct {
	file   *dagger.File
	loader *dagger.Directory // nil for a static executable
	digest string
}

// Where this program lies in the containers of stages that run it, and what it was linked to.
const (
	programPath = sdkimage.Root + "/program"
	loaderPath  = sdkimage.Root + "/loader"
)

// runProgram is the command of a step of package step.
//
// The two variables of Dagger's are for the client that Dagger generates, which refuses to start without them although
// a step never uses it. They are set by env and not on the container, where Dagger's own init process would read them.
func runProgram(name, label string, options any) []string {
	text, err := json.Marshal(options)
	if err != nil {
		panic("pipeline: options of step " + name + ": " + err.Error()) // they are plain structs
	}
	return []string{"env", step.Variable + "=1", "DAGGER_SESSION_PORT=1", "DAGGER_SESSION_TOKEN=none", programPath, name, label, string(text)}
}

// mount puts the program where [runProgram] finds it.
func (p program) mount(container *dagger.Container) *dagger.Container {
	if p.loader != nil {
		container = container.WithMountedDirectory(loaderPath, p.loader)
	}
	return container.WithMountedFile(programPath, p.file)
}

// thisProgram copies the running executable into the working directory, from where the engine can take it on Dagger too.
//
// Go links to the C library of the machine if it can, and containers may have an older one: then the executable goes with
// the libraries that it runs with here, and a script that starts it with them stands in its place.
func thisProgram(client *dagger.Client) (program, error) {
	const name, loader = "step-program", "step-loader"
	path, err := os.Executable()
	if err != nil {
		return program{}, fmt.Errorf("finding this program: %w", err)
	}
	interpreter, err := interpreter(path)
	if err != nil {
		return program{}, fmt.Errorf("reading this program: %w", err)
	}
	if interpreter == "" {
		digest, err := copyFile(path, name)
		return program{file: client.CurrentModule().WorkdirFile(name), digest: digest}, err
	}
	if err := os.MkdirAll(loader, 0o755); err != nil {
		return program{}, err
	}
	digest, err := copyFile(path, filepath.Join(loader, "program"))
	if err != nil {
		return program{}, err
	}
	if err := copyLoaded(interpreter, loader); err != nil {
		return program{}, err
	}
	script := fmt.Sprintf("#!/bin/sh\nexec %[1]s/%[2]s --library-path %[1]s %[1]s/program \"$@\"\n", loaderPath, filepath.Base(interpreter))
	err = os.WriteFile(name, []byte(script), 0o755)
	return program{client.CurrentModule().WorkdirFile(name), client.CurrentModule().Workdir(loader), digest}, err
}

// interpreter is the dynamic loader that an executable asks for; empty for a static one.
func interpreter(path string) (string, error) {
	file, err := elf.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	for _, segment := range file.Progs {
		if segment.Type == elf.PT_INTERP {
			text, err := io.ReadAll(segment.Open())
			return strings.TrimRight(string(text), "\x00"), err
		}
	}
	return "", nil
}

// copyLoaded copies the libraries that this process has loaded, and the loader itself, to a folder.
func copyLoaded(interpreter, to string) error {
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		return fmt.Errorf("asking what this program is linked to: %w", err)
	}
	paths := map[string]bool{interpreter: true}
	for line := range strings.Lines(string(maps)) {
		if fields := strings.Fields(line); len(fields) == 6 && strings.Contains(filepath.Base(fields[5]), ".so") {
			paths[fields[5]] = true
		}
	}
	for path := range paths {
		_, copied := copyFile(path, filepath.Join(to, filepath.Base(path)))
		err = errors.Join(err, copied)
	}
	return err
}

// copyFile copies an executable file and returns its digest.
func copyFile(from, to string) (string, error) {
	in, err := os.Open(from)
	if err != nil {
		return "", err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o755)
	if err != nil {
		return "", err
	}
	hash := sha256.New()
	if _, err := io.Copy(io.MultiWriter(out, hash), in); err != nil {
		return "", fmt.Errorf("copying %s: %w", from, err)
	}
	return hex.EncodeToString(hash.Sum(nil)), out.Close()
}
