// SPDX-License-Identifier: Apache-2.0

// Package imports tests the shape of the tree, in both of its modules: who may import whom and why (this file), and how
// long and how well introduced its parts are (style_test.go).
//
// It is not for the rules that compilers and linters know.
package imports

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// module begins the import path of everything that is ours; the engine's module is called like its folder.
const module = "crosswheel/"

// rule says what the files of one package, or one file, may import beside the standard library.
type rule struct {
	of    string   // a folder, or a file of the root folder; what has no rule may not be there
	ours  []string // folders
	other []string // beginnings of other people's import paths
	why   string
}

var rules = []rule{
	{"dagger.gen.go", []string{"engine/call", "internal/dagger"}, nil,
		"Dagger generates this file anew: it is the one place that may know which engine runs, and what the embedded one's command line is."},
	{"internal/dagger", []string{"engine"}, nil,
		"The other stand-in: every name of the client that the module uses comes from here, so that Dagger can put its own in their place."},
	{"main.go", []string{"internal/dagger", "internal/recipe", "internal/step", "pipeline"}, nil,
		"The functions of the module only join what the packages do; step is there to be dispatched to."},
	{"targets.go", []string{"index", "internal/dagger", "internal/recipe", "pipeline", "sdk-image"}, []string{"github.com/hashicorp/hcl/v2"},
		"What the functions of the module share: recipes and targets are opened, and what became of them is told, and added to an index."},
	{"audit.go", []string{"internal/dagger", "internal/wheel"}, []string{"github.com/sourcegraph/conc"},
		"A function of the module that only joins: whoever has a wheel can audit it, with no pipeline and no recipes."},
	{"index.go", []string{"index", "index/site", "internal/dagger", "internal/wheel", "pipeline", "sdk-image"}, nil,
		"A function of the module that only joins: what it is given is a folder of wheels, and of pipelines no more than their report."},
	{"facts.go", []string{"internal/dagger", "pipeline", "sdk-image"}, nil,
		"As main.go; it is about toolchains alone."},
	{"bundle.go", []string{"internal/dagger", "internal/requirement"}, nil,
		"A function of the module that only joins, as main.go: it reads what is wanted, and the pipeline does the rest."},
	{"verify.go", []string{"internal/dagger", "pipeline"}, nil,
		"A function of the module that only joins, as main.go."},
	{"metayaml.go", []string{"internal/dagger", "internal/metayaml"}, nil,
		"A function of the module that only joins, as main.go: it needs neither an engine nor our own recipes."},
	{"sdk.go", []string{"internal/dagger", "internal/recipe", "pipeline", "sdk-image"}, nil,
		"As main.go; it is about toolchains alone."},
	{"recipes.go", []string{"internal/dagger", "internal/recipe", "internal/wheel", "sdk-image"},
		[]string{"github.com/hashicorp/hcl/v2"},
		"The functions about recipes alone: they build nothing, so they have no pipeline; of wheel they need the explanations, of sdk-image the declared targets."},

	{"pipeline", []string{"index", "index/site", "internal/dagger", "internal/difference", "internal/lock", "internal/pep440", "internal/recipe", "internal/provenance", "internal/requirement", "internal/sbom", "internal/step", "internal/wheel", "sdk-image"},
		[]string{"github.com/hashicorp/hcl/v2", "github.com/sourcegraph/conc"},
		"It alone knows the engine and the recipes at once. It reads results as the types of step, and never opens an archive itself."},
	{"internal/step", []string{"index", "internal/buildroot", "internal/difference", "internal/lock", "internal/recipe", "internal/sbom", "internal/source", "internal/wheel", "sdk-image"}, nil,
		"It runs inside of a container: it must not ask for another one, so it has no client. What an SDK is it asks sdk-image."},
	{"sdk-image", []string{"internal/buildroot", "internal/dagger", "internal/offline", "internal/recipe"}, []string{"github.com/hashicorp/hcl/v2"},
		"It alone knows toolchains; of recipes it knows the target type, of packages nothing."},

	{"index", []string{"internal/pep440", "internal/wheel"}, []string{"github.com/sourcegraph/conc"},
		"Files in, pages out: an index can be made, and tested, with neither engine nor recipes."},
	{"index/site", []string{"index", "internal/pep440", "internal/wheel"}, nil,
		"A description in, pages out: they can be made for any wheels, with neither engine nor recipes. Versions it must sort."},
	{"internal/recipe", []string{"internal/pep440"}, []string{"github.com/hashicorp/hcl/v2", "github.com/zclconf/go-cty", "github.com/agext/levenshtein", "github.com/mitchellh/go-wordwrap"},
		"A recipe can be checked with no daemon, in an editor or on a laptop without any."},
	{"internal/metayaml", []string{"internal/pep440", "internal/recipe", "internal/wheel"}, []string{"github.com/hashicorp/hcl/v2", "github.com/zclconf/go-cty", "go.yaml.in/yaml/v3"},
		"Text in, text out: it asks the recipe language whether it takes what it wrote, and nothing else."},
	{"internal/wheel", []string{"internal/pep440"}, []string{"github.com/klauspost/compress/flate", "golang.org/x/text/unicode/norm"},
		"A leaf: whoever has a wheel can audit it."},
	{"internal/source", []string{"internal/pep440", "internal/wheel"},
		[]string{"github.com/BurntSushi/toml", "github.com/klauspost/compress/zstd", "golang.org/x/net/html", "golang.org/x/sys/unix"},
		"It takes addresses, checksums and folders: which recipe they are from is nothing to it."},
	{"internal/difference", nil, nil,
		"A leaf: two folders in, findings out. It reads archives as anybody's tools would, and asks for nothing that only wheels have."},
	{"internal/buildroot", []string{"internal/source"}, nil,
		"A tarball in, a folder out: what is done with an SDK is nothing to it. Archives are unpacked in one place only."},
	{"internal/lock", nil, []string{"github.com/BurntSushi/toml"},
		"A leaf: one file format."},
	{"internal/requirement", []string{"internal/pep440", "internal/wheel"}, nil,
		"A leaf: one file format."},
	{"internal/provenance", nil, nil,
		"A leaf: one file format."},
	{"internal/sbom", nil, nil,
		"A leaf: one file format."},
	{"internal/offline", nil, []string{"golang.org/x/net/bpf", "golang.org/x/sys/unix"},
		"A leaf, and part of every compile stage's key: what it drags in would recompile everything."},
	{"internal/pep440", nil, nil,
		"A leaf: versions are compared everywhere."},

	{"engine", []string{"engine/base", "engine/daemon", "engine/internal/lastuse", "engine/internal/scratch"}, []string{""},
		"It knows BuildKit and nothing of ours: wheels and recipes in it would make it another thing than Dagger's client."},
	{"engine/base", []string{"engine/daemon"}, []string{""}, "As the engine."},
	{"engine/call", []string{"engine", "engine/internal/lastuse", "engine/internal/scratch"}, []string{""}, "A command line for any module: it learns what there is from the module's own source."},
	{"engine/daemon", nil, []string{""}, "As the engine; the part that starts processes knows nothing of what they are asked."},
	{"engine/enginetest", nil, []string{""}, "As the engine. Its tests run on Dagger too."},
	{"engine/internal/lastuse", nil, nil, "A leaf: a word between the command line and the engine, which is no part of Dagger's interface."},
	{"engine/internal/scratch", nil, []string{"golang.org/x/sync/errgroup"}, "A leaf: it makes and removes folders."},
	{"engine/parity", nil, []string{""}, "As the engine. Its tests read the rest of the tree as text."},
}

