// SPDX-License-Identifier: Apache-2.0

package call

import (
	"bytes"
	"io"
	"os"
)

// holdMessages keeps what the module's functions print to the standard error until release is called: the engine's
// display redraws the last lines of a terminal, and would draw over it. Elsewhere than on a terminal nothing is held.
func holdMessages(stderr io.Writer) (release func()) {
	terminal := os.Stderr
	if info, err := terminal.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return func() {}
	}
	read, write, err := os.Pipe()
	if err != nil {
		return func() {} // then the display draws over them: no reason to stop
	}
	var held bytes.Buffer
	done := make(chan struct{})
	go func() {
		defer close(done)
		io.Copy(&held, read)
	}()
	os.Stderr = write
	return func() {
		os.Stderr = terminal
		write.Close()
		<-done
		held.WriteTo(stderr)
	}
}
