// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"

	"crosswheel/internal/dagger"
	"crosswheel/internal/recipe"
	"crosswheel/pipeline"
	sdkimage "crosswheel/sdk-image"
)

// SDK packs the SDK of a target as a tarball in the layout of Buildroot's `make sdk`: one top folder with
// bin/TRIPLE-gcc, TRIPLE/sysroot and relocate-sdk.sh. It is the same file, byte for byte, whenever it is packed.
//
//	go run . sdk --target bookworm-armhf export --path sdk.tar.gz
//
// Other functions take it back as --sdk sdk.tar.gz.
func (m *Crosswheel) SDK(
	ctx context.Context,
	// The firmware; sdk-image/targets.hcl declares them. Default: bookworm-armhf, or with --sdk what that SDK is.
	// +optional
	target string,
	// The tarball of an SDK to take instead of the target's own. It is packed again as it is after it was relocated.
	// +optional
	sdk *dagger.File,
) (*dagger.File, error) {
	image, err := openImage(ctx, target, sdk)
	if err != nil {
		return nil, err
	}
	return image.Tarball(), nil
}

// defaultTarget is what is built for where nothing else is said.
const defaultTarget = "bookworm-armhf"

// openImage makes the image of a declared target, or of an SDK that was handed in, or of both: then the SDK must be what is
// declared.
func openImage(ctx context.Context, name string, sdk *dagger.File) (*sdkimage.Image, error) {
	var target recipe.Target
	if name != "" || sdk == nil {
		var err error
		if target, err = sdkimage.Target(cmp.Or(name, defaultTarget)); err != nil {
			return nil, err
		}
	}
	image, err := pipeline.OpenImage(ctx, dag, target, sdk)
	return image, explain(sdkimage.Files(), err)
}
