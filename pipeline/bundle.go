// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"crosswheel/internal/dagger"
	"crosswheel/internal/recipe"
	"crosswheel/internal/requirement"
	"crosswheel/internal/step"
	"crosswheel/internal/wheel"
)

// Bundle packs all wheels that a requirements file needs on the target, ours and the pure ones of the package index, with a script
// that installs them without network. The target's own pip chooses them.
//
// Which recipes are needed is found out on the way: those that the file names, and those of which pip says that it finds no wheel.
func (p *Pipeline) Bundle(ctx context.Context, recipes []*recipe.Recipe, wanted []requirement.Line) (*dagger.File, *Result, error) {
	b := &bundler{pipeline: p, recipes: recipes, wanted: wanted, dropped: map[string]bool{}}
	for _, r := range wanted {
		b.choose(r)
	}
	for {
		result, err := Run(ctx, []Job{{Pipeline: p, Recipes: b.chosen}})
		if err != nil || len(result.Report.Failed()) > 0 {
			return nil, result, err
		}
		wheels, more, err := b.resolve(ctx, result)
		if err != nil {
			return nil, result, err
		}
		if !more {
			return b.pack(wheels), result, nil
		}
	}
}

// bundler finds the wheels of a bundle.
type bundler struct {
	pipeline *Pipeline
	recipes  []*recipe.Recipe // all that there are
	wanted   []requirement.Line
	chosen   []*recipe.Recipe

	missing []string        // what nothing provides
	dropped map[string]bool // projects that are left out, to find what else is missing
}

// choose adds the newest version of a recipe that meets a requirement, if there is one that was not added before.
func (b *bundler) choose(r requirement.Line) bool {
	var best *recipe.Recipe
	for _, rec := range b.named(r.Project) {
		// Recipes of a package come with their versions in order.
		if rec.Disabled == "" && r.Admits(rec.Version) {
			best = rec
		}
	}
	if best == nil || slices.Contains(b.chosen, best) {
		return false
	}
	b.chosen = append(b.chosen, best)
	return true
}

func (b *bundler) named(project string) []*recipe.Recipe {
	return slices.DeleteFunc(slices.Clone(b.recipes), func(r *recipe.Recipe) bool {
		return r.Kind != recipe.Package || wheel.NormalizeProject(r.Name) != project
	})
}

// resolve has the target's pip choose. It returns the folder with what it chose, or whether there is another recipe to build first.
func (b *bundler) resolve(ctx context.Context, built *Result) (wheels *dagger.Directory, more bool, err error) {
	ours := map[string]bool{}
	for _, o := range built.outcomes {
		ours[o.wheel.Filename] = true
	}
	chosen := b.download(built)
	said, err := chosen.File("pip.log").Contents(ctx)
	if err != nil {
		return nil, false, err
	}
	wheels = chosen.Directory("wheels")
	names, err := wheels.Entries(ctx)
	if err != nil {
		return nil, false, err
	}
	if len(names) == 0 {
		return nil, true, b.missed(said)
	}
	if len(b.missing) > 0 {
		return nil, false, b.nothingProvides()
	}
	for _, file := range names {
		name, err := wheel.ParseFilename(file)
		if err != nil {
			return nil, false, err
		}
		if ours[file] {
			continue
		}
		// Ours of that very version is what pip would take, had it been there: it is compiled.
		exact, err := requirement.Parse(name.Project() + "==" + name.Version)
		if err != nil {
			return nil, false, err
		}
		if b.choose(exact) {
			more = true
		} else if !slices.Equal(name.Platform, []string{"any"}) {
			return nil, false, fmt.Errorf("of %s the package index has a compiled wheel only, %s, which was made for other machines: it needs a recipe", name.Project(), file)
		}
	}
	return wheels, more, nil
}

// download is the folder that pip fills, lazily. What the package index has changes from day to day, so the day is part of the key.
//
// It is the target's pip, of that very version, on a native Python that takes itself for the target's: what pip asks of Python in markers is the
// same then, and the target's own may have no TLS, and would take minutes under emulation.
func (b *bundler) download(built *Result) *dagger.Directory {
	p, target := b.pipeline, b.pipeline.image.Target
	const ours, pip = "/in/ours", "/in/pip"
	var folders []placed
	for _, o := range built.outcomes {
		if o.wheel.Filename != "" {
			folders = append(folders, placed{".", o.pipeline.container(o.finish).Directory(step.Out + "/wheel")})
		}
	}
	index := []string{"--quiet", "--disable-pip-version-check", "--no-cache-dir", "--only-binary", ":all:"}
	if p.options.IndexURL != "" {
		index = append(index, "--index-url", p.options.IndexURL)
	}
	names := &renamed{off: !target.Manylinux}
	fetch := append([]string{"python3", "-m", "pip", "download", "--no-deps", "--dest", pip, "pip==" + target.Pip}, index...)
	// Of compiled wheels only ours: those of the package index were made for another C library.
	choose := append([]string{"python3", "-c", asTarget, target.Arch, pip + "/pip-" + target.Pip + "-py3-none-any.whl",
		"download", "--dest", step.Out + "/wheels", "--find-links", names.at(ours), "--platform", "linux_" + target.Arch, "--implementation", "cp", "--python-version", target.Python}, index...)
	for _, r := range b.wanted {
		if !b.dropped[r.Project] {
			choose = append(choose, r.Text)
		}
	}
	container := p.bases[tools].
		WithMountedDirectory(ours, merge(p.client, folders)).
		WithExec(fetch).
		WithEnvVariable("CROSSWHEEL_DAY", time.Now().UTC().Format(time.DateOnly))
	for _, command := range names.around(append([]string{"sh", "-uc", noteFailure, "choose"}, choose...)) {
		container = container.WithExec(command)
	}
	return container.Directory(step.Out)
}

