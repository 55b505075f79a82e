// SPDX-License-Identifier: Apache-2.0

package base

import (
	"os"
	"os/exec"
	"runtime"
	"syscall"
)

// isolate has root's command run in PID and mount namespaces of its own, so that none of its processes and mounts
// outlives it or this program. The caller holds its thread until release, for the kernel takes the thread's
// end for the program's. Without root mmdebstrap has namespaces of its own anyway.
func isolate(cmd *exec.Cmd) (release func()) {
	if os.Geteuid() != 0 {
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
