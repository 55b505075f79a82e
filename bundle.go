// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"fmt"
	"os"

	"crosswheel/internal/dagger"
	"crosswheel/internal/requirement"
)

// Bundle packs everything that a lab's robots need into one file, for a lab without internet: wheels of ours, built and tested as build-all
// does, and pure ones of the package index, as the robot's own pip chooses them; with checksums and a script that installs them.
//
//	go run . bundle --requirements lab.txt --target bookworm-armhf export --path bundle.tar.gz
//
// On the robot: tar xzf bundle.tar.gz && sh wheels-for-bookworm-armhf/install.sh
//
// What nothing provides is named with its line, and nothing is packed.
// +cache="never"
func (m *Crosswheel) Bundle(
	ctx context.Context,
	// What the robots need, as pip takes it with -r: names with versions, one to a line. Files, addresses and options can not be bundled.
	requirements *dagger.File,
	// The firmware of the robots; sdk-image/targets.hcl declares them.
	// Default: bookworm-armhf, or with --sdk what that SDK is.
	// +optional
	target string,
	// The tarball of the firmware's SDK, as of build.
	// +optional
	sdk *dagger.File,
	// How many packages are built at a time. Each build also uses all processors by itself.
	// +default=2
	jobs int,
) (*dagger.File, error) {
	wanted, err := readRequirements(ctx, requirements)
	if err != nil {
		return nil, err
	}
	var targets []string
	if target != "" {
		targets = []string{target}
	}
	opened, err := m.open(ctx, targets, sdk, jobs)
	if err != nil {
		return nil, err
	}
	if len(opened.targets) != 1 {
		return nil, fmt.Errorf("a bundle is for one firmware, and %q are %d", target, len(opened.targets))
	}
	only := opened.targets[0]
	file, result, err := only.pipeline.Bundle(ctx, only.recipes, wanted)
	if err != nil {
		return nil, opened.explain(err)
	}
	if err := opened.failure(result); err != nil {
		return nil, err
	}
	result.Report.WriteTable(os.Stderr)
	return file, nil
}

func readRequirements(ctx context.Context, file *dagger.File) ([]requirement.Line, error) {
	name, err := file.Name(ctx)
	if err != nil {
		return nil, err
	}
	text, err := file.Contents(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", cmp.Or(name, "the requirements"), err)
	}
	return requirement.ParseFile(cmp.Or(name, "requirements.txt"), []byte(text))
}
