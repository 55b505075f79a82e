// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	_ "embed"
	"fmt"
	"path"
	"strings"

	"crosswheel/internal/recipe"
	"crosswheel/internal/step"
	sdkimage "crosswheel/sdk-image"
)

//go:embed post.py
var postScript string

// scripted puts a recipe's own scripts and hints around the program of its compile stage. Where the recipe has none, the stage stays what
// it was: what a new key of the language brings recompiles no recipe that does not use it.
func scripted(b *Build, s *stage, program []string) []string {
	build := b.Recipe.Build
	var lines []string
	if b.crates != nil {
		lines = append(lines, rustLines)
	}
	for _, name := range build.Executables {
		lines = append(lines, fmt.Sprintf("command -v %s >/dev/null || { echo 'The build needs the program %s, and it is neither in the build image nor in requires.' >&2; exit 1; }", name, name))
	}
	if build.Jobs > 0 {
		lines = append(lines, fmt.Sprintf(limitJobs, build.Jobs))
	}
	add := func(name, text string) string {
		at := "/in/" + name + ".sh"
		s.mounts = append(s.mounts, mount{at: at, text: text})
		return at
	}
	if build.Before != "" {
		lines = append(lines, "sh -eu "+add("before", build.Before))
	}
	lines = append(lines, `"$@"`)
	if build.After != "" {
		lines = append(lines, "sh -eu "+add("after", build.After))
	}
	if build.Post != "" && !b.Recipe.Source.IsWheel() {
		add("post", build.Post)
		s.mounts = append(s.mounts, mount{at: "/in/post.py", text: postScript})
		lines = append(lines, "/usr/bin/python3 -I /in/post.py "+step.Out+"/wheel /in/post.sh")
	}
	if len(build.LicenseFiles) > 0 {
		folder := path.Join(libraryPath(b), licenses)
		lines = append(lines, "mkdir -p "+folder)
		for _, name := range build.LicenseFiles {
			lines = append(lines, "cp -- "+quote(name)+" "+folder)
		}
	}
	if len(lines) == 1 {
		return program
	}
	return append([]string{"sh", "-euc", strings.Join(lines, "\n"), "build"}, program...)
}

// limitJobs overwrites what build.py says of the machine's processors, where that is more.
const limitJobs = `jobs=$(nproc); [ $jobs -le %[1]d ] || jobs=%[1]d
export MAKEFLAGS=-j$jobs CMAKE_BUILD_PARALLEL_LEVEL=$jobs CARGO_BUILD_JOBS=$jobs NPY_NUM_BUILD_JOBS=$jobs DIST_EXTRA_CONFIG=/tmp/jobs.cfg
printf '[build_ext]\nparallel = %%s\n' $jobs >/tmp/jobs.cfg`

// licenses is where below its prefix a library has its licence files.
const licenses = "share/licenses"

// quote makes one word for sh of a text.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// addRepack adds the compile stage of a source that is a wheel: it is changed by the recipe's post, and packed again.
func (p *Pipeline) addRepack(b *Build) {
	b.compile = &stage{name: "compile", label: b.Label(), base: builder,
		mounts: []mount{
			{at: "/src", from: b.unpack, path: step.Out + "/source"},
			{at: "/in/build.py", text: buildScript},
			{at: "/in/post.py", text: postScript},
			{at: "/in/post.sh", text: b.Recipe.Build.Post},
		},
		env: compileEnvironment(b),
	}
	program := []string{"/usr/bin/python3", "-I", "/in/post.py", step.Out + "/wheel", "/in/post.sh"}
	b.compile.execs = [][]string{append([]string{"python3", "/in/build.py", b.slug(), step.Out + "/wheel"}, scripted(b, b.compile, program)...)}
}

// backend is the program that makes a package's wheel.
func backend(b *Build, s *stage, settings string) []string {
	if script := b.Recipe.Build.Script; script != "" {
		s.mounts = append(s.mounts, mount{at: "/in/script.sh", text: script})
		s.env["WHEELS"] = step.Out + "/wheel"
		return []string{"sh", "-eu", "/in/script.sh"}
	}
	return []string{sdkimage.EnvDir + "/bin/python", "/in/wheel.py", "/in/build-system.json", settings}
}

// settingsOf are a recipe's config settings as the backend gets them: a list of one as a string, which every backend takes.
func settingsOf(build recipe.Build) map[string]any {
	if build.ConfigSettings == nil {
		return nil
	}
	settings := map[string]any{}
	for name, values := range build.ConfigSettings {
		settings[name] = values
		if len(values) == 1 {
			settings[name] = values[0]
		}
	}
	return settings
}
