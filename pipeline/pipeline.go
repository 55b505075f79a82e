// SPDX-License-Identifier: Apache-2.0

// Package pipeline turns recipes and a target into wheels that are proven, and these into an index.
//
// The data goes one way, with a file here for each stop:
//
//	recipes -> build.go (the graph) -> source.go -> requirements.go -> compile.go -> wheel.go -> test.go
//	        -> run.go (in parallel) -> report.go -> dist.go
//
// Every stop is a stage (stage.go), which the engine caches. A stage's key says what makes it run again; plan.go prints
// that beforehand.
//
// The package is not for formats (wheel, index and recipe know them), nor for toolchains (sdkimage does).
package pipeline

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"

	"github.com/hashicorp/hcl/v2"

	"crosswheel/internal/dagger"
	"crosswheel/internal/step"
	sdkimage "crosswheel/sdk-image"
)

// Options say how to build. The zero value builds one package at a time with pip's own package index.
type Options struct {
	Jobs     int    // builds at a time; at least 1
	IndexURL string // the package index that sources and requirements come from; empty: pip's own

	GitHubURL string // where github sources are; empty: https://github.com
}

// Pipeline builds recipes for one target.
type Pipeline struct {
	client  *dagger.Client
	recipes *dagger.Directory
	folder  fs.FS // the same folder, on this side of the engine
	image   *sdkimage.Image
	options Options
	program program

	rust     *stage                     // the Rust toolchain
	pip      *stage                     // the target's pip
	bases    map[base]*dagger.Container // the builder is made by prepare
	facts    sdkimage.Facts             // as prepare reads them
	keys     map[*stage]string
	problems hcl.Diagnostics // what graph finds
}

// New returns a pipeline for each image, which are from [OpenImage]. folder is what recipes holds, on the local disk. Nothing runs yet.
func New(client *dagger.Client, recipes *dagger.Directory, folder fs.FS, images []*sdkimage.Image, options Options) ([]*Pipeline, error) {
	executable, err := thisProgram(client)
	if err != nil {
		return nil, err
	}
	options.Jobs = max(options.Jobs, 1)
	var pipelines []*Pipeline
	for _, image := range images {
		pipelines = append(pipelines, &Pipeline{
			client: client, recipes: recipes, folder: folder, image: image,
			options: options, program: executable, rust: toolchain(), pip: pipStage(image.Target.Pip, options.IndexURL), keys: map[*stage]string{},
			bases: map[base]*dagger.Container{
				sources: sdkimage.Sources(client), cloner: sdkimage.SourcesWithGit(client),
				tools: image.Tools, sdk: image.WithSDK(), emulated: image.Emulated(client), rust: image.Rust,
				native: image.WithCompiler(client), grafter: image.WithPatchelf(),
			},
		})
	}
	return pipelines, nil
}

// Problems are mistakes in recipes or targets for which nothing is built at all. They carry positions: whoever has the
// files prints them.
type Problems struct{ Diagnostics hcl.Diagnostics }

func (p *Problems) Error() string { return p.Diagnostics.Error() }

// Facts is what the target's SDK says of itself.
func (p *Pipeline) Facts(ctx context.Context) (sdkimage.Facts, error) {
	var facts sdkimage.Facts
	read := &stage{name: "facts", label: p.image.Target.Name, base: sdk, program: true,
		execs: [][]string{runProgram("facts", p.image.Target.Name, step.FactsOptions{SDK: sdkimage.SDKDir})}}
	text, err := p.container(read).File(step.Out + "/facts.json").Contents(ctx)
	if err != nil {
		return facts, fmt.Errorf("making the SDK of target %s: %s", p.image.Target.Name, explain(err))
	}
	if err := json.Unmarshal([]byte(text), &facts); err != nil {
		return facts, fmt.Errorf("facts of target %s: %w", p.image.Target.Name, err)
	}
	return facts, nil
}

// prepare makes the containers that stages run in. The build environment follows from what the SDK says of itself, so
// that is read first and held against what the target declares.
func (p *Pipeline) prepare(ctx context.Context) error {
	facts, err := p.Facts(ctx)
	if err != nil {
		return err
	}
	if diags := sdkimage.Check(p.image.Target, facts); diags.HasErrors() {
		return &Problems{diags}
	}
	p.facts = facts
	p.bases[builder] = p.image.Builder(p.client, facts)
	return nil
}
