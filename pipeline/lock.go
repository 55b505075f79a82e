// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"context"
	"fmt"
	"slices"

	"crosswheel/internal/dagger"
	"crosswheel/internal/lock"
	"crosswheel/internal/recipe"
	"crosswheel/internal/step"
)

// Lock resolves the build requirements of packages anew, and returns the locks in the layout of the recipes folder.
func (p *Pipeline) Lock(ctx context.Context, recipes []*recipe.Recipe) (*dagger.Directory, error) {
	if err := p.prepare(ctx); err != nil {
		return nil, err
	}
	var locks []placed
	for _, b := range p.graph(recipe.Order(recipes)) {
		if b.requirements == nil || !slices.Contains(recipes, b.Recipe) {
			continue
		}
		if b.lock == nil {
			p.addLock(b)
		}
		file := p.container(b.lock).File(step.Out + "/pylock.toml")
		if _, err := file.Sync(ctx); err != nil {
			return nil, fmt.Errorf("locking %s: %s", b.Label(), explain(err))
		}
		named := p.client.Directory().WithFile(lock.FileName(b.Recipe.Version, p.image.Target.Python), file)
		locks = append(locks, placed{b.Recipe.Dir, named})
	}
	return p.merge(locks), nil
}