// noteFailure runs a program that fails more often than not until all recipes are found: that is a result, and no failure of ours. It is one where pip did
// not reach the index, by the last of its tries, and must not be kept for the day. A wheel of pip trusts the authorities that it brings along: it is told of
// the container's, which Dagger adds those of a company's proxy to; the embedded engine names its own.
const noteFailure = `mkdir -p /out/wheels
export PIP_CERT="${PIP_CERT:-/etc/ssl/certs/ca-certificates.crt}"
if ! "$@" 2>/out/pip.log; then
	cat /out/pip.log >&2
	rm -f /out/wheels/*
	! grep -q 'Retry(total=0,' /out/pip.log
fi`

// asTarget runs the pip of a wheel on a machine of another kind: ARCH WHEEL ARGUMENT...
const asTarget = `import platform, runpy, sys
machine, wheel, sys.argv[1:] = sys.argv[1], sys.argv[2], sys.argv[3:]
platform.machine = lambda: machine
sys.path.insert(0, wheel)
runpy.run_module("pip", run_name="__main__", alter_sys=True)`

// notFound is how pip says that there is no wheel for a requirement, and whose it is.
var notFound = regexp.MustCompile(`satisfies the requirement (.+?)(?: \(from ([^()]+?)\))? \(from versions: `)

// missed looks at why pip failed: what it did not find is built if there is a recipe, or noted as missing.
func (b *bundler) missed(said string) error {
	failure := fmt.Errorf("the target's pip does not resolve the requirements:\n%s", strings.TrimSpace(said))
	m := notFound.FindStringSubmatch(said)
	if m == nil {
		return failure
	}
	r, err := requirement.Parse(strings.TrimSpace(m[1]))
	if err != nil {
		return failure
	}
	if b.choose(r) {
		return nil
	}
	problem := fmt.Sprintf("nothing provides %s: %s", r.Text, b.why(r))
	at := slices.IndexFunc(b.wanted, func(w requirement.Line) bool { return w.Project == r.Project })
	if at < 0 {
		b.missing = append(b.missing, fmt.Sprintf("%s (%s requires it)", problem, cmp.Or(m[2], "something")))
		return b.nothingProvides()
	}
	b.missing = append(b.missing, b.wanted[at].At()+": "+problem)
	b.dropped[r.Project] = true
	if len(b.dropped) == len(b.projects()) {
		return b.nothingProvides()
	}
	return nil
}

func (b *bundler) projects() map[string]bool {
	found := map[string]bool{}
	for _, r := range b.wanted {
		found[r.Project] = true
	}
	return found
}

// why says what there is of a project instead of what is wanted.
func (b *bundler) why(r requirement.Line) string {
	var there []string
	for _, rec := range b.named(r.Project) {
		text := rec.Version
		if rec.Disabled != "" {
			text += " (not for this target: " + rec.Disabled + ")"
		}
		there = append(there, text)
	}
	if len(there) == 0 {
		return "there is no recipe, and the package index has no pure wheel of it"
	}
	return "there are recipes for " + strings.Join(there, ", ") + ", and the package index has no pure wheel of it"
}

func (b *bundler) nothingProvides() error {
	return errors.New("not everything can be bundled for " + b.pipeline.image.Target.Name + ":\n  " + strings.Join(b.missing, "\n  "))
}

// pack makes the file.
func (b *bundler) pack(wheels *dagger.Directory) *dagger.File {
	p, target := b.pipeline, b.pipeline.image.Target
	var text strings.Builder
	for _, r := range b.wanted {
		fmt.Fprintln(&text, r.Text)
	}
	options := step.BundleOptions{Wheels: "/in/wheels", Requirements: text.String(), Target: target.Name, Python: target.Python}
	return p.program.mount(p.bases[tools]).
		WithMountedDirectory(options.Wheels, wheels).
		WithExec(runProgram("bundle", target.Name, options)).
		File(step.Out + "/bundle.tar.gz")
}
