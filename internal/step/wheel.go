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
	"strings"

	sdkimage "crosswheel/sdk-image"

	"crosswheel/index"
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
	// Licenses are folders of licence files, by the name of the library that is linked into the wheel.
	Licenses map[string]string `json:",omitempty"`
	Build    int               `json:",omitempty"` // the build number
	Narrow   bool              `json:",omitempty"` // see wheel.Narrow
}

// Finished is what wheel.json holds.
type Finished struct {
	Filename string
	Tag      string
	SHA256   string
	Size     int64
	Metadata string // the METADATA file, byte for byte
	Glibc    string // the oldest C library that it runs with; empty where it needs none
}

func finish(ctx context.Context, o FinishOptions) error {
	raw, err := onlyWheel(o.Raw)
	if err != nil {
		return err
	}
	tree, err := os.MkdirTemp("", "wheel")
	if err != nil {
		return err
	}
	if err := source.Unpack(raw, tree, 0); err != nil {
		return err
	}
	content, err := wheel.ContentOf(os.DirFS(tree))
	if err != nil {
		return err
	}
	for _, name := range content.Native {
		// Debug information is most of a wheel's size, and holds the paths of the build.
		if err := run(ctx, o.Strip, "--strip-unneeded", "--remove-section=.comment", filepath.Join(tree, name)); err != nil {
			return err
		}
	}
	if err := export(tree, o.Exports); err != nil {
		return err
	}
	if err := addLicenses(tree, o.Licenses); err != nil {
		return err
	}
	tags := wheel.DecideTags(content, o.Target)
	if o.Narrow {
		tags = wheel.Narrow(tags, o.Target)
	}
	return pack(tree, content.Glibc, wheel.PackOptions{Tags: tags, Build: o.Build})
}

// addLicenses puts the licences of linked libraries where an installer leaves the wheel's own (PEP 639).
func addLicenses(tree string, folders map[string]string) error {
	for name, folder := range folders {
		found, err := filepath.Glob(filepath.Join(tree, "*.dist-info"))
		if err != nil {
			return err
		}
		if len(found) != 1 {
			return fmt.Errorf("the wheel has %d .dist-info folders, want one", len(found))
		}
		if err := os.CopyFS(filepath.Join(found[0], "licenses", name), os.DirFS(folder)); err != nil {
			return fmt.Errorf("the licences of %s: %w", name, err)
		}
	}
	return nil
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

// export copies the files that the patterns match to Out/exports. A pattern that matches none is a mistake.
func export(tree string, patterns []string) error {
	exports := filepath.Join(Out, "exports")
	if err := os.MkdirAll(exports, 0o755); err != nil {
		return err
	}
	matched := map[string]bool{}
	err := fs.WalkDir(os.DirFS(tree), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		for _, pattern := range patterns {
			ok, err := wheel.Match(pattern, name)
			if err != nil {
				return err
			}
			if !ok {
				continue
			}
			matched[pattern] = true
			text, err := os.ReadFile(filepath.Join(tree, name))
			if err != nil {
				return err
			}
			to := filepath.Join(exports, name)
			return errors.Join(os.MkdirAll(filepath.Dir(to), 0o755), os.WriteFile(to, text, 0o644))
		}
		return nil
	})
	for _, pattern := range patterns {
		if err == nil && !matched[pattern] {
			err = fmt.Errorf("exports: no file of the wheel matches %q", pattern)
		}
	}
	return err
}

// pack writes the wheel under its final name, and what the index needs to know of it.
func pack(tree, glibc string, o wheel.PackOptions) error {
	dir := filepath.Join(Out, "wheel")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	file, err := os.Create(filepath.Join(dir, "new"))
	if err != nil {
		return err
	}
	name, err := wheel.Pack(file, os.DirFS(tree), o)
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	path := filepath.Join(dir, name.String())
	if err := os.Rename(file.Name(), path); err != nil {
		return err
	}
	return describe(path, glibc)
}

// describe writes wheel.json.
func describe(path, glibc string) error {
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
	return writeJSON("wheel.json", Finished{
		Filename: packed.Filename,
		Tag:      tagOf(packed.Name),
		SHA256:   hex.EncodeToString(sum[:]),
		Size:     int64(len(text)),
		Metadata: string(packed.Metadata.Raw),
		Glibc:    glibc,
	})
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
	pages, err := index.Render(files)
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