// violations are what is wrong with the imports of a file, given by its path below the root of the tree.
func violations(file string, imports []string) []string {
	of := path.Dir(file)
	if of == "." {
		of = file
	}
	at := slices.IndexFunc(rules, func(r rule) bool { return r.of == of })
	if at < 0 {
		return []string{fmt.Sprintf("%s: no rule says what it may import: write one, with its reason", file)}
	}
	var found []string
	for _, imported := range imports {
		if !rules[at].allows(imported) {
			found = append(found, fmt.Sprintf("%s imports %s, which %s may not. %s", file, imported, of, rules[at].why))
		}
	}
	return found
}

func (r rule) allows(imported string) bool {
	if ours, ok := strings.CutPrefix(imported, module); ok {
		return slices.Contains(r.ours, ours)
	}
	if first, _, _ := strings.Cut(imported, "/"); !strings.Contains(first, ".") {
		return true // the standard library
	}
	return slices.ContainsFunc(r.other, func(beginning string) bool {
		rest, ok := strings.CutPrefix(imported, beginning)
		return ok && (beginning == "" || rest == "" || rest[0] == '/')
	})
}

// Tests may import what they like: they are no part of what Dagger loads.
func TestImports(t *testing.T) {
	used := map[string]bool{}
	for _, file := range tree(t) {
		if strings.HasSuffix(file.path, "_test.go") {
			continue
		}
		for _, violation := range violations(file.path, file.imports()) {
			t.Error(violation)
		}
		used[file.path], used[path.Dir(file.path)] = true, true
	}
	for _, r := range rules {
		if !used[r.of] {
			t.Errorf("a rule is about %s, which is not there", r.of)
		}
		if r.why == "" {
			t.Errorf("the rule about %s has no reason", r.of)
		}
	}
}

