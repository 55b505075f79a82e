// SPDX-License-Identifier: Apache-2.0

package enginetest

import (
	"context"
	"crypto/rand"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
)

// baseImage has a shell and the core utilities.
const baseImage = "debian:bookworm-slim"

// shared is the client of all cases that need none of their own. They run side by side, as a pipeline's steps do.
var shared = sync.OnceValues(func() (*client, error) { return connect(context.Background(), withLogOutput(os.Stderr)) })

func TestMain(m *testing.M) {
	code := m.Run()
	if c, err := shared(); err == nil {
		if err := c.Close(); err != nil {
			os.Stderr.WriteString(err.Error() + "\n")
			code = max(code, 1)
		}
	}
	os.Exit(code)
}

// engine returns the shared client, where there can be an engine.
func engine(t *testing.T) *client {
	t.Helper()
	needEngine(t)
	c, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func needEngine(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: it runs containers")
	}
	if os.Getuid() == 0 || os.Getenv("BUILDKIT_HOST") != "" {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("the conformance cases must run in CI: as root, or with BUILDKIT_HOST")
	}
	t.Skip("an engine needs root, or BUILDKIT_HOST")
}

// another returns a client of its own, closed when the test ends.
func another(t *testing.T) *client {
	t.Helper()
	needEngine(t)
	c, err := connect(t.Context(), withLogOutput(os.Stderr))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func base(c *client) *container { return c.Container().From(baseImage) }

// fresh returns a container that no run has seen before, so that what is built on it is not cached.
func fresh(c *client) *container { return base(c).WithEnvVariable("FRESH", rand.Text()) }

func sh(script string) []string { return []string{"sh", "-c", script} }

// stdout runs a script and returns what it says.
func stdout(t *testing.T, c *container, script string) string {
	t.Helper()
	out, err := c.WithExec(sh(script)).Stdout(t.Context())
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return out
}

func contents(t *testing.T, f interface {
	Contents(context.Context, ...fileContentsOpts) (string, error)
}) string {
	t.Helper()
	text, err := f.Contents(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func equal(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

func equalList(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

func errorHas(t *testing.T, what string, err error, part string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), part) {
		t.Errorf("%s: error is %v, want one that says %q", what, err, part)
	}
}

// uuid is a script that writes something new on each run.
const uuid = "cat /proc/sys/kernel/random/uuid"
