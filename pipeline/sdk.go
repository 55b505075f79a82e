// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"crosswheel/internal/dagger"
	"crosswheel/internal/recipe"
	"crosswheel/internal/step"
	sdkimage "crosswheel/sdk-image"
)

// OpenImage makes the image of a target: its toolchain and what builds need around it. That of provider debian follows
// from its declaration, and nothing runs. An SDK's tarball, handed in or published, is opened in the engine, and its facts
// are held against what is declared; a target without a name is what the SDK says.
//
// An error is a *Problems where the declaration is to blame.
func OpenImage(ctx context.Context, client *dagger.Client, target recipe.Target, tarball *dagger.File) (*sdkimage.Image, error) {
	if tarball == nil && target.Provider == "debian" {
		return sdkimage.New(client, target), nil
	}
	program, err := thisProgram(client)
	if err != nil {
		return nil, err
	}
	name := "of target " + target.Name
	if tarball == nil {
		if tarball, err = program.fetchSDK(ctx, client, target); err != nil {
			return nil, fmt.Errorf("the SDK of target %s (%s): %w", target.Name, target.Summary, err)
		}
	} else if name, err = tarball.Name(ctx); err != nil {
		return nil, err
	}
	opened, err := program.openSDK(ctx, client, tarball, step.SDKOptions{Archive: "/in/sdk", Name: name, SHA256: target.SHA256})
	if err != nil {
		return nil, err
	}
	if target.Name != "" {
		if diags := sdkimage.Check(target, opened.Facts); diags.HasErrors() {
			return nil, &Problems{diags}
		}
	}
	return sdkimage.NewBuildroot(client, target, opened)
}

// fetchSDK downloads what a target says is published.
func (p program) fetchSDK(ctx context.Context, client *dagger.Client, target recipe.Target) (*dagger.File, error) {
	if target.URL == "" {
		return nil, errors.New("it is not published. Make it with `make sdk` in the firmware's Buildroot, and hand in what that leaves in output/images: --sdk FILE")
	}
	fetch := p.mount(sdkimage.Opener(client)).
		WithMountedCache("/downloads", client.CacheVolume(downloads["/downloads"])).
		WithExec(runProgram("fetch", target.Name, step.FetchOptions{URLs: []string{target.URL}, SHA256: target.SHA256, Cache: "/downloads"}))
	var fetched step.Fetched
	if err := readResult(ctx, fetch, "fetched.json", &fetched); err != nil {
		return nil, err
	}
	if fetched.Actual != "" {
		return nil, fmt.Errorf("what %s gives has the sha256 %s, and the target declares %s. If you have made sure that the new bytes are right, declare the new checksum",
			target.URL, fetched.Actual, target.SHA256)
	}
	return fetch.File(step.Out + "/archive"), nil
}

// openSDK unpacks, relocates and checks a tarball, and reads what it says of itself.
func (p program) openSDK(ctx context.Context, client *dagger.Client, tarball *dagger.File, o step.SDKOptions) (sdkimage.Opened, error) {
	opened := sdkimage.Opened{Name: o.Name}
	made := p.mount(sdkimage.Opener(client)).WithMountedFile(o.Archive, tarball).
		WithExec(runProgram("sdk", o.Name, o)).
		WithExec(runProgram("facts", o.Name, step.FactsOptions{SDK: sdkimage.SDKDir}))
	if err := readResult(ctx, made, "sdk.json", &opened.SDK); err != nil {
		return opened, err
	}
	opened.Directory = made.Directory(sdkimage.SDKDir)
	return opened, readResult(ctx, made, "facts.json", &opened.Facts)
}

// readResult decodes a result of a step.
func readResult(ctx context.Context, container *dagger.Container, name string, value any) error {
	text, err := container.File(step.Out + "/" + name).Contents(ctx)
	var exec *dagger.ExecError
	if errors.As(err, &exec) && exec.Stderr != "" {
		return errors.New(strings.TrimSpace(exec.Stderr)) // the step's own words
	}
	if err != nil {
		return errors.New(explain(err))
	}
	if err := json.Unmarshal([]byte(text), value); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
