// SPDX-License-Identifier: Apache-2.0

package base

import (
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// isolate has root's command run in PID and mount namespaces of its own, so that none of its processes and mounts
// outlives it or this program, however either ends. The caller stays on its thread until release, for the kernel takes
// the thread's end for the program's. Without root, mmdebstrap has namespaces of its own, and is asked to end.
func isolate(cmd *exec.Cmd) (release func()) {
	if os.Geteuid() != 0 {
		cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
		cmd.WaitDelay = 10 * time.Second
		return func() {}
	}
	runtime.LockOSThread()
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:   syscall.CLONE_NEWPID,
		Unshareflags: syscall.CLONE_NEWNS, // as a flag of unshare, Go makes the mounts private too
		Pdeathsig:    syscall.SIGKILL,
	}
	return runtime.UnlockOSThread
}
