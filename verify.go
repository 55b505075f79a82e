// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"

	"crosswheel/internal/dagger"
	"crosswheel/pipeline"
)

// Verify builds packages and libraries twice, and says where the two results differ: the file in the wheel, the section, offset and symbol, what is
// there in both, and what it probably comes from. It fails if anything differs, or cannot be built.
//
// The second build has another clock, SOURCE_DATE_EPOCH, folder, host name, user, umask, home folder, time zone, locale, hash seed of Python and
// order of files, and runs one job at a time. Compared is what would be published: of a library what it exports. See docs/reproducible.md.
//
// Both builds stay in the cache: verifying the same again runs nothing, and says the same.
//
//	go run . verify --rebuild numpy
//	go run . verify --rebuild 'tag:core,!pandas' --target all-debian
//
// +cache="session"
func (m *Crosswheel) Verify(ctx context.Context, with struct {
	// What to build twice, as build-all's --select: names, globs ("*" is everything), "tag:NAME", "NAME==VERSION", "!NOT-THIS". What
	// they use is built once.
	Rebuild []string
	// The firmwares, as of build-all.
	// +optional
	Target []string
	// The tarball of the firmware's SDK, as of build.
	// +optional
	SDK *dagger.File
	// How many packages are built at a time, on all targets together.
	// +default=2
	Jobs int
}) (string, error) {
	opened, err := m.selected(ctx, with.Target, with.SDK, with.Rebuild, with.Jobs)
	if err != nil {
		return "", err
	}
	rebuilt, err := pipeline.Rebuild(ctx, opened.jobs())
	if err != nil {
		return "", opened.explain(err)
	}
	rebuilt.Skip(opened.skipped)
	if err := opened.failure(rebuilt.Result); err != nil {
		return "", errors.New(rebuilt.Text() + "\n" + err.Error())
	}
	if n := rebuilt.Differ(); n > 0 {
		return "", fmt.Errorf("%s\n%d of what was built twice did not come out the same", rebuilt.Text(), n)
	}
	return rebuilt.Text(), nil
}
