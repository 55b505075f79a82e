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
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/hashicorp/hcl/v2"

	"crosswheel/internal/dagger"
	"crosswheel/internal/recipe"
	"crosswheel/internal/step"
	"crosswheel/pipeline"
	sdkimage "crosswheel/sdk-image"
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
	// Its version. May be left out where the recipe has only one.
	// +optional
	version string,
	// The firmware to build for; sdk-image/targets.hcl declares them. Default: bookworm-armhf, or with --sdk what that SDK is.
	// +optional
	target string,
	// The tarball of the firmware's SDK, as Buildroot's `make sdk` leaves it. With --target it must be what that declares.
	// +optional
	sdk *dagger.File,
	// How many packages are built at a time. Each build also uses all processors by itself.
	// +default=2
	jobs int,
) (*dagger.Directory, error) {
	opened, err := m.open(ctx, target, sdk, jobs)
	if err != nil {
		return nil, err
	}
	found, err := recipe.Find(opened.recipes, pkg, version)
	if err != nil {
		return nil, err
	}
	return opened.build(ctx, []*recipe.Recipe{found}, false)
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
	// The firmware to build for; sdk-image/targets.hcl declares them. Default: bookworm-armhf, or with --sdk what that SDK is.
	// +optional
	Target string
	// The tarball of the firmware's SDK, as of build.
	// +optional
	SDK *dagger.File
	// How many packages are built at a time. Each build also uses all processors by itself.
	// +default=2
	Jobs int
}) (*dagger.Directory, error) {
	opened, err := m.open(ctx, with.Target, with.SDK, with.Jobs)
	if err != nil {
		return nil, err
	}
	selected, err := recipe.Select(opened.recipes, with.Select)
	if err != nil {
		return nil, err
	}
	return opened.build(ctx, selected, with.KeepGoing)
}

// Plan says what build-all would do, in which order, and what is cached: which stages would run and why nothing else.
// +cache="never"
func (m *Crosswheel) Plan(ctx context.Context, with struct {
	// What to plan for, as of build-all. Default: everything.
	// +optional
	Select []string
	// The firmware, as of build-all.
	// +optional
	Target string
	// The tarball of the firmware's SDK, as of build.
	// +optional
	SDK *dagger.File
}) (string, error) {
	opened, err := m.open(ctx, with.Target, with.SDK, 0)
	if err != nil {
		return "", err
	}
	selected, err := recipe.Select(opened.recipes, with.Select)
	if err != nil {
		return "", err
	}
	plan, err := opened.pipeline.Plan(ctx, selected)
	if err != nil {
		return "", opened.explain(err)
	}
	return pipeline.Text(plan), nil
}

// List shows the recipes: name, version, kind, tags, and whether they are built for the target.
func (m *Crosswheel) List(
	ctx context.Context,
	// The firmware, as of build-all. One whose SDK is not handed in is listed as far as it is declared.
	// +optional
	target string,
	// The tarball of the firmware's SDK, as of build.
	// +optional
	sdk *dagger.File,
) (string, error) {
	firmware, err := sdkimage.Target(cmp.Or(target, defaultTarget))
	if sdk != nil {
		var image *sdkimage.Image
		if image, err = openImage(ctx, target, sdk); err == nil {
			firmware = image.Target
		}
	}
	if err != nil {
		return "", err
	}
	recipes, err := m.evaluated(ctx, firmware)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "NAME\tVERSION\tKIND\tTAGS\t%s\n", strings.ToUpper(firmware.Name))
	for _, r := range recipes {
		built := "yes"
		if r.Disabled != "" {
			built = "no: " + r.Disabled
		}
		if r.Pinned != "" {
			built += " (pinned: " + r.Pinned + ")"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", r.Name, r.Version, r.Kind, strings.Join(r.Tags, ","), built)
	}
	table.Flush()
	return b.String(), nil
}

