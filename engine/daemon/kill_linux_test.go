// SPDX-License-Identifier: Apache-2.0

package daemon

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/moby/buildkit/client"
	"github.com/moby/buildkit/client/llb"
	"github.com/tonistiigi/fsutil"
)

// sleeperVariable names the root file system with which a client runs a container.
const sleeperVariable = "CROSSWHEEL_TEST_SLEEPER"

// sleeper is a program for a container that has nothing else.
const sleeper = `package main

import "time"

func main() { time.Sleep(time.Hour) }
`

// buildSleeper makes a root file system that holds the program alone.
func buildSleeper(t *testing.T) (root string) {
	t.Helper()
	root = t.TempDir()
	source := filepath.Join(t.TempDir(), "main.go")
	if err := os.WriteFile(source, []byte(sleeper), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "build", "-o", filepath.Join(root, "sleeper"), source)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return root
}

// runSleeper has the daemon run the program in a container, until it is interrupted.
func runSleeper(addr, root string) error {
	c, err := client.New(context.Background(), addr)
	if err != nil {
		return err
	}
	defer c.Close()
	files, err := fsutil.NewFS(root)
	if err != nil {
		return err
	}
	// The argument makes the process one of this test's.
	state := llb.Local("root").Run(llb.Args([]string{"/sleeper", root}))
	definition, err := state.Marshal(context.Background(), llb.LinuxAmd64)
	if err != nil {
		return err
	}
	local := client.SolveOpt{LocalMounts: map[string]fsutil.FS{"root": files}}
	_, err = c.Solve(context.Background(), definition, local, nil)
	return err
}

// awaitSleeper returns the program's process when it runs.
func awaitSleeper(t *testing.T, root string) (pid int) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		for _, pid := range processes(t, root) {
			if exe, _ := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid)); exe == "/sleeper" {
				return pid
			}
		}
	}
	t.Fatal("the container has not started")
	return 0
}

// Whatever is killed while a container runs, the container ends, and its mounts and control groups go.
func TestKilledMidExec(t *testing.T) {
	needDaemon(t)
	root := buildSleeper(t)
	for _, victim := range []string{"buildkitd", supervisorName, "client"} {
		t.Run(victim, func(t *testing.T) {
			f := needDaemon(t)
			t.Setenv(sleeperVariable, root)
			c := launchClient(t)
			c.awaitConnected(t)
			container := awaitSleeper(t, root)
			pid := c.Process.Pid
			if victim != "client" {
				pid = processNamed(t, f, victim)
			}
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			for end := time.Now().Add(15 * time.Second); alive(container); time.Sleep(time.Millisecond) {
				if time.Now().After(end) {
					t.Fatal("the container lives on")
				}
			}
			if victim == supervisorName { // its sockets and control groups wait for the next start
				if err := connect(t).Close(); err != nil {
					t.Error(err)
				}
			}
			nothingLeft(t, f)
		})
	}
}

func alive(pid int) bool { return syscall.Kill(pid, 0) == nil }
