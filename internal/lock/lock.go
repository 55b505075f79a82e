// SPDX-License-Identifier: Apache-2.0

// Package lock reads and writes the lock of a recipe's build requirements: a PEP 751 pylock file beside the recipe.
//
// A lock of ours names files and their hashes and no server (each wheel has a path, relative to the lock): the same
// lock works behind any mirror, and with a folder of wheels and no network at all.
//
// It is not for resolving or installing: uv and pip do that.
package lock

import (
	"bytes"
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
)

// Lock is a pylock file with what it was made from.
type Lock struct {
	Version        string    `toml:"lock-version"`
	CreatedBy      string    `toml:"created-by"`
	RequiresPython string    `toml:"requires-python"`
	Packages       []Package `toml:"packages"`
	Tool           struct {
		Crosswheel Origin `toml:"crosswheel"`
	} `toml:"tool"`
}

// Origin is what a lock was resolved from. A recipe that asks for something else has an outdated lock.
type Origin struct {
	Requires     []string  `toml:"requires"`                // PEP 508, as the recipe or the source has them
	Constraints  []string  `toml:"constraints,omitempty"`   // PEP 508
	ExcludeNewer time.Time `toml:"exclude-newer,omitempty"` // resolved as of this moment; zero: as of the day of locking
}

// Package is one locked requirement.
type Package struct {
	Name    string  `toml:"name"`
	Version string  `toml:"version"`
	Wheels  []Wheel `toml:"wheels,inline"`
}

// Wheel is the one file that is installed.
type Wheel struct {
	Name   string `toml:"name"`
	Path   string `toml:"path"`
	Hashes Hashes `toml:"hashes,inline"`
}

// Hashes of a file.
type Hashes struct {
	SHA256 string `toml:"sha256"`
}

// FileName is the name of the lock of a recipe's version for a target Python ("3.11"). PEP 751 allows no
// dot in the middle.
func FileName(version, python string) string {
	return "pylock." + strings.ReplaceAll(version, ".", "_") + "-cp" + strings.ReplaceAll(python, ".", "") + ".toml"
}

// New is a lock of wheels, sorted by name.
func New(python string, origin Origin, packages []Package) Lock {
	packages = slices.Clone(packages)
	slices.SortFunc(packages, func(a, b Package) int { return cmp.Compare(a.Name, b.Name) })
	l := Lock{Version: "1.0", CreatedBy: "crosswheel", RequiresPython: "==" + python + ".*", Packages: packages}
	l.Tool.Crosswheel = origin
	return l
}

// Marshal is the lock as a file, the same bytes for the same lock.
func (l Lock) Marshal() ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "lock-version = %q\ncreated-by = %q\nrequires-python = %q\n", l.Version, l.CreatedBy, l.RequiresPython)
	if len(l.Packages) == 0 {
		b.WriteString("packages = []\n") // PEP 751 wants the key
	}
	for _, p := range l.Packages {
		fmt.Fprintf(&b, "\n[[packages]]\nname = %q\nversion = %q\nwheels = [\n", p.Name, p.Version)
		for _, w := range p.Wheels {
			fmt.Fprintf(&b, "  { name = %q, path = %q, hashes = { sha256 = %q } },\n", w.Name, w.Path, w.Hashes.SHA256)
		}
		b.WriteString("]\n")
	}
	b.WriteString("\n[tool.crosswheel]\nrequires = [\n")
	for _, r := range l.Tool.Crosswheel.Requires {
		fmt.Fprintf(&b, "  %q,\n", r)
	}
	b.WriteString("]\n")
	if constraints := l.Tool.Crosswheel.Constraints; len(constraints) > 0 {
		b.WriteString("constraints = [\n")
		for _, c := range constraints {
			fmt.Fprintf(&b, "  %q,\n", c)
		}
		b.WriteString("]\n")
	}
	if at := l.Tool.Crosswheel.ExcludeNewer; !at.IsZero() {
		fmt.Fprintf(&b, "exclude-newer = %s\n", at.UTC().Format(time.RFC3339))
	}
	_, err := Parse(b.Bytes())
	return b.Bytes(), err
}

// Parse reads a lock that [Lock.Marshal] wrote, or a person changed.
func Parse(text []byte) (Lock, error) {
	var l Lock
	if err := toml.Unmarshal(text, &l); err != nil {
		return l, err
	}
	if l.Version != "1.0" {
		return l, fmt.Errorf("lock-version is %q; this program knows 1.0", l.Version)
	}
	for _, p := range l.Packages {
		if err := p.check(); err != nil {
			return l, fmt.Errorf("package %q: %w", p.Name, err)
		}
	}
	return l, nil
}

// What a lock says becomes lines of a requirements file, and names of files. A wheel's name has neither folders nor blanks.
var (
	word      = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.!+_-]*$`)
	wheelName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.!+_-]*\.whl$`)
	hexSHA256 = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

func (p Package) check() error {
	switch {
	case !word.MatchString(p.Name) || !word.MatchString(p.Version):
		return fmt.Errorf("%q is no name, or %q no version", p.Name, p.Version)
	case len(p.Wheels) != 1:
		return fmt.Errorf("a lock has one wheel of each package, not %d", len(p.Wheels))
	case !wheelName.MatchString(p.Wheels[0].Name):
		return fmt.Errorf("%q is not the name of a wheel", p.Wheels[0].Name)
	case !hexSHA256.MatchString(p.Wheels[0].Hashes.SHA256):
		return fmt.Errorf("sha256 is %q, want 64 lower-case hex digits", p.Wheels[0].Hashes.SHA256)
	}
	return nil
}

// Requirements is the lock as pip's requirements file, with hashes.
func (l Lock) Requirements() string {
	var b strings.Builder
	for _, p := range l.Packages {
		fmt.Fprintf(&b, "%s==%s --hash=sha256:%s\n", p.Name, p.Version, p.Wheels[0].Hashes.SHA256)
	}
	return b.String()
}
