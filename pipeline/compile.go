// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	_ "embed"
	"encoding/json"
	"maps"
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
	settings, _ := json.Marshal(b.Recipe.Build.ConfigSettings) // a map of strings
	environment := mount{at: sdkimage.EnvDir, from: b.requirements, path: sdkimage.EnvDir}
	for _, use := range b.Uses {
		if use.finish != nil {
			// The native package stays importable; what is compiled against are the target's files in their places.
			environment.layers = append(environment.layers, layer{
				from: use.finish, path: step.Out + "/exports", into: "lib/python" + p.image.Target.Python + "/site-packages",
			})
		}
	}
	b.compile = &stage{name: "compile", label: b.Label(), base: builder,
		mounts: append([]mount{
			{at: "/src", from: b.unpack, path: step.Out + "/source"},
			{at: "/in/build-system.json", file: true, from: b.unpack, path: step.Out + "/build-system.json"},
			environment,
			{at: "/in/build.py", text: buildScript},
			{at: "/in/wheel.py", text: wheelScript},
		}, libraryMounts(b)...),
		env:   compileEnvironment(b),
		execs: [][]string{{"python3", "/in/build.py", b.slug(), "/out/wheel", sdkimage.EnvDir + "/bin/python", "/in/wheel.py", "/in/build-system.json", string(settings)}},
	}
}

// addLibrary adds the stage that compiles a C library by the recipe's script: it leaves its folder of libraryPath.
func (p *Pipeline) addLibrary(b *Build) {
	environment := compileEnvironment(b)
	environment["PREFIX"] = libraryPath(b)
	b.compile = &stage{name: "compile", label: b.Label(), base: builder,
		mounts: append([]mount{
			{at: "/src", from: b.unpack, path: step.Out + "/source"},
			{at: "/in/build.py", text: buildScript},
			{at: "/in/script.sh", text: b.Recipe.Build.Script},
		}, libraryMounts(b)...),
		env:   environment,
		execs: [][]string{{"python3", "/in/build.py", b.slug(), libraryPath(b), "sh", "-eu", "/in/script.sh"}},
	}
}

// libraryPath is where a library lies for itself and for what uses it.
func libraryPath(b *Build) string { return sdkimage.Root + "/libs/" + b.Recipe.Name }

// libraryMounts are the libraries that a build uses.
func libraryMounts(b *Build) []mount {
	var mounts []mount
	for _, use := range b.Uses {
		if use.Recipe.Kind == recipe.Library {
			mounts = append(mounts, mount{at: libraryPath(use), from: use.compile, path: libraryPath(use), only: use.Recipe.Build.Exports})
		}
	}
	return mounts
}

// compileEnvironment is what the recipe and the libraries that it uses add to the build environment.
func compileEnvironment(b *Build) map[string]string {
	environment := maps.Clone(b.Recipe.Build.Env)
	if environment == nil {
		environment = map[string]string{}
	}
	var compiler, linker, packages []string
	for _, use := range b.Uses {
		if use.Recipe.Kind == recipe.Library {
			compiler = append(compiler, "-I"+libraryPath(use)+"/include")
			linker = append(linker, "-L"+libraryPath(use)+"/lib")
			packages = append(packages, libraryPath(use)+"/lib/pkgconfig")
		}
	}
	compiler = append(compiler, b.Recipe.Build.CFlags...)
	linker = append(linker, b.Recipe.Build.LDFlags...)
	for name, flags := range map[string][]string{"CFLAGS": compiler, "CXXFLAGS": compiler, "LDFLAGS": linker} {
		if len(flags) > 0 {
			environment[name] = strings.Join(flags, " ")
		}
	}
	if len(packages) > 0 {
		environment["PKG_CONFIG_PATH"] = strings.Join(packages, ":")
	}
	return environment
}
