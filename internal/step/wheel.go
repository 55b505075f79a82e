// SPDX-License-Identifier: Apache-2.0

package step

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	sdkimage "crosswheel/sdk-image"

	"crosswheel/index"
	"crosswheel/internal/sbom"
	"crosswheel/internal/source"
	"crosswheel/internal/wheel"
)

// FactsOptions are the options of the step "facts", which writes Out/facts.json.
type FactsOptions struct {
	SDK string
}

func facts(_ context.Context, o FactsOptions) error {
	read, err := sdkimage.ReadFacts(o.SDK)
	if err != nil {
		return err
	}
	return writeJSON("facts.json", read)
}

// FinishOptions are the options of the step "finish", which makes of a wheel as its backend left it, in the folder Raw,
// the one that is published: Out/wheel/FILE, with Out/wheel.json. Out/exports gets what dependants compile against.
type FinishOptions struct {
	Raw     string
	Strip   string // the target's strip program
	Target  wheel.Target
	Exports []string // patterns of files, see wheel.Match
	Build   int      `json:",omitempty"` // the build number
	Narrow  bool     `json:",omitempty"` // see wheel.Narrow
	// Manylinux says that the platform of the tag is to be manylinux_2_N, if an audit proves that.
	Manylinux bool `json:",omitempty"`
	// Libraries are what the wheel was linked with, beside what the target has. Shared ones are put in, by the program Patchelf.
	Libraries []Library `json:",omitempty"`
	Patchelf  string    `json:",omitempty"`
	// What bills of materials say: which package it is, and the crates.json of its crates, if cargo was there.
	Subject sbom.Component
	Crates  string `json:",omitempty"`
}

// Finished is what wheel.json holds.
type Finished struct {
	Filename string
	Tag      string
	SHA256   string
	Size     int64
	Metadata string           // the METADATA file, byte for byte
	Glibc    string           // the oldest C library that it runs with; empty where it needs none
	Bundles  []Bundled        `json:",omitempty"`
	Contains []sbom.Component `json:",omitempty"` // Bundles and crates, as bills of materials have them
	Imports  []string         `json:",omitempty"` // its top-level modules
	Note     string           `json:",omitempty"` // what is to know of its tag
}

func finish(ctx context.Context, o FinishOptions) error {
	tree, err := unpackWheel(o.Raw)
	if err != nil {
		return err
	}
	content, err := wheel.ContentOf(os.DirFS(tree))
	if err != nil {
		return err
	}
	for _, name := range content.Native {
		if err := strip(ctx, o, filepath.Join(tree, name)); err != nil {
			return err
		}
	}
	carried, err := graft(ctx, tree, content.Native, o)
	if err != nil {
		return err
	}
	if err := export(tree, filepath.Join(Out, "exports"), o.Exports); err != nil {
		return err
	}
	components, err := contents(o, carried)
	if err != nil {
		return err
	}
	if err := describeContents(tree, o, components); err != nil {
		return err
	}
	if content, err = wheel.ContentOf(os.DirFS(tree)); err != nil { // what was put in may need a newer C library
		return err
	}
	tags := wheel.DecideTags(content, o.Target)
	if o.Narrow {
		tags = wheel.Narrow(tags, o.Target)
	}
	finished := Finished{Glibc: content.Glibc, Bundles: carried, Contains: components}
	if o.Manylinux && len(content.Native) > 0 {
		if tags, finished.Note, err = promise(tree, tags, o); err != nil {
			return err
		}
	}
	return pack(tree, wheel.PackOptions{Tags: tags, Build: o.Build}, finished)
}

// promise gives tags a manylinux platform, where that is proven; note says why not.
func promise(tree string, tags []wheel.Tag, o FinishOptions) (promised []wheel.Tag, note string, err error) {
	dir, err := os.MkdirTemp("", "promise")
	if err != nil {
		return nil, "", err
	}
	path, err := packInto(dir, tree, wheel.PackOptions{Tags: tags, Build: o.Build})
	if err != nil {
		return nil, "", err
	}
	packed, err := wheel.OpenFile(path)
	if err != nil {
		return nil, "", err
	}
	defer packed.Close()
	platform, why, err := packed.Manylinux(o.Target)
	if err != nil {
		return nil, "", err
	}
	if platform == "" {
		return tags, "no manylinux tag: " + why, nil
	}
	promised = slices.Clone(tags)
	for i := range promised {
		promised[i].Platform = platform
	}
	return promised, "", nil
}

// strip takes debug information away: it is most of a wheel's size, and holds the paths of the build.
func strip(ctx context.Context, o FinishOptions, name string) error {
	return run(ctx, o.Strip, "--strip-unneeded", "--remove-section=.comment", name)
}

// unpackWheel unpacks the one wheel in a folder, and says where to.
func unpackWheel(dir string) (string, error) {
	raw, err := onlyWheel(dir)
	if err != nil {
		return "", err
	}
	tree, err := os.MkdirTemp("", "wheel")
	if err != nil {
		return "", err
	}
	return tree, source.Unpack(raw, tree, 0)
}

// onlyWheel is the one wheel in a folder.
func onlyWheel(dir string) (string, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.whl"))
	if err != nil {
		return "", err
	}
	if len(names) != 1 {
		return "", fmt.Errorf("%d wheels were built, want one: %v", len(names), names)
	}
	return names[0], nil
}

