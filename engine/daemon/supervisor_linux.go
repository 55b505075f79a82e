// SPDX-License-Identifier: Apache-2.0

package daemon

import (
	"errors"
	"fmt"
	"log"
	"net"
	"os"
	"os/signal"
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
	exited       chan unix.WaitStatus // closed when no process is left

	leases  map[*net.UnixConn]bool
	serving bool
	pid     int // of buildkitd while it runs
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
		leases:  map[*net.UnixConn]bool{},
	}
}

// run runs buildkitd until the last lease is given up, or buildkitd ends.
func (s *supervisor) run() error {
	if err := keepOnly(leasesFD, lockFD); err != nil {
		return err
	}
	terminated := make(chan os.Signal, 1)
	signal.Notify(terminated, unix.SIGTERM)
	listener, err := net.FileListener(os.NewFile(leasesFD, s.socketOfLeases()))
	if err != nil {
		return err
	}
	go s.accept(listener.(*net.UnixListener))
	// The starter's lease is there before we are: somebody can be told that buildkitd does not start.
	s.join(<-s.joined)
	if err := s.startBuildkitd(); err != nil {
		s.tell(saysFailed + err.Error())
		return errors.Join(err, s.remove())
	}
	return s.serve(terminated)
}

func (s *supervisor) serve(terminated <-chan os.Signal) error {
	for {
		select {
		case conn := <-s.joined:
			s.join(conn)
		case conn := <-s.left:
			delete(s.leases, conn)
			if len(s.leases) == 0 {
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
			s.serving = true
			s.tell(saysReady)
		case status := <-s.exited:
			s.pid = 0
			err := fmt.Errorf("buildkitd %s", describe(status))
			s.tell(saysFailed + err.Error())
			return errors.Join(err, s.end())
		case <-terminated:
			return s.end()
		}
	}
}

func (s *supervisor) join(conn *net.UnixConn) {
	s.leases[conn] = true
	go s.watch(conn)
	if s.serving {
		fmt.Fprintln(conn, saysReady)
	}
}

// tell says a word to every client.
func (s *supervisor) tell(word string) {
	for conn := range s.leases {
		fmt.Fprintln(conn, word)
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
	if err := mountOwn(); err != nil {
		return err
	}
	notify, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: s.socketOfNotes(), Net: "unixgram"})
	if err != nil {
		return err
	}
	process, err := os.StartProcess(s.program, []string{"buildkitd", "--config", s.config()}, &os.ProcAttr{
		Dir: "/",
		Env: append(os.Environ(),
			"NOTIFY_SOCKET="+s.socketOfNotes(),
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

func describe(status unix.WaitStatus) string {
	if status.Signaled() {
		return "ended by signal " + syscall.Signal(status.Signal()).String()
	}
	return "exit status " + strconv.Itoa(status.ExitStatus())
}
