// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"crosswheel/internal/dagger"
	"crosswheel/internal/recipe"
	sdkimage "crosswheel/sdk-image"
)

var update = flag.Bool("update", false, "write the golden files")

// checkGolden compares a text with the file that holds what it should be.
func checkGolden(t *testing.T, file, got string) {
	t.Helper()
	file = filepath.Join("testdata", file)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || got != string(want) {
		t.Errorf("%s differs (-update writes it), %v; got:\n%s", file, err, got)
	}
}

// catalogue is testdata/recipes, to be edited.
func catalogue(t *testing.T) fstest.MapFS { return readFolder(t, "testdata/recipes") }

func readFolder(t *testing.T, name string) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	folder := os.DirFS(name)
	err := fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(folder, name)
		files[name] = &fstest.MapFile{Data: text}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// plain is a pipeline for recipes, with the graph of them all. No engine is there: nothing of it can run.
func plain(t *testing.T, folder fs.FS) (*Pipeline, []*Build) {
	t.Helper()
	return plainFor(t, folder, "bookworm-armhf")
}

func plainFor(t *testing.T, folder fs.FS, name string) (*Pipeline, []*Build) {
	t.Helper()
	target, err := sdkimage.Target(name)
	if err != nil {
		t.Fatal(err)
	}
	set, diags := recipe.Load(folder, "recipes")
	if diags.HasErrors() {
		t.Fatal(set.Error(diags))
	}
	recipes, diags := set.Evaluate(target)
	if diags.HasErrors() {
		t.Fatal(set.Error(diags))
	}
	client := dagger.Connect() // it starts nothing
	p := &Pipeline{
		client: client, recipes: client.Directory(), folder: folder, image: sdkimage.New(client, target),
		program: program{digest: "the program"}, rust: toolchain(), pip: pipStage("22.3.1", ""), keys: map[*stage]string{},
	}
	return p, p.graph(recipe.Order(recipes))
}

// TestGraph shows what a change does to every build, without an engine: each stage with its inputs and commands.
func TestGraph(t *testing.T) {
	// What keys of the language do that the first catalogue does not use is shown apart: it must change nothing of the first.
	for file, folder := range map[string]string{"graph.txt": "testdata/recipes", "language.txt": "testdata/language"} {
		_, builds := plain(t, readFolder(t, folder))
		checkGolden(t, file, describeAll(builds))
	}
}

func describeAll(builds []*Build) string {
	var b strings.Builder
	for _, build := range builds {
		fmt.Fprintf(&b, "== %s", build.Label())
		for _, use := range build.Uses {
			fmt.Fprintf(&b, ", uses %s", use.Label())
		}
		b.WriteString(" ==\n")
		if build.Recipe.Disabled != "" {
			fmt.Fprintf(&b, "disabled: %s\n", build.Recipe.Disabled)
		}
		for _, s := range build.stages() {
			b.WriteString(s.describe())
		}
		b.WriteString("\n")
	}
	return b.String()
}

