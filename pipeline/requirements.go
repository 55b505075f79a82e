// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"io/fs"
	"path"

	"crosswheel/internal/lock"
	"crosswheel/internal/step"
)

// addRequirements adds the stages of what runs natively while building: "lock" resolves it as of the source's release
// and leaves /out/pylock.toml, unless the recipe has a lock; "requirements" installs it by hash and leaves sdkimage.EnvDir.
func (p *Pipeline) addRequirements(b *Build) {
	locked := mount{at: "/in/pylock.toml", file: true, path: p.lockPath(b)}
	if _, err := fs.Stat(p.folder, locked.path); err != nil {
		p.addLock(b)
		locked.from, locked.path = b.lock, step.Out+"/pylock.toml"
	}
	b.requirements = &stage{name: "requirements", label: b.Label(), base: tools, program: true, caches: downloads,
		mounts: []mount{locked},
		execs: [][]string{runProgram("requirements", b.slug(), step.RequirementsOptions{
			Lock: locked.at, Index: p.options.IndexURL, Cache: "/downloads",
		})}}
}

func (p *Pipeline) addLock(b *Build) {
	options := step.LockOptions{
		Requires: b.Recipe.Build.Requires, BuildSystem: "/in/build-system.json",
		Python: p.image.Target.Python, Index: p.options.IndexURL,
	}
	b.lock = &stage{name: "lock", label: b.Label(), base: tools, program: true,
		mounts: []mount{{at: options.BuildSystem, file: true, from: b.unpack, path: step.Out + "/build-system.json"}}}
	if b.fetch != nil {
		options.Fetched = "/in/fetched.json"
		b.lock.mounts = append(b.lock.mounts, mount{at: options.Fetched, file: true, from: b.fetch, path: step.Out + "/fetched.json"})
	}
	b.lock.execs = [][]string{runProgram("lock", b.slug(), options)}
}

// lockPath is where a recipe's committed lock is, below the recipes folder.
func (p *Pipeline) lockPath(b *Build) string {
	return path.Join(b.Recipe.Dir, lock.FileName(b.Recipe.Version, p.image.Target.Python))
}
