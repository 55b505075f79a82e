// SPDX-License-Identifier: Apache-2.0

package source

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"crosswheel/internal/wheel"
)

// BuildSystem is what a source says of how it is built (PEP 517, PEP 518).
type BuildSystem struct {
	Backend     string   `toml:"build-backend" json:"backend"`
	BackendPath []string `toml:"backend-path" json:"backend_path"`
	Requires    []string `toml:"requires" json:"requires"`
}

// legacy is the build system of a source that names none (PEP 517, "Source trees").
var legacy = BuildSystem{Backend: "setuptools.build_meta:__legacy__", Requires: []string{"setuptools", "wheel"}}

// Backends are the build systems that have a name. "pep517" is none of them: it stands for whatever a source names.
var Backends = map[string]BuildSystem{
	"setuptools":        {Backend: "setuptools.build_meta:__legacy__", Requires: []string{"setuptools", "wheel"}},
	"setuptools-rust":   {Backend: "setuptools.build_meta:__legacy__", Requires: []string{"setuptools", "wheel", "setuptools-rust"}},
	"meson-python":      {Backend: "mesonpy", Requires: []string{"meson-python"}},
	"scikit-build-core": {Backend: "scikit_build_core.build", Requires: []string{"scikit-build-core"}},
	"maturin":           {Backend: "maturin", Requires: []string{"maturin"}},
	"hatchling":         {Backend: "hatchling.build", Requires: []string{"hatchling"}},
	"flit-core":         {Backend: "flit_core.buildapi", Requires: []string{"flit-core"}},
	"poetry-core":       {Backend: "poetry.core.masonry.api", Requires: []string{"poetry-core"}},
	"pdm-backend":       {Backend: "pdm.backend", Requires: []string{"pdm-backend"}},
}

// programs are what backends ask for when they are about to build (PEP 517's get_requires_for_build_wheel), by their modules: what
// a source says of itself is not enough.
var programs = map[string][]string{
	"mesonpy":           {"ninja"},
	"scikit_build_core": {"cmake", "ninja"},
}

// ReadBuildSystem says how the source at dir is built: as its pyproject.toml says, or with the backend of that name where
// one is given and it is not the source's own. "pep517" demands that pyproject.toml names one. Where nothing says it, the error is a
// [*NoBuildSystemError].
func ReadBuildSystem(dir, backend string) (BuildSystem, error) {
	system, err := readBuildSystem(dir, backend)
	system.Requires = slices.Concat(system.Requires, programs[module(system.Backend)])
	return system, err
}

func readBuildSystem(dir, backend string) (BuildSystem, error) {
	project, err := readPyproject(dir)
	own := project.BuildSystem
	switch {
	case err != nil:
		return BuildSystem{}, err
	case backend == "pep517" && (own == nil || own.Backend == ""):
		return BuildSystem{}, &NoBuildSystemError{Named: backend}
	}
	wanted, named := Backends[backend]
	if own == nil || named && module(own.Backend) != module(wanted.Backend) {
		if named {
			return wanted, nil
		}
		return guess(dir)
	}
	if own.Backend == "" {
		own.Backend = required(own.Requires)
	}
	if len(own.Requires) == 0 {
		own.Requires = legacy.Requires
	}
	return *own, nil
}

// NoBuildSystemError says that nothing in a source tells how it is built.
type NoBuildSystemError struct {
	Named string   // "pep517" where the recipe demanded that pyproject.toml names a backend
	Names []string // what is at the source's top
}

func (e *NoBuildSystemError) Error() string {
	if e.Named != "" {
		return fmt.Sprintf("the source's pyproject.toml names no build backend, and the recipe's backend is %q: name one there, or none", e.Named)
	}
	return fmt.Sprintf("the source has neither pyproject.toml nor setup.py at its top; it has: %s", strings.Join(e.Names, ", "))
}

// imported finds the modules that a setup.py needs before it can say so.
var imported = regexp.MustCompile(`(?m)^\s*(?:from|import)\s+(setuptools_rust|skbuild)\b`)

// guess is the build system of a source whose pyproject.toml names none: setuptools, with what its setup.py imports.
func guess(dir string) (BuildSystem, error) {
	text, err := os.ReadFile(filepath.Join(dir, "setup.py"))
	if errors.Is(err, fs.ErrNotExist) {
		for _, name := range []string{"setup.cfg", "pyproject.toml"} { // either can stand alone
			if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
				return legacy, nil
			}
		}
		entries, err := os.ReadDir(dir)
		none := &NoBuildSystemError{}
		for _, entry := range entries {
			none.Names = append(none.Names, entry.Name())
		}
		return BuildSystem{}, errors.Join(err, none)
	}
	if err != nil {
		return BuildSystem{}, err
	}
	found := imported.FindSubmatch(text)
	switch {
	case found == nil:
		return legacy, nil
	case string(found[1]) == "setuptools_rust":
		return Backends["setuptools-rust"], nil
	default:
		return BuildSystem{Backend: legacy.Backend, Requires: []string{"setuptools", "wheel", "scikit-build", "cmake", "ninja"}}, nil
	}
}

// required is the backend of a pyproject.toml that requires one and forgets to name it.
func required(requires []string) string {
	for _, name := range []string{"maturin", "meson-python", "scikit-build-core"} {
		for _, requirement := range requires {
			if strings.HasPrefix(wheel.NormalizeProject(requirement), name) {
				return Backends[name].Backend
			}
		}
	}
	return legacy.Backend
}

// module is the first part of a backend's path: setuptools has three backends, and a source knows which one it wants.
func module(backend string) string {
	first, _, _ := strings.Cut(backend, ".")
	return first
}

// pyproject is as much of a pyproject.toml as is read before a build.
type pyproject struct {
	BuildSystem *BuildSystem `toml:"build-system"` // nil where the file says nothing of it
	Project     struct {
		RequiresPython string `toml:"requires-python"`
	} `toml:"project"`
}

// readPyproject reads pyproject.toml; where there is none it is one that says nothing.
func readPyproject(dir string) (pyproject, error) {
	var project pyproject
	text, err := os.ReadFile(filepath.Join(dir, "pyproject.toml"))
	if errors.Is(err, fs.ErrNotExist) {
		return project, nil
	}
	if err != nil {
		return project, err
	}
	if err := toml.Unmarshal(text, &project); err != nil {
		return project, fmt.Errorf("pyproject.toml of the source: %w", err)
	}
	return project, nil
}

// RequiresPython is what the source at dir says of the Pythons that it is for (">=3.8"), as far as that is known before it is built;
// empty where nothing is said. An sdist has it in PKG-INFO, a wheel in METADATA, and a commit perhaps in pyproject.toml.
func RequiresPython(dir string) (string, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.dist-info", "METADATA"))
	if err != nil {
		return "", err
	}
	for _, name := range append(names, filepath.Join(dir, "PKG-INFO")) {
		text, err := os.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		// What cannot be read is for the build to complain of: many old sdists are not what the standard says.
		if metadata, err := wheel.ParseMetadata(text); err == nil && metadata.RequiresPython != "" {
			return metadata.RequiresPython, nil
		}
	}
	project, err := readPyproject(dir)
	return project.Project.RequiresPython, err
}
