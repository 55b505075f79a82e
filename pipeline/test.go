// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"crosswheel/internal/recipe"
	"crosswheel/internal/step"
	"crosswheel/internal/wheel"
	sdkimage "crosswheel/sdk-image"
)

// Scripts of the test stage.
var (
	//go:embed test.py
	testScript string
	//go:embed pytests.py
	pytestScript string
)

// addTest adds the stages that prove a wheel: "wheelhouse" gathers, natively and with the network, what the robot's pip
// would choose for it; "index" makes an index of that; "test" has the target's own Python and pip install from the index
// and import what the recipe says. Where that Python cannot run pip, "install" takes the place of "index".
func (p *Pipeline) addTest(b *Build) {
	target := p.image.Target
	download := []string{
		"python3", "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-cache-dir", "--dest", step.Out + "/wheels",
		"--only-binary", ":all:", "--platform", "linux_" + target.Arch, "--implementation", "cp", "--python-version", target.Python,
	}
	if p.options.IndexURL != "" {
		download = append(download, "--index-url", p.options.IndexURL)
	}
	b.wheelhouse = &stage{name: "wheelhouse", label: b.Label(), base: tools}
	ours := &renamed{off: !target.Manylinux}
	for _, built := range b.wheels() {
		at := "/in/" + wheel.NormalizeProject(built.Recipe.Name)
		b.wheelhouse.mounts = append(b.wheelhouse.mounts, mount{at: at, from: built.finish, of: built.finishOf, path: step.Out + "/wheel"})
		// Exact versions: a newer release on the package index, or a wheel of somebody else's, is not what was built.
		download = append(download, "--find-links", ours.at(at), fmt.Sprintf("%s==%s", built.Recipe.Name, built.Recipe.Version))
	}
	python := []string{sdkimage.Emulator, "/usr/bin/python" + target.Python}
	b.test = &stage{name: "test", label: b.Label(), base: emulated, env: map[string]string{"PYTHONPATH": "/site"},
		mounts: []mount{{at: "/in/test.py", text: testScript}}}
	if because := p.image.WithoutPip(); because == "" {
		p.addInstall(b, python)
	} else {
		b.index = &stage{name: "install", label: b.Label(), base: tools, program: true,
			mounts: []mount{{at: "/in/wheels", from: b.wheelhouse, path: step.Out + "/wheels"}},
			execs:  [][]string{runProgram("install", b.slug(), step.InstallOptions{Wheels: "/in/wheels", Because: because})},
		}
		b.test.mounts = append(b.test.mounts, mount{at: "/site", from: b.index, path: step.Out + "/site"})
	}
	b.wheelhouse.execs = ours.around(append(download, testRequires(b.Recipe.Test)...))

	imports := b.Recipe.Test.Imports
	if len(imports) == 0 {
		imports = b.Recipe.TopLevel
	}
	tests, _ := json.Marshal(map[string][]string{"imports": imports, "commands": b.Recipe.Test.Commands}) // strings
	b.test.execs = append(b.test.execs, append(python[:2:2], "/in/test.py", string(tests)))
	if arguments := b.Recipe.Test.PyTest; len(arguments) > 0 {
		b.test.mounts = append(b.test.mounts, mount{at: "/in/tests", from: b.unpack, path: step.Out + "/source", include: testPaths(arguments)}, mount{at: "/in/pytests.py", text: pytestScript})
		b.test.execs = append(b.test.execs, slices.Concat(python, []string{"/in/pytests.py", "/in/tests"}, arguments))
	}
}

// addInstall has the target's own Python run pip, which installs from an index, as on the robot.
func (p *Pipeline) addInstall(b *Build, python []string) {
	b.index = &stage{name: "index", label: b.Label(), base: tools, program: true,
		mounts: []mount{{at: "/in/wheels", from: b.wheelhouse, path: step.Out + "/wheels"}},
		execs:  [][]string{runProgram("index", b.slug(), step.IndexOptions{Wheels: "/in/wheels"})},
	}

	pip := append(python[:2:2], "/pip/pip")
	install := append(pip[:3:3], "install", "--quiet", "--disable-pip-version-check", "--no-cache-dir", "--no-compile",
		"--only-binary", ":all:", "--index-url", "file:///index/simple", "--target", "/site", fmt.Sprintf("%s==%s", b.Recipe.Name, b.Recipe.Version))
	b.test.mounts = append([]mount{{at: "/index", from: b.index, path: step.Out}, {at: "/pip", from: p.pip, path: step.Out + "/pip"}}, b.test.mounts...)
	b.test.execs = [][]string{append(install, testRequires(b.Recipe.Test)...), append(pip[:3:3], "check", "--disable-pip-version-check")}
}

// pipStage is the stage "pip": the pip that the target has, with its byte-code. It is the same for all builds.
func pipStage(version, index string) *stage {
	const script = `
python3 -m pip install --quiet --disable-pip-version-check --no-cache-dir --no-deps --no-compile --ignore-requires-python --only-binary :all: --target "$1/$2" "pip==$4" ${5:+--index-url "$5"}
` + sdkimage.CompilePython
	return &stage{name: "pip", label: "pip " + version, base: tools,
		execs: [][]string{{"sh", "-euc", script, "pip", step.Out, "pip", "python3", version, index}}}
}

// testRequires is what is installed for the test only.
func testRequires(test recipe.Test) []string {
	named := slices.ContainsFunc(test.Requires, func(requirement string) bool { return projectOf(requirement) == "pytest" })
	if len(test.PyTest) == 0 || named {
		return test.Requires
	}
	return append(slices.Clone(test.Requires), "pytest")
}

// testPaths are patterns of the source's files that pytest is called with. There are no others: what is tested is the wheel.
func testPaths(arguments []string) []string {
	patterns := []string{"crosswheel-has-no-such-file"} // none would mean all
	for _, argument := range arguments {
		if file, _, _ := strings.Cut(argument, "::"); !strings.HasPrefix(file, "-") {
			patterns = append(patterns, file, file+"/**")
		}
	}
	return patterns
}
