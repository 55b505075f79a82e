// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"encoding/json"
	"maps"
	"slices"

	"crosswheel/internal/recipe"
	"crosswheel/internal/step"
	sdkimage "crosswheel/sdk-image"
)

// addNative adds, where the recipe asks for it, the stage "native": it builds the source once more, for the build machine, and leaves
// /out/wheel. What is the target's own (its compiler, its flags, its exported files) is kept away from it.
func (p *Pipeline) addNative(b *Build) {
	if b.Recipe.Build.Native != recipe.NativeBuild {
		return
	}
	settings, _ := json.Marshal(settingsOf(b.Recipe.Build)) // strings
	b.native = &stage{name: "native", label: b.Label(), base: native, extra: extraPackages(b),
		mounts: []mount{
			{at: "/src", from: b.unpack, path: step.Out + "/source"},
			{at: "/in/build-system.json", file: true, from: b.unpack, path: step.Out + "/build-system.json"},
			{at: sdkimage.EnvDir, from: b.requirements, path: sdkimage.EnvDir},
			{at: "/in/build.py", text: buildScript},
			{at: "/in/wheel.py", text: wheelScript},
		},
		env: map[string]string{},
	}
	maps.Copy(b.native.env, b.Recipe.Build.Env)
	program := scripted(b, b.native, backend(b, b.native, string(settings)))
	b.native.execs = [][]string{append([]string{"python3", "/in/build.py", b.slug(), step.Out + "/wheel"}, program...)}
}

// natives are the packages that must be importable while b is built: those that it uses, and those that these use in turn.
func (b *Build) natives() []*Build {
	var found []*Build
	var add func(b *Build)
	add = func(b *Build) {
		for _, use := range b.Uses {
			if use.Recipe.Build.Native != "" && !slices.Contains(found, use) {
				found = append(found, use)
				add(use)
			}
		}
	}
	add(b)
	return found
}

// nativeRequirements is what natives put into the native environment of b from the package index, and which projects it is no business of the
// source to ask for: those themselves. What was built natively is installed without asking the index; what it imports its recipe's requires says.
func (b *Build) nativeRequirements() (wanted, instead []string) {
	for _, use := range b.natives() {
		instead = append(instead, use.Recipe.Name)
		if use.native == nil {
			wanted = append(wanted, use.Recipe.Name+"=="+use.Recipe.Version)
		} else {
			wanted = append(wanted, use.Recipe.Requires...)
		}
	}
	built := func(requirement string) bool {
		return slices.ContainsFunc(b.natives(), func(use *Build) bool {
			return use.native != nil && projectOf(use.Recipe.Name) == projectOf(requirement)
		})
	}
	return slices.DeleteFunc(wanted, built), instead
}

// nativeMounts are the folders of the wheels that were built natively for b.
func nativeMounts(b *Build) (mounts []mount, folders []string) {
	for _, use := range b.natives() {
		if use.native != nil {
			at := "/in/native/" + use.slug()
			mounts = append(mounts, mount{at: at, from: use.native, path: step.Out + "/wheel"})
			folders = append(folders, at)
		}
	}
	return mounts, folders
}
