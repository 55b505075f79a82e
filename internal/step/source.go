// SPDX-License-Identifier: Apache-2.0

package step

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"crosswheel/internal/recipe"
	"crosswheel/internal/source"
	"crosswheel/internal/wheel"
)

// FetchOptions are the options of the step "fetch", which writes Out/archive and Out/fetched.json.
type FetchOptions struct {
	Name, Version string // of the sdist to look up, unless URLs are given
	Wheel         bool   `json:",omitempty"` // look up the pure wheel, not the sdist
	URLs          []string
	SHA256        string
	Index         string // the package index; empty: pip's own
	Cache         string // a folder of downloads by checksum
}

// Fetched is what fetched.json holds.
type Fetched struct {
	Filename string
	// Uploaded is when the index got the file: build requirements are resolved as of then. Zero where nobody says.
	Uploaded time.Time
	// Actual is the checksum of a fetch whose checksum was not given or wrong; there is no archive then.
	Actual string
}

// fetch does not fail at a wrong checksum but reports it: it is the recipe's author who is told, at the recipe's line.
func fetch(ctx context.Context, o FetchOptions) error {
	if err := os.MkdirAll(Out, 0o755); err != nil {
		return err
	}
	var fetched Fetched
	urls := o.URLs
	if len(urls) == 0 {
		index, err := indexURL(ctx, o.Index)
		if err != nil {
			return err
		}
		files, err := source.Project(ctx, index, o.Name)
		var status *source.StatusError
		if errors.As(err, &status) && status.Code == http.StatusNotFound {
			return mistake("source", "No such project", "The package index has no project %q. Correct the recipe's name, or take the source from elsewhere.", o.Name)
		}
		if err != nil {
			return err
		}
		pick := source.Sdist
		if o.Wheel {
			pick = source.PureWheel
		}
		file, err := pick(files, o.Name, o.Version)
		var none *source.NotReleasedError
		if errors.As(err, &none) {
			return mistake("version", "No such release", "Of what the recipe asks for %v.", none)
		}
		if err != nil {
			return err
		}
		fetched = Fetched{Filename: file.Filename, Uploaded: file.Uploaded}
		urls = []string{file.URL}
	}
	urls, err := resolveDebian(urls)
	if err != nil {
		return err
	}
	err = source.Fetch(ctx, source.Request{URLs: urls, SHA256: o.SHA256, Cache: o.Cache}, filepath.Join(Out, "archive"))
	var wrong *source.ChecksumError
	var status *source.StatusError
	switch {
	case errors.As(err, &wrong):
		fetched.Actual = wrong.Actual
	case errors.As(err, &status) && (status.Code == http.StatusNotFound || status.Code == http.StatusGone):
		return mistake("source", "No such address", "%v. Correct the address, or add a mirror that has the archive.", err)
	case err != nil:
		return err
	}
	return writeJSON("fetched.json", fetched)
}

// resolveDebian turns addresses in Debian's archive into ones on the mirror that apt is set up for.
func resolveDebian(urls []string) ([]string, error) {
	resolved := slices.Clone(urls)
	for i, url := range resolved {
		file, ok := strings.CutPrefix(url, recipe.DebianArchive)
		if !ok {
			continue
		}
		mirror, err := debianMirror()
		if err != nil {
			return nil, err
		}
		resolved[i] = strings.TrimSuffix(mirror, "/") + "/" + file
	}
	return resolved, nil
}

var mirrorPattern = regexp.MustCompile(`(?m)^[^#]*?(https?://\S+)`)

// debianMirror is the first one of apt's sources, in either of their formats.
func debianMirror() (string, error) {
	names, _ := filepath.Glob("/etc/apt/sources.list.d/*")
	for _, name := range append([]string{"/etc/apt/sources.list"}, names...) {
		text, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		if found := mirrorPattern.FindSubmatch(text); found != nil {
			return string(found[1]), nil
		}
	}
	return "", errors.New("apt has no mirror in this container")
}

