// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/client/llb/sourceresolver"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"crosswheel/engine/base"
)

// image is what From starts from.
type image struct {
	state   llb.State
	env     []string
	workdir string
	user    string
}

// images remembers images by address.
type images struct {
	mu      sync.Mutex
	known   map[string]*lazy[image]
	layouts layouts
}

// image returns the image at an address, found once.
func (c *Client) image(ctx context.Context, address string) (image, error) {
	s := &c.images
	s.mu.Lock()
	if s.known == nil {
		s.known = make(map[string]*lazy[image])
	}
	found, ok := s.known[address]
	if !ok {
		found = later(func(ctx context.Context) (image, error) { return c.findImage(ctx, address) })
		s.known[address] = found
	}
	s.mu.Unlock()
	return found.get(ctx)
}

func (c *Client) findImage(ctx context.Context, address string) (image, error) {
	// A layout is served by the session, which therefore comes first.
	session, err := c.session.get(ctx)
	if err != nil {
		return image{}, err
	}
	found, err := base.Resolve(ctx, address, c.log)
	if err != nil {
		return image{}, err
	}
	if found.Digest == "" {
		return session.registryImage(ctx, found.Ref)
	}
	if err := c.images.layouts.add(found.Store); err != nil {
		return image{}, err
	}
	// A reference needs a path: BuildKit takes what stands before the first slash for a host.
	state := llb.OCILayout("local/base@"+found.Digest, llb.OCIStore("", layoutStore), llb.WithCustomName("image "+address))
	return image{state: state, env: found.Env, workdir: found.WorkDir}, nil
}

// registryImage asks the registry for an image's digest and configuration.
func (s *session) registryImage(ctx context.Context, ref string) (image, error) {
	ref, digest, data, err := s.gateway.ResolveImageConfig(ctx, ref, sourceresolver.Opt{ImageOpt: &sourceresolver.ResolveImageOpt{}})
	if err != nil {
		return image{}, err
	}
	var config ocispecs.Image
	if err := json.Unmarshal(data, &config); err != nil {
		return image{}, fmt.Errorf("reading the image's configuration: %w", err)
	}
	state := llb.Image(ref, llb.WithImageChecksum(digest), llb.WithCustomName("image "+ref))
	return image{state, config.Config.Env, config.Config.WorkingDir, config.Config.User}, nil
}
