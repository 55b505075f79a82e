// SPDX-License-Identifier: Apache-2.0

package sdkimage

import (
	"cmp"
	_ "embed"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"crosswheel/internal/recipe"
)

// targetsFile declares the targets.
//
//go:embed targets.hcl
var targetsFile []byte

const targetsName = "sdk-image/targets.hcl"

// Targets are the declared targets.
func Targets() ([]recipe.Target, error) {
	targets, diags := recipe.LoadTargets(targetsName, targetsFile)
	if diags.HasErrors() {
		return nil, &recipe.Error{Files: Files(), Diagnostics: diags}
	}
	for i := range targets {
		targets[i].Rust = cmp.Or(targets[i].Rust, RustVersion)
	}
	return targets, nil
}

// Target is the declared target of that name.
func Target(name string) (recipe.Target, error) {
	targets, err := Targets()
	if err != nil {
		return recipe.Target{}, err
	}
	return recipe.FindTarget(targets, name)
}

// Files is what the ranges of targets point into, for printing diagnostics.
func Files() map[string]*hcl.File {
	file, _ := hclsyntax.ParseConfig(targetsFile, targetsName, hcl.InitialPos)
	return map[string]*hcl.File{targetsName: file}
}
