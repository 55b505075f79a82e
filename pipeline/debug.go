// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"path"

	"crosswheel/internal/recipe"
	"crosswheel/internal/step"
	sdkimage "crosswheel/sdk-image"
)

// addDebug adds the stage "debug", which leaves /out/debug: what finish strips from the wheel. It is a stage of its own, so that a wheel
// is the same whether anybody wants that or not.
func (p *Pipeline) addDebug(b *Build) {
	options := step.DebugOptions{
		Raw: "/in/wheel", Objcopy: sdkimage.SDKDir + "/bin/" + p.image.Expected.Prefix + "-objcopy", Name: path.Join(p.image.Target.Name, b.slug()),
	}
	b.debug = &stage{name: "debug", label: b.Label(), base: sdk, program: true,
		mounts: []mount{{at: options.Raw, from: b.compile, path: step.Out + "/wheel"}}}
	for _, use := range b.libraries() {
		if use.Recipe.Build.Linkage == recipe.Shared {
			at := "/in/libraries/" + use.Recipe.Name
			options.Libraries = append(options.Libraries, at)
			b.debug.mounts = append(b.debug.mounts, mount{at: at, from: use.export, path: step.Out + "/exports"})
		}
	}
	b.debug.execs = [][]string{runProgram("debug", b.slug(), options)}
}
