// SPDX-License-Identifier: Apache-2.0

package daemon

import (
	"errors"
	"fmt"
	"io/fs"
	"log"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// supervisorName is what the supervisor is called as, and what it is told by.
const supervisorName = "crosswheel-buildkitd"

// What the supervisor is started with, after standard input, output and error.
const (
	leasesFD = 3 // the listening socket for leases
	lockFD   = 4 // the lock on the state folder
)

// killDelay is how long buildkitd has to end by itself.
const killDelay = 10 * time.Second

func init() {
	if len(os.Args) != 3 || os.Args[0] != supervisorName {
		return
	}
	if err := newSupervisor(files{os.Args[1]}, os.Args[2]).run(); err != nil {
		log.Fatal(err)
	}
	os.Exit(0)
}

// supervisor is the first process of the daemon's namespaces. It runs buildkitd while there are leases.
type supervisor struct {
	files
	program string
	lock    *os.File

	joined, left chan *net.UnixConn
	ready        chan error
	exited       chan unix.WaitStatus
	pid          int // of buildkitd, once started
}

func newSupervisor(f files, program string) *supervisor {
	return &supervisor{
		files:   f,
		program: program,
		lock:    os.NewFile(lockFD, f.lock()),
		joined:  make(chan *net.UnixConn),
		left:    make(chan *net.UnixConn),
		ready:   make(chan error, 1),
		exited:  make(chan unix.WaitStatus, 1),
	}
}

// run serves leases until the last one is given up, or buildkitd ends.
func (s *supervisor) run() error {
	if err := keepOnly(leasesFD, lockFD); err != nil {
		return err
	}
	terminated := make(chan os.Signal, 1)
	signal.Notify(terminated, unix.SIGTERM)
	listener, err := net.FileListener(os.NewFile(leasesFD, s.leases()))
	if err != nil {
		return err
	}
	go s.accept(listener.(*net.UnixListener))

	held, serving := map[*net.UnixConn]bool{}, false
	tell := func(word string) {
		for conn := range held {
			fmt.Fprintln(conn, word)
		}
	}
	// The starter's lease is there before we are; a failure to start has somebody to be told to.
	first := <-s.joined
	held[first] = true
	go s.watch(first)
	if err := s.startBuildkitd(); err != nil {
		tell(saysFailed + err.Error())
		return errors.Join(err, s.remove())
	}
	for {
		select {
		case conn := <-s.joined:
			held[conn] = true
			go s.watch(conn)
			if serving {
				fmt.Fprintln(conn, saysReady)
			}
		case conn := <-s.left:
			delete(held, conn)
			if len(held) == 0 {
				// The connection stays open: that it closes tells the client that we are gone.
				err := s.end()
				if err != nil {
					fmt.Fprintln(conn, saysFailed+err.Error())
				}
				return err
			}
			fmt.Fprintln(conn, saysOthers)
			conn.Close()
		case err := <-s.ready:
			if err != nil {
				log.Print(err)
				continue
			}
			serving = true
			tell(saysReady)
		case status := <-s.exited:
			s.pid = 0
			err := fmt.Errorf("buildkitd %s", describe(status))
			tell(saysFailed + err.Error())
			return errors.Join(err, s.end())
		case <-terminated:
			return s.end()
		}
	}
}

func (s *supervisor) accept(listener *net.UnixListener) {
	for {
		conn, err := listener.AcceptUnix()
		if err != nil {
			return
		}
		s.joined <- conn
	}
}

// watch waits for a lease's end. Clients send nothing: whatever ends the read is one.
func (s *supervisor) watch(conn *net.UnixConn) {
	_, _ = conn.Read(make([]byte, 1))
	s.left <- conn
}

// startBuildkitd starts buildkitd; s.ready says when it serves, s.exited when it ends.
func (s *supervisor) startBuildkitd() error {
	if err := s.mount(); err != nil {
		return err
	}
	notify, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: s.notify(), Net: "unixgram"})
	if err != nil {
		return err
	}
	process, err := os.StartProcess(s.program, []string{"buildkitd", "--config", s.config()}, &os.ProcAttr{
		Dir: "/",
		Env: append(os.Environ(),
			"NOTIFY_SOCKET="+s.notify(),
			"TMPDIR="+s.temp(),
			// A failed step shows its log whole.
			"BUILDKIT_STEP_LOG_MAX_SIZE=-1",
			"BUILDKIT_STEP_LOG_MAX_SPEED=-1",
		),
		Files: []*os.File{nil, os.Stdout, os.Stderr, s.lock},
	})
	if err != nil {
		return err
	}
	s.pid = process.Pid
	go s.reap(s.pid)
	go func() {
		defer notify.Close()
		_, err := notify.Read(make([]byte, 256)) // READY=1, as to systemd
		s.ready <- err
	}()
	return nil
}

