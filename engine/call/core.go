// SPDX-License-Identifier: Apache-2.0

package call

import (
	"context"
	"embed"
	"reflect"
	"sync"

	"crosswheel/engine"
	"crosswheel/engine/internal/lastuse"
)

// This file is what the command line offers of the engine's own types, and its help: each is seen through a view,
// whose methods are declared, documented and read as those of a module are. Names and meanings are Dagger's.
type (
	directory engine.Directory
	file      engine.File
	container engine.Container
)

var coreViews = map[reflect.Type]reflect.Type{
	reflect.TypeFor[*engine.Directory](): reflect.TypeFor[*directory](),
	reflect.TypeFor[*engine.File]():      reflect.TypeFor[*file](),
	reflect.TypeFor[*engine.Container](): reflect.TypeFor[*container](),
}

//go:embed core.go
var coreFiles embed.FS

var coreSource = sync.OnceValue(func() *source { return readSource(coreFiles) })

// Where to write on the host. Text on the command line, it reaches a function as an absolute path that can be written.
type (
	outputFile      string
	outputDirectory string
)

// Writes the directory to the host, and prints where.
// What is there already stays, unless a file of the same name replaces it.
func (d *directory) Export(ctx context.Context,
	// Directory to write to; it is made if it does not exist.
	path outputDirectory,
	// Remove what is in the target and not in the directory.
	// +optional
	wipe bool,
) (string, error) {
	// It gives a text, so nothing can follow in the chain.
	return (*engine.Directory)(d).Export(lastuse.With(ctx), string(path), engine.DirectoryExportOpts{Wipe: wipe})
}

// Lists the names in the directory.
func (d *directory) Entries(ctx context.Context,
	// Directory to list, below this one.
	// +optional
	path string,
) ([]string, error) {
	return (*engine.Directory)(d).Entries(ctx, engine.DirectoryEntriesOpts{Path: path})
}

// Lists the paths that match a pattern.
func (d *directory) Glob(ctx context.Context,
	// Pattern, such as "*.whl" for the top level or "**/*.whl" for all levels.
	pattern string,
) ([]string, error) {
	return (*engine.Directory)(d).Glob(ctx, pattern)
}

// Selects a file of the directory.
func (d *directory) File(
	// Path of the file, such as "simple/index.html".
	path string,
) *engine.File {
	return (*engine.Directory)(d).File(path)
}

// Selects a directory below this one.
func (d *directory) Directory(
	// Path of the directory, such as "simple".
	path string,
) *engine.Directory {
	return (*engine.Directory)(d).Directory(path)
}

// Selects a part of the directory by patterns.
func (d *directory) Filter(
	// Patterns of what to leave out.
	// +optional
	exclude []string,
	// Patterns of what to keep; everything, if there is none.
	// +optional
	include []string,
) *engine.Directory {
	return (*engine.Directory)(d).Filter(engine.DirectoryFilterOpts{Exclude: exclude, Include: include})
}

// Writes the file to the host, and prints where.
func (f *file) Export(ctx context.Context,
	// File to write.
	path outputFile,
	// Let the path be a directory, and keep the file's name in it.
	// +optional
	allowParentDirPath bool,
) (string, error) {
	return (*engine.File)(f).Export(ctx, string(path), engine.FileExportOpts{AllowParentDirPath: allowParentDirPath})
}

// Prints what is in the file.
func (f *file) Contents(ctx context.Context) (string, error) {
	return (*engine.File)(f).Contents(ctx)
}

// Prints the size in bytes.
func (f *file) Size(ctx context.Context) (int, error) {
	return (*engine.File)(f).Size(ctx)
}

// Prints the name.
func (f *file) Name(ctx context.Context) (string, error) {
	return (*engine.File)(f).Name(ctx)
}

// Prints what the last command wrote to its standard output.
func (c *container) Stdout(ctx context.Context) (string, error) {
	return (*engine.Container)(c).Stdout(ctx)
}

// Prints what the last command wrote to its standard error.
func (c *container) Stderr(ctx context.Context) (string, error) {
	return (*engine.Container)(c).Stderr(ctx)
}

// Selects a directory of the container.
func (c *container) Directory(
	// Path of the directory, such as "/usr/lib".
	path string,
) *engine.Directory {
	return (*engine.Container)(c).Directory(path)
}

// Selects a file of the container.
func (c *container) File(
	// Path of the file, such as "/etc/os-release".
	path string,
) *engine.File {
	return (*engine.Container)(c).File(path)
}
