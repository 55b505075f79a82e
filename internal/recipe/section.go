// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// section is what one block of a file says: its names are checked against the language, its expressions have no value yet.
type section struct {
	header     hcl.Range
	attributes map[string]*hclsyntax.Attribute
	blocks     map[string]*section
}

// readSection takes what spec knows out of a block, and reports all else.
func readSection(spec *blockSpec, kind Kind, header hcl.Range, body *hclsyntax.Body) (*section, hcl.Diagnostics) {
	s := &section{header: header, attributes: map[string]*hclsyntax.Attribute{}, blocks: map[string]*section{}}
	var diags hcl.Diagnostics
	for name, attr := range body.Attributes {
		if a := spec.attribute(name); !spec.open && (a == nil || !suits(a.kind, kind)) {
			diags = append(diags, unknownAttribute(spec, kind, attr))
			continue
		}
		s.attributes[name] = attr
	}
	for _, block := range body.Blocks {
		b := spec.block(block.Type)
		switch {
		case b == nil || !suits(b.kind, kind):
			diags = append(diags, unknownBlock(spec, kind, block))
			continue
		case b.name == "version":
			continue // there are many: readVersion takes them
		case len(block.Labels) > 0:
			diags = append(diags, Problem(block.LabelRanges[0], "Unexpected name", "A %s block has no name: write %s { … }.", b.name, b.name))
			continue
		case s.blocks[b.name] != nil:
			diags = append(diags, Problem(block.DefRange(), "Duplicate block", "There is a %s block already, at %s. Join the two.",
				b.name, place(s.blocks[b.name].header)))
			continue
		}
		inner, more := readSection(b, kind, block.DefRange(), block.Body)
		s.blocks[b.name] = inner
		diags = append(diags, more...)
	}
	return s, append(diags, spec.checkChoice(s)...)
}

// checkChoice reports blocks that exclude each other. That one is missing shows only when a version is laid over its package.
func (spec *blockSpec) checkChoice(s *section) hcl.Diagnostics {
	if spec.chosen == nil || len(s.blocks) < 2 {
		return nil
	}
	found := slices.SortedFunc(maps.Values(s.blocks), func(a, b *section) int { return a.header.Start.Byte - b.header.Start.Byte })
	return hcl.Diagnostics{Problem(found[1].header, "Two sources",
		"The source is declared at %s already, and a version has one. Take one of the two away; other addresses of the same archive are mirrors.", place(found[0].header))}
}

// over lays s over what the package block says, as the package comment tells.
func (s *section) over(base *section, spec *blockSpec) *section {
	switch {
	case base == nil:
		return s
	case s == nil:
		return base
	}
	merged := &section{header: s.header, attributes: maps.Clone(base.attributes), blocks: map[string]*section{}}
	maps.Copy(merged.attributes, s.attributes)
	for _, b := range spec.blocks {
		lower := base.blocks[b.name]
		if spec.chosen != nil && len(s.blocks) > 0 && s.blocks[b.name] == nil {
			lower = nil // another one was chosen
		}
		if block := s.blocks[b.name].over(lower, b); block != nil {
			merged.blocks[b.name] = block
		}
	}
	return merged
}

// unknownAttribute explains an attribute that the language does not have there.
func unknownAttribute(spec *blockSpec, kind Kind, attr *hclsyntax.Attribute) *hcl.Diagnostic {
	attributes, blocks := spec.names(kind)
	var hint string
	home := elsewhere(spec, kind, attr.Name)
	switch {
	case spec.attribute(attr.Name) != nil:
		hint = fmt.Sprintf(" It is for a %s only.", spec.attribute(attr.Name).kind)
	case slices.Contains(blocks, attr.Name):
		hint = fmt.Sprintf(" It is a block: write %s { … }, without the equals sign.", attr.Name)
	case home != nil:
		hint = fmt.Sprintf(" It belongs in the %s block: move it there.", home.name)
	default:
		hint = cmp.Or(calledHere(attr.Name, append(attributes, blocks...)), DidYouMean(attr.Name, append(attributes, blocks...)))
	}
	if hint == "" {
		hint = listing("It has", attributes)
	}
	return Problem(attr.NameRange, "Unknown attribute", "A %s block has no attribute %q.%s", spec.name, attr.Name, hint)
}

// elsewhere returns the block that has an attribute of that name, where it is not the one in which it was written.
func elsewhere(spec *blockSpec, kind Kind, name string) *blockSpec {
	home := spec.home(name)
	if home == nil && kind != "" {
		home = (&blockSpec{blocks: []*blockSpec{topSyntax[kind]}}).home(name)
	}
	if home == nil || !suits(home.attribute(name).kind, kind) {
		return nil
	}
	return home
}

// unknownBlock explains a block that the language does not have there.
func unknownBlock(spec *blockSpec, kind Kind, block *hclsyntax.Block) *hcl.Diagnostic {
	attributes, blocks := spec.names(kind)
	var hint string
	switch {
	case spec.block(block.Type) != nil:
		hint = fmt.Sprintf(" It is for a %s only.", spec.block(block.Type).kind)
	case slices.Contains(attributes, block.Type):
		hint = fmt.Sprintf(" It is an attribute, written with an equals sign. %s", spec.attribute(block.Type).instance())
	default:
		hint = cmp.Or(calledHere(block.Type, blocks), DidYouMean(block.Type, append(blocks, attributes...)))
	}
	if hint == "" {
		hint = listing("It has", blocks)
	}
	return Problem(block.TypeRange, "Unknown block", "A %s block has no block %q.%s", spec.name, block.Type, hint)
}

// listing is a sentence with all names, after a space.
func listing(start string, names []string) string {
	if len(names) == 0 {
		return " " + start + " none: take this away."
	}
	return fmt.Sprintf(" %s: %s.", start, enumerate(slices.Sorted(slices.Values(names)), "and"))
}

// place writes a position so that editors can follow it.
func place(at hcl.Range) string {
	return fmt.Sprintf("%s:%d:%d", at.Filename, at.Start.Line, at.Start.Column)
}
