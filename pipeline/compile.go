// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	_ "embed"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"crosswheel/internal/recipe"
	"crosswheel/internal/step"
	sdkimage "crosswheel/sdk-image"
)

// Scripts of the compile stage. They are no part of this program's steps: a compile runs again only when it changes itself.
var (
	//go:embed build.py
	buildScript string
	//go:embed wheel.py
	wheelScript string
)

// addCompile adds the stage that compiles, without network: it leaves /out/wheel with the backend's wheel, /out/log and
// /out/timing.json.
func (p *Pipeline) addCompile(b *Build) {
	settings, _ := json.Marshal(settingsOf(b.Recipe.Build)) // strings
	environment := mount{at: sdkimage.EnvDir, from: b.requirements, path: sdkimage.EnvDir}
	for _, use := range b.Uses {
		if use.Recipe.Kind == recipe.Package {
			// The native package stays importable; what is compiled against are the target's files in their places.
			environment.layers = append(environment.layers, layer{
				from: use.finish, path: step.Out + "/exports", into: "lib/python" + p.image.Target.Python + "/site-packages",
			})
		}
	}
	b.compile = &stage{name: "compile", label: b.Label(), base: builder, extra: extraPackages(b),
		mounts: append([]mount{
			{at: "/src", from: b.unpack, path: step.Out + "/source"},
			{at: "/in/build-system.json", file: true, from: b.unpack, path: step.Out + "/build-system.json"},
			environment,
			{at: "/in/build.py", text: buildScript},
			{at: "/in/wheel.py", text: wheelScript},
		}, append(libraryMounts(b), p.rustMounts(b)...)...),
		env: compileEnvironment(b),
	}
	program := scripted(b, b.compile, backend(b, b.compile, string(settings)))
	b.compile.execs = [][]string{append([]string{"python3", "/in/build.py", b.slug(), "/out/wheel"}, program...)}
}

// addLibrary adds the stages of a C library: "compile" runs the recipe's script and leaves what that installs; "export" leaves /out/exports,
// what dependants see of it, and /out/licenses.
func (p *Pipeline) addLibrary(b *Build) {
	environment := compileEnvironment(b)
	environment["PREFIX"] = libraryPath(b)
	b.compile = &stage{name: "compile", label: b.Label(), base: builder, extra: extraPackages(b),
		mounts: append([]mount{
			{at: "/src", from: b.unpack, path: step.Out + "/source"},
			{at: "/in/build.py", text: buildScript},
			{at: "/in/script.sh", text: b.Recipe.Build.Script},
		}, append(libraryMounts(b), p.rustMounts(b)...)...),
		env: environment,
	}
	if len(b.Recipe.Build.Requires) > 0 {
		p.addRequirements(b)
		b.compile.mounts = append(b.compile.mounts, mount{at: sdkimage.EnvDir, from: b.requirements, path: sdkimage.EnvDir})
	}
	program := scripted(b, b.compile, []string{"sh", "-eu", "/in/script.sh"})
	b.compile.execs = [][]string{append([]string{"python3", "/in/build.py", b.slug(), libraryPath(b)}, program...)}

	b.export = &stage{name: "export", label: b.Label(), base: sources, program: true,
		mounts: []mount{{at: "/in/prefix", from: b.compile, path: libraryPath(b)}},
		execs: [][]string{runProgram("export", b.slug(), step.ExportOptions{
			Prefix: "/in/prefix", At: libraryPath(b), Patterns: b.Recipe.Build.Exports, Licenses: licenses,
		})},
	}
}

// libraryPath is where a library lies for itself and for what uses it.
func libraryPath(b *Build) string { return sdkimage.Root + "/libs/" + b.Recipe.Name }

// libraries are what a build links: the libraries that it uses, and those that these use in turn, which a static one does not bring along.
func (b *Build) libraries() []*Build {
	var found []*Build
	var add func(b *Build)
	add = func(b *Build) {
		for _, use := range b.Uses {
			if use.Recipe.Kind == recipe.Library && !slices.Contains(found, use) {
				found = append(found, use)
				add(use)
			}
		}
	}
	add(b)
	return found
}

// libraryMounts are the libraries that a build links: what they export, and nothing else.
func libraryMounts(b *Build) []mount {
	var mounts []mount
	for _, use := range b.libraries() {
		// All of it, as a copy: what was compiled against a selection of the installed files, which is the same copy, is not compiled again.
		mounts = append(mounts, mount{at: libraryPath(use), from: use.export, path: step.Out + "/exports", include: []string{"**"}})
	}
	return mounts
}

// compileEnvironment is what the recipe and the libraries that it links add to the build environment. The pkg-config files of a library
// name the place where it is mounted: the export step sees to it.
func compileEnvironment(b *Build) map[string]string {
	build := b.Recipe.Build
	environment := maps.Clone(build.Env)
	if environment == nil {
		environment = map[string]string{}
	}
	var compiler, linker, packages []string
	for _, use := range b.libraries() {
		compiler = append(compiler, "-I"+libraryPath(use)+"/include")
		linker = append(linker, "-L"+libraryPath(use)+"/lib")
		if use.Recipe.Build.Linkage == recipe.Shared { // the linker looks there for what shared libraries need in turn
			linker = append(linker, "-Wl,-rpath-link,"+libraryPath(use)+"/lib")
		}
		packages = append(packages, libraryPath(use)+"/lib/pkgconfig")
	}
	compiler = append(compiler, build.CFlags...)
	linker = append(linker, build.LDFlags...)
	flags := map[string][]string{"CFLAGS": compiler, "CXXFLAGS": slices.Concat(compiler, build.CXXFlags), "LDFLAGS": linker}
	for name, flags := range flags {
		if len(flags) > 0 {
			environment[name] = strings.Join(flags, " ")
		}
	}
	if len(packages) > 0 {
		environment["PKG_CONFIG_PATH"] = strings.Join(packages, ":")
	}
	return environment
}
