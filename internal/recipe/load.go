// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"crosswheel/internal/pep440"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// fileName is the one file of a recipe's folder that is read; others are patches and files that it names.
const fileName = "recipe.hcl"

// Load reads every recipe of a folder of recipes: fsys is that folder, dir the name that it has in positions. It reports, all at once,
// what is wrong whatever the target; where there is an error the set is not to be built from. A set always comes back.
func Load(fsys fs.FS, dir string) (*Set, hcl.Diagnostics) {
	s := newSet(fsys, dir)
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return s, hcl.Diagnostics{Problem(hcl.Range{Filename: dir, Start: hcl.InitialPos, End: hcl.InitialPos}, "No recipes", "The folder of recipes cannot be read: %s.", err)}
	}
	entries = slices.DeleteFunc(entries, func(entry fs.DirEntry) bool { return !entry.IsDir() || strings.HasPrefix(entry.Name(), ".") })
	parts := make([]*Set, len(entries))
	inParallel(len(entries), func() func(i int) {
		return func(i int) {
			parts[i] = newSet(fsys, dir)
			parts[i].told = parts[i].readFolder(entries[i].Name())
		}
	})
	var diags hcl.Diagnostics
	for _, part := range parts {
		maps.Copy(s.files, part.files)
		maps.Copy(s.unread, part.unread)
		s.recipes = append(s.recipes, part.recipes...)
		diags = append(diags, part.told...)
	}
	slices.SortFunc(s.recipes, func(a, b *declaration) int {
		return cmp.Or(strings.Compare(normalize(a.name), normalize(b.name)), strings.Compare(a.folder, b.folder), cmp.Compare(a.header.Start.Byte, b.header.Start.Byte))
	})
	diags = append(diags, s.duplicates()...)
	recipes, more := s.evaluate(nil)
	diags = append(diags, more...)
	diags = append(diags, newLinker(recipes, s.unread).checkUses()...)
	s.told = arrange(diags)
	return s, slices.Clone(s.told)
}

func newSet(fsys fs.FS, dir string) *Set {
	return &Set{fsys: fsys, dir: dir, files: map[string]*hcl.File{}, unread: map[string]bool{}}
}

