// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"

	"crosswheel/engine/internal/lastuse"
)

// What is exported is the same whether the folder can be moved, its files get another name, or they are copied; it shares nothing with the user's files.
func TestTakeOwn(t *testing.T) {
	want := []string{". drwxr-xr-x", "inner -> private/f", "linked -rwxr-xr-x users", "private drwxr-xr-x", "private/f -rw-r--r-- own", "shared -rw-r--r-- users, too"}
	for _, last := range []bool{false, true} {
		t.Run(fmt.Sprintf("last=%v", last), func(t *testing.T) {
			dir := t.TempDir()
			t.Chdir(dir)
			own, to := filepath.Join(dir, "own"), filepath.Join(dir, "to")
			users := ownFolder(t, dir, own)
			ctx := t.Context()
			if last {
				ctx = lastuse.With(ctx)
			}
			if err := os.Mkdir(to, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := takeOwn(ctx, newOwnFolder(own), to); err != nil {
				t.Fatal(err)
			}
			if got := listed(t, to); !slices.Equal(got, want) {
				t.Errorf("got  %q\nwant %q", got, want)
			}
			if _, err := os.Stat(own); errors.Is(err, fs.ErrNotExist) != last {
				t.Errorf("the folder itself: %v", err)
			}
			for name := range users {
				at, err := os.Stat(filepath.Join(dir, name))
				taken, takenErr := os.Stat(filepath.Join(to, users[name]))
				if err != nil || takenErr != nil || os.SameFile(at, taken) {
					t.Errorf("%s of the user's is not there, or shared with %s: %v, %v", name, users[name], err, takenErr)
				}
			}
		})
	}
}

// A folder that only a link leads to is the user's: it stays where it is.
func TestTakeOwnLeavesTheUsersFolder(t *testing.T) {
	users, work, to := t.TempDir(), t.TempDir(), t.TempDir()
	t.Chdir(work)
	err := errors.Join(os.MkdirAll(filepath.Join(users, "all/some"), 0o755), os.WriteFile(filepath.Join(users, "all/some/f"), []byte("users"), 0o644), os.Symlink(filepath.Join(users, "all"), "link"))
	if err != nil {
		t.Fatal(err)
	}
	for i, root := range []string{filepath.Join(work, "link"), filepath.Join(work, "link/some"), users} {
		staged := filepath.Join(to, fmt.Sprint(i))
		if err := errors.Join(os.Mkdir(staged, 0o755), takeOwn(lastuse.With(t.Context()), newOwnFolder(root), staged)); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(filepath.Join(users, "all/some/f")); err != nil {
			t.Fatalf("%s is taken away from the user: %v", root, err)
		}
	}
}

// ownFolder makes a folder that holds something of each kind, and gives the user's files by what they are called in it.
func ownFolder(t *testing.T, dir, own string) map[string]string {
	t.Helper()
	users := map[string]string{"users": "linked", "too": "shared"}
	err := errors.Join(
		os.WriteFile(filepath.Join(dir, "users"), []byte("users"), 0o755),
		os.WriteFile(filepath.Join(dir, "too"), []byte("users, too"), 0o644),
		os.Mkdir(own, 0o700), os.Mkdir(filepath.Join(own, "private"), 0o700),
		os.WriteFile(filepath.Join(own, "private/f"), []byte("own"), 0o644),
		os.Symlink("private/f", filepath.Join(own, "inner")),
		os.Symlink(filepath.Join(dir, "users"), filepath.Join(own, "linked")),
		os.Link(filepath.Join(dir, "too"), filepath.Join(own, "shared")),
		syscall.Mkfifo(filepath.Join(own, "pipe"), 0o600),
	)
	if err != nil {
		t.Fatal(err)
	}
	return users
}

// listed describes what a folder holds.
func listed(t *testing.T, dir string) []string {
	t.Helper()
	lines := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		text := " " + info.Mode().String()
		switch info.Mode().Type() {
		case 0:
			content, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			text += " " + string(content)
		case fs.ModeSymlink:
			target, err := os.Readlink(name)
			if err != nil {
				return err
			}
			text = " -> " + target
		}
		at, err := filepath.Rel(dir, name)
		lines[at] = text
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, name := range slices.Sorted(maps.Keys(lines)) {
		all = append(all, name+lines[name])
	}
	return all
}