// indexURL is the package index that pip asks: what the person has set up, or what pip was made with. No index is
// named here, so that a company's mirror needs one setting only.
func indexURL(ctx context.Context, given string) (string, error) {
	if given != "" {
		return given, nil
	}
	const script = `
from pip._internal.configuration import Configuration
from pip._internal.models.index import PyPI
settings = Configuration(isolated=False)
settings.load()
settings = dict(settings.items())
print(settings.get("global.index-url") or settings.get(":env:.index-url") or PyPI.simple_url)
`
	out, err := exec.CommandContext(ctx, "/usr/bin/python3", "-c", script).Output()
	if err != nil {
		return "", fmt.Errorf("asking pip for its package index: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}

// UnpackOptions are the options of the step "unpack", which writes Out/source, Out/build-system.json and Out/unpacked.json.
type UnpackOptions struct {
	Archive  string
	Folder   string // instead of an archive
	Strip    int
	Dir      string   `json:",omitempty"` // the folder of what was unpacked that is the source; empty: all of it
	Patches  []string // files, in order
	Extras   []Extra  `json:",omitempty"`
	Licenses []string `json:",omitempty"` // files that the source must have
	// Scripted says that a script of the recipe builds it, or nothing does: the source need not say how it is built.
	Scripted bool   `json:",omitempty"`
	Backend  string `json:",omitempty"` // a name of source.Backends; empty: what the source says
	Rust     bool   `json:",omitempty"` // what the source is built with does not matter, or Rust is there
}

// Unpacked is what unpacked.json holds: what a source says that is no input of its build.
type Unpacked struct {
	RequiresPython string // ">=3.8"; empty where the source does not say
}

// Extra is a file or folder that is copied into a source.
type Extra struct{ From, To string }

func unpack(_ context.Context, o UnpackOptions) error {
	tree := filepath.Join(Out, "source")
	if err := place(o, tree); err != nil {
		return err
	}
	for i, patch := range o.Patches {
		if err := source.Patch(tree, patch); err != nil {
			return patchMistake(i, filepath.Base(patch), err)
		}
	}
	for _, extra := range o.Extras {
		if err := source.Copy(extra.From, tree, extra.To); err != nil {
			return mistake("source.extras", "Extra not copied", "Nothing can be copied to %q of the source: %v. Choose another place.", extra.To, err)
		}
	}
	if err := source.Settle(tree); err != nil {
		return err
	}
	for i, name := range o.Licenses {
		if _, err := os.Stat(filepath.Join(tree, name)); err != nil {
			return &Mistake{"build.license_files", i, "No such file", fmt.Sprintf("The source has no file %q. Correct the name.", name)}
		}
	}
	system, err := source.ReadBuildSystem(tree, o.Backend)
	var none *source.NoBuildSystemError
	switch {
	case errors.As(err, &none) && o.Scripted:
		system = source.Backends["setuptools"] // what its script needs says requires, or this
	case errors.As(err, &none) && none.Named != "":
		return mistake("build.backend", "No backend in the source", "The source's pyproject.toml names no build backend, as %q demands. Write the backend's own name, or take this away.", none.Named)
	case errors.As(err, &none):
		return mistake("source", "Not a Python source", "It has neither pyproject.toml nor setup.py at its top; it has: %s. Set strip or extract_dir so that its top is where one of these is, "+
			"or write a script that builds it.", strings.Join(none.Names, ", "))
	case err != nil:
		return err
	}
	if !o.Rust {
		if err := refuseRust(system); err != nil {
			return err
		}
	}
	python, err := source.RequiresPython(tree)
	if err != nil {
		return err
	}
	return errors.Join(writeJSON("build-system.json", system), writeJSON("unpacked.json", Unpacked{RequiresPython: python}))
}

// refuseRust refuses a source that is built with Rust, which the recipe does not know.
func refuseRust(system source.BuildSystem) error {
	for _, requirement := range system.Requires {
		for _, name := range recipe.RustBackends {
			if wheel.NormalizeProject(projectName.FindString(requirement)) == name {
				return mistake("build", "Rust is not asked for", "The source is built by %s, and Rust is only there for recipes that say so. Write backend = %q.", name, name)
			}
		}
	}
	return nil
}

var projectName = regexp.MustCompile(`^[A-Za-z0-9._-]+`)

// patchMistake says what is wrong with a patch, and where in it.
func patchMistake(item int, name string, err error) error {
	var failure *source.PatchError
	if !errors.As(err, &failure) {
		return fmt.Errorf("%s: %w", name, err)
	}
	m := &Mistake{At: "source.patches", Item: item, Summary: "Patch does not apply"}
	switch {
	case failure.Applied:
		m.Summary, m.Detail = "Patch already applied", fmt.Sprintf("The source has what %s changes. Take the patch away.", name)
	case failure.Hunk > 0:
		m.Detail = fmt.Sprintf("Hunk %d of the changes to %s does not fit: it is at line %d of %s, and no fuzz is allowed. Make the patch anew against this version.\n\n%s",
			failure.Hunk, failure.File, failure.Line, name, failure.Output)
	default:
		m.Detail = fmt.Sprintf("The patch program refuses %s. Make it anew against this version, with names that begin with one folder (a/setup.py).\n\n%s", name, failure.Output)
	}
	return m
}

// place makes the folder tree of what was fetched.
func place(o UnpackOptions, tree string) error {
	whole := tree
	if o.Dir != "" {
		whole = tree + ".whole"
	}
	if o.Folder != "" {
		if err := os.CopyFS(whole, os.DirFS(o.Folder)); err != nil {
			return err
		}
	} else if err := source.Unpack(o.Archive, whole, o.Strip); err != nil {
		var strip *source.StripError
		if errors.As(err, &strip) {
			return mistake("source.strip", "Nothing is left", "No file of the archive lies below %d folders; it has, for instance: %s. Drop fewer: strip = 0 drops none.",
				strip.Strip, strings.Join(strip.Names, ", "))
		}
		return err
	}
	if o.Dir == "" {
		return nil
	}
	inner := filepath.Join(whole, o.Dir)
	if info, err := os.Lstat(inner); err != nil || !info.IsDir() {
		entries, _ := os.ReadDir(whole) // it was made above
		var names []string
		for _, entry := range entries {
			names = append(names, entry.Name())
		}
		return mistake("source.extract_dir", "No such folder", "The source has no folder %q; at its top are: %s. Names count without the folders that strip drops.", o.Dir, strings.Join(names, ", "))
	}
	if err := os.Rename(inner, tree); err != nil {
		return err
	}
	return os.RemoveAll(whole)
}
