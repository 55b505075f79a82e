// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/hashicorp/hcl/v2"

	"crosswheel/index"
	"crosswheel/internal/dagger"
	"crosswheel/internal/recipe"
	"crosswheel/pipeline"
	sdkimage "crosswheel/sdk-image"
)

// opened is a folder of recipes, evaluated for one target or several.
type opened struct {
	set     *recipe.Set
	targets []*openedTarget
	skipped []recipe.SkippedTarget

	debugFiles bool             // what is stripped from wheels is wanted, too
	onto       *index.Published // the index that wheels are added to; nil for none
}

// openedTarget is the recipes as they are for a target, and the pipeline to build them.
type openedTarget struct {
	recipes  []*recipe.Recipe
	pipeline *pipeline.Pipeline
}

// open reads recipes and targets. Whatever is wrong with them is told before anything is built.
func (m *Crosswheel) open(ctx context.Context, names []string, sdk *dagger.File, jobs int) (*opened, error) {
	images, skipped, err := openImages(ctx, names, sdk)
	if err != nil {
		return nil, err
	}
	var targets []recipe.Target
	for _, image := range images {
		targets = append(targets, image.Target)
	}
	set, evaluated, diags, err := m.evaluate(ctx, targets...)
	if err != nil {
		return nil, err
	}
	if diags.HasErrors() {
		return nil, errors.New(explained(set.Files(), diags))
	}
	o := &opened{set: set, skipped: skipped}
	options := pipeline.Options{Jobs: jobs, IndexURL: m.IndexURL, GitHubURL: m.GitHubURL}
	pipelines, err := pipeline.New(dag, m.Recipes, os.DirFS(localRecipes), images, options)
	for i, made := range pipelines {
		o.targets = append(o.targets, &openedTarget{evaluated[i], made})
	}
	return o, err
}

// selected opens what selectors pick.
func (m *Crosswheel) selected(ctx context.Context, targets []string, sdk *dagger.File, selectors []string, jobs int) (*opened, error) {
	opened, err := m.open(ctx, targets, sdk, jobs)
	if err != nil {
		return nil, err
	}
	for _, o := range opened.targets {
		if o.recipes, err = recipe.Select(o.recipes, selectors); err != nil {
			return nil, err
		}
	}
	return opened, nil
}

// openImages makes the images of the targets that are asked for.
func openImages(ctx context.Context, names []string, sdk *dagger.File) ([]*sdkimage.Image, []recipe.SkippedTarget, error) {
	if len(names) == 0 {
		image, err := openImage(ctx, "", sdk)
		return []*sdkimage.Image{image}, nil, err
	}
	targets, skipped, err := sdkimage.Select(names)
	if err != nil {
		return nil, nil, err
	}
	whose := targets[0].Name
	if sdk != nil && len(targets) > 1 {
		if whose, err = lacking(targets); err != nil {
			return nil, nil, err
		}
	}
	var images []*sdkimage.Image
	for _, target := range targets {
		var own *dagger.File
		if target.Name == whose {
			own = sdk
		}
		image, err := openImage(ctx, target.Name, own)
		if err != nil {
			return nil, nil, err
		}
		images = append(images, image)
	}
	return images, skipped, nil
}

// lacking is the one of several targets that an SDK must be handed in for.
func lacking(targets []recipe.Target) (string, error) {
	var names []string
	for _, t := range targets {
		if sdkimage.Missing(t) != "" {
			names = append(names, t.Name)
		}
	}
	if len(names) != 1 {
		return "", fmt.Errorf("--sdk is the SDK of one target, and of those that are asked for %d have none published: name one such target", len(names))
	}
	return names[0], nil
}

// evaluate reads the recipes and gives their expressions the values that they have on each target.
func (m *Crosswheel) evaluate(ctx context.Context, targets ...recipe.Target) (*recipe.Set, [][]*recipe.Recipe, hcl.Diagnostics, error) {
	folder, err := m.local(ctx)
	if err != nil {
		return nil, nil, nil, err
	}
	set, diags := recipe.Load(folder, "recipes")
	if diags.HasErrors() {
		return set, nil, diags, nil
	}
	var evaluated [][]*recipe.Recipe
	for _, target := range targets {
		recipes, more := set.Evaluate(target)
		evaluated = append(evaluated, recipes)
		diags = append(diags, more...)
	}
	return set, evaluated, recipe.Together(diags), nil
}

// evaluateDeclared is evaluate for a target with no more of its SDK than is declared.
func (m *Crosswheel) evaluateDeclared(ctx context.Context, name string) (*recipe.Set, []*recipe.Recipe, hcl.Diagnostics, error) {
	target, err := sdkimage.Target(name)
	if err != nil {
		return nil, nil, nil, err
	}
	set, evaluated, diags, err := m.evaluate(ctx, target.Assumed())
	if len(evaluated) == 0 { // the recipes could not be read
		return set, nil, diags, err
	}
	return set, evaluated[0], diags, err
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

// jobs are what is wanted of the pipelines.
func (o *opened) jobs() []pipeline.Job {
	var jobs []pipeline.Job
	for _, t := range o.targets {
		jobs = append(jobs, pipeline.Job{Pipeline: t.pipeline, Recipes: t.recipes, DebugFiles: o.debugFiles})
	}
	return jobs
}

// build runs the pipelines and says what they made.
func (o *opened) build(ctx context.Context, keepGoing bool) (*dagger.Directory, error) {
	result, err := pipeline.Run(ctx, o.jobs())
	if err != nil {
		return nil, o.explain(err)
	}
	result.Skip(o.skipped)
	result.Report.WriteTable(os.Stderr)
	if !keepGoing {
		if err := o.failure(result); err != nil {
			return nil, err
		}
	}
	return result.Dist(ctx, o.onto)
}

// list is a table of the recipes, with a column for each target.
func (m *Crosswheel) list(ctx context.Context, names []string, sdk *dagger.File) (string, error) {
	targets, err := listed(ctx, names, sdk)
	if err != nil {
		return "", err
	}
	set, evaluated, diags, err := m.evaluate(ctx, targets...)
	if err != nil {
		return "", err
	}
	if diags.HasErrors() {
		return "", errors.New(explained(set.Files(), diags))
	}
	var b strings.Builder
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprint(table, "NAME\tVERSION\tKIND\tTAGS")
	for _, t := range targets {
		fmt.Fprintf(table, "\t%s", strings.ToUpper(t.Name))
	}
	fmt.Fprintln(table)
	for i, r := range evaluated[0] {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s", r.Name, r.Version, r.Kind, strings.Join(r.Tags, ","))
		for _, recipes := range evaluated { // the same recipes in the same order, with other values
			fmt.Fprintf(table, "\t%s", availability(recipes[i]))
		}
		fmt.Fprintln(table)
	}
	table.Flush()
	return b.String(), nil
}

// listed are the targets that are asked for, with no more of their SDKs than is declared, unless one is handed in.
func listed(ctx context.Context, names []string, sdk *dagger.File) ([]recipe.Target, error) {
	if sdk == nil {
		if len(names) == 0 {
			names = []string{defaultTarget}
		}
		return sdkimage.SelectDeclared(names)
	}
	images, _, err := openImages(ctx, names, sdk)
	var targets []recipe.Target
	for _, image := range images {
		targets = append(targets, image.Target)
	}
	return targets, err
}

func availability(r *recipe.Recipe) string {
	built := "yes"
	if r.Disabled != "" {
		built = "no: " + r.Disabled
	}
	if r.Pinned != "" {
		built += " (pinned: " + r.Pinned + ")"
	}
	return built
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
