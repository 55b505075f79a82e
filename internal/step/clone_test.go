// SPDX-License-Identifier: Apache-2.0

package step

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// repository makes a repository with a submodule, and returns its address and the two commits of its main branch.
func repository(t *testing.T) (url, first, last string) {
	t.Helper()
	inner, outer := t.TempDir(), t.TempDir()
	git := func(dir string, arguments ...string) string {
		command := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "protocol.file.allow=always"}, arguments...)...)
		command.Env = append(os.Environ(), "GIT_COMMITTER_DATE=2023-04-05T06:07:08Z", "GIT_CONFIG_GLOBAL=/dev/null")
		out, err := command.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v\n%s", arguments, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	commit := func(dir, name, text string) string {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		git(dir, "add", "--all")
		git(dir, "commit", "--quiet", "--message", "a commit")
		return git(dir, "rev-parse", "HEAD")
	}
	git(inner, "init", "--quiet")
	commit(inner, "library.c", "int f;")
	git(outer, "init", "--quiet")
	git(outer, "submodule", "--quiet", "add", inner, "vendor")
	first = commit(outer, "setup.py", "first")
	return outer, first, commit(outer, "setup.py", "last")
}

// TestClone runs git itself, on a repository of this machine.
func TestClone(t *testing.T) {
	url, first, _ := repository(t)
	t.Setenv("GIT_CONFIG_COUNT", "1")
	t.Setenv("GIT_CONFIG_KEY_0", "protocol.file.allow")
	t.Setenv("GIT_CONFIG_VALUE_0", "always")
	for submodules, want := range map[bool]bool{false: false, true: true} {
		dir := t.TempDir()
		if err := cloneTo(t.Context(), dir, CloneOptions{URL: url, Commit: first, Submodules: submodules}); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(dir, "tree", "setup.py"))
		if err != nil || string(text) != "first" {
			t.Errorf("setup.py is %q, %v", text, err)
		}
		if _, err := os.Stat(filepath.Join(dir, "tree", "vendor", "library.c")); (err == nil) != want {
			t.Errorf("submodules %v: %v", submodules, err)
		}
		found, _ := filepath.Glob(filepath.Join(dir, "tree", ".git*"))
		more, _ := filepath.Glob(filepath.Join(dir, "tree", "*", ".git"))
		if len(found) != 1 || len(more) != 0 { // .gitmodules is the commit's own
			t.Errorf("of git is left: %v %v", found, more)
		}
		var fetched Fetched
		if err := readJSON(filepath.Join(dir, "fetched.json"), &fetched); err != nil || fetched.Uploaded.UTC().Format("2006-01-02") != "2023-04-05" {
			t.Errorf("got %+v, %v", fetched, err)
		}
	}
	err := cloneTo(t.Context(), t.TempDir(), CloneOptions{URL: url, Commit: strings.Repeat("0", 40)})
	if err == nil || !strings.Contains(err.Error(), "Fetching commit 0000") {
		t.Errorf("a commit that is not there: %v", err)
	}
}
