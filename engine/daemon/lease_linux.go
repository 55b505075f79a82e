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
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// A lease is a connection to the supervisor. It says these words, one a line.
const (
	saysReady  = "ready"   // buildkitd serves
	saysFailed = "failed " // it does not, or not any more, because of what follows
	saysOthers = "others"  // the lease was given up, and the daemon goes on for others
)

// lease is the client's end.
type lease struct {
	files
	conn  *net.UnixConn
	lines *bufio.Reader
}

// errGone says that the supervisor was about to end: there may be room for another one.
var errGone = errors.New("the daemon has ended")

const (
	pollInterval = 3 * time.Millisecond
	patience     = time.Second      // before saying that another run is waited for
	endTimeout   = 20 * time.Second // for the daemon to end; longer than the supervisor gives buildkitd
)

// join takes a lease of the daemon that runs, or starts one. The lock decides who starts it: its holder does, and
// passes it on to the supervisor and everything below, so that whoever gets it knows that nothing is left of
// the daemon before.
func join(ctx context.Context, f files, log io.Writer) (leave func() error, err error) {
	began, told := time.Now(), false
	for {
		l, err := f.dial()
		if err != nil {
			if l, err = f.start(ctx, log); err != nil {
				return nil, err
			}
		}
		if l != nil {
			switch err := l.wait(ctx); {
			case err == nil:
				return l.leave, nil
			case !errors.Is(err, errGone):
				return nil, err
			}
		}
		if !told && time.Since(began) > patience {
			told = true
			fmt.Fprintf(log, "waiting for another run that starts or ends buildkitd in %s\n", f.state)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(pollInterval):
		}
	}
}

func (f files) dial() (*lease, error) {
	conn, err := net.DialUnix("unix", nil, &net.UnixAddr{Name: f.socketOfLeases(), Net: "unix"})
	if err != nil {
		return nil, err
	}
	return &lease{files: f, conn: conn, lines: bufio.NewReader(conn)}, nil
}

// start starts the supervisor, and has a lease of it before it runs. Without the lock it returns nil.
func (f files) start(ctx context.Context, log io.Writer) (*lease, error) {
	lock, err := os.OpenFile(f.lock(), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	defer lock.Close()
	switch err := unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB); {
	case errors.Is(err, unix.EWOULDBLOCK):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("locking %s: %w", f.lock(), err)
	}
	buildkitd, err := f.buildkitd(ctx, log)
	if err != nil {
		return nil, err
	}
	if err := f.clear(); err != nil {
		return nil, err
	}
	return f.supervise(buildkitd, lock)
}

// clear makes the files of a new daemon, in place of what a killed one left. Only the holder of the lock calls it.
func (f files) clear() error {
	if err := errors.Join(f.remove(), os.RemoveAll(f.executor())); err != nil {
		return err
	}
	for _, dir := range []string{f.run(), f.temp()} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
	}
	configuration, err := f.configuration()
	if err != nil {
		return err
	}
	return os.WriteFile(f.config(), []byte(configuration), 0o600)
}

// supervise starts the supervisor: this executable, in namespaces of its own. It holds nothing of ours open, and a
// Ctrl-C on our terminal does not reach it.
func (f files) supervise(buildkitd string, lock *os.File) (*lease, error) {
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: f.socketOfLeases(), Net: "unix"})
	if err != nil {
		return nil, err
	}
	listener.SetUnlinkOnClose(false)
	defer listener.Close()
	leases, err := listener.File()
	if err != nil {
		return nil, err
	}
	defer leases.Close()
	log, err := os.Create(f.log())
	if err != nil {
		return nil, err
	}
	defer log.Close()
	l, err := f.dial()
	if err != nil {
		return nil, err
	}
	cmd := &exec.Cmd{
		Path:        "/proc/self/exe", // valid even when `go run` has removed the file
		Args:        []string{supervisorName, f.state, buildkitd},
		Dir:         "/",
		Stdout:      log,
		Stderr:      log,
		ExtraFiles:  []*os.File{leases, lock}, // leasesFD, lockFD
		SysProcAttr: &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWPID | unix.CLONE_NEWNS, Setsid: true},
	}
	if err := cmd.Start(); err != nil {
		l.conn.Close()
		return nil, fmt.Errorf("starting buildkitd in namespaces of its own: %w: in a container, that takes --privileged; "+
			"or set BUILDKIT_HOST to a BuildKit daemon elsewhere", err)
	}
	go cmd.Wait() // leaves no zombie behind
	return l, nil
}

// wait returns when buildkitd serves.
func (l *lease) wait(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { _ = l.conn.SetReadDeadline(time.Unix(1, 0)) })
	line, err := l.lines.ReadString('\n')
	if !stop() {
		return errors.Join(ctx.Err(), l.leave())
	}
	line = strings.TrimSuffix(line, "\n")
	if line == saysReady {
		return nil
	}
	l.conn.Close()
	if reason, failed := strings.CutPrefix(line, saysFailed); failed {
		return fmt.Errorf("starting buildkitd: %s: %s (see %s)", reason, l.lastWords(), l.log())
	}
	return fmt.Errorf("%w (%w)", errGone, err)
}

// leave gives the lease up, and waits for the daemon's end if nobody else has one.
func (l *lease) leave() error {
	defer l.conn.Close()
	// A daemon that died has closed the connection already; what it said before can still be read.
	_ = l.conn.CloseWrite()
	_ = l.conn.SetReadDeadline(time.Now().Add(endTimeout))
	said, err := io.ReadAll(l.lines)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return fmt.Errorf("buildkitd has not ended in %s: see %s", endTimeout, l.log())
	}
	line := strings.TrimSuffix(string(said), "\n")
	if line == saysOthers {
		return nil
	}
	if err := l.awaitUnlock(); err != nil {
		return err
	}
	if reason, failed := strings.CutPrefix(line, saysFailed); failed {
		return fmt.Errorf("buildkitd ended before its time: %s: see %s", reason, l.log())
	}
	return nil
}

// awaitUnlock returns when nothing of the daemon holds the lock, or the next daemon does.
func (l *lease) awaitUnlock() error {
	lock, err := os.Open(l.lock())
	if err != nil {
		return err
	}
	defer lock.Close()
	for end := time.Now().Add(endTimeout); time.Now().Before(end); time.Sleep(pollInterval) {
		if unix.Flock(int(lock.Fd()), unix.LOCK_SH|unix.LOCK_NB) == nil {
			return nil
		}
		if next, err := l.dial(); err == nil {
			next.conn.Close()
			return nil
		}
	}
	return fmt.Errorf("something that buildkitd started still runs: see %s", l.log())
}

// lastWords is what the daemon's log ends with: buildkitd's own reason, where it has given one before its stack trace.
func (l *lease) lastWords() string {
	text, err := os.ReadFile(l.log())
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	for _, line := range slices.Backward(lines) {
		if reason, ok := strings.CutPrefix(line, "buildkitd: "); ok {
			return reason
		}
	}
	return lines[len(lines)-1]
}
