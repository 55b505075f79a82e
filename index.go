// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"crosswheel/index"
	"crosswheel/index/site"
	"crosswheel/internal/dagger"
	"crosswheel/pipeline"
	sdkimage "crosswheel/sdk-image"
)

// hostPath says where a folder is on the machine, for functions that run there: it need not be copied to be read. The stand-in of dagger.gen.go sets
// it; on Dagger functions run in a container, and there is no such place.
var hostPath func(*dagger.Directory) (string, bool)

// Index makes a package index of a folder of wheels, whoever built them: what pip, uv, poetry and pdm install from, on any host of files or
// from the disk. It needs no engine.
//
//	go run . index --wheels ./wheels export --path ./dist
//	go run . index --wheels ./new --merge ./dist export --path ./dist
//
// The result has simple/ (with the wheels), packages.json, SHA256SUMS and pages for people. A wheel that can not be in an index is named with the reason; the rest is
// written, and the exit code is 1. (On Dagger nothing is written then; see --keep-going.) A file WHEEL.provenance.json beside a wheel
// (in-toto statement with SLSA provenance) or WHEEL.provenance (PEP 740) is published with it, and gives its upload time; so is WHEEL.cdx.json, a bill of
// materials (CycloneDX).
func (m *Crosswheel) Index(ctx context.Context, with struct {
	// A folder of wheels (*.whl), at any depth.
	// +optional
	Wheels *dagger.Directory
	// The folder of an index that was made before, with its packages.json and SHA256SUMS. What is in it stays; the result holds only
	// what is new or changed: export it over the same folder. Another content for a file name that is published is refused.
	// +optional
	Merge *dagger.Directory
	// The same for an index that is published: its address, "https://wheels.example.org" where the pages are below /simple/.
	// +optional
	MergeURL string
	// A file of what is taken back, and of projects' statuses (PEP 792), one to a line: "yank NAME==VERSION reason", "yank FILE.whl reason",
	// "archived NAME reason", also "deprecated" and "quarantined". It is the whole truth: what is not in it is not yanked. Default: as it was.
	// +optional
	Marks *dagger.File
	// Where the index will be, beginning with https://. Only links to PEP 740 provenance need it: all others are relative. It is kept when merging.
	// +optional
	BaseURL string
	// Firmwares that get a lock (PEP 751) of the newest version of everything that they install: pylock.TARGET.toml. sdk-image/targets.hcl declares them.
	// When merging, those of before stay, and are brought up to date.
	// +optional
	Target []string
	// Hosts that configuration is written for: "nginx" (JSON and HTML under one address), "headers" (Cloudflare Pages, Netlify), "s3" (the
	// publishing plan). The last two get a second tree, simple-json/, for installers that know JSON. It is kept when merging.
	// +optional
	Hosts []string
	// Leave out the pages for people: index.html, and one for each package. Where they are already, merging keeps them up to date.
	// +optional
	NoPages bool
	// Succeed even where wheels were refused.
	// +optional
	KeepGoing bool
}) (*dagger.Directory, error) {
	in := index.Input{BaseURL: with.BaseURL, Hosts: with.Hosts, Pages: !with.NoPages}
	out := &index.Folder{Dir: "index"} // in the program's working directory
	var err error
	if with.Wheels != nil {
		if out.Wheels, out.Link, err = readable(ctx, with.Wheels); err != nil {
			return nil, err
		}
		in.Wheels = os.DirFS(out.Wheels)
	}
	var told site.Site
	if in.Published, told, err = readPublished(ctx, with.Merge, with.MergeURL); err != nil {
		return nil, err
	}
	if in.Marks, err = readMarks(ctx, with.Marks); err != nil {
		return nil, err
	}
	if in.Targets, err = lockTargets(with.Target); err != nil {
		return nil, err
	}
	return writeIndex(in, out, told, with.KeepGoing)
}

