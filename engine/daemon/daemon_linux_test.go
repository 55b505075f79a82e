// SPDX-License-Identifier: Apache-2.0

package daemon

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// clientVariable makes the test's executable a client: it connects, says so, and leaves when its input ends.
const clientVariable = "CROSSWHEEL_TEST_CLIENT"

func TestMain(m *testing.M) {
	if os.Getenv(clientVariable) != "" {
		if err := beClient(); err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func beClient() error {
	conn, err := Connect(context.Background(), os.Stderr)
	if err != nil {
		return err
	}
	fmt.Println("connected")
	if root := os.Getenv(sleeperVariable); root != "" {
		return errors.Join(runSleeper(conn.Addr, root), conn.Close())
	}
	_, _ = io.Copy(io.Discard, os.Stdin)
	return conn.Close()
}

// needDaemon gives the test a state folder of its own and a buildkitd.
func needDaemon(t *testing.T) files {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: it runs daemons")
	}
	if err := thisHost().check(); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	t.Setenv("BUILDKIT_HOST", "")
	if !onPath("buildkitd") { // built once for all tests, where it stays for real runs
		state, err := State()
		if err != nil {
			t.Fatal(err)
		}
		path, err := files{state}.buildkitd(t.Context(), os.Stderr)
		if err != nil {
			t.Fatal(err)
		}
		bin := t.TempDir()
		if err := os.Symlink(path, filepath.Join(bin, "buildkitd")); err != nil {
			t.Fatal(err)
		}
		t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	}
	t.Setenv("CROSSWHEEL_CACHE", t.TempDir())
	state, err := State()
	if err != nil {
		t.Fatal(err)
	}
	f := files{state}
	t.Cleanup(func() {
		if t.Failed() {
			text, _ := os.ReadFile(f.log())
			t.Logf("%s:\n%s", f.log(), text)
		}
	})
	return f
}

func connect(t *testing.T) *Conn {
	t.Helper()
	conn, err := Connect(t.Context(), t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// serves reports whether the daemon accepts connections.
func serves(f files) bool {
	conn, err := net.Dial("unix", f.socket())
	if err == nil {
		conn.Close()
	}
	return err == nil
}

// processes are those with the folder in their command line. With a state folder's: the supervisor and buildkitd.
func processes(t *testing.T, folder string) (found []int) {
	t.Helper()
	paths, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		text, _ := os.ReadFile(path)
		if strings.Contains(string(text), folder) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			found = append(found, pid)
		}
	}
	return found
}

func processNamed(t *testing.T, f files, name string) int {
	t.Helper()
	for _, pid := range processes(t, f.state) {
		text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		if strings.HasPrefix(string(text), name+"\x00") {
			return pid
		}
	}
	t.Fatalf("no process %s", name)
	return 0
}

// traces are what a daemon of this state folder has left on the machine.
func traces(t *testing.T, f files) (left []string) {
	for _, pid := range processes(t, f.state) {
		left = append(left, fmt.Sprintf("process %d", pid))
	}
	mounts, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(mounts)) {
		if strings.Contains(line, f.state) {
			left = append(left, "mount "+line)
		}
	}
	for _, pattern := range []string{f.run(), f.temp(), "/sys/fs/cgroup/" + f.key(), "/sys/fs/cgroup/*/" + f.key()} {
		found, _ := filepath.Glob(pattern)
		left = append(left, found...)
	}
	return left
}

// nothingLeft waits, for clients that were killed cannot, but not for long.
func nothingLeft(t *testing.T, f files) {
	t.Helper()
	var left []string
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if left = traces(t, f); len(left) == 0 {
			return
		}
	}
	t.Errorf("left behind: %q", left)
}

func TestStartAndEnd(t *testing.T) {
	f := needDaemon(t)
	start := time.Now()
	conn := connect(t)
	started := time.Since(start)
	if !serves(f) {
		t.Error("connected, but nothing serves")
	}
	start = time.Now()
	if err := conn.Close(); err != nil {
		t.Error(err)
	}
	t.Logf("started in %s, ended in %s", started, time.Since(start))
	if left := processes(t, f.state); len(left) > 0 {
		t.Errorf("Close has returned, and these run: %v", left)
	}
	nothingLeft(t, f)
	if err := conn.Close(); err != nil {
		t.Errorf("closed twice: %v", err)
	}
}

func TestLastLeaseEndsDaemon(t *testing.T) {
	for _, order := range [][2]int{{0, 1}, {1, 0}} {
		f := needDaemon(t)
		conns := []*Conn{connect(t), connect(t)}
		if n := len(processes(t, f.state)); n != 2 {
			t.Errorf("%d processes for two clients, want a supervisor and a buildkitd", n)
		}
		if err := conns[order[0]].Close(); err != nil {
			t.Error(err)
		}
		if !serves(f) {
			t.Errorf("closed %d, and %d has no daemon", order[0], order[1])
		}
		if err := conns[order[1]].Close(); err != nil {
			t.Error(err)
		}
		nothingLeft(t, f)
	}
}