// inParallel calls a function with each number below n, on all processors. Each processor has a function of its own, which worker makes.
func inParallel(n int, worker func() func(i int)) {
	var group sync.WaitGroup
	var next atomic.Int64
	for range min(n, runtime.GOMAXPROCS(0)) {
		do := worker()
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	group.Wait()
}

// readFolder reads the recipe of one folder.
func (s *Set) readFolder(folder string) hcl.Diagnostics {
	name := path.Join(s.dir, folder, fileName)
	start := hcl.Range{Filename: name, Start: hcl.InitialPos, End: hcl.InitialPos}
	src, err := fs.ReadFile(s.fsys, path.Join(folder, fileName))
	if err != nil {
		s.unread[normalize(folder)] = true
		if errors.Is(err, fs.ErrNotExist) {
			missing := Problem(start, "No recipe in folder", "The folder %q has no %s. Write one, or delete the folder.", folder, fileName)
			missing.Severity = hcl.DiagWarning
			return hcl.Diagnostics{missing}
		}
		return hcl.Diagnostics{Problem(start, "Unreadable recipe", "The recipe cannot be read: %s.", err)}
	}
	file, diags := hclsyntax.ParseConfig(src, name, hcl.InitialPos)
	s.files[name] = file
	if diags.HasErrors() {
		s.unread[normalize(folder)] = true
		return explainSyntax(src, diags)
	}
	body := file.Body.(*hclsyntax.Body)
	for _, attr := range body.Attributes {
		diags = append(diags, Problem(attr.NameRange, "Attribute outside of a block", "%q belongs in a package or library block.", attr.Name))
	}
	for _, block := range body.Blocks {
		diags = append(diags, s.readRecipe(folder, block)...)
	}
	if len(body.Blocks) == 0 {
		diags = append(diags, Problem(start, "Empty recipe", "The file declares nothing. Write: package %q { … }", folder))
	}
	return diags
}

// readRecipe reads a package or library block.
func (s *Set) readRecipe(folder string, block *hclsyntax.Block) hcl.Diagnostics {
	kind := Kind(block.Type)
	if kind != Package && kind != Library {
		kinds := []string{string(Package), string(Library)}
		return hcl.Diagnostics{Problem(block.TypeRange, "Unknown block", "A recipe is a package or a library block, not %q.%s", block.Type, DidYouMean(block.Type, kinds))}
	}
	name, diags := label(block, folder)
	if name == "" {
		s.unread[normalize(folder)] = true
		return diags
	}
	switch {
	case !namePattern.MatchString(name):
		diags = append(diags, Problem(block.LabelRanges[0], "Invalid name", "%q is not the name of a package: use letters, digits, and between them hyphens, underscores or dots.", name))
	case normalize(name) != folder:
		diags = append(diags, Problem(block.LabelRanges[0], "Name and folder differ", "The recipe of %q is looked for in a folder of that name, and this one is in %q. Rename the folder to %q.",
			name, folder, normalize(name)))
	}
	decl := &declaration{kind: kind, name: name, folder: folder, header: block.DefRange()}
	base, more := readSection(topSyntax[kind], kind, decl.header, block.Body)
	diags = append(diags, more...)
	for _, inner := range block.Body.Blocks {
		if inner.Type == "version" {
			diags = append(diags, decl.readVersion(base, inner)...)
		}
	}
	diags = append(diags, unusedLocals(block.Body)...)
	if len(decl.versions) == 0 {
		diags = append(diags, Problem(decl.header, "No version", "%q has no version to build. For instance:\n\n  version \"1.0\" { sha256 = \"\" }", name))
	}
	slices.SortStableFunc(decl.versions, func(a, b declaredVersion) int { return compareVersions(kind, a.version, b.version) })
	s.recipes = append(s.recipes, decl)
	return diags
}

// readVersion reads a version block and lays it over the block around it.
func (d *declaration) readVersion(base *section, block *hclsyntax.Block) hcl.Diagnostics {
	version, diags := label(block, "1.0")
	section, more := readSection(versionSyntax, d.kind, block.DefRange(), block.Body)
	diags = append(diags, more...)
	if version == "" {
		return diags
	}
	if problem := versionProblem(d.kind, version); problem != "" {
		diags = append(diags, Problem(block.LabelRanges[0], "Invalid version", "%s", problem))
	}
	for _, other := range d.versions {
		if compareVersions(d.kind, other.version, version) == 0 {
			diags = append(diags, Problem(block.DefRange(), "Duplicate version", "%s has version %q already, at %s, which is the same one. Join the two.",
				d.name, other.version, place(other.header)))
			return diags
		}
	}
	d.versions = append(d.versions, declaredVersion{version, block.DefRange(), section.over(base, versionSyntax)})
	return diags
}

// label returns the one label of a block; empty where there is none.
func label(block *hclsyntax.Block, example string) (string, hcl.Diagnostics) {
	switch {
	case len(block.Labels) == 0 || block.Labels[0] == "":
		return "", hcl.Diagnostics{Problem(block.DefRange(), "Missing name", "A %s block is named in quotes: %s %q { … }", block.Type, block.Type, example)}
	case len(block.Labels) > 1:
		return block.Labels[0], hcl.Diagnostics{Problem(block.LabelRanges[1], "Unexpected name", "A %s block has one name, and %q is a second one. Take it away.", block.Type, block.Labels[1])}
	}
	return block.Labels[0], nil
}

// versionProblem says what is wrong with a version's spelling: it becomes part of file names, so there is only one for each.
func versionProblem(kind Kind, version string) string {
	if kind == Library {
		if !namePattern.MatchString(version) {
			return fmt.Sprintf("%q is not a version: use letters and digits, and between them dots, hyphens or underscores.", version)
		}
		return ""
	}
	v, err := pep440.Parse(version)
	switch {
	case err != nil:
		return err.Error() + ". Write for instance 1.0, 1.0rc1 or 1.0.post1."
	case v.String() != version:
		return fmt.Sprintf("%q is not in normal form. Write %q.", version, v)
	}
	return ""
}

// duplicates reports recipes of the same name; the set is sorted by name.
func (s *Set) duplicates() hcl.Diagnostics {
	var diags hcl.Diagnostics
	for i := 1; i < len(s.recipes); i++ {
		first, second := s.recipes[i-1], s.recipes[i]
		if normalize(first.name) == normalize(second.name) {
			diags = append(diags, Problem(second.header, "Duplicate recipe", "%q is declared already, at %s. Names that differ in case, hyphens, underscores or dots are one name.",
				second.name, place(first.header)))
		}
	}
	return diags
}
