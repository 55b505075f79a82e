// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"

	"crosswheel/internal/dagger"
	"crosswheel/pipeline"
	sdkimage "crosswheel/sdk-image"
)

// Facts says what a target's SDK is, read from the SDK itself: compiler and C library, the code that is made, the target's Python, the sizes of C
// types, shared libraries with their sonames and symbol versions, and the Python packages that the firmware has.
//
// Where the target's declaration says something else, the text ends with that; builds refuse such a target.
func (m *Crosswheel) Facts(
	ctx context.Context,
	// The firmware; sdk-image/targets.hcl declares them. Default: bookworm-armhf, or with --sdk what that SDK is.
	// +optional
	target string,
	// The tarball of an SDK to read instead of the target's own, as `make sdk` of Buildroot leaves it.
	// +optional
	sdk *dagger.File,
	// How to print it: "text", or "json" with everything in it.
	// +default="text"
	format string,
) (string, error) {
	if format != "text" && format != "json" {
		return "", fmt.Errorf("there is no format %q; there are text and json", format)
	}
	image, err := openImage(ctx, target, sdk)
	if err != nil {
		return "", err
	}
	made, err := pipeline.New(dag, m.Recipes, nil, []*sdkimage.Image{image}, pipeline.Options{})
	if err != nil {
		return "", err
	}
	facts, err := made[0].Facts(ctx)
	if err != nil {
		return "", err
	}
	if format == "json" {
		return string(facts.JSON()), nil
	}
	text := facts.Text()
	if diags := sdkimage.Check(image.Target, facts); len(diags) > 0 {
		text += "\n" + explained(sdkimage.Files(), diags) + "\n"
	}
	return text, nil
}