// testClient is another program that uses the daemon.
type testClient struct {
	*exec.Cmd
	stdin  io.Closer // ends it
	stdout *bufio.Reader
}

func launchClient(t *testing.T, inherited ...*os.File) *testClient {
	t.Helper()
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), clientVariable+"=1")
	cmd.ExtraFiles = inherited
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	return &testClient{cmd, stdin, bufio.NewReader(stdout)}
}

func (c *testClient) awaitConnected(t *testing.T) {
	t.Helper()
	if line, err := c.stdout.ReadString('\n'); line != "connected\n" {
		t.Fatalf("client: %q, %v", line, err)
	}
}

func TestKilledClient(t *testing.T) {
	f := needDaemon(t)
	c := launchClient(t)
	c.awaitConnected(t)
	if !serves(f) {
		t.Error("nothing serves")
	}
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	nothingLeft(t, f)
}

// The client that started the daemon ends before it: whoever reads its output, or waits for a pipe that it was
// given, is not kept waiting.
func TestStarterLeavesNothingOpen(t *testing.T) {
	f := needDaemon(t)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	c := launchClient(t, w)
	w.Close()
	c.awaitConnected(t)
	conn := connect(t)
	c.stdin.Close()
	for name, reader := range map[string]io.Reader{"output": c.stdout, "pipe": r} {
		end := make(chan error, 1)
		go func() {
			_, err := io.Copy(io.Discard, reader)
			end <- err
		}()
		select {
		case err := <-end:
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
		case <-time.After(15 * time.Second):
			t.Errorf("the daemon keeps its starter's %s open", name)
		}
	}
	if !serves(f) {
		t.Error("the daemon has ended with its starter")
	}
	if err := conn.Close(); err != nil {
		t.Error(err)
	}
	nothingLeft(t, f)
}

func TestKilledDaemon(t *testing.T) {
	for _, victim := range []string{"buildkitd", supervisorName} {
		t.Run(victim, func(t *testing.T) {
			f := needDaemon(t)
			conn := connect(t)
			if err := syscall.Kill(processNamed(t, f, victim), syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			for serves(f) {
				time.Sleep(time.Millisecond)
			}
			// A supervisor that was killed says nothing more, and leaves its sockets to the next start.
			if err := conn.Close(); victim == "buildkitd" && (err == nil || !strings.Contains(err.Error(), "killed")) {
				t.Errorf("Close has not told that buildkitd died: %v", err)
			}
			if victim == "buildkitd" {
				nothingLeft(t, f)
			}
			next := connect(t)
			if !serves(f) {
				t.Error("the next daemon does not serve")
			}
			if err := next.Close(); err != nil {
				t.Error(err)
			}
			nothingLeft(t, f)
		})
	}
}

func TestConcurrentClients(t *testing.T) {
	f := needDaemon(t)
	var clients []*testClient
	for range 5 {
		clients = append(clients, launchClient(t))
	}
	for _, c := range clients {
		c.awaitConnected(t)
	}
	if n := len(processes(t, f.state)); n != 2 {
		t.Errorf("%d processes for five clients, want a supervisor and a buildkitd", n)
	}
	for _, c := range clients {
		c.stdin.Close()
	}
	nothingLeft(t, f)
}

// One client leaves while the next one comes, over and over: none may be refused.
func TestComingAndGoing(t *testing.T) {
	f := needDaemon(t)
	errs := make(chan error)
	for range 3 {
		go func() {
			for range 6 {
				conn, err := Connect(t.Context(), io.Discard)
				if err == nil && !serves(f) {
					err = fmt.Errorf("connected, but nothing serves")
				}
				if err == nil {
					err = conn.Close()
				}
				if err != nil {
					errs <- err
					return
				}
			}
			errs <- nil
		}()
	}
	for range 3 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	nothingLeft(t, f)
}

func TestCancelledStart(t *testing.T) {
	f := needDaemon(t)
	for _, delay := range []time.Duration{time.Millisecond, 20 * time.Millisecond, 60 * time.Millisecond} {
		ctx, cancel := context.WithTimeout(t.Context(), delay)
		conn, err := Connect(ctx, t.Output())
		if err == nil {
			err = conn.Close()
		}
		cancel()
		t.Logf("after %s: %v", delay, err)
		nothingLeft(t, f)
	}
}

func TestFailedStart(t *testing.T) {
	f := needDaemon(t)
	if err := os.WriteFile(f.root(), nil, 0o600); err != nil { // where a folder has to be
		t.Fatal(err)
	}
	_, err := Connect(t.Context(), t.Output())
	if err == nil || !strings.Contains(err.Error(), "not a directory") {
		t.Errorf("got %v", err)
	}
	nothingLeft(t, f)
}
