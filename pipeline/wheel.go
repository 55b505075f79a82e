// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"crosswheel/internal/recipe"
	"crosswheel/internal/step"
	"crosswheel/internal/wheel"
	sdkimage "crosswheel/sdk-image"
)

// wanted is the target as wheels know it.
func (p *Pipeline) wanted() wheel.Target {
	target := p.image.Target
	return wheel.Target{
		Python: target.Python, ExtSuffix: p.image.Expected.ExtSuffix, Platform: "linux_" + target.Arch, Glibc: target.Glibc,
		Interpreter: "/usr/bin/python" + target.Python,
	}
}

// addFinish adds the stage "finish", which leaves /out/wheel, /out/wheel.json and /out/exports.
func (p *Pipeline) addFinish(b *Build, narrow bool) {
	options := step.FinishOptions{
		Raw: "/in/wheel", Strip: sdkimage.SDKDir + "/bin/" + p.image.Expected.Prefix + "-strip", Target: p.wanted(), Exports: b.Recipe.Build.Exports, Build: b.Recipe.Build.Number,
		Narrow: narrow, Manylinux: p.image.Target.Manylinux, Subject: subject(b.Recipe),
	}
	b.finish = &stage{name: "finish", label: b.Label(), base: sdk, program: true,
		mounts: []mount{{at: options.Raw, from: b.compile, path: step.Out + "/wheel"}}}
	for _, use := range b.libraries() {
		r, at := use.Recipe, "/in/libraries/"+use.Recipe.Name
		shared := r.Build.Linkage == recipe.Shared
		options.Libraries = append(options.Libraries, step.Library{
			Name: r.Name, Version: r.Version, License: r.License, Source: sourceOf(r), Shared: shared, Files: at + "/exports", Licenses: at + "/licenses",
		})
		if shared {
			b.finish.base, options.Patchelf = grafter, sdkimage.Patchelf
		}
		b.finish.mounts = append(b.finish.mounts, mount{at: at, from: use.export, path: step.Out})
	}
	if b.crates != nil {
		options.Crates = "/in/crates.json"
		b.finish.mounts = append(b.finish.mounts, mount{at: options.Crates, file: true, from: b.crates, path: step.Out + "/crates.json"})
	}
	b.finish.execs = [][]string{runProgram("finish", b.slug(), options)}
}

// addAudit adds the stage "audit", which leaves /out/audit.json.
func (p *Pipeline) addAudit(b *Build) {
	audit := step.AuditOptions{
		Wheel: "/in/wheel", Sysroot: p.image.Expected.Sysroot(), Triple: p.image.Expected.Multiarch(), Target: p.wanted(),
		Extensions: b.Recipe.Build.Extensions, Files: b.Recipe.Test.Files, Modules: b.Recipe.TopLevel, BuildPaths: []string{sdkimage.Root + "/"},
	}
	b.audit = &stage{name: "audit", label: b.Label(), base: sdk, program: true,
		mounts: []mount{{at: audit.Wheel, from: b.finish, of: b.finishOf, path: step.Out + "/wheel"}}}
	if b.Recipe.Source.Kind == recipe.PyPI && !b.Recipe.Source.Wheel {
		p.addReference(b)
		audit.Reference = "/in/reference.json"
		b.audit.mounts = append(b.audit.mounts, mount{at: audit.Reference, file: true, from: b.reference, path: step.Out + "/reference.json"})
	}
	b.audit.execs = [][]string{runProgram("audit", b.slug(), audit)}
}

// addReference adds the stage "reference", which leaves /out/reference.json: the extension modules of the index's own wheel of the version, for
// x86_64. The audit looks for the same ones.
func (p *Pipeline) addReference(b *Build) {
	b.reference = &stage{name: "reference", label: b.Label(), base: tools, program: true,
		execs: [][]string{runProgram("reference", b.slug(), step.ReferenceOptions{
			Name: b.Recipe.Name, Version: b.Recipe.Version, Python: p.image.Target.Python, Index: p.options.IndexURL,
		})},
	}
}
