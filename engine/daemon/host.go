// SPDX-License-Identifier: Apache-2.0

package daemon

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
)

// host is what decides whether a daemon can be started here.
type host struct {
	os, arch string
	uid      int
	runc     bool
}

func thisHost() host {
	return host{os: runtime.GOOS, arch: runtime.GOARCH, uid: os.Geteuid(), runc: onPath("buildkit-runc") || onPath("runc")}
}

func onPath(program string) bool {
	_, err := exec.LookPath(program)
	return err == nil
}

// check says the first reason why no daemon can be started here, with its remedy.
func (h host) check() error {
	switch {
	case h.os != "linux":
		return fmt.Errorf("the embedded engine starts BuildKit on Linux only, and this is %s: "+
			"set BUILDKIT_HOST to a BuildKit daemon on Linux, or use `dagger call`", h.os)
	case h.arch != "amd64":
		return fmt.Errorf("the toolchain runs on x86_64, and this host is %s: "+
			"use an x86_64 machine, or set BUILDKIT_HOST to a BuildKit daemon on one", h.arch)
	case h.uid != 0:
		return errors.New("starting BuildKit takes root: " +
			"run the command as root, or set BUILDKIT_HOST to a BuildKit daemon that runs already")
	case !h.runc:
		return errors.New("runc, which runs BuildKit's containers, is not on PATH: " +
			"install it (`apt-get install runc`), or set BUILDKIT_HOST to a BuildKit daemon elsewhere")
	}
	return nil
}
