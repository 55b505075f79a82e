// SPDX-License-Identifier: Apache-2.0

package step

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"

	"crosswheel/internal/wheel"
)

// ExportOptions are the options of the step "export", which writes what dependants see of an installed library to Out/exports, and its licence
// files to Out/licenses.
type ExportOptions struct {
	Prefix   string   // the folder into which the library was installed
	At       string   // where that was, and where dependants see it again
	Patterns []string // of files, see wheel.Match
	Licenses string   // the folder of licence files below Prefix, if there is one
}

func exportLibrary(_ context.Context, o ExportOptions) error {
	exports := filepath.Join(Out, "exports")
	if err := export(o.Prefix, exports, o.Patterns); err != nil {
		return err
	}
	if err := makeAlike(o.Prefix, exports); err != nil {
		return err
	}
	if err := movePkgConfig(exports, o.At); err != nil {
		return err
	}
	licenses := filepath.Join(Out, "licenses")
	if err := os.MkdirAll(licenses, 0o755); err != nil {
		return err
	}
	found := filepath.Join(o.Prefix, o.Licenses)
	if _, err := os.Stat(found); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return os.CopyFS(licenses, os.DirFS(found))
}

// export copies the files of a tree that the patterns match, and the links among them. A pattern that matches none is a mistake.
func export(tree, to string, patterns []string) error {
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	matched := map[string]bool{}
	var links []string
	err := fs.WalkDir(os.DirFS(tree), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		wanted := false
		for _, pattern := range patterns {
			ok, err := wheel.Match(pattern, name)
			if err != nil {
				return err
			}
			matched[pattern], wanted = matched[pattern] || ok, wanted || ok
		}
		if !wanted {
			return nil
		}
		if entry.Type()&fs.ModeSymlink != 0 {
			links = append(links, name)
		}
		return exportFile(filepath.Join(tree, name), filepath.Join(to, name), entry)
	})
	if err != nil {
		return err
	}
	for i, pattern := range patterns {
		if !matched[pattern] {
			return &Mistake{"build.exports", i, "Nothing to export", fmt.Sprintf("No file that was built matches %q; there are, for instance: %s. Correct the pattern, or take it away.",
				pattern, strings.Join(some(tree), ", "))}
		}
	}
	for _, name := range links {
		if _, err := os.Stat(filepath.Join(to, name)); err != nil {
			target, _ := os.Readlink(filepath.Join(to, name))
			return mistake("build.exports", "Link without its file", "%s is a link to %s, which no pattern matches. Add a pattern for it.", name, target)
		}
	}
	return nil
}

// makeAlike gives all that was copied its original's owner and mode. Scripts stay executable; and where a pattern changes and what it matches does
// not, nothing is compiled again.
func makeAlike(original, copied string) error {
	return filepath.WalkDir(copied, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(copied, name)
		if err != nil {
			return err
		}
		info, err := os.Lstat(filepath.Join(original, relative))
		if err != nil {
			return err
		}
		owner := info.Sys().(*syscall.Stat_t)
		if err := os.Lchown(name, int(owner.Uid), int(owner.Gid)); err != nil || entry.Type()&fs.ModeSymlink != 0 {
			return err
		}
		return os.Chmod(name, info.Mode().Perm())
	})
}

// exportFile copies a file, or a link, which stays one.
func exportFile(from, to string, entry fs.DirEntry) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	if entry.Type()&fs.ModeSymlink != 0 {
		target, err := os.Readlink(from)
		return errors.Join(err, os.Symlink(target, to))
	}
	text, err := os.ReadFile(from)
	return errors.Join(err, os.WriteFile(to, text, 0o644))
}

// some are the names of the first few files of a tree.
func some(tree string) []string {
	var names []string
	fs.WalkDir(os.DirFS(tree), ".", func(name string, entry fs.DirEntry, err error) error { // what cannot be read is not named
		if err != nil || entry.IsDir() {
			return nil
		}
		if names = append(names, name); len(names) == 6 {
			return fs.SkipAll
		}
		return nil
	})
	return names
}

var pkgConfigPrefix = regexp.MustCompile(`(?m)^prefix[ \t]*=[ \t]*(\S*)[ \t]*$`)

// movePkgConfig makes pkg-config files name the place where dependants see the library: some build systems write /usr/local, whatever they are
// told.
func movePkgConfig(dir, at string) error {
	return filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || filepath.Ext(name) != ".pc" {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		old := pkgConfigPrefix.FindSubmatch(text)
		if old == nil || string(old[1]) == at || strings.HasPrefix(string(old[1]), "${") { // ${pcfiledir} moves by itself
			return nil
		}
		moved := pkgConfigPrefix.ReplaceAllLiteralString(string(text), "prefix="+at)
		if len(old[1]) > 1 { // other lines may name it too, with what follows
			moved = regexp.MustCompile(regexp.QuoteMeta(string(old[1]))+`(/|\s|$)`).ReplaceAllString(moved, strings.ReplaceAll(at, "$", "$$")+"$1")
		}
		return os.WriteFile(name, []byte(moved), 0o644)
	})
}
