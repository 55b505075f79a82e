// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"crosswheel/internal/dagger"
	"crosswheel/internal/lock"
	"crosswheel/internal/recipe"
	"crosswheel/internal/step"
)

// Lock resolves the build requirements of packages anew, and returns the locks in the layout of the recipes folder: one for
// each Python among the targets. What is not for a target gets none for its Python.
func Lock(ctx context.Context, jobs []Job) (*dagger.Directory, error) {
	if err := prepare(ctx, jobs); err != nil {
		return nil, err
	}
	var locks []placed
	pythons := map[string]bool{}
	for _, job := range jobs {
		if python := job.Pipeline.image.Target.Python; !pythons[python] {
			pythons[python] = true
			made, err := job.Pipeline.makeLocks(ctx, job.Recipes)
			if err != nil {
				return nil, err
			}
			locks = append(locks, made...)
		}
	}
	return merge(jobs[0].Pipeline.client, locks), nil
}

func (p *Pipeline) makeLocks(ctx context.Context, recipes []*recipe.Recipe) ([]placed, error) {
	var locks []placed
	for _, b := range p.graph(recipe.Order(recipes)) { // it may find that a lock is outdated: that is why one is made
		if b.requirements == nil || !slices.Contains(recipes, b.Recipe) {
			continue
		}
		err := p.checkPython(ctx, b)
		var not *unsuitable
		if errors.As(err, &not) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("locking %s: %s", b.Label(), explain(err))
		}
		if b.lock == nil {
			p.addLock(b)
		}
		file := p.container(b.lock).File(step.Out + "/pylock.toml")
		if _, err := file.Sync(ctx); err != nil {
			return nil, fmt.Errorf("locking %s for Python %s: %s", b.Label(), p.image.Target.Python, explain(err))
		}
		named := p.client.Directory().WithFile(lock.FileName(b.Recipe.Version, p.image.Target.Python), file)
		locks = append(locks, placed{b.Recipe.Dir, named})
	}
	return locks, nil
}
