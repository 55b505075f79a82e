// SPDX-License-Identifier: Apache-2.0

package call_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"crosswheel/engine"
	"crosswheel/engine/call"
)

var update = flag.Bool("update", false, "rewrite the expected outputs in testdata")

// TestMain lets the scripts run this test binary as the program of the module Lab.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"lab": func() {
		client, err := engine.Connect(context.Background())
		if err != nil {
			panic(err)
		}
		call.Main(call.Module{New: New, Source: labSource, Client: client})
	}})
}

// Each script has a temporary directory of its own in $TMPDIR, which must be empty when it ends.
func TestCommandLine(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           "testdata",
		UpdateScripts: *update,
		Setup: func(env *testscript.Env) error {
			scratch := filepath.Join(env.WorkDir, "scratch")
			env.Setenv("TMPDIR", scratch)
			env.Setenv("GORACE", "atexit_sleep_ms=0") // with -race, a second for each program otherwise
			env.Defer(func() {
				if left, err := os.ReadDir(scratch); err != nil || len(left) > 0 {
					env.T().Fatal("left behind: ", left, err)
				}
			})
			return os.Mkdir(scratch, 0o700)
		},
		Condition: func(name string) (bool, error) {
			if name != "root" {
				return false, fmt.Errorf("unknown condition %s", name)
			}
			return os.Geteuid() == 0, nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":   func(ts *testscript.TestScript, _ bool, args []string) { exits(ts, args[0], args[1:]) },
			"signals": signals,
		},
	})
}

// exits CODE PROGRAM ARG...: runs a program that must exit with that code.
func exits(ts *testscript.TestScript, code string, command []string) {
	got, err := 0, ts.Exec(command[0], command[1:]...)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if fmt.Sprint(got) != code {
		ts.Fatalf("exit code %d, want %s", got, code)
	}
}

// signals NUMBER[+] READY CODE PROGRAM ARG...: as exits, but sends a signal when the program has written its process
// number to the file READY; with a plus sign, it goes on sending until the program ends.
func signals(ts *testscript.TestScript, _ bool, args []string) {
	number, again := strings.CutSuffix(args[0], "+")
	n, err := strconv.Atoi(number)
	ts.Check(err)
	ready, done := ts.MkAbs(args[1]), make(chan struct{})
	go func() {
		for {
			select {
			case <-done:
				return
			case <-time.After(10 * time.Millisecond):
			}
			text, err := os.ReadFile(ready)
			pid, notYet := strconv.Atoi(string(text))
			if err != nil || notYet != nil {
				continue
			}
			if err := syscall.Kill(pid, syscall.Signal(n)); err != nil || !again {
				return
			}
		}
	}()
	exits(ts, args[2], args[3:])
	close(done)
}
