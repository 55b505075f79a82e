// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// DirectoryExportOpts are the options of Directory.Export.
type DirectoryExportOpts struct {
	// Wipe removes what the target holds besides. Without it the directory is merged into the target.
	Wipe bool
}

// Export writes the directory to a folder of the host and returns that folder's path. Everything is brought next to
// the target first and then renamed into place, so that a target is either as it was or has the whole of it: only a
// crash in the middle of the renames leaves something between. New folders are readable by all, as the umask allows.
func (d *Directory) Export(ctx context.Context, path string, opts ...DirectoryExportOpts) (string, error) {
	o := firstOption(opts)
	target, err := filepath.Abs(path) // of the working directory as it is now: a module's code runs in one of its own
	if err != nil {
		return "", err
	}
	l, err := d.v.get(ctx)
	if err != nil {
		return "", err
	}
	if err := d.c.checkDirectory(ctx, l); err != nil {
		return "", err
	}
	return target, d.c.stage(ctx, target, l, func(staged string) error {
		return moveFolder(staged, target, o.Wipe)
	})
}

// FileExportOpts are the options of File.Export.
type FileExportOpts struct {
	// AllowParentDirPath makes a path that is a folder mean the file of the same name in it.
	AllowParentDirPath bool
}

// Export writes the file to the host and returns its path there. It takes the place of one that is there, whole.
func (f *File) Export(ctx context.Context, path string, opts ...FileExportOpts) (string, error) {
	l, _, err := f.open(ctx)
	if err != nil {
		return "", err
	}
	target, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if info, err := os.Stat(target); err == nil && info.IsDir() || strings.HasSuffix(path, "/") {
		if !firstOption(opts).AllowParentDirPath {
			return "", fmt.Errorf("exporting %s: %s is a folder", l.baseName(), target)
		}
		target = filepath.Join(target, l.baseName())
	}
	if l.folder == nil {
		l = location{tree: emptyTree().withFile("/"+l.baseName(), l, 0, nil), path: "/", name: l.baseName()}
	}
	name := filepath.Base(l.path)
	if l.path == "/" {
		name = l.baseName()
	}
	return target, f.c.stage(ctx, target, l, func(staged string) error {
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		return os.Rename(filepath.Join(staged, name), target)
	})
}
