// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"path"

	"crosswheel/internal/recipe"
	"crosswheel/internal/step"
)

// downloads is the cache volume of what was fetched, by checksum: a new version of this program fetches nothing twice.
var downloads = map[string]string{"/downloads": "crosswheel-downloads"}

// addSource adds the stages that bring the source: "fetch" leaves /out/archive and /out/fetched.json, "unpack" leaves
// /out/source (patched) and /out/build-system.json.
func (p *Pipeline) addSource(b *Build) {
	r := b.Recipe
	unpack := step.UnpackOptions{Strip: r.Source.Strip, Backend: r.Build.Backend}
	b.unpack = &stage{name: "unpack", label: b.Label(), base: tools, program: true}
	if r.Source.Kind == recipe.Path {
		unpack.Folder = "/in/source"
		b.unpack.mounts = append(b.unpack.mounts, mount{at: unpack.Folder, path: path.Join(r.Dir, r.Source.Path)})
	} else {
		b.fetch = &stage{name: "fetch", label: b.Label(), base: tools, program: true, caches: downloads,
			execs: [][]string{runProgram("fetch", b.slug(), p.fetchOptions(r))}}
		unpack.Archive = "/in/archive"
		b.unpack.mounts = append(b.unpack.mounts, mount{at: unpack.Archive, file: true, from: b.fetch, path: step.Out + "/archive"})
	}
	for _, patch := range r.Source.Patches {
		at := "/in/" + patch
		unpack.Patches = append(unpack.Patches, at)
		b.unpack.mounts = append(b.unpack.mounts, mount{at: at, file: true, path: path.Join(r.Dir, patch)})
	}
	b.unpack.execs = [][]string{runProgram("unpack", b.slug(), unpack)}
}

func (p *Pipeline) fetchOptions(r *recipe.Recipe) step.FetchOptions {
	options := step.FetchOptions{SHA256: r.Source.SHA256, Index: p.options.IndexURL, Cache: "/downloads"}
	if r.Source.Kind == recipe.PyPI {
		options.Name, options.Version = r.Name, r.Version
	} else {
		options.URLs = append([]string{r.Source.URL}, r.Source.Mirrors...)
	}
	return options
}
