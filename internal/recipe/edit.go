// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
)

// File is a recipe file to be edited by a program. Comments, and the layout of what is not edited, stay as they are.
type File struct {
	name string
	file *hclwrite.File
}

// ParseFile reads a recipe file to be edited.
func ParseFile(filename string, src []byte) (*File, error) {
	// hclwrite crashes at some files that are not right.
	if _, diags := hclsyntax.ParseConfig(src, filename, hcl.InitialPos); diags.HasErrors() {
		return nil, diags
	}
	file, diags := hclwrite.ParseConfig(src, filename, hcl.InitialPos)
	if diags.HasErrors() {
		return nil, diags
	}
	return &File{filename, file}, nil
}

// Bytes is the file as it is now, in the layout of [Format].
func (f *File) Bytes() []byte {
	formatted, _ := Format(f.name, f.file.Bytes()) // what edits leave is sound
	return formatted
}

// SetSHA256 sets the checksum of a version.
func (f *File) SetSHA256(version, sha256 string) error {
	if _, err := f.version(version); err != nil {
		return err
	}
	return f.set(version, "sha256", sha256)
}

// SetVersion makes another version of one that there is: its number and checksum change, all else that it says stays.
func (f *File) SetVersion(old, version, sha256 string) error {
	block, err := f.version(old)
	if err != nil {
		return err
	}
	if _, err := f.version(version); err == nil && version != old {
		return fmt.Errorf("%s: there is a version %q already", f.name, version)
	}
	block.SetLabels([]string{version})
	return f.set(version, "sha256", sha256)
}

// AddVersion adds a version block after the last one, with nothing in it but a checksum.
func (f *File) AddVersion(version, sha256 string) error {
	top, err := f.top()
	if err != nil {
		return err
	}
	if _, err := f.version(version); err == nil {
		return fmt.Errorf("%s: there is a version %q already", f.name, version)
	}
	src := f.file.Bytes()
	at, indent := f.afterVersions(src, top.Type())
	added := fmt.Sprintf("%sversion %q {\n%s  sha256 = %q\n%s}\n", indent, version, indent, sha256, indent)
	edited := bytes.Join([][]byte{src[:at], []byte("\n" + added), src[at:]}, nil)
	again, err := ParseFile(f.name, edited)
	if err != nil {
		return fmt.Errorf("%s: adding version %q: %w", f.name, version, err)
	}
	f.file = again.file
	return nil
}

// SetDisabled says that a version is not built, and why; without a version the whole recipe, with no reason that it is built again.
func (f *File) SetDisabled(version, reason string) error {
	if reason != "" {
		return f.set(version, "disabled", reason)
	}
	block, err := f.find(version)
	if err != nil {
		return err
	}
	block.Body().RemoveAttribute("disabled")
	return nil
}

// find is the block of a version; without one the package or library block.
func (f *File) find(version string) (*hclwrite.Block, error) {
	if version == "" {
		return f.top()
	}
	return f.version(version)
}

// set gives an attribute a value. A comment behind it stays.
func (f *File) set(version, name, value string) error {
	block, err := f.find(version)
	if err != nil {
		return err
	}
	if block.Body().GetAttribute(name) == nil {
		if block, err = f.open(version); err != nil {
			return err
		}
	}
	block.Body().SetAttributeValue(name, cty.StringVal(value))
	return nil
}

// open breaks the lines of a version block that stands on one, so that there is room for another attribute.
func (f *File) open(version string) (*hclwrite.Block, error) {
	src := f.file.Bytes()
	file, _ := hclsyntax.ParseConfig(src, f.name, hcl.InitialPos) // it was parsed before
	hclsyntax.VisitAll(file.Body.(*hclsyntax.Body), func(node hclsyntax.Node) hcl.Diagnostics {
		block, ok := node.(*hclsyntax.Block)
		if !ok || block.Type != "version" || block.Labels[0] != version || block.OpenBraceRange.Start.Line != block.CloseBraceRange.Start.Line {
			return nil
		}
		from, to := block.OpenBraceRange.End.Byte, block.CloseBraceRange.Start.Byte
		src = bytes.Join([][]byte{src[:from], bytes.TrimSpace(src[from:to]), src[to:]}, []byte("\n"))
		return nil
	})
	again, err := ParseFile(f.name, src)
	if err != nil {
		return nil, fmt.Errorf("%s: opening version %q: %w", f.name, version, err)
	}
	f.file = again.file
	return f.find(version)
}

// top is the package or library block.
func (f *File) top() (*hclwrite.Block, error) {
	for _, block := range f.file.Body().Blocks() {
		if block.Type() == string(Package) || block.Type() == string(Library) {
			return block, nil
		}
	}
	return nil, fmt.Errorf("%s: the file declares no package and no library", f.name)
}

func (f *File) version(version string) (*hclwrite.Block, error) {
	top, err := f.top()
	if err != nil {
		return nil, err
	}
	var versions []string
	for _, block := range top.Body().Blocks() {
		if labels := block.Labels(); block.Type() == "version" && len(labels) == 1 {
			if labels[0] == version {
				return block, nil
			}
			versions = append(versions, labels[0])
		}
	}
	return nil, fmt.Errorf("%s: there is no version %q; there are: %s", f.name, version, strings.Join(versions, ", "))
}

// afterVersions is where a version block is to be added: behind the last one, or at the end of the block around it.
func (f *File) afterVersions(src []byte, kind string) (at int, indent string) {
	file, _ := hclsyntax.ParseConfig(src, f.name, hcl.InitialPos) // it was parsed before
	for _, top := range file.Body.(*hclsyntax.Body).Blocks {
		if top.Type != kind {
			continue
		}
		at, indent = top.CloseBraceRange.Start.Byte, "  "
		for _, block := range top.Body.Blocks {
			if block.Type == "version" {
				at, indent = block.CloseBraceRange.End.Byte, strings.Repeat(" ", block.TypeRange.Start.Column-1)
			}
		}
		break
	}
	if line := bytes.IndexByte(src[at:], '\n'); line >= 0 && !bytes.HasPrefix(src[at:], []byte("}")) {
		at += line + 1 // past the comment that may follow
	}
	return at, indent
}
