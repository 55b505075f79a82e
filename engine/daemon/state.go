// SPDX-License-Identifier: Apache-2.0

package daemon

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
)

// Variables that people set.
const (
	// cacheVariable moves the state folder.
	cacheVariable = "CROSSWHEEL_CACHE"
	// sizeVariable bounds what BuildKit keeps there: a size such as 20GB, or a share of the disk such as 30%.
	sizeVariable = "CROSSWHEEL_CACHE_SIZE"
)

// defaultSize bounds BuildKit's cache where sizeVariable is not set.
const defaultSize = "40GB"

// startDir is where the program was started: relative paths from the environment and the search for the source tree
// begin there, even when main has changed its folder since.
var startDir, _ = os.Getwd()

// State is the folder that holds everything kept between runs: BuildKit's cache, the buildkitd that we built, images.
// It is $CROSSWHEEL_CACHE, or crosswheel in the user's cache folder, and is made for its owner only.
func State() (string, error) {
	dir := os.Getenv(cacheVariable)
	switch {
	case dir == "":
		cache, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("finding the user's cache folder: %w: set %s to a folder", err, cacheVariable)
		}
		dir = filepath.Join(cache, "crosswheel")
	case !filepath.IsAbs(dir):
		dir = filepath.Join(startDir, dir)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("making the state folder (%s moves it): %w", cacheVariable, err)
	}
	// One folder must have one name: lock, sockets and control group are found by it.
	return filepath.EvalSymlinks(dir)
}

// files names what the daemon keeps below the state folder.
type files struct{ state string }

func (f files) root() string   { return filepath.Join(f.state, "buildkit") }
func (f files) bin() string    { return filepath.Join(f.state, "bin") }
func (f files) lock() string   { return filepath.Join(f.state, "lock") }
func (f files) log() string    { return filepath.Join(f.state, "buildkitd.log") }
func (f files) config() string { return filepath.Join(f.state, "buildkitd.toml") }

// temp is buildkitd's own temporary folder: what a killed one leaves there goes with the folder.
func (f files) temp() string { return filepath.Join(f.state, "tmp") }

// executor is where buildkitd writes a container's configuration. It never removes what a killed one has left there.
func (f files) executor() string { return filepath.Join(f.root(), "runc-overlayfs", "executor") }

// maxSocketPath is the longest path that a unix socket's address holds.
const maxSocketPath = 107

// run holds the sockets. A long state folder has them in /run, under its key.
func (f files) run() string {
	dir := filepath.Join(f.state, "run")
	if len(filepath.Join(dir, "buildkitd.sock")) > maxSocketPath {
		return filepath.Join("/run", f.key())
	}
	return dir
}

func (f files) socket() string         { return filepath.Join(f.run(), "buildkitd.sock") }
func (f files) socketOfLeases() string { return filepath.Join(f.run(), "leases.sock") }
func (f files) socketOfNotes() string  { return filepath.Join(f.run(), "notify.sock") }
func (f files) socketOfTraces() string { return filepath.Join(f.run(), "traces.sock") }

// key names this state folder where names are short and shared: below /run and among control groups.
func (f files) key() string {
	sum := sha256.Sum256([]byte(f.state))
	return fmt.Sprintf("crosswheel-%x", sum[:6])
}

var sizePattern = regexp.MustCompile(`^[0-9]+(%|[KMGT]?B)$`)

// configuration is buildkitd's configuration file. Everything that has a default outside of the state folder is
// named, and /etc/buildkit is not read.
func (f files) configuration() (string, error) {
	size := os.Getenv(sizeVariable)
	if size == "" {
		size = defaultSize
	}
	if !sizePattern.MatchString(size) {
		return "", fmt.Errorf("%s=%q is not a size: write it like 20GB or 30%%", sizeVariable, size)
	}
	return fmt.Sprintf(`# Written at each start; edits are lost.
root = %q
[grpc]
  address = [%q]
[otel]
  socketPath = %q
[cdi]
  disabled = true
[worker.containerd]
  enabled = false
[worker.oci]
  enabled = true
  snapshotter = "overlayfs"
  networkMode = "host"
  defaultCgroupParent = %q
  # Collected after builds: down to maxUsedSpace always, and further, but not below reservedSpace, when the disk runs full.
  maxUsedSpace = %q
  reservedSpace = "4GB"
  minFreeSpace = "10%%"
`, f.root(), "unix://"+f.socket(), f.socketOfTraces(), f.key(), size), nil
}
