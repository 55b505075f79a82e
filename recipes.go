// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"crosswheel/internal/dagger"
	"crosswheel/internal/recipe"
	"crosswheel/internal/wheel"
)

// Fmt gives recipes their canonical layout, and returns those that had another, in the layout of the recipes folder: export them there.
//
//	go run . fmt export --path ./recipes
//	go run . fmt --check
func (m *Crosswheel) Fmt(ctx context.Context, with struct {
	// Change nothing, and fail, naming the recipes whose layout is not canonical.
	// +optional
	Check bool
}) (*dagger.Directory, error) {
	folder, err := m.local(ctx)
	if err != nil {
		return nil, err
	}
	changed, err := formatted(folder)
	if err != nil {
		return nil, err
	}
	if !with.Check {
		number := fmt.Sprintf("%d recipes have", len(changed))
		if len(changed) == 1 {
			number = "1 recipe has"
		}
		fmt.Fprintln(os.Stderr, number+" another layout than the canonical one; export --path ./recipes puts it right")
	}
	if with.Check && len(changed) > 0 {
		return nil, fmt.Errorf("not in canonical layout (fmt export --path ./recipes puts it right):\n  %s", strings.Join(slices.Sorted(maps.Keys(changed)), "\n  "))
	}
	return textFiles(changed)
}

// Lint looks through recipes for mistakes, and for what is likely to become one. It fails if it finds anything; as JSON it only says so.
func (m *Crosswheel) Lint(ctx context.Context, with struct {
	// Which recipes, as of build-all. Default: all.
	// +optional
	Select []string
	// How to say it: "text" with the lines that it is about, "json", or "github" for annotations in GitHub Actions.
	// +default="text"
	Format string
	// The firmware, as of build-all.
	// +default="bookworm-armhf"
	Target string
}) (string, error) {
	set, recipes, diags, err := m.evaluateDeclared(ctx, with.Target)
	if err != nil {
		return "", err
	}
	if !diags.HasErrors() {
		if recipes, err = recipe.Select(recipes, with.Select); err != nil {
			return "", err
		}
		diags = append(diags, set.Lint(recipes)...)
	}
	switch with.Format {
	case "json":
		return string(recipe.JSON(diags)), nil
	case "github":
		if len(diags) > 0 {
			return "", errors.New(found(diags) + "\n" + recipe.Annotations(diags))
		}
		return "", nil
	case "text":
		if len(diags) > 0 {
			text := found(diags) + "\n\n" + explained(set.Files(), diags)
			if !diags.HasErrors() { // mistakes have no codes
				text += "\n\nThe explain function says more of a code; a comment silences it: # lint:ignore CODE reason"
			}
			return "", errors.New(text)
		}
		return "", nil
	}
	return "", fmt.Errorf("there is no format %q; there are text, json and github", with.Format)
}

// found counts.
func found(diags hcl.Diagnostics) string {
	if len(diags) == 1 {
		return "lint found one thing:"
	}
	return fmt.Sprintf("lint found %d things:", len(diags))
}

// Explain says what a code means that lint or the audit of a wheel has printed; without a code it lists them all.
func (m *Crosswheel) Explain(
	// The code, such as NO-TEST.
	// +optional
	code string,
) (string, error) {
	if code == "" {
		var b strings.Builder
		for _, c := range recipe.LintCodes {
			fmt.Fprintf(&b, "%-20s lint   %s\n", c.Code, c.Title)
		}
		for _, c := range wheel.Codes {
			fmt.Fprintf(&b, "%-20s audit  %s\n", c.Code, c.Title)
		}
		return b.String(), nil
	}
	if c, ok := recipe.ExplainLint(code); ok {
		return fmt.Sprintf("%s: %s\n\n%s\n\nTo silence it, beside or above the line: # lint:ignore %s the reason\n", c.Code, c.Title, c.Why, c.Code), nil
	}
	if c, ok := wheel.Explain(strings.ToUpper(code)); ok {
		return fmt.Sprintf("%s (%s): %s\n\n%s\n\n%s\n", c.Code, c.Severity, c.Title, c.Why, c.Remedy), nil
	}
	var codes []string
	for _, c := range recipe.LintCodes {
		codes = append(codes, c.Code)
	}
	for _, c := range wheel.Codes {
		codes = append(codes, c.Code)
	}
	return "", fmt.Errorf("there is no code %q.%s Without one, explain lists them all", code, recipe.DidYouMean(strings.ToUpper(code), codes))
}

// Show prints a recipe as it is evaluated for the target: each value, and where it is written.
func (m *Crosswheel) Show(
	ctx context.Context,
	// The package's name.
	pkg string,
	// Its version. May be left out where only one is built for the target.
	// +optional
	version string,
	// How to print it: "text" or "json".
	// +default="text"
	format string,
	// The firmware, as of build-all.
	// +default="bookworm-armhf"
	target string,
) (string, error) {
	set, recipes, diags, err := m.evaluateDeclared(ctx, target)
	if err != nil {
		return "", err
	}
	if diags.HasErrors() {
		return "", errors.New(explained(set.Files(), diags))
	}
	found, err := recipe.Find(recipes, pkg, version)
	if err != nil {
		return "", err
	}
	shown := found.Show(target)
	switch format {
	case "text":
		return shown.Text(), nil
	case "json":
		text, err := json.MarshalIndent(shown, "", "  ")
		return string(text) + "\n", err
	}
	return "", fmt.Errorf("there is no format %q; there are text and json", format)
}

// Schema describes the language of recipes as JSON: its blocks and attributes, with types, examples and what they are for.
func (m *Crosswheel) Schema() string { return string(recipe.Language().JSON()) }

// formatted are the recipes whose layout is not canonical, as they should be.
func formatted(folder fs.FS) (map[string][]byte, error) {
	files, err := fs.Glob(folder, "*/recipe.hcl")
	if err != nil {
		return nil, err
	}
	changed := map[string][]byte{}
	for _, name := range files {
		src, err := fs.ReadFile(folder, name)
		if err != nil {
			return nil, err
		}
		text, diags := recipe.Format("recipes/"+name, src)
		if diags.HasErrors() {
			return nil, errors.New(explained(map[string]*hcl.File{"recipes/" + name: {Bytes: src}}, diags))
		}
		if !bytes.Equal(text, src) {
			changed[name] = text
		}
	}
	return changed, nil
}
