// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"crypto/sha256"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/tonistiigi/fsutil"

	"crosswheel/engine/daemon"
)

// sumCache remembers the sums of files by what the kernel says about them, for programs that name the same large file
// again and again: their own executable, say. Those of very large files, such as a toolchain's archive, it remembers
// from one run to the next.
type sumCache struct {
	mu    sync.Mutex
	sums  map[fileIdentity][sha256.Size]byte
	state func() (string, error) // the folder that is kept between runs
	read  bool                   // that what is kept there was read
}

// fileIdentity changes whenever the content does: nothing sets the change time of a file back.
type fileIdentity struct {
	Device, Inode uint64
	Size          int64
	Changed       int64 // in nanoseconds
}

var knownSums = newSumCache(daemon.State)

func newSumCache(state func() (string, error)) *sumCache {
	return &sumCache{sums: make(map[fileIdentity][sha256.Size]byte), state: state}
}

const (
	// veryLarge is the size of files whose sums are kept: reading smaller ones takes no time that a person would notice.
	veryLarge = 64 << 20
	// keptSums is how many are kept.
	keptSums = 100
	// clockTick is more than the kernel's clock of files lags: a file that was changed twice within it may look unchanged.
	clockTick = time.Second
)

func (c *sumCache) of(files fsutil.FS, p string) (sum [sha256.Size]byte, err error) {
	r, err := files.Open(p)
	if err != nil {
		return sum, err
	}
	defer r.Close()
	id, err := identify(r)
	if err != nil {
		return sum, err
	}
	if sum, known := c.find(id); known {
		return sum, nil
	}
	began := time.Now()
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		return sum, err
	}
	sum = [sha256.Size]byte(h.Sum(nil))
	if id != (fileIdentity{}) {
		c.add(id, sum, began)
	}
	return sum, nil
}

// identify asks the kernel about an open file; what is no file of the host has no identity.
func identify(r io.Reader) (id fileIdentity, err error) {
	file, ok := r.(interface{ Stat() (fs.FileInfo, error) })
	if !ok {
		return id, nil
	}
	info, err := file.Stat()
	if err != nil {
		return id, err
	}
	st := info.Sys().(*syscall.Stat_t)
	return fileIdentity{uint64(st.Dev), st.Ino, st.Size, st.Ctim.Nano()}, nil
}

func (c *sumCache) find(id fileIdentity) (sum [sha256.Size]byte, known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if id.Size >= veryLarge && !c.read {
		c.read = true
		for _, k := range c.kept() {
			c.sums[k.File] = [sha256.Size]byte(k.SHA256)
		}
	}
	sum, known = c.sums[id]
	return sum, known
}

func (c *sumCache) add(id fileIdentity, sum [sha256.Size]byte, began time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sums[id] = sum
	if id.Size >= veryLarge && time.Unix(0, id.Changed).Before(began.Add(-clockTick)) {
		c.keep(id, sum)
	}
}

// keptSum is one that is kept between runs.
type keptSum struct {
	File   fileIdentity
	SHA256 []byte
}

const sumsFile = "sums.json"

// kept are those of earlier runs, oldest first. One that cannot be read is one that is not known.
func (c *sumCache) kept() []keptSum {
	dir, err := c.state()
	if err != nil {
		return nil
	}
	text, err := os.ReadFile(filepath.Join(dir, sumsFile))
	var kept []keptSum
	if err != nil || json.Unmarshal(text, &kept) != nil {
		return nil
	}
	return slices.DeleteFunc(kept, func(k keptSum) bool { return len(k.SHA256) != sha256.Size })
}

// keep adds one. That it fails, or that another program does the same at that moment, costs a later run some time.
func (c *sumCache) keep(id fileIdentity, sum [sha256.Size]byte) {
	dir, err := c.state()
	if err != nil {
		return
	}
	kept := append(c.kept(), keptSum{id, sum[:]})
	text, err := json.Marshal(kept[max(0, len(kept)-keptSums):])
	if err != nil {
		return
	}
	file, err := os.CreateTemp(dir, sumsFile)
	if err != nil {
		return
	}
	defer os.Remove(file.Name())
	if _, err = file.Write(text); file.Close() == nil && err == nil {
		os.Rename(file.Name(), filepath.Join(dir, sumsFile))
	}
}
