// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"slices"
	"strings"
)

// Imports are the modules that the wheel brings: what lies at its top, or at the top of what is installed there from .data.
func (w *Wheel) Imports() []string {
	var names []string
	for _, m := range w.Members {
		name := m.Name
		top, rest, inFolder := strings.Cut(name, "/")
		if strings.HasSuffix(top, ".data") {
			scheme, below, _ := strings.Cut(rest, "/")
			if scheme != "purelib" && scheme != "platlib" {
				continue
			}
			top, _, inFolder = strings.Cut(below, "/")
		}
		code := strings.HasSuffix(name, ".py") || strings.HasSuffix(name, ".so")
		if strings.HasSuffix(top, ".dist-info") || !code {
			continue
		}
		if !inFolder {
			top, _, _ = strings.Cut(top, ".") // _speedups.cpython-311-arm-linux-gnueabihf.so
		} else if strings.Contains(top, ".") {
			continue // numpy.libs: libraries, and no module
		}
		names = append(names, top)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