// writeIndex returns an index without what is refused, and the refusals as an error beside it.
func writeIndex(in index.Input, out *index.Folder, told site.Site, keepGoing bool) (*dagger.Directory, error) {
	if in.Wheels == nil && in.Published == nil {
		return nil, errors.New("there is nothing to make an index of: give --wheels, or --merge or --merge-url, or both")
	}
	index.TuneCollector()
	described, err := index.Write(in, out)
	var refused index.Refused
	if err != nil && !errors.As(err, &refused) {
		return nil, err
	}
	if described.Pages() {
		if err := site.WriteIndex(described, in.Published, told, out.Text); err != nil {
			return nil, err
		}
	}
	made := dag.CurrentModule().Workdir(out.Dir)
	if err == nil {
		return made, nil
	}
	err = fmt.Errorf("refused, and not in the index:\n  %s", strings.ReplaceAll(err.Error(), "\n", "\n  "))
	if keepGoing {
		fmt.Fprintln(os.Stderr, err)
		return made, nil
	}
	return made, err
}

// readable is a path of a folder's files, and whether they are the user's own.
func readable(ctx context.Context, folder *dagger.Directory) (path string, usersOwn bool, err error) {
	if hostPath != nil {
		if path, ok := hostPath(folder); ok {
			return path, true, nil
		}
	}
	const local = "wheels"
	folder = folder.Filter(dagger.DirectoryFilterOpts{Include: []string{"**/*.whl", "**/*.whl.provenance", "**/*.whl.provenance.json", "**/*.whl.cdx.json"}})
	if _, err := folder.Export(ctx, local); err != nil {
		return "", false, fmt.Errorf("reading the wheels: %w", err)
	}
	return local, false, nil
}

// readPublished reads the index that is merged with, if there is one, and what the report of the build-all that made it tells beyond it.
func readPublished(ctx context.Context, folder *dagger.Directory, address string) (*index.Published, site.Site, error) {
	found, read, err := openPublished(ctx, folder, address)
	if err != nil || found.Report() == "" {
		return found, site.Site{}, err
	}
	text, err := read(found.Report())
	if err != nil {
		return nil, site.Site{}, fmt.Errorf("reading the report that the published index names: %w", err)
	}
	report, err := pipeline.ParseReport([]byte(text))
	if err != nil {
		return nil, site.Site{}, fmt.Errorf("reading the published %s: %w", found.Report(), err)
	}
	return found, report.Site(), nil
}

// openPublished reads what a published index says of itself, and gives the way to read more of it.
func openPublished(ctx context.Context, folder *dagger.Directory, address string) (*index.Published, func(name string) (string, error), error) {
	read := func(name string) (string, error) { return folder.File(name).Contents(ctx) }
	switch {
	case folder != nil && address != "":
		return nil, nil, errors.New("--merge and --merge-url: an index is merged with one other")
	case address != "":
		read = func(name string) (string, error) { return get(ctx, strings.TrimSuffix(address, "/")+"/"+name) }
	case folder == nil:
		return nil, nil, nil
	}
	var texts []string
	for _, name := range []string{index.PackagesFile, index.SumsFile} {
		text, err := read(name)
		if err != nil {
			return nil, nil, fmt.Errorf("reading the published index (leave --merge out where there is none yet): %w", err)
		}
		texts = append(texts, text)
	}
	found, err := index.ParsePublished(texts[0], texts[1])
	if err != nil {
		return nil, nil, fmt.Errorf("reading the published index: %w", err)
	}
	return found, read, nil
}

// readMarks reads what is taken back, if anybody says it.
func readMarks(ctx context.Context, file *dagger.File) (*index.Marks, error) {
	if file == nil {
		return nil, nil
	}
	text, err := file.Contents(ctx)
	if err != nil {
		return nil, err
	}
	marks, err := index.ParseMarks([]byte(text))
	if err != nil {
		return nil, fmt.Errorf("--marks: %w", err)
	}
	return marks, nil
}

// largest is how much of a published file is read.
const largest = 1 << 30

func get(ctx context.Context, address string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s: %s", address, response.Status)
	}
	var text strings.Builder
	if _, err := io.Copy(&text, io.LimitReader(response.Body, largest+1)); err != nil {
		return "", fmt.Errorf("%s: %w", address, err)
	}
	if text.Len() > largest {
		return "", fmt.Errorf("%s: it is larger than %d bytes", address, largest)
	}
	return text.String(), nil
}

func lockTargets(names []string) ([]index.Target, error) {
	var targets []index.Target
	for _, name := range names {
		t, err := sdkimage.Target(name)
		if err != nil {
			return nil, err
		}
		targets = append(targets, pipeline.LockTarget(t))
	}
	return targets, nil
}
