// SPDX-License-Identifier: Apache-2.0

// Cross-build Python wheels for lab robots, prove them, and publish an index that pip installs from.
//
// Recipes (recipes/NAME/recipe.hcl) say what is built. Wheels are compiled with the target's own SDK in containers, with
// no network, audited, and installed and imported by the target's own Python under emulation.
//
//	dagger call build-all export --path ./dist
//	dagger call build --pkg numpy --version 1.24.0 export --path ./dist
//
// The same without Dagger and Docker: write "go run ." instead of "dagger call".
package main

import (
	"context"
	"errors"

	"crosswheel/internal/dagger"
	"crosswheel/internal/recipe"
	"crosswheel/internal/step"
	"crosswheel/pipeline"
)

// A stage of the pipeline is this program, started again inside the engine.
func init() { step.Main() }

// Crosswheel builds wheels from recipes.
type Crosswheel struct {
	// +private
	Recipes *dagger.Directory
	// +private
	IndexURL string
	// +private
	GitHubURL string
}

// New opens a folder of recipes.
func New(
	// The folder of recipes, with a folder for each package.
	// +defaultPath="/recipes"
	recipes *dagger.Directory,
	// The package index that sources and build requirements are fetched from. Default: pip's own.
	// +optional
	indexURL string,
	// Where sources from GitHub are fetched from: an enterprise server has its own address.
	// +default="https://github.com"
	githubURL string,
) *Crosswheel {
	return &Crosswheel{Recipes: recipes, IndexURL: indexURL, GitHubURL: githubURL}
}

// Build builds one version of a package and what it uses, audits and tests the wheels, and returns the index of them.
//
// It fails, naming the stage and the last lines of its log, if any of them fails.
// +cache="session"
func (m *Crosswheel) Build(
	ctx context.Context,
	// The package's name, as on PyPI.
	pkg string,
	// Its version. May be left out where only one is built for the target.
	// +optional
	version string,
	// The firmwares to build for, as of build-all.
	// +optional
	target []string,
	// The tarball of the firmware's SDK, as Buildroot's `make sdk` leaves it. With --target it must be what that declares; of
	// several it is for the one that has no SDK published.
	// +optional
	sdk *dagger.File,
	// How many packages are built at a time, on all targets together. Each build also uses all processors by itself.
	// +default=2
	jobs int,
	// Write what is stripped from the wheels to debug/, as of build-all.
	// +optional
	debugFiles bool,
) (*dagger.Directory, error) {
	opened, err := m.open(ctx, target, sdk, jobs)
	if err != nil {
		return nil, err
	}
	opened.debugFiles = debugFiles
	for _, o := range opened.targets {
		found, err := recipe.Find(o.recipes, pkg, version)
		if err != nil {
			return nil, err
		}
		o.recipes = []*recipe.Recipe{found}
	}
	return opened.build(ctx, false)
}

// BuildAll builds every recipe, audits and tests the wheels, and returns the index of them.
//
// One that fails does not stop what does not need it. In the end the function fails, naming each failure with its last
// log lines; what was built stays in the cache.
// +cache="session"
func (m *Crosswheel) BuildAll(ctx context.Context, with struct {
	// What to build: names, globs ("py*"), "tag:NAME", "NAME==VERSION", "!NOT-THIS"; several are separated by commas.
	// What they use is built with them. Default: everything.
	// +optional
	Select []string
	// Return the index of what could be built, and succeed: report.json says what failed. verify-report is the gate then.
	// +optional
	KeepGoing bool
	// The firmwares to build for; one index serves them all. sdk-image/targets.hcl declares them. "all-debian" means every one of
	// that provider, "all" every one whose SDK can be had: the report says why others are left out. Several are separated by
	// commas. Default: bookworm-armhf, or with --sdk what that SDK is.
	// +optional
	Target []string
	// The tarball of the firmware's SDK, as of build.
	// +optional
	SDK *dagger.File
	// How many packages are built at a time, on all targets together. Each build also uses all processors by itself.
	// +default=2
	Jobs int
	// Write what is stripped from the wheels to debug/, in the layout that gdb knows: symbols, and lines of the source where a recipe compiles
	// with -g. The wheels are the same.
	// +optional
	DebugFiles bool
	// The folder of an index that was made before, which the wheels are added to, as of index: what is in it stays, and the result holds only what is
	// new or changed. A wheel that is published must come out with the same bytes: otherwise nothing is returned.
	// +optional
	Merge *dagger.Directory
	// The same for an index that is published: its address, as of index.
	// +optional
	MergeURL string
}) (*dagger.Directory, error) {
	onto, _, err := openPublished(ctx, with.Merge, with.MergeURL)
	if err != nil {
		return nil, err
	}
	opened, err := m.selected(ctx, with.Target, with.SDK, with.Select, with.Jobs)
	if err != nil {
		return nil, err
	}
	opened.debugFiles, opened.onto = with.DebugFiles, onto
	return opened.build(ctx, with.KeepGoing)
}

// Plan says what build-all would do, in which order, and what is cached: which stages would run and why nothing else.
// +cache="never"
func (m *Crosswheel) Plan(ctx context.Context, with struct {
	// What to plan for, as of build-all. Default: everything.
	// +optional
	Select []string
	// The firmwares, as of build-all.
	// +optional
	Target []string
	// The tarball of the firmware's SDK, as of build.
	// +optional
	SDK *dagger.File
}) (string, error) {
	opened, err := m.selected(ctx, with.Target, with.SDK, with.Select, 0)
	if err != nil {
		return "", err
	}
	plan, err := pipeline.Plan(ctx, opened.jobs())
	if err != nil {
		return "", opened.explain(err)
	}
	return pipeline.Text(plan), nil
}

// List shows the recipes: name, version, kind, tags, and whether they are built for the targets.
func (m *Crosswheel) List(
	ctx context.Context,
	// The firmwares, as of build-all. One whose SDK is not handed in is listed as far as it is declared.
	// +optional
	target []string,
	// The tarball of the firmware's SDK, as of build.
	// +optional
	sdk *dagger.File,
) (string, error) {
	return m.list(ctx, target, sdk)
}

// Lock resolves the build requirements of packages as of the day of their release, and returns the locks (PEP 751) in
// the layout of the recipes folder: export it there. There is one for the Python of each target.
//
//	go run . lock --select numpy export --path ./recipes
//
// +cache="never"
func (m *Crosswheel) Lock(ctx context.Context, with struct {
	// Which packages, as of build-all. Default: everything.
	// +optional
	Select []string
	// The firmwares, as of build-all.
	// +optional
	Target []string
	// The tarball of the firmware's SDK, as of build.
	// +optional
	SDK *dagger.File
}) (*dagger.Directory, error) {
	opened, err := m.selected(ctx, with.Target, with.SDK, with.Select, 0)
	if err != nil {
		return nil, err
	}
	locks, err := pipeline.Lock(ctx, opened.jobs())
	if err != nil {
		return nil, opened.explain(err)
	}
	return locks, nil
}

// VerifyReport fails if a report says that a build failed, naming each.
func (m *Crosswheel) VerifyReport(
	ctx context.Context,
	// The report.json of an earlier build-all.
	report *dagger.File,
) error {
	text, err := report.Contents(ctx)
	if err != nil {
		return err
	}
	read, err := pipeline.ParseReport([]byte(text))
	if err != nil {
		return err
	}
	if len(read.Failed()) > 0 {
		return errors.New(read.FailuresText())
	}
	return nil
}

// textFiles is a folder of files that a function has made.
func textFiles(files map[string][]byte) (*dagger.Directory, error) {
	return pipeline.TextFiles(dag, files)
}
