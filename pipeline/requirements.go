// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"crosswheel/internal/lock"
	"crosswheel/internal/recipe"
	"crosswheel/internal/step"
)

// addRequirements adds the stages of what runs natively while building: "lock" resolves it as of the source's release
// and leaves /out/pylock.toml, unless the recipe has a lock; "requirements" installs it by hash and leaves sdkimage.EnvDir.
func (p *Pipeline) addRequirements(b *Build) {
	locked := mount{at: "/in/pylock.toml", file: true, path: p.lockPath(b)}
	if text, err := fs.ReadFile(p.folder, locked.path); err == nil {
		p.checkLock(b, locked.path, text)
	} else {
		p.addLock(b)
		locked.from, locked.path = b.lock, step.Out+"/pylock.toml"
	}
	built, folders := nativeMounts(b)
	options := step.RequirementsOptions{Lock: locked.at, Index: p.options.IndexURL, Cache: "/downloads", Built: folders}
	b.requirements = &stage{name: "requirements", label: b.Label(), base: tools, program: true, caches: downloads, mounts: append([]mount{locked}, built...)}
	if p.image.Native != "" {
		b.requirements.base, options.Native, options.Python = sdk, p.image.Native, p.image.Target.Python
	}
	b.requirements.execs = [][]string{runProgram("requirements", b.slug(), options)}
}

// checkLock reports a committed lock that cannot be read, or was made for other requirements than the recipe's.
func (p *Pipeline) checkLock(b *Build, name string, text []byte) {
	remedy := fmt.Sprintf("Make it anew: lock --select %q export --path ./recipes", b.Recipe.Name+"=="+b.Recipe.Version)
	at := b.Recipe.At("build", "requires")
	native, _ := b.nativeRequirements()
	switch locked, err := lock.Parse(text); {
	case err != nil:
		p.problems = append(p.problems, recipe.Problem(at, "Invalid lock", "The lock %s cannot be read: %s. %s", name, err, remedy))
	case len(b.Recipe.Build.Requires) > 0 && !slices.Equal(locked.Tool.Crosswheel.Requires, b.Recipe.Build.Requires):
		p.problems = append(p.problems, recipe.Problem(at, "Outdated lock", "The lock %s was made for the requirements %q, and the recipe has %q. %s",
			name, locked.Tool.Crosswheel.Requires, b.Recipe.Build.Requires, remedy))
	case !slices.Equal(locked.Tool.Crosswheel.Constraints, b.Recipe.Build.Constraints):
		p.problems = append(p.problems, recipe.Problem(b.Recipe.At("build", "constraints"), "Outdated lock", "The lock %s was made with the constraints %q, and the recipe has %q. %s",
			name, locked.Tool.Crosswheel.Constraints, b.Recipe.Build.Constraints, remedy))
	default:
		for _, requirement := range native {
			if !holds(locked, requirement) {
				p.problems = append(p.problems, recipe.Problem(b.Recipe.At("build", "uses"), "Outdated lock", "What it uses is needed natively too, as %s, which the lock %s has not got. %s",
					requirement, name, remedy))
			}
		}
	}
}

// holds says whether a lock has a wheel for a requirement: of that project, and where one version is asked for, of that.
func holds(locked lock.Lock, requirement string) bool {
	_, version, pinned := strings.Cut(requirement, "==")
	return slices.ContainsFunc(locked.Packages, func(l lock.Package) bool {
		return projectOf(l.Name) == projectOf(requirement) && (!pinned || strings.TrimSpace(version) == l.Version)
	})
}

func (p *Pipeline) addLock(b *Build) {
	imported, instead := b.nativeRequirements()
	options := step.LockOptions{
		Imported: imported, Instead: instead,
		Requires: b.Recipe.Build.Requires, Constraints: b.Recipe.Build.Constraints, BuildSystem: "/in/build-system.json",
		Python: p.image.Target.Python, Index: p.options.IndexURL, Native: p.image.Native,
	}
	b.lock = &stage{name: "lock", label: b.Label(), base: tools, program: true,
		mounts: []mount{{at: options.BuildSystem, file: true, from: b.unpack, path: step.Out + "/build-system.json"}}}
	uses := slices.DeleteFunc(b.natives(), func(use *Build) bool { return slices.Contains(b.Uses, use) })
	for _, released := range slices.Concat([]*Build{b}, b.Uses, uses) {
		if released.fetch != nil && b.fetch != nil { // of a folder nobody says when it was released
			at := "/in/" + released.slug() + ".json"
			options.Fetched = append(options.Fetched, at)
			b.lock.mounts = append(b.lock.mounts, mount{at: at, file: true, from: released.fetch, path: step.Out + "/fetched.json"})
		}
	}
	b.lock.execs = [][]string{runProgram("lock", b.slug(), options)}
}

// lockPath is where a recipe's committed lock is, below the recipes folder.
func (p *Pipeline) lockPath(b *Build) string {
	return path.Join(b.Recipe.Dir, lock.FileName(b.Recipe.Version, p.image.Target.Python))
}
