// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"os"

	"crosswheel/internal/dagger"
	"crosswheel/internal/metayaml"
)

// ImportMetaYaml converts recipes of Pyodide's (meta.yaml) to recipes of ours, and reports what became of each key.
//
// The result has recipes/NAME/recipe.hcl, with patches and other files that were beside the meta.yaml, report.txt and
// report.json. Read the report: what needs a person comes first.
//
//	go run . import-meta-yaml --files ../pyodide-recipes/packages/numpy export --path ./imported
func (m *Crosswheel) ImportMetaYaml(
	ctx context.Context,
	// A folder with a meta.yaml in it, or with many, at any depth.
	files *dagger.Directory,
) (*dagger.Directory, error) {
	const local = "meta-yaml" // in the program's working directory
	if _, err := files.Export(ctx, local); err != nil {
		return nil, fmt.Errorf("reading the folder: %w", err)
	}
	made, report, err := metayaml.Import(os.DirFS(local))
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(os.Stderr, "%d recipes; of their keys %s: see report.txt\n", len(report.Files), report.Keys)
	return textFiles(made)
}
