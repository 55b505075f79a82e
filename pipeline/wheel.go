// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"crosswheel/internal/step"
	"crosswheel/internal/wheel"
	sdkimage "crosswheel/sdk-image"
)

// addWheel adds the stages "finish", which leaves /out/wheel, /out/wheel.json and /out/exports, and "audit", which
// leaves /out/audit.json.
func (p *Pipeline) addWheel(b *Build) {
	target := p.image.Target
	facts := p.declared
	wanted := wheel.Target{
		Python: target.Python, ExtSuffix: facts.ExtSuffix, Platform: "linux_" + target.Arch, Glibc: target.Glibc,
		Interpreter: "/usr/bin/python" + target.Python,
	}
	b.finish = &stage{name: "finish", label: b.Label(), base: sdk, program: true,
		mounts: []mount{{at: "/in/wheel", from: b.compile, path: step.Out + "/wheel"}},
		execs: [][]string{runProgram("finish", b.slug(), step.FinishOptions{
			Raw: "/in/wheel", Strip: sdkimage.SDKDir + "/bin/" + facts.Triple + "-strip", Target: wanted, Exports: b.Recipe.Build.Exports,
		})},
	}
	b.audit = &stage{name: "audit", label: b.Label(), base: sdk, program: true,
		mounts: []mount{{at: "/in/wheel", from: b.finish, path: step.Out + "/wheel"}},
		execs: [][]string{runProgram("audit", b.slug(), step.AuditOptions{
			Wheel: "/in/wheel", Sysroot: facts.Sysroot(), Triple: facts.Triple, Target: wanted,
			Extensions: b.Recipe.Build.Extensions, BuildPaths: []string{sdkimage.Root + "/"},
		})},
	}
}