// pack writes the wheel under its final name, and what the index needs to know of it.
func pack(tree string, o wheel.PackOptions, finished Finished) error {
	dir := filepath.Join(Out, "wheel")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	path, err := packInto(dir, tree, o)
	if err != nil {
		return err
	}
	return describe(path, finished)
}

// packInto writes the wheel to a folder, and returns its path.
func packInto(dir, tree string, o wheel.PackOptions) (string, error) {
	file, err := os.Create(filepath.Join(dir, "new"))
	if err != nil {
		return "", err
	}
	name, err := wheel.Pack(file, os.DirFS(tree), o)
	if err := errors.Join(err, file.Close()); err != nil {
		return "", err
	}
	path := filepath.Join(dir, name.String())
	return path, os.Rename(file.Name(), path)
}

// describe writes wheel.json: what is known, and what the wheel says.
func describe(path string, finished Finished) error {
	packed, err := wheel.OpenFile(path)
	if err != nil {
		return err
	}
	defer packed.Close()
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(text)
	finished.Filename, finished.Tag, finished.Metadata = packed.Filename, tagOf(packed.Name), string(packed.Metadata.Raw)
	finished.SHA256, finished.Size = hex.EncodeToString(sum[:]), int64(len(text))
	finished.Imports = packed.Imports()
	return writeJSON("wheel.json", finished)
}

// tagOf is a wheel's tag as its file name has it: "cp311-cp311-linux_armv7l".
func tagOf(name wheel.Name) string {
	return strings.Join([]string{strings.Join(name.Python, "."), strings.Join(name.ABI, "."), strings.Join(name.Platform, ".")}, "-")
}

// AuditOptions are the options of the step "audit", which writes Out/audit.json: a list of wheel.Finding.
type AuditOptions struct {
	Wheel      string // a folder with one
	Sysroot    string
	Triple     string
	Target     wheel.Target
	Extensions []string // patterns of extension modules that must be there
	Files      []string `json:",omitempty"` // patterns of files that must be there
	Modules    []string `json:",omitempty"`
	BuildPaths []string
	Reference  string `json:",omitempty"` // a reference.json
}

// audit does not fail at a finding: the pipeline decides what a finding means.
func audit(_ context.Context, o AuditOptions) error {
	path, err := onlyWheel(o.Wheel)
	if err != nil {
		return err
	}
	var reference Reference
	if o.Reference != "" {
		if err := readJSON(o.Reference, &reference); err != nil {
			return err
		}
	}
	var findings []wheel.Finding
	opened, err := wheel.OpenFile(path)
	var malformed *wheel.FormatError
	switch {
	case errors.As(err, &malformed):
		findings = []wheel.Finding{malformed.Finding()}
	case err != nil:
		return err
	default:
		defer opened.Close()
		libraries := wheel.Sysroot(o.Sysroot, o.Triple)
		findings, err = wheel.Audit(opened, o.Target, libraries, wheel.AuditOptions{
			Extensions: o.Extensions, Files: o.Files, Modules: o.Modules, BuildPaths: o.BuildPaths,
			Reference: reference.Modules,
		})
		if err != nil {
			return err
		}
	}
	return writeJSON("audit.json", findings)
}

// IndexOptions are the options of the step "index", which writes Out/simple: an index of wheels with the wheels in it.
type IndexOptions struct {
	Wheels string // a folder
}

func makeIndex(_ context.Context, o IndexOptions) error {
	names, err := fs.Glob(os.DirFS(o.Wheels), "*.whl")
	if err != nil {
		return err
	}
	var files []index.File
	for _, name := range names {
		file, err := index.FromWheel(os.DirFS(o.Wheels), name)
		if err != nil {
			return err
		}
		files = append(files, file)
		parsed, err := wheel.ParseFilename(name)
		if err != nil {
			return err
		}
		dir := filepath.Join(Out, "simple", parsed.Project())
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		text, err := os.ReadFile(filepath.Join(o.Wheels, name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			return err
		}
	}
	pages, _, err := index.Render(index.Input{Files: files})
	if err != nil {
		return err
	}
	for name, text := range pages {
		if err := os.WriteFile(filepath.Join(Out, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// InstallOptions are the options of the step "install", which unpacks wheels into Out/site: for a target whose Python cannot
// run pip.
type InstallOptions struct {
	Wheels  string // a folder
	Because string // why it is not pip that installs, for the log
}

func install(_ context.Context, o InstallOptions) error {
	fmt.Printf("installing by unpacking: %s\n", o.Because)
	names, err := filepath.Glob(filepath.Join(o.Wheels, "*.whl"))
	if err != nil {
		return err
	}
	site := filepath.Join(Out, "site")
	if err := os.MkdirAll(site, 0o755); err != nil {
		return err
	}
	for _, name := range names {
		opened, err := wheel.OpenFile(name)
		if err != nil {
			return err
		}
		err = errors.Join(opened.Install(site), opened.Close())
		if err != nil {
			return err
		}
		fmt.Printf("%s: unpacked, every file as RECORD says\n", opened.Filename)
	}
	return nil
}
