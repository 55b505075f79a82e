// SPDX-License-Identifier: Apache-2.0

package step

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"crosswheel/internal/lock"
	"crosswheel/internal/source"
	"crosswheel/internal/wheel"
	sdkimage "crosswheel/sdk-image"
)

// LockOptions are the options of the step "lock", which writes Out/pylock.toml.
type LockOptions struct {
	Requires    []string // PEP 508; empty: what BuildSystem says
	Constraints []string `json:",omitempty"` // PEP 508: bounds on all that is resolved
	BuildSystem string   // build-system.json of the source
	// Imported are requirements for what the recipe uses natively, and Instead the projects that these take the place of in what the source
	// asks for.
	Imported, Instead []string `json:",omitempty"`
	// Fetched are fetched.json of the source and of what it uses: requirements are resolved as of the day after all of
	// them were released, so that an old source meets the tools of its day. A release's files come over some hours.
	Fetched []string
	Python  string // "3.11"
	Index   string
	// Native is the native Python, where that is not the container's own.
	Native string `json:",omitempty"`
}

// lockRequirements resolves build requirements for the native Python, as of a moment, to wheels: building a requirement of a build
// would need a native compiler and requirements of its own.
func lockRequirements(ctx context.Context, o LockOptions) error {
	moment, err := dayAfter(o.Fetched)
	if err != nil {
		return err
	}
	if len(o.Requires) == 0 {
		var system source.BuildSystem
		if err := readJSON(o.BuildSystem, &system); err != nil {
			return err
		}
		o.Requires = without(system.Requires, o.Instead)
	}
	all := slices.Concat(o.Requires, o.Imported)
	folder, err := os.MkdirTemp("", "lock")
	if err != nil {
		return err
	}
	wanted := filepath.Join(folder, "requirements.in")
	if err := os.WriteFile(wanted, []byte(strings.Join(all, "\n")+"\n"), 0o644); err != nil {
		return err
	}
	index, err := indexURL(ctx, o.Index)
	if err != nil {
		return err
	}
	resolved := filepath.Join(folder, "requirements.txt")
	arguments := []string{"pip", "compile", "--quiet", "--no-header", "--no-annotate", "--generate-hashes", "--only-binary", ":all:",
		"--python", "/usr/bin/python3", "--python-version", o.Python, "--index-url", index, "--output-file", resolved, wanted}
	if len(o.Constraints) > 0 {
		bounds := filepath.Join(folder, "constraints.txt")
		if err := os.WriteFile(bounds, []byte(strings.Join(o.Constraints, "\n")+"\n"), 0o644); err != nil {
			return err
		}
		arguments = append(arguments, "--constraint", bounds)
	}
	if !moment.IsZero() {
		arguments = append(arguments, "--exclude-newer", moment.Format(time.RFC3339))
	}
	if words, err := runAloud(ctx, "uv", arguments...); err != nil {
		return unresolvable(o, moment, words, err)
	}
	wheels := filepath.Join(folder, "wheels")
	if err := pipDownload(ctx, index, resolved, wheels, otherPython(o.Native, o.Python)...); err != nil {
		return err
	}
	packages, err := lockedWheels(wheels)
	if err != nil {
		return err
	}
	text, err := lock.New(o.Python, lock.Origin{Requires: o.Requires, Constraints: o.Constraints, ExcludeNewer: moment}, packages).Marshal()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(Out, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(Out, "pylock.toml"), text, 0o644)
}

// without are requirements but for those of some projects. oldest-supported-numpy is a list of pins of numpy.
func without(requirements, projects []string) []string {
	return slices.DeleteFunc(slices.Clone(requirements), func(requirement string) bool {
		name := wheel.NormalizeProject(projectName.FindString(requirement))
		return slices.ContainsFunc(projects, func(p string) bool {
			p = wheel.NormalizeProject(p)
			return p == name || p == "numpy" && name == "oldest-supported-numpy"
		})
	})
}

// noSolution begins what uv says where no versions fit together, or there are none as wheels.
const noSolution = "No solution found"

