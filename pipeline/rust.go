// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"context"
	"slices"
	"strings"

	"crosswheel/internal/recipe"
	"crosswheel/internal/step"
	sdkimage "crosswheel/sdk-image"
)

// usesRust says that a recipe is compiled by cargo: its backend is, or it asks for the program.
func usesRust(r *recipe.Recipe) bool {
	rusty := func(requirement string) bool { return slices.Contains(recipe.RustBackends, projectOf(requirement)) }
	return rusty(r.Build.Backend) || slices.ContainsFunc(r.Build.Requires, rusty) || slices.Contains(r.Build.Executables, "cargo")
}

// toolchain is a stage that runs nothing: the Rust toolchain, as what others mount.
func toolchain() *stage {
	return &stage{name: "toolchain", label: "Rust " + sdkimage.RustVersion, base: rust}
}

// addCrates adds the stage "crates", which fetches what the source's Cargo.lock names: compiling needs no network then. It
// leaves sdkimage.CratesDir and /out/crates.json.
func (p *Pipeline) addCrates(b *Build) {
	options := step.CratesOptions{Source: "/in/source", Rust: sdkimage.RustDir + "/bin", To: sdkimage.CratesDir, Cache: "/cargo"}
	b.crates = &stage{name: "crates", label: b.Label(), base: sources, program: true, caches: map[string]string{options.Cache: "crosswheel-cargo"},
		mounts: []mount{
			{at: options.Source, from: b.unpack, path: step.Out + "/source"},
			{at: sdkimage.RustDir, from: p.rust, path: sdkimage.RustDir},
		},
		execs: [][]string{runProgram("crates", b.slug(), options)},
	}
}

// rustMounts are what a compile stage has of Rust.
func (p *Pipeline) rustMounts(b *Build) []mount {
	if b.crates == nil {
		return nil
	}
	return []mount{
		{at: sdkimage.RustDir, from: p.rust, path: sdkimage.RustDir},
		{at: sdkimage.CratesDir, from: b.crates, path: sdkimage.CratesDir},
	}
}

// rustLines begin a build that uses Rust. cargo writes to its home.
const rustLines = "export PATH=" + sdkimage.RustDir + "/bin:$PATH CARGO_HOME=/tmp/cargo\nmkdir $CARGO_HOME\ncp " + sdkimage.CratesDir + "/config.toml $CARGO_HOME"

// extraPackages are the Debian packages that a build needs beyond the builder's.
func extraPackages(b *Build) []string {
	var packages []string
	if b.crates != nil {
		packages = append(packages, sdkimage.RustPackages...)
	}
	for _, name := range b.Recipe.Build.Executables {
		packages = append(packages, sdkimage.Programs[name]...)
	}
	return packages
}

// checkCrates reports a source that does not say which crates it is built from.
func (p *Pipeline) checkCrates(ctx context.Context, o *outcome) error {
	var found step.Crates
	if err := p.read(ctx, o.build.crates, "crates.json", &found); err != nil {
		return err
	}
	switch {
	case len(found.Locks) > 0:
		return nil
	case len(found.Unlocked) == 0:
		return o.blame([]string{"build", "backend"}, "No Rust", "%s is to be built with Rust, and its source has no Cargo.toml. Name another backend, or the folder of the source (extract_dir).", o.build.Label())
	}
	lock := strings.TrimSuffix(found.Unlocked[0], "toml") + "lock"
	return o.blame([]string{"source", "extras"}, "No Cargo.lock", "The source of %s has %s and no Cargo.lock: nothing says which crates it is built from. "+
		"Make one in a copy of the source (cargo generate-lockfile), put it beside the recipe, and hand it in: extras = { \"Cargo.lock\" = %q }.",
		o.build.Label(), strings.Join(found.Unlocked, " and "), lock)
}
