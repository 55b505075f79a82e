// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"crosswheel/internal/recipe"
	"crosswheel/internal/step"
)

// downloads is the cache volume of what was fetched, by checksum: a new version of this program fetches nothing twice.
var downloads = map[string]string{"/downloads": "crosswheel-downloads"}

// addSource adds the stages that bring the source: "fetch" leaves /out/archive and /out/fetched.json, "unpack" leaves
// /out/source (patched) and /out/build-system.json.
func (p *Pipeline) addSource(b *Build) {
	r := b.Recipe
	unpack := step.UnpackOptions{Strip: r.Source.Strip, Dir: r.Source.ExtractDir, Backend: r.Build.Backend}
	unpack.Rust = usesRust(r) || len(r.Build.Requires) > 0 || r.Build.Script != ""
	unpack.Licenses = r.Build.LicenseFiles
	unpack.Scripted = r.Kind == recipe.Library || r.Source.IsWheel() || r.Build.Script != ""
	b.unpack = &stage{name: "unpack", label: b.Label(), base: sources, program: true}
	if r.Source.Kind == recipe.Path {
		unpack.Folder = "/in/source"
		b.unpack.mounts = append(b.unpack.mounts, mount{at: unpack.Folder, path: path.Join(r.Dir, r.Source.Path)})
	} else {
		b.fetch = &stage{name: "fetch", label: b.Label(), base: sources, program: true, caches: downloads}
		from := mount{at: "/in/archive", file: true, from: b.fetch, path: step.Out + "/archive"}
		unpack.Archive = from.at
		if r.Source.Kind == recipe.Git {
			b.fetch.base, b.fetch.caches = cloner, nil
			from = mount{at: "/in/source", from: b.fetch, path: step.Out + "/tree"}
			unpack.Archive, unpack.Folder = "", from.at
			b.fetch.execs = [][]string{runProgram("clone", b.slug(), step.CloneOptions{URL: r.Source.URL, Commit: r.Source.Commit, Submodules: r.Source.Submodules})}
		} else {
			b.fetch.execs = [][]string{runProgram("fetch", b.slug(), p.fetchOptions(r))}
		}
		b.unpack.mounts = append(b.unpack.mounts, from)
	}
	for _, patch := range r.Source.Patches {
		at := "/in/" + patch
		unpack.Patches = append(unpack.Patches, at)
		b.unpack.mounts = append(b.unpack.mounts, mount{at: at, file: true, path: path.Join(r.Dir, patch)})
	}
	for i, name := range slices.Sorted(maps.Keys(r.Source.Extras)) {
		extra := step.Extra{From: fmt.Sprintf("/in/extras/%d", i), To: r.Source.Extras[name]}
		unpack.Extras = append(unpack.Extras, extra)
		info, err := fs.Stat(p.folder, path.Join(r.Dir, name))
		b.unpack.mounts = append(b.unpack.mounts, mount{at: extra.From, file: err == nil && !info.IsDir(), path: path.Join(r.Dir, name)})
	}
	b.unpack.execs = [][]string{runProgram("unpack", b.slug(), unpack)}
}

func (p *Pipeline) fetchOptions(r *recipe.Recipe) step.FetchOptions {
	options := step.FetchOptions{SHA256: r.Source.SHA256, Index: p.options.IndexURL, Cache: "/downloads"}
	switch r.Source.Kind {
	case recipe.PyPI:
		options.Name, options.Version, options.Wheel = r.Name, r.Version, r.Source.Wheel
	case recipe.GitHub:
		options.URLs = []string{gitHubURL(cmp.Or(p.options.GitHubURL, publicGitHub), r.Source)}
	default:
		options.URLs = append([]string{r.Source.URL}, r.Source.Mirrors...)
	}
	return options
}

// publicGitHub is where github sources are if nobody says otherwise.
const publicGitHub = "https://github.com"

// gitHubURL is the address of a tag's archive, or of a file of its release.
func gitHubURL(base string, s recipe.Source) string {
	repository := fmt.Sprintf("%s/%s/%s", strings.TrimSuffix(base, "/"), s.Owner, s.Repo)
	if s.Asset != "" {
		return fmt.Sprintf("%s/releases/download/%s/%s", repository, s.Tag, s.Asset)
	}
	return fmt.Sprintf("%s/archive/refs/tags/%s.tar.gz", repository, s.Tag)
}
