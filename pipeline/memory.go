// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"context"
	"math"
	"os"
	"regexp"
	"strconv"
	"sync"
)

// memory lets builds begin while what they say that they need is there. What a build needs is a hint, and nothing holds it to
// it: one that needs more than there is at all runs alone.
type memory struct {
	mutex       sync.Mutex
	total, used int64
	changed     chan struct{} // closed when something was released
}

// machineMemory is this machine's. An engine elsewhere is taken to have as much.
func machineMemory() *memory {
	text, _ := os.ReadFile("/proc/meminfo")
	total := int64(math.MaxInt64) // not a Linux: no limit
	if found := regexp.MustCompile(`MemTotal:\s+(\d+) kB`).FindSubmatch(text); found != nil {
		kilobytes, _ := strconv.ParseInt(string(found[1]), 10, 64) // digits
		total = kilobytes * 1024
	}
	return &memory{total: total, changed: make(chan struct{})}
}

// acquire waits until so many bytes are free. Whoever got them calls the function that is returned.
func (m *memory) acquire(ctx context.Context, bytes int64) (release func(), err error) {
	bytes = min(bytes, m.total)
	for {
		m.mutex.Lock()
		if bytes == 0 || m.used+bytes <= m.total {
			m.used += bytes
			m.mutex.Unlock()
			return func() { m.release(bytes) }, nil
		}
		changed := m.changed
		m.mutex.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (m *memory) release(bytes int64) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.used -= bytes
	close(m.changed)
	m.changed = make(chan struct{})
}
