// SPDX-License-Identifier: Apache-2.0

package step

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"crosswheel/internal/sbom"
	"crosswheel/internal/source"
)

// CratesOptions are the options of the step "crates", which fetches the crates that the Cargo.lock files of a source name.
// It writes To, with a folder for each and a config.toml that makes cargo look there, and Out/crates.json.
type CratesOptions struct {
	Source string
	Rust   string // the toolchain's folder of programs
	To     string // where the crates lie when they are used: it stands in config.toml
	Cache  string // cargo's home, with what it has downloaded
}

// Crates is what crates.json holds.
type Crates struct {
	Locks []string // the source's Cargo.lock files
	// Named are the crates that they name: all of them, also those that are for other machines or for the crates' own tests.
	Named []sbom.Component `json:",omitempty"`
	// Unlocked are the source's Cargo.toml files, where it has no Cargo.lock at all: then nothing was fetched.
	Unlocked []string `json:",omitempty"`
}

func crates(ctx context.Context, o CratesOptions) error {
	found, err := findCrates(os.DirFS(o.Source))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(o.To, 0o755); err != nil {
		return err
	}
	if len(found.Locks) > 0 {
		if err := vendor(ctx, o, found.Locks); err != nil {
			return err
		}
		if found.Named, err = namedCrates(o, found.Locks); err != nil {
			return err
		}
	}
	return writeJSON("crates.json", found)
}

// vendor has cargo fetch the crates. It holds each against its checksum in the lock, and compiling does so again.
func vendor(ctx context.Context, o CratesOptions, locks []string) error {
	arguments := []string{"vendor", "--locked", "--versioned-dirs"}
	for i, lock := range locks {
		flag := "--sync"
		if i == 0 {
			flag = "--manifest-path"
		}
		arguments = append(arguments, flag, filepath.Join(o.Source, filepath.Dir(lock), "Cargo.toml"))
	}
	command := exec.CommandContext(ctx, filepath.Join(o.Rust, "cargo"), append(arguments, o.To)...)
	command.Dir = "/" // the source may have settings of its own for cargo
	command.Env = append(os.Environ(), "CARGO_HOME="+o.Cache, "PATH="+o.Rust+":"+os.Getenv("PATH"))
	var settings bytes.Buffer
	command.Stdout, command.Stderr = &settings, os.Stderr
	if err := command.Run(); err != nil {
		return fmt.Errorf("fetching the crates of %s: cargo vendor: %w", strings.Join(locks, " and "), err)
	}
	return os.WriteFile(filepath.Join(o.To, "config.toml"), settings.Bytes(), 0o644)
}

// namedCrates describes what the locks name.
func namedCrates(o CratesOptions, locks []string) ([]sbom.Component, error) {
	var named []sbom.Component
	for _, lock := range locks {
		crates, err := source.LockedCrates(filepath.Join(o.Source, lock), o.To)
		if err != nil {
			return nil, err
		}
		for _, c := range crates {
			purl := sbom.PURL("cargo", c.Name, c.Version)
			from := sbom.Source{URI: purl, SHA256: c.Checksum}
			if repository, ok := strings.CutPrefix(c.Source, "git+"); ok {
				from.URI, from.Commit, _ = strings.Cut(repository, "#")
				purl += "?vcs_url=" + url.QueryEscape("git+"+from.URI+"@"+from.Commit)
			}
			named = append(named, sbom.Component{Name: c.Name, Version: c.Version, PURL: purl, License: c.License, Source: from})
		}
	}
	return named, nil
}

// findCrates finds the Cargo.lock files of a source. One below a folder that has one itself is of a crate that the source
// carries along.
func findCrates(tree fs.FS) (Crates, error) {
	var locks, manifests []string
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil || entry.IsDir():
		case path.Base(name) == "Cargo.lock":
			locks = append(locks, name)
		case path.Base(name) == "Cargo.toml":
			manifests = append(manifests, name)
		}
		return err
	})
	locks, manifests = topmost(locks), topmost(manifests)
	if len(locks) > 0 {
		manifests = nil
	}
	return Crates{Locks: locks, Unlocked: manifests}, err
}

// topmost are the files that are not below the folder of another one.
func topmost(names []string) []string {
	slices.SortStableFunc(names, func(a, b string) int { return strings.Count(a, "/") - strings.Count(b, "/") }) // they come in the order of names
	var found []string
	for _, name := range names {
		inside := slices.ContainsFunc(found, func(other string) bool {
			return path.Dir(other) == "." || strings.HasPrefix(name, path.Dir(other)+"/")
		})
		if !inside {
			found = append(found, name)
		}
	}
	return found
}
