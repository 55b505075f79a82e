// SPDX-License-Identifier: Apache-2.0

package sdkimage

import "crosswheel/internal/dagger"

// sourcesSuite is that of the default target, so that a run for it alone needs no second container.
const sourcesSuite = "bookworm"

// Sources is the container for what is done to a source before it meets a target: it is fetched and unpacked there. It is the same for
// every target, so that a run for several does that once.
func Sources(client *dagger.Client) *dagger.Container {
	return tools(from(client, sourcesSuite), sourcesSuite)
}

// SourcesKey changes when that container does.
func SourcesKey() string { return toolsKey(sourcesSuite) }

// SourcesWithGit has git besides, for the few sources that are commits.
func SourcesWithGit(client *dagger.Client) *dagger.Container {
	return Sources(client).WithExec([]string{"sh", "-euc", install(sourcesSuite), "git", "git"})
}