// Lock resolves the build requirements of packages as of the day of their release, and returns the locks (PEP 751) in
// the layout of the recipes folder: export it there.
//
//	go run . lock --select numpy export --path ./recipes
//
// +cache="never"
func (m *Crosswheel) Lock(ctx context.Context, with struct {
	// Which packages, as of build-all. Default: everything.
	// +optional
	Select []string
	// The firmware, as of build-all.
	// +optional
	Target string
	// The tarball of the firmware's SDK, as of build.
	// +optional
	SDK *dagger.File
}) (*dagger.Directory, error) {
	opened, err := m.open(ctx, with.Target, with.SDK, 0)
	if err != nil {
		return nil, err
	}
	selected, err := recipe.Select(opened.recipes, with.Select)
	if err != nil {
		return nil, err
	}
	locks, err := opened.pipeline.Lock(ctx, selected)
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

// opened is a folder of recipes evaluated for a target, and the pipeline to build them.
type opened struct {
	set      *recipe.Set
	recipes  []*recipe.Recipe
	pipeline *pipeline.Pipeline
}

// open reads recipes and targets. Whatever is wrong with them is told before anything is built.
func (m *Crosswheel) open(ctx context.Context, targetName string, sdk *dagger.File, jobs int) (*opened, error) {
	image, err := openImage(ctx, targetName, sdk)
	if err != nil {
		return nil, err
	}
	set, recipes, diags, err := m.evaluate(ctx, image.Target)
	if err != nil {
		return nil, err
	}
	if diags.HasErrors() {
		return nil, errors.New(explained(set.Files(), diags))
	}
	made, err := pipeline.New(dag, m.Recipes, os.DirFS(localRecipes), image, pipeline.Options{Jobs: jobs, IndexURL: m.IndexURL, GitHubURL: m.GitHubURL})
	if err != nil {
		return nil, err
	}
	return &opened{set: set, recipes: recipes, pipeline: made}, nil
}

// evaluate reads the recipes and gives their expressions the values that they have on the target.
func (m *Crosswheel) evaluate(ctx context.Context, target recipe.Target) (*recipe.Set, []*recipe.Recipe, hcl.Diagnostics, error) {
	folder, err := m.local(ctx)
	if err != nil {
		return nil, nil, nil, err
	}
	set, diags := recipe.Load(folder, "recipes")
	if diags.HasErrors() {
		return set, nil, diags, nil
	}
	recipes, more := set.Evaluate(target)
	return set, recipes, append(diags, more...), nil
}

// evaluated are the recipes as they are for a target, with no more of its SDK than is declared.
func (m *Crosswheel) evaluated(ctx context.Context, target recipe.Target) ([]*recipe.Recipe, error) {
	set, recipes, diags, err := m.evaluate(ctx, target.Assumed())
	if err == nil && diags.HasErrors() {
		err = errors.New(explained(set.Files(), diags))
	}
	return recipes, err
}

// localRecipes is where the recipes are in the program's working directory.
const localRecipes = "recipes"

// local brings the recipes to this side of the engine.
func (m *Crosswheel) local(ctx context.Context) (fs.FS, error) {
	if _, err := m.Recipes.Export(ctx, localRecipes); err != nil {
		return nil, fmt.Errorf("reading the recipes: %w", err)
	}
	return os.DirFS(localRecipes), nil
}

// build runs the pipeline and says what it made.
func (o *opened) build(ctx context.Context, recipes []*recipe.Recipe, keepGoing bool) (*dagger.Directory, error) {
	result, err := o.pipeline.Run(ctx, recipes)
	if err != nil {
		return nil, o.explain(err)
	}
	result.Report.WriteTable(os.Stderr)
	if !keepGoing {
		if err := o.failure(result); err != nil {
			return nil, err
		}
	}
	return result.Dist(ctx)
}

// failure is the error of a strict run: what the author of a recipe can put right, at its line, and every failed build.
// It wraps nothing: what Dagger finds inside of an error it prints instead of it.
func (o *opened) failure(result *pipeline.Result) error {
	failed := result.Report.Failed()
	if len(failed) == 0 {
		return nil
	}
	text := result.Report.FailuresText()
	if result.Diagnostics.HasErrors() {
		text = explained(o.files(), result.Diagnostics) + "\n" + text
	}
	return errors.New(text)
}

// explain gives an error of the pipeline the files that its positions are in.
func (o *opened) explain(err error) error { return explain(o.files(), err) }

func explain(files map[string]*hcl.File, err error) error {
	var problems *pipeline.Problems
	if errors.As(err, &problems) {
		return errors.New(explained(files, problems.Diagnostics))
	}
	return err
}

// files are what diagnostics can be about.
func (o *opened) files() map[string]*hcl.File {
	files := sdkimage.Files()
	maps.Copy(files, o.set.Files())
	return files
}

// explained is diagnostics as people read them; in GitHub Actions also as what it shows beside the lines.
func explained(files map[string]*hcl.File, diags hcl.Diagnostics) string {
	text := (&recipe.Error{Diagnostics: diags, Files: files}).Error()
	if os.Getenv("GITHUB_ACTIONS") == "true" {
		text += "\n" + recipe.Annotations(diags)
	}
	return text
}

// textFiles is a folder of files that a function has made.
func textFiles(files map[string][]byte) (*dagger.Directory, error) {
	return pipeline.TextFiles(dag, files)
}
