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

// Select returns the targets that names stand for, and those among them that are skipped: see [recipe.SelectTargets].
func Select(names []string) ([]recipe.Target, []recipe.SkippedTarget, error) {
	targets, err := Targets()
	if err != nil {
		return nil, nil, err
	}
	return recipe.SelectTargets(targets, names, Missing)
}

// SelectDeclared is Select for what needs no SDK: nothing is skipped, and of each target no more is said than is declared.
func SelectDeclared(names []string) ([]recipe.Target, error) {
	targets, err := Targets()
	if err != nil {
		return nil, err
	}
	selected, _, err := recipe.SelectTargets(targets, names, func(recipe.Target) string { return "" })
	for i, t := range selected {
		selected[i] = t.Assumed()
	}
	return selected, err
}

// Missing says what has to be handed in before a target can be built for; empty where everything can be had.
func Missing(target recipe.Target) string {
	if target.Provider == "debian" || target.URL != "" {
		return ""
	}
	return "its SDK is not published: name the target itself, and hand the SDK in with --sdk"
}

// Files is what the ranges of targets point into, for printing diagnostics.
func Files() map[string]*hcl.File {
	file, _ := hclsyntax.ParseConfig(targetsFile, targetsName, hcl.InitialPos)
	return map[string]*hcl.File{targetsName: file}
}
