// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"

	"crosswheel/internal/dagger"
	sdkimage "crosswheel/sdk-image"
)

// stage is one cached step of a build, described whole: the engine's exec and the key are both made from what is
// written here, so that they cannot disagree about what makes a package rebuild.
type stage struct {
	name   string // "compile"
	label  string // what it is done to, for people: "numpy 1.24.0"
	base   base
	execs  [][]string
	mounts []mount
	env    map[string]string
	caches map[string]string // cache volumes by path: they speed a stage up and never change its result
	extra  []string          // Debian packages that its base has not

	// program says that the stage runs this very program, so that a new version of it runs the stage again. What
	// follows does not run again where the result is the same.
	program bool
}

// base is the container that a stage runs in.
type base string

const (
	sources  base = "sources"  // pip, patch; the network is there; the same for all targets
	cloner   base = "cloner"   // sources and git
	tools    base = "tools"    // a native Python of the target's version, pip, uv; the network is there
	sdk      base = "sdk"      // tools and the SDK
	builder  base = "builder"  // tools, the SDK and its build environment
	emulated base = "emulated" // the target's own root file system
	rust     base = "rust"     // the Rust toolchain, and nothing that runs it
	native   base = "native"   // tools and a compiler for this machine
	grafter  base = "grafter"  // sdk and patchelf
)

// mount is an input of a stage: a result of another stage, a path of the recipes folder, or a text.
type mount struct {
	at   string
	file bool // it is a file, not a folder

	from    *stage
	of      *Pipeline // that from is a stage of; nil for the mounting stage's own
	path    string    // of the result in from's container, or in the recipes folder if from is nil
	include []string  // patterns of what of a folder is mounted; empty: all
	text    string    // the content, if there is neither from nor path
	layers  []layer
}

// layer is a stage's folder laid over a mounted one.
type layer struct {
	from *stage
	path string
	into string // below the mount
}

// key is a digest of everything that the stage's result depends on.
func (p *Pipeline) key(s *stage) string {
	if key, ok := p.keys[s]; ok {
		return key
	}
	hash := sha256.New()
	add := func(values ...any) {
		for _, value := range values {
			text := fmt.Sprint(value)
			fmt.Fprintf(hash, "%d:%s", len(text), text)
		}
	}
	add(p.baseKey(s.base), len(s.execs), len(s.env), len(s.mounts))
	for _, arguments := range s.execs {
		add(len(arguments))
		for _, argument := range arguments {
			add(argument)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.env)) {
		add(name, s.env[name])
	}
	for _, m := range s.mounts {
		add(m.at, m.file, m.path, m.text, len(m.layers), m.include)
		switch {
		case m.from != nil:
			add(p.owner(m).key(m.from))
		case m.path != "":
			add(p.contentKey(m.path))
		}
		for _, l := range m.layers {
			add(l.path, l.into, p.key(l.from))
		}
	}
	if len(s.extra) > 0 {
		add(s.extra)
	}
	p.keys[s] = hex.EncodeToString(hash.Sum(nil))
	return p.keys[s]
}

// owner is the pipeline that a mount's stage is of.
func (p *Pipeline) owner(m mount) *Pipeline {
	if m.of != nil {
		return m.of
	}
	return p
}

// runKey is a digest of everything that makes the stage run again: its key, and this program if it runs it.
func (p *Pipeline) runKey(s *stage) string {
	if !s.program {
		return p.key(s)
	}
	sum := sha256.Sum256([]byte(p.key(s) + p.program.digest))
	return hex.EncodeToString(sum[:])
}

func (p *Pipeline) baseKey(b base) string {
	switch b {
	case sources, cloner:
		return sdkimage.SourcesKey()
	case tools, native:
		return p.image.ToolsKey
	case rust:
		return p.image.RustKey
	case emulated:
		return p.image.Key + sdkimage.CompilePython
	}
	return p.image.Key
}

// contentKey is a digest of a file or folder of the recipes.
func (p *Pipeline) contentKey(path string) string {
	hash := sha256.New()
	fs.WalkDir(p.folder, path, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return nil // a missing path is the recipe's diagnostic, not the key's
		}
		text, _ := fs.ReadFile(p.folder, name)
		fmt.Fprintf(hash, "%d:%s%d:", len(name), name, len(text))
		hash.Write(text)
		return nil
	})
	return hex.EncodeToString(hash.Sum(nil))
}

// container is the stage as the engine runs it, lazily. This is the only place where a step of a build is run.
func (p *Pipeline) container(s *stage) *dagger.Container {
	container := p.bases[s.base]
	if len(s.extra) > 0 {
		container = sdkimage.Extended(container, s.extra)
	}
	for _, m := range s.mounts {
		container = p.mount(container, m)
	}
	for _, at := range slices.Sorted(maps.Keys(s.caches)) {
		container = container.WithMountedCache(at, p.client.CacheVolume(s.caches[at]))
	}
	for _, name := range slices.Sorted(maps.Keys(s.env)) {
		container = container.WithEnvVariable(name, s.env[name])
	}
	if s.program {
		container = p.program.mount(container)
	}
	for _, arguments := range s.execs {
		container = container.WithExec(arguments)
	}
	return container
}

func (p *Pipeline) mount(container *dagger.Container, m mount) *dagger.Container {
	switch {
	case m.from == nil && m.path == "":
		// Not written into the base, which would be another one for each stage, and copied: an SDK has hundreds of megabytes.
		return container.WithMountedFile(m.at, p.client.Directory().WithNewFile(path.Base(m.at), m.text).File(path.Base(m.at)))
	case m.file && m.from == nil:
		return container.WithMountedFile(m.at, p.recipes.File(m.path))
	case m.file:
		// By way of its folder: Dagger 0.20's engine crashes where a folder of a container and a file that was taken from
		// the container itself are mounted side by side.
		return container.WithMountedFile(m.at, p.owner(m).container(m.from).Directory(path.Dir(m.path)).File(path.Base(m.path)))
	}
	folder := p.recipes.Directory(m.path)
	if m.from != nil {
		folder = p.owner(m).container(m.from).Directory(m.path)
	}
	if len(m.include) > 0 {
		folder = folder.Filter(dagger.DirectoryFilterOpts{Include: m.include})
	}
	for _, l := range m.layers {
		folder = folder.WithDirectory(l.into, p.container(l.from).Directory(l.path))
	}
	return container.WithMountedDirectory(m.at, folder)
}
