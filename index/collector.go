// SPDX-License-Identifier: Apache-2.0

package index

import "runtime/debug"

// TuneCollector sets Go's garbage collector for a program whose whole work is an index: what a project needs is garbage when it is written, and little
// of it stays. So memory is collected seldom while there is not much, and often when it comes near a limit, which an index of 100,000 wheels keeps.
func TuneCollector() {
	const seldom, limit = 400, 220 << 20
	debug.SetGCPercent(seldom)
	debug.SetMemoryLimit(limit)
}
