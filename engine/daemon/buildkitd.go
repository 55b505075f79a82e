// SPDX-License-Identifier: Apache-2.0

package daemon

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"
)

const (
	engineModule   = "crosswheel/engine"
	buildkitModule = "github.com/moby/buildkit"
)

// buildkitd finds the daemon's program: on PATH, or the one built earlier, or by building it now.
// Only the holder of the lock calls it, so that it is built once.
func (f files) buildkitd(ctx context.Context, log io.Writer) (string, error) {
	if path, err := exec.LookPath("buildkitd"); err == nil {
		return filepath.Abs(path)
	}
	if _, err := exec.LookPath("go"); err != nil {
		return "", fmt.Errorf("no buildkitd is on PATH, and no go to build it with: install one of them")
	}
	version, err := buildkitVersion(ctx)
	if err != nil {
		return "", err
	}
	path := filepath.Join(f.bin(), "buildkitd-"+version)
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	fmt.Fprintf(log, "building buildkitd %s, once: about two minutes\n", version)
	start := time.Now()
	if err := build(ctx, path, log); err != nil {
		return "", fmt.Errorf("building buildkitd %s: %w", version, err)
	}
	fmt.Fprintf(log, "built buildkitd %s in %s\n", version, time.Since(start).Round(time.Second))
	return path, nil
}

// buildkitVersion is the version of BuildKit that this program speaks, and so the one to build.
func buildkitVersion(ctx context.Context) (string, error) {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, dep := range info.Deps {
			if dep.Path == buildkitModule {
				return dep.Version, nil
			}
		}
	}
	return listModule(ctx, "{{.Version}}", buildkitModule)
}

// build leaves buildkitd at path. It is compiled as `go run` compiles the program itself, without flags of its own:
// most packages then come from Go's build cache.
func build(ctx context.Context, path string, log io.Writer) error {
	dir, err := listModule(ctx, "{{.Dir}}", engineModule)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	temp := path + ".tmp"
	defer os.Remove(temp)
	cmd := goCommand(ctx, "build", "-o", temp, "-ldflags=-s -w", buildkitModule+"/cmd/buildkitd")
	cmd.Dir = dir
	// The engine's own go.mod decides, not the workspace that it happens to lie in.
	cmd.Env = append(os.Environ(), "GOWORK=off")
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s in %s: %w", cmd, dir, err)
	}
	return os.Rename(temp, path)
}

func listModule(ctx context.Context, format, module string) (string, error) {
	cmd := goCommand(ctx, "list", "-m", "-f", format, module)
	cmd.Dir = startDir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("no buildkitd is on PATH, and the source tree to build it from was not found from %s: "+
			"run the command inside the clone, or put buildkitd on PATH (%w: %s)", startDir, err, strings.TrimSpace(stderr.String()))
	}
	return strings.TrimSpace(string(out)), nil
}

// goCommand interrupts go, rather than kill it, when the context ends: go then ends its compilers too.
func goCommand(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	return cmd
}