// The rules are worth what they forbid.
func TestForbiddenImports(t *testing.T) {
	for file, imported := range map[string]string{
		"main.go":                     "crosswheel/engine",
		"pipeline/run.go":             "crosswheel/engine",
		"pipeline/dist.go":            "crosswheel/internal/source",
		"sdk-image/facts.go":          "crosswheel/pipeline",
		"sdk-image/image.go":          "crosswheel/internal/wheel",
		"index/render.go":             "crosswheel/internal/dagger",
		"index/html.go":               "github.com/hashicorp/hcl/v2",
		"internal/recipe/load.go":     "crosswheel/internal/dagger",
		"internal/recipe/scope.go":    "github.com/hashicorp/hcl/v22",
		"internal/wheel/audit.go":     "golang.org/x/sys/unix",
		"internal/step/step.go":       "crosswheel/internal/dagger",
		"internal/offline/offline.go": "crosswheel/internal/recipe",
		"engine/exec.go":              "crosswheel/internal/recipe",
		"engine/call/call.go":         "crosswheel/pipeline",
		"internal/util/strings.go":    "strings",
	} {
		if len(violations(file, []string{"strings", imported})) == 0 {
			t.Errorf("%s may import %s", file, imported)
		}
	}
	for file, imported := range map[string]string{
		"main.go":                 "crosswheel/pipeline",
		"internal/recipe/load.go": "github.com/hashicorp/hcl/v2/hclsyntax",
		"index/render.go":         "html/template",
		"engine/exec.go":          "github.com/moby/buildkit/client/llb",
	} {
		if found := violations(file, []string{imported}); len(found) > 0 {
			t.Error(found)
		}
	}
}

// goFile is a parsed file of ours.
type goFile struct {
	path string // slash-separated, below the root of the tree
	text []byte
	set  *token.FileSet
	*ast.File
}

func (f goFile) imports() []string {
	var paths []string
	for _, spec := range f.Imports {
		name, _ := strconv.Unquote(spec.Path.Value)
		paths = append(paths, name)
	}
	return paths
}

// tree is every Go file of both modules.
func tree(t *testing.T) []goFile {
	t.Helper()
	const root = "../.."
	var files []goFile
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if base := entry.Name(); name != root && (strings.HasPrefix(base, ".") || base == "testdata" || base == "dist" || strings.HasPrefix(base, "dist.")) {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		file, err := parse(root, name)
		files = append(files, file)
		return err
	})
	if err != nil || len(files) < 50 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	return files
}

func parse(root, name string) (goFile, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return goFile{}, err
	}
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return goFile{}, err
	}
	relative, err := filepath.Rel(root, name)
	return goFile{filepath.ToSlash(relative), text, set, parsed}, err
}
