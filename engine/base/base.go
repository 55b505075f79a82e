// SPDX-License-Identifier: Apache-2.0

// Package base turns the address of an image into something that BuildKit can start from, on machines
// with a registry and on machines without.
//
// Where the address's registry answers, the registry serves it. Where none does, an address of Debian's image is
// served from Debian's mirror: mmdebstrap makes the system once, and the store, an OCI layout in the state
// folder, keeps it.
//
// The package pulls nothing from registries and runs nothing in containers: BuildKit does.
package base

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	"crosswheel/engine/daemon"

	"github.com/distribution/reference"
)

// Image says where an image comes from.
type Image struct {
	// Ref is the address, normalised: with its registry and tag.
	Ref string
	// Digest is that of the image's manifest in Store. It is empty where a registry serves Ref.
	Digest string
	// Store is the folder of an OCI layout, which containerd's local content store reads as well.
	Store string
	// Env and WorkDir are from the configuration of an image in Store.
	Env     []string
	WorkDir string
}

// Resolve finds the image of an address, and makes it when nobody else has it. What takes long is announced on log.
func Resolve(ctx context.Context, address string, log io.Writer) (Image, error) {
	state, err := daemon.State()
	if err != nil {
		return Image{}, err
	}
	named, err := reference.ParseNormalizedNamed(address)
	if err != nil {
		return Image{}, fmt.Errorf("image address %q: %w", address, err)
	}
	named = reference.TagNameOnly(named)
	s := store{filepath.Join(state, "base")}
	if image, ok, err := s.find(named.String()); ok || err != nil {
		return image, err
	}
	silence := answers(ctx, reference.Domain(named))
	if silence == nil {
		return Image{Ref: named.String()}, nil
	}
	if err := ctx.Err(); err != nil {
		return Image{}, err
	}
	suite, ok := debianSuite(named)
	if !ok {
		return Image{}, fmt.Errorf("no registry serves %s (%w), and only Debian's images, by a suite's name as in "+
			"debian:bookworm-slim, can be made without one", address, silence)
	}
	fmt.Fprintf(log, "no registry serves %s (%v)\n", address, silence)
	if err := s.makeDebian(ctx, suite, named, log); err != nil {
		return Image{}, fmt.Errorf("making the image %s: %w", address, err)
	}
	image, ok, err := s.find(named.String())
	if err == nil && !ok {
		panic("the image that was stored is not there")
	}
	return image, err
}