// unresolvable blames the requirements where the resolver does; that the index was not reached is nobody's mistake.
func unresolvable(o LockOptions, moment time.Time, words string, err error) error {
	if !strings.Contains(words, noSolution) {
		return fmt.Errorf("resolving build requirements (%s): %w", strings.Join(slices.Concat(o.Requires, o.Imported), ", "), err)
	}
	when := "as of today"
	if !moment.IsZero() {
		when = "of " + moment.Format(time.DateOnly) + ", the day after the release, or older"
	}
	return mistake("build.requires", "Requirements without a solution", "No wheels %s meet %q together. Write other bounds in requires or constraints.\n\n%s", when, slices.Concat(o.Requires, o.Imported), strings.TrimSpace(words))
}

// dayAfter is one day after the latest of the releases, the source's own being the first, or zero where nobody says when that was: what it uses
// may be years older.
func dayAfter(fetched []string) (time.Time, error) {
	var latest time.Time
	for i, name := range fetched {
		var f Fetched
		if err := readJSON(name, &f); err != nil {
			return latest, err
		}
		if i == 0 && f.Uploaded.IsZero() {
			return latest, nil
		}
		if f.Uploaded.After(latest) {
			latest = f.Uploaded
		}
	}
	if latest.IsZero() {
		return latest, nil
	}
	return latest.AddDate(0, 0, 1).UTC().Truncate(time.Second), nil
}

// pipDownload has pip choose, for each requirement, the wheel that suits the native Python, and check its hash.
func pipDownload(ctx context.Context, index, requirements, to string, arguments ...string) error {
	return run(ctx, "/usr/bin/python3", append([]string{"-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes", "--only-binary", ":all:",
		"--index-url", index, "--no-cache-dir", "--disable-pip-version-check", "--dest", to, "--requirement", requirements}, arguments...)...)
}

// otherPython has pip choose for a native Python that is not its own, and that may have neither pip nor ssl: an SDK's.
func otherPython(native, version string) []string {
	if native == "" {
		return nil
	}
	abi := "cp" + strings.ReplaceAll(version, ".", "")
	arguments := []string{"--implementation", "cp", "--python-version", version, "--abi", abi, "--abi", "abi3", "--abi", "none",
		"--platform", "linux_x86_64", "--platform", "manylinux2014_x86_64"}
	for minor := 5; minor <= nativeGlibc; minor++ {
		arguments = append(arguments, "--platform", fmt.Sprintf("manylinux_2_%d_x86_64", minor))
	}
	return arguments
}

// nativeGlibc is the minor version of the C library beside which an SDK's own Python runs: Debian 13's.
const nativeGlibc = 41

func lockedWheels(dir string) ([]lock.Package, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var packages []lock.Package
	for _, entry := range entries {
		name, err := wheel.ParseFilename(entry.Name())
		if err != nil {
			return nil, err
		}
		text, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(text)
		packages = append(packages, lock.Package{
			Name: wheel.NormalizeProject(name.Distribution), Version: name.Version,
			Wheels: []lock.Wheel{{Name: entry.Name(), Path: entry.Name(), Hashes: lock.Hashes{SHA256: hex.EncodeToString(sum[:])}}},
		})
	}
	return packages, nil
}

// RequirementsOptions are the options of the step "requirements", which installs what a lock says into
// sdkimage.EnvDir.
type RequirementsOptions struct {
	Lock  string // pylock.toml
	Index string
	Cache string // a folder of downloads by checksum
	// Native is the native Python and Python its version, where that is not the container's own.
	Native, Python string `json:",omitempty"`
	// Built are folders with a wheel each, which are installed as they are.
	Built []string `json:",omitempty"`
}

