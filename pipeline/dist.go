// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"

	"crosswheel/index"
	"crosswheel/internal/dagger"
	"crosswheel/internal/step"
	"crosswheel/internal/wheel"
)

// Dist is what is published: simple/ (the index with its wheels), pages for people, report.json and logs/. Times are in the last two and, that of a wheel's
// compile, in what tells of the wheel: its provenance, and the index's upload time.
// Pages are written here from what each build says of its wheel; the wheels stay in the engine.
//
// Onto is an index that the run is added to, nil for none. What is in it stays, and is not in the result: a wheel of the same name must have the same bytes.
func (r *Result) Dist(ctx context.Context, onto *index.Published) (*dagger.Directory, error) {
	files := map[string][]byte{index.ReportFile: r.Report.JSON()}
	var wheels []placed
	listed, err := r.listed()
	if err != nil {
		return nil, err
	}
	pages, made, err := index.Render(index.Input{Files: slices.Collect(maps.Values(listed)), Published: onto, Targets: r.targets, Report: true, Pages: true})
	if err != nil {
		return nil, fmt.Errorf("adding to the index: %w", err)
	}
	maps.Copy(files, pages)
	there, err := filenames(onto)
	if err != nil {
		return nil, err
	}
	for _, o := range r.outcomes {
		if err := o.addLog(ctx, files); err != nil {
			return nil, err
		}
		if _, first := listed[o]; !first || there[o.wheel.Filename] {
			continue
		}
		at := path.Join("simple", wheel.NormalizeProject(o.build.Recipe.Name))
		proofs, err := o.beside(ctx)
		if err != nil {
			return nil, err
		}
		for suffix, text := range proofs {
			files[path.Join(at, o.wheel.Filename+suffix)] = text
		}
		if o.build.debug != nil {
			wheels = append(wheels, placed{"debug", o.pipeline.container(o.build.debug).Directory(step.Out + "/debug")})
		}
		wheels = append(wheels, placed{at, o.pipeline.container(o.finish).Directory(step.Out + "/wheel")})
	}
	if err := r.addPages(files, made); err != nil {
		return nil, err
	}
	text, err := TextFiles(r.client, files)
	if err != nil {
		return nil, err
	}
	return merge(r.client, append(wheels, placed{".", text})), nil
}

// listed describes the wheels for the index, by the builds that give them: the same bytes may come of several targets.
func (r *Result) listed() (map[*outcome]index.File, error) {
	listed, named := map[*outcome]index.File{}, map[string]bool{}
	for _, o := range r.outcomes {
		if o.wheel.Filename == "" || !o.status.good() || o.from != nil || named[o.wheel.Filename] {
			continue
		}
		named[o.wheel.Filename] = true
		file, err := index.NewFile(o.wheel.Filename, o.wheel.SHA256, o.wheel.Size, []byte(o.wheel.Metadata))
		if err != nil {
			return nil, err
		}
		file.Imports, file.UploadTime = o.wheel.Imports, o.timing.finished()
		file.Provenance, file.SBOM = file.Filename+provenanceSuffix, file.Filename+billSuffix
		file.Glibc, file.Bundles = o.wheel.Glibc, o.bundles()
		listed[o] = file
	}
	return listed, nil
}

// filenames are the files of an index.
func filenames(p *index.Published) (map[string]bool, error) {
	names := map[string]bool{}
	for _, project := range p.Projects() {
		files, _, err := p.Project(project)
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			names[f.Filename] = true
		}
	}
	return names, nil
}

// addLog adds the build's log: what compiling printed, or what is left of the failed stage's.
func (o *outcome) addLog(ctx context.Context, files map[string][]byte) error {
	text := o.log
	if o.status.good() {
		var err error
		if text, err = o.pipeline.container(o.build.compile).File(step.Out + "/log").Contents(ctx); err != nil {
			return err
		}
	}
	if text != "" {
		files[o.logPath()] = []byte(text)
	}
	return nil
}

func (o *outcome) logPath() string {
	return path.Join("logs", o.pipeline.image.Target.Name, o.build.slug()+".txt")
}

// TextFiles hands files to the engine through the working directory: as one layer, where a chain of WithNewFile would be
// one for each, more than can be mounted.
func TextFiles(client *dagger.Client, files map[string][]byte) (*dagger.Directory, error) {
	dir, err := os.MkdirTemp(".", "files")
	if err != nil {
		return nil, err
	}
	for name, text := range files {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return nil, err
		}
		if err := os.WriteFile(name, text, 0o644); err != nil {
			return nil, err
		}
	}
	return client.CurrentModule().Workdir(dir), nil
}

// placed is a folder and where it goes.
type placed struct {
	at  string
	dir *dagger.Directory
}

// fanIn is how many folders are merged at once: an engine's layers are few hundred at most, and a chain is slow.
const fanIn = 16

// merge puts folders together as a tree.
func merge(client *dagger.Client, parts []placed) *dagger.Directory {
	for len(parts) > fanIn {
		var next []placed
		for start := 0; start < len(parts); start += fanIn {
			group := parts[start:min(start+fanIn, len(parts))]
			next = append(next, placed{".", merge(client, group)})
		}
		parts = next
	}
	merged := client.Directory()
	for _, part := range parts {
		merged = merged.WithDirectory(part.at, part.dir)
	}
	return merged
}
