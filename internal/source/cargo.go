// SPDX-License-Identifier: Apache-2.0

package source

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/BurntSushi/toml"
)

// Crate is one that a Cargo.lock names.
type Crate struct {
	Name     string `toml:"name"`
	Version  string `toml:"version"`
	Source   string `toml:"source"`   // "registry+https://…", "git+https://…#COMMIT"; empty for one of the source's own
	Checksum string `toml:"checksum"` // the sha256 of what a registry gives
	License  string `toml:"-"`        // as its Cargo.toml says it
}

// LockedCrates are the crates of others that the Cargo.lock called name asks for, in its order. vendored is where `cargo vendor
// --versioned-dirs` has put them: their licences are read there.
func LockedCrates(name, vendored string) ([]Crate, error) {
	var lock struct {
		Packages []Crate `toml:"package"`
	}
	if _, err := toml.DecodeFile(name, &lock); err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	var crates []Crate
	for _, c := range lock.Packages {
		if c.Source == "" {
			continue
		}
		var manifest struct {
			Package struct {
				License any `toml:"license"` // a crate of a workspace may say that it has the workspace's
			} `toml:"package"`
		}
		_, err := toml.DecodeFile(filepath.Join(vendored, c.Name+"-"+c.Version, "Cargo.toml"), &manifest)
		if err != nil && !os.IsNotExist(err) {
			return nil, fmt.Errorf("reading the manifest of the crate %s %s: %w", c.Name, c.Version, err)
		}
		license, _ := manifest.Package.License.(string)
		c.License = strings.Join(strings.Fields(strings.ReplaceAll(license, "/", " OR ")), " ") // the old way to write it
		crates = append(crates, c)
	}
	return crates, nil
}
