// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package base

import "os/exec"

// isolate does nothing: there is no mmdebstrap to isolate.
func isolate(*exec.Cmd) (release func()) { return func() {} }
