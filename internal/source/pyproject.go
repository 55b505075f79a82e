// SPDX-License-Identifier: Apache-2.0

package source

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/BurntSushi/toml"
)

// BuildSystem is what a source says of how it is built (PEP 517, PEP 518).
type BuildSystem struct {
	Backend     string   `toml:"build-backend" json:"backend"`
	BackendPath []string `toml:"backend-path" json:"backend_path"`
	Requires    []string `toml:"requires" json:"requires"`
}

// Legacy is the build system of a source that names none (PEP 517, "Source trees").
var Legacy = BuildSystem{Backend: "setuptools.build_meta:__legacy__", Requires: []string{"setuptools", "wheel"}}

// ReadBuildSystem reads pyproject.toml of the source at dir.
func ReadBuildSystem(dir string) (BuildSystem, error) {
	var project struct {
		BuildSystem *BuildSystem `toml:"build-system"`
	}
	name := filepath.Join(dir, "pyproject.toml")
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return Legacy, nil
	}
	if err != nil {
		return BuildSystem{}, err
	}
	if err := toml.Unmarshal(text, &project); err != nil {
		return BuildSystem{}, fmt.Errorf("pyproject.toml of the source: %w", err)
	}
	system := project.BuildSystem
	if system == nil {
		return Legacy, nil
	}
	if system.Backend == "" {
		system.Backend = Legacy.Backend
	}
	if len(system.Requires) == 0 {
		system.Requires = Legacy.Requires
	}
	return *system, nil
}