// mount makes this mount namespace private, and its /proc that of this PID namespace. runc keeps its notes about
// containers in /run/runc; those of ours go with the namespace.
func (s *supervisor) mount() error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("making mounts private: %w", err)
	}
	const flags = unix.MS_NOSUID | unix.MS_NODEV | unix.MS_NOEXEC
	if err := unix.Mount("proc", "/proc", "proc", flags, ""); err != nil {
		return fmt.Errorf("mounting /proc: %w", err)
	}
	if err := os.MkdirAll("/run/runc", 0o700); err != nil {
		return err
	}
	if err := unix.Mount("tmpfs", "/run/runc", "tmpfs", flags, "mode=0700"); err != nil {
		return fmt.Errorf("mounting /run/runc: %w", err)
	}
	return nil
}

// reap collects every process that ends, as the first process of a PID namespace has to, until none is left.
func (s *supervisor) reap(buildkitd int) {
	for {
		var status unix.WaitStatus
		switch pid, err := unix.Wait4(-1, &status, 0, nil); {
		case err == unix.ECHILD:
			close(s.exited)
			return
		case pid == buildkitd:
			s.exited <- status
		}
	}
}

// end ends buildkitd, unless it has ended, and all that it started, and removes their traces.
func (s *supervisor) end() (err error) {
	if s.pid != 0 {
		_ = unix.Kill(s.pid, unix.SIGTERM)
		select {
		case status := <-s.exited:
			if status.Signaled() { // somebody was faster
				err = fmt.Errorf("buildkitd %s", describe(status))
			}
		case <-time.After(killDelay):
			log.Printf("buildkitd has not ended in %s: killed", killDelay)
		}
	}
	_ = unix.Kill(-1, unix.SIGKILL) // everything in the namespace, but us
	for range s.exited {            // until reap has found nobody left
	}
	return errors.Join(err, s.remove())
}

// remove removes what only a living daemon needs.
func (f files) remove() error {
	f.removeControlGroups()
	return errors.Join(os.RemoveAll(f.run()), os.RemoveAll(f.temp()))
}

// removeControlGroups removes those of containers that were killed with the daemon. Version 1 has a tree for each
// controller, version 2 a single one. A group that is still in use stays, for the next start to remove.
func (f files) removeControlGroups() {
	for _, pattern := range []string{"/sys/fs/cgroup", "/sys/fs/cgroup/*"} {
		tops, _ := filepath.Glob(filepath.Join(pattern, f.key()))
		for _, top := range tops {
			var groups []string
			_ = filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
				if err == nil && entry.IsDir() {
					groups = append(groups, path)
				}
				return nil
			})
			for _, group := range slices.Backward(groups) {
				_ = unix.Rmdir(group)
			}
		}
	}
}

// keepOnly closes what was inherited, but for standard input, output, error and fds, which it keeps from going
// further. The client may itself have been given descriptors, a build tool's pipes, say, that somebody waits to see closed.
// What the runtime opened in this process is known by its close-on-exec flag.
func keepOnly(fds ...int) error {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return err
	}
	for _, fd := range fds {
		unix.CloseOnExec(fd)
	}
	for _, entry := range entries {
		fd, err := strconv.Atoi(entry.Name())
		if err != nil || fd <= 2 {
			continue
		}
		if flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err == nil && flags&unix.FD_CLOEXEC == 0 {
			unix.Close(fd)
		}
	}
	return nil
}

func describe(status unix.WaitStatus) string {
	if status.Signaled() {
		return "ended by signal " + syscall.Signal(status.Signal()).String()
	}
	return "exit status " + strconv.Itoa(status.ExitStatus())
}
