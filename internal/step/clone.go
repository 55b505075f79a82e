// SPDX-License-Identifier: Apache-2.0

package step

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"crosswheel/internal/source"
)

// CloneOptions are the options of the step "clone", which writes Out/tree, a commit's files, and Out/fetched.json.
type CloneOptions struct {
	URL        string
	Commit     string // the whole id
	Submodules bool
}

func clone(ctx context.Context, o CloneOptions) error { return cloneTo(ctx, Out, o) }

// cloneTo fetches the one commit. git checks each object against its id: the files are those of the commit, or it fails.
func cloneTo(ctx context.Context, out string, o CloneOptions) error {
	tree := filepath.Join(out, "tree")
	if err := os.MkdirAll(tree, 0o755); err != nil {
		return err
	}
	git := func(arguments ...string) error {
		if err := run(ctx, "git", append([]string{"-C", tree, "-c", "advice.detachedHead=false", "-c", "core.autocrlf=false"}, arguments...)...); err != nil {
			return fmt.Errorf("fetching commit %s of %s: %w", o.Commit, o.URL, err)
		}
		return nil
	}
	if err := git("init", "--quiet"); err != nil {
		return err
	}
	// Most servers hand out a single commit; from others the branches are fetched, and the commit is looked for there.
	if err := git("fetch", "--quiet", "--depth", "1", o.URL, o.Commit); err != nil {
		if err := git("fetch", "--quiet", "--tags", o.URL, "+refs/heads/*:refs/remotes/origin/*"); err != nil {
			return err
		}
		if exec.CommandContext(ctx, "git", "-C", tree, "cat-file", "-e", o.Commit+"^{commit}").Run() != nil {
			return mistake("source.git.commit", "No such commit", "Fetching commit %s of %s: no branch or tag there leads to it. Correct it.", o.Commit, o.URL)
		}
	}
	if err := git("checkout", "--quiet", "--detach", o.Commit); err != nil {
		return err
	}
	if o.Submodules {
		// Addresses of submodules may be relative to the repository's own.
		if err := git("remote", "add", "origin", o.URL); err != nil {
			return err
		}
		if err := git("submodule", "--quiet", "update", "--init", "--recursive"); err != nil {
			return err
		}
	}
	committed, err := dateOf(ctx, tree, o.Commit)
	if err != nil {
		return err
	}
	if err := source.ForgetGit(tree); err != nil {
		return err
	}
	text, err := json.Marshal(Fetched{Filename: o.Commit, Uploaded: committed})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "fetched.json"), text, 0o644)
}

// dateOf is when a commit was made: build requirements are resolved as of then.
func dateOf(ctx context.Context, tree, commit string) (time.Time, error) {
	out, err := exec.CommandContext(ctx, "git", "-C", tree, "show", "--no-patch", "--format=%cI", commit).Output()
	if err != nil {
		return time.Time{}, fmt.Errorf("asking git for the date of %s: %w", commit, err)
	}
	date, err := time.Parse(time.RFC3339, strings.TrimSpace(string(out)))
	if err != nil {
		return time.Time{}, fmt.Errorf("the date of commit %s: %w", commit, err)
	}
	return date, nil
}