// requirements installs by hash, from files: what is already in the cache is not asked for again.
func requirements(ctx context.Context, o RequirementsOptions) error {
	text, err := os.ReadFile(o.Lock)
	if err != nil {
		return err
	}
	locked, err := lock.Parse(text)
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(o.Lock), err)
	}
	folder, err := os.MkdirTemp("", "requirements")
	if err != nil {
		return err
	}
	list, wheels := filepath.Join(folder, "requirements.txt"), filepath.Join(folder, "wheels")
	if err := os.WriteFile(list, []byte(locked.Requirements()), 0o644); err != nil {
		return err
	}
	if err := os.Mkdir(wheels, 0o755); err != nil {
		return err
	}
	if err := gather(ctx, locked, o, list, wheels); err != nil {
		return err
	}
	if err := run(ctx, "uv", "venv", "--quiet", "--offline", "--python", cmp.Or(o.Native, "/usr/bin/python3"), sdkimage.EnvDir); err != nil {
		return err
	}
	if err := run(ctx, "uv", "pip", "install", "--quiet", "--offline", "--no-index", "--no-deps", "--require-hashes", "--link-mode", "copy",
		"--python", sdkimage.EnvDir+"/bin/python", "--find-links", wheels, "--requirement", list); err != nil {
		return err
	}
	for _, folder := range o.Built {
		built, err := onlyWheel(folder)
		if err != nil {
			return err
		}
		if err := run(ctx, "uv", "pip", "install", "--quiet", "--offline", "--no-index", "--no-deps", "--link-mode", "copy", "--python", sdkimage.EnvDir+"/bin/python", built); err != nil {
			return err
		}
	}
	return forgetCache(sdkimage.EnvDir)
}

// forgetCache removes what uv notes of when it installed each wheel: the environment must be the same for the same lock,
// or everything that is compiled in it would be compiled again.
func forgetCache(env string) error {
	records, err := filepath.Glob(filepath.Join(env, "lib", "python*", "site-packages", "*.dist-info", "RECORD"))
	if err != nil {
		return err
	}
	for _, record := range records {
		text, err := os.ReadFile(record)
		if err != nil {
			return err
		}
		kept := slices.DeleteFunc(strings.SplitAfter(string(text), "\n"), func(line string) bool { return strings.Contains(line, "/uv_cache.json,") })
		if err := os.WriteFile(record, []byte(strings.Join(kept, "")), 0o644); err != nil {
			return err
		}
		if err := os.Remove(filepath.Join(filepath.Dir(record), "uv_cache.json")); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// gather puts the lock's wheels into a folder: from the cache, or through pip.
func gather(ctx context.Context, locked lock.Lock, o RequirementsOptions, list, wheels string) error {
	complete := true
	for _, p := range locked.Packages {
		file := p.Wheels[0]
		err := source.Fetch(ctx, source.Request{SHA256: file.Hashes.SHA256, Cache: o.Cache}, filepath.Join(wheels, file.Name))
		complete = complete && err == nil
	}
	if complete {
		return nil
	}
	index, err := indexURL(ctx, o.Index)
	if err != nil {
		return err
	}
	if err := pipDownload(ctx, index, list, wheels, otherPython(o.Native, o.Python)...); err != nil {
		return fmt.Errorf("fetching build requirements: %w", err)
	}
	for _, p := range locked.Packages {
		file := p.Wheels[0]
		if err := source.Store(filepath.Join(wheels, file.Name), o.Cache, file.Hashes.SHA256); err != nil {
			return err
		}
	}
	return nil
}

// run runs a program whose own words are what the person needs to see.
func run(ctx context.Context, name string, arguments ...string) error {
	_, err := runAloud(ctx, name, arguments...)
	return err
}

// runAloud is run for who wants to know what the program said of its failure, too.
func runAloud(ctx context.Context, name string, arguments ...string) (words string, err error) {
	var said bytes.Buffer
	command := exec.CommandContext(ctx, name, arguments...)
	command.Stdout, command.Stderr = os.Stdout, io.MultiWriter(os.Stderr, &said)
	if os.Getenv("SSL_CERT_FILE") == "" {
		// uv trusts certificates of its own, unless it is told of the container's, to which a company's may be added.
		command.Env = append(os.Environ(), "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt")
	}
	if err := command.Run(); err != nil {
		return said.String(), fmt.Errorf("%s %s: %w", filepath.Base(name), arguments[0], err)
	}
	return said.String(), nil
}