// describe is all that a stage consists of, as text.
func (s *stage) describe() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, in %s", s.name, s.base)
	if s.program {
		b.WriteString(", with this program")
	}
	if len(s.extra) > 0 {
		fmt.Fprintf(&b, ", with %s", strings.Join(s.extra, " and "))
	}
	b.WriteString("\n")
	for _, m := range s.mounts {
		fmt.Fprintf(&b, "    %s <- %s\n", m.at, m.describe())
		for _, l := range m.layers {
			fmt.Fprintf(&b, "        %s <- %s of %s, %s\n", l.into, l.path, l.from.name, l.from.label)
		}
	}
	for _, at := range slices.Sorted(maps.Keys(s.caches)) {
		fmt.Fprintf(&b, "    %s <- cache volume %s\n", at, s.caches[at])
	}
	for _, name := range slices.Sorted(maps.Keys(s.env)) {
		fmt.Fprintf(&b, "    %s=%s\n", name, s.env[name])
	}
	for _, arguments := range s.execs {
		b.WriteString("    $")
		for _, argument := range arguments {
			if strings.ContainsAny(argument, " \"<>*;|&") || argument == "" {
				argument = "'" + argument + "'"
			}
			b.WriteString(" " + argument)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func (m mount) describe() string {
	scripts := map[string]string{buildScript: "build.py", wheelScript: "wheel.py", testScript: "test.py", postScript: "post.py"}
	switch {
	case m.from != nil:
		included := ""
		if len(m.include) > 0 {
			included = fmt.Sprintf(", of it %s", strings.Join(m.include, " and "))
		}
		return fmt.Sprintf("%s of %s, %s%s", m.path, m.from.name, m.from.label, included)
	case m.path != "":
		return "recipes/" + m.path
	case scripts[m.text] != "":
		return fmt.Sprintf("%s (sha256 %.12x…)", scripts[m.text], sha256.Sum256([]byte(m.text)))
	}
	return fmt.Sprintf("text %q", m.text)
}

// edit replaces the one place of a text in a file.
func edit(t *testing.T, files fstest.MapFS, name, old, replacement string) {
	t.Helper()
	text := string(files[name].Data)
	if strings.Count(text, old) != 1 {
		t.Fatalf("%s has %q %d times", name, old, strings.Count(text, old))
	}
	files[name] = &fstest.MapFile{Data: []byte(strings.Replace(text, old, replacement, 1))}
}

// keysOf are the keys of all stages, and their run keys, by build and stage: "numeric unpack".
func keysOf(p *Pipeline, builds []*Build) (keys, runKeys map[string]string) {
	keys, runKeys = map[string]string{}, map[string]string{}
	for _, b := range builds {
		for _, s := range b.stages() {
			keys[b.Recipe.Name+" "+s.name], runKeys[b.Recipe.Name+" "+s.name] = p.key(s), p.runKey(s)
		}
	}
	return keys, runKeys
}

// changed are the stages whose keys differ, a build on a line: "numeric: unpack compile".
func changed(builds []*Build, before, after map[string]string) string {
	var lines []string
	for _, b := range builds {
		line := ""
		for _, s := range b.stages() {
			if name := b.Recipe.Name + " " + s.name; before[name] != after[name] {
				line += " " + s.name
			}
		}
		if line != "" {
			lines = append(lines, b.Recipe.Name+":"+line)
		}
	}
	return strings.Join(lines, "\n")
}

const (
	everySpline = "compile finish audit wheelhouse index test"
	afterUnpack = "unpack lock requirements compile finish audit wheelhouse index test"
)

// TestKeys says what makes a package rebuild.
func TestKeys(t *testing.T) {
	p, builds := plain(t, catalogue(t))
	before, _ := keysOf(p, builds)
	seen := map[string]string{}
	for name, key := range before {
		if other, ok := seen[key]; ok {
			t.Errorf("%s and %s have one key", name, other)
		}
		seen[key] = name
	}
	for _, c := range []struct{ name, file, old, new, want string }{
		{"nothing", "numeric/recipe.hcl", "numeric", "numeric", ""},
		{"a comment", "numeric/recipe.hcl", "# A package", "# The package", ""},
		{"words about it", "numeric/recipe.hcl", "\n  build {", "\n  summary = \"New\"\n  tags = [\"new\"]\n  build {", ""},

		{"what is imported", "numeric/recipe.hcl", `imports = ["numeric"]`, `imports = ["numeric.core"]`, "numeric: test"},
		{"what a test installs", "spline/recipe.hcl", `["pytest"]`, `["pytest", "hypothesis"]`, "Spline: wheelhouse index test"},

		{"a patch", "numeric/patches/cross.patch", "+cross", "+crossed", "numeric: " + afterUnpack + "\nSpline: " + everySpline},
		{"the patch taken away", "numeric/recipe.hcl", "\n    patches = [\"patches/cross.patch\"]", "", "numeric: " + afterUnpack + "\nSpline: " + everySpline},
		{"a checksum", "cyaml/recipe.hcl", `"1111111`, `"aaaaaaa`, "cyaml: fetch unpack compile export\nSpline: " + everySpline},
		{"a library's script", "cyaml/recipe.hcl", "$CC -c", "$CC -O2 -c", "cyaml: compile export\nSpline: " + everySpline},
		{"flags", "spline/recipe.hcl", "-O3", "-O2", "Spline: " + everySpline},
		{"a variable", "numeric/recipe.hcl", `NPY_BLAS_ORDER = ""`, `NPY_BLAS_ORDER = "mkl"`,
			"numeric: compile finish audit wheelhouse index test\nSpline: " + everySpline},
		{"exports", "numeric/recipe.hcl", "core/include/**", "core/**", "numeric: finish audit wheelhouse index test\nSpline: " + everySpline},
		{"expected extensions", "numeric/recipe.hcl", "_umath*", "_umath.*", "numeric: audit"},
		{"its hashes", "spline/pylock.2_0-cp311.toml", `"444444`, `"cccccc`, "Spline: requirements " + everySpline},
		{"a source beside the recipe", "vendored/files/src/setup.py", "setuptools.setup()", "setuptools.setup(name='vendored')", "vendored: " + afterUnpack},
		{"a disabled recipe", "future/recipe.hcl", `"555555`, `"dddddd`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := catalogue(t)
			if c.old != c.new {
				edit(t, files, c.file, c.old, c.new)
			}
			p, builds := plain(t, files)
			after, _ := keysOf(p, builds)
			if got := changed(builds, before, after); got != c.want {
				t.Errorf("%s: got\n%s\nwant\n%s", c.file, got, c.want)
			}
		})
	}
}

// A new version of this program checks everything anew, and compiles nothing.
func TestKeysOfTheProgram(t *testing.T) {
	p, builds := plain(t, catalogue(t))
	keys, runKeys := keysOf(p, builds)
	p.program.digest, p.keys = "a new one", map[*stage]string{}
	newKeys, newRunKeys := keysOf(p, builds)
	if !maps.Equal(keys, newKeys) {
		t.Errorf("keys change:\n%s", changed(builds, keys, newKeys))
	}
	want := `cyaml: fetch unpack export
numeric: fetch unpack lock requirements finish reference audit index
Spline: fetch unpack requirements finish reference audit index
vendored: unpack lock requirements finish audit index`
	if got := changed(builds, runKeys, newRunKeys); got != want {
		t.Errorf("run keys change:\n%s\nwant\n%s", got, want)
	}
}

// A stage's key frames its parts: what is moved from one to the next makes another key.
func TestKeysAreUnambiguous(t *testing.T) {
	p, _ := plain(t, catalogue(t))
	seen := map[string]int{}
	for i, s := range []*stage{
		{},
		{execs: [][]string{{}}},
		{execs: [][]string{{"a", "b"}}},
		{execs: [][]string{{"a"}, {"b"}}},
		{execs: [][]string{{"ab"}}},
		{env: map[string]string{"a": "b"}},
		{env: map[string]string{"ab": ""}},
		{mounts: []mount{{at: "a", text: "b"}}},
		{mounts: []mount{{at: "ab"}}},
		{mounts: []mount{{at: "a", text: "b", file: true}}},
		{base: tools},
	} {
		key := p.key(s)
		if other, ok := seen[key]; ok {
			t.Errorf("stages %d and %d have one key", other, i)
		}
		seen[key] = i
	}
}

// Only a lock that was made for what the recipe asks for is used.
func TestLocks(t *testing.T) {
	const lock = "spline/pylock.2_0-cp311.toml"
	files := catalogue(t)
	delete(files, lock)
	p, builds := plain(t, files)
	i := slices.IndexFunc(builds, func(b *Build) bool { return b.Recipe.Name == "Spline" })
	if b := builds[i]; b.lock == nil || len(p.problems) > 0 || !strings.Contains(b.requirements.describe(), "/in/pylock.toml <- /out/pylock.toml of lock, Spline 2.0") {
		t.Errorf("without a lock: %v\n%s", p.problems, b.requirements.describe())
	}
	for name, c := range map[string]struct{ file, old, new, want string }{
		"outdated":   {"spline/recipe.hcl", "Cython==0.29.36", "Cython==0.29.37", "Outdated lock"},
		"unreadable": {lock, "lock-version = \"1.0\"", "lock-version = \"9.0\"", "Invalid lock"},
	} {
		files := catalogue(t)
		edit(t, files, c.file, c.old, c.new)
		p, _ := plain(t, files)
		if len(p.problems) != 1 || p.problems[0].Summary != c.want || !strings.Contains(p.problems[0].Detail, `lock --select "Spline==2.0"`) ||
			p.problems[0].Subject.Filename != "recipes/spline/recipe.hcl" || p.problems[0].Subject.Start.Line != 10 {
			t.Errorf("%s: got %v", name, p.problems)
		}
	}
}
