// SPDX-License-Identifier: Apache-2.0

package sdkimage

import (
	_ "embed"
	"maps"
	"path"
	"slices"

	"crosswheel/internal/dagger"
	"crosswheel/internal/offline"
)

// The containers below are for what few recipes ask for.

// WithCompiler is the native Python and a compiler for this machine, with what [Image.Builder] has of a build environment that is not for the
// target.
func (i *Image) WithCompiler(client *dagger.Client) *dagger.Container {
	container := i.Tools
	if i.Native != "" {
		container = i.WithSDK()
	}
	files := client.Directory()
	for _, name := range slices.Sorted(maps.Keys(compilerFiles)) {
		files = files.WithNewFile(name, compilerFiles[name])
	}
	container = Extended(container, []string{"gcc", "g++", "python3-dev"}).WithDirectory(CrossDir, files)
	for _, name := range slices.Sorted(maps.Keys(reproducible)) {
		container = container.WithEnvVariable(name, reproducible[name])
	}
	return container.WithEnvVariable("PATH", EnvDir+"/bin:"+systemPath)
}

// compilerFiles are at [CrossDir] where the builds of [Image.Builder] look for their like: for meson, the target is this machine.
var compilerFiles = map[string]string{
	"offline.py":  offline.Launcher,
	"offline.bpf": offline.Encoded(),
	"probe.py":    "# Headers cannot be another machine's here.\n",
	"meson-cross.ini": `[host_machine]
system = 'linux'
cpu_family = 'x86_64'
cpu = 'x86_64'
endian = 'little'

[binaries]
c = 'gcc'
cpp = 'g++'
ar = 'ar'
strip = 'strip'
pkg-config = 'pkg-config'
python = '` + EnvDir + `/bin/python'

[properties]
needs_exe_wrapper = false
`,
	"meson-native.ini": "",
}

// WithPatchelf is the tools, the SDK and patchelf, for the few wheels that carry shared libraries.
func (i *Image) WithPatchelf() *dagger.Container {
	return i.WithSDK().
		WithNewFile("/patchelf.txt", patchelfRequirements).
		WithExec([]string{"pip", "install", "--quiet", "--no-cache-dir", "--no-deps", "--require-hashes", "--only-binary", ":all:",
			"--target", path.Dir(path.Dir(Patchelf)), "-r", "/patchelf.txt"})
}

// Patchelf is where patchelf lies in an [Image.WithPatchelf] container. The version in the name makes it a part of the keys of the steps that
// use it.
const Patchelf = Root + "/patchelf-0.17.2.4/bin/patchelf"

//go:embed patchelf.txt
var patchelfRequirements string
