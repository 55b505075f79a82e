// SPDX-License-Identifier: Apache-2.0

package sdkimage

import (
	_ "embed"
	"regexp"

	"crosswheel/internal/dagger"
	"crosswheel/internal/recipe"
)

// The Rust toolchain is no part of an SDK, nor of the builder: it is mounted where a recipe compiles Rust, so that a new
// one recompiles nothing else. It is the same for every target of a processor, whatever distribution that is.
const (
	RustDir   = Root + "/rust"   // the toolchain
	CratesDir = Root + "/crates" // a source's crates, with a config.toml that makes cargo find them
)

var (
	//go:embed rust/components.txt
	rustComponents string
	//go:embed rust/install.sh
	installRust string
)

// RustVersion is the toolchain's.
var RustVersion = regexp.MustCompile(`(?m)^version (\S+)$`).FindStringSubmatch(rustComponents)[1]

// RustPackages are what a build of Rust needs beside the toolchain: its build scripts and macros run natively.
var RustPackages = []string{"gcc", "libc6-dev"}

// rustArguments are install.sh's.
func rustArguments(target recipe.Target) []string {
	return []string{RustVersion, machines[target.Arch].rust, "/components.txt", RustDir}
}

// rust is a container with the toolchain for a target at [RustDir]. Debian's rustup verifies what it downloads, and
// install.sh what it verifies that against; the toolchain runs on any x86_64 Linux.
func rust(client *dagger.Client, target recipe.Target) *dagger.Container {
	return client.Container().From("debian:trixie-slim").
		WithNewFile("/components.txt", rustComponents).
		WithNewFile("/install.sh", installRust).
		WithExec(append([]string{"sh", "/install.sh"}, rustArguments(target)...))
}
