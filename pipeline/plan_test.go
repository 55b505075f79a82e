// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"testing"
	"testing/fstest"
)

// planOf is the plan for recipes after others were built by a program of some version.
func planOf(t *testing.T, built, now fstest.MapFS, digest string) string {
	t.Helper()
	record := map[string]bool{}
	if built != nil {
		p, builds := plain(t, built)
		_, runKeys := keysOf(p, builds)
		for _, key := range runKeys {
			record[key] = true
		}
	}
	p, builds := plain(t, now)
	p.program.digest = digest
	return Text(p.plan(builds, record))
}

func TestPlan(t *testing.T) {
	edited := func(file, old, replacement string) fstest.MapFS {
		files := catalogue(t)
		edit(t, files, file, old, replacement)
		return files
	}
	const program = "the program"
	for _, c := range []struct{ name, got, want string }{
		{"nothing was built", planOf(t, nil, catalogue(t), program), `1  cyaml     0.2.5   run fetch, unpack, compile, export
2  future    3.0     skipped: needs Python >= 3.13; bookworm-armhf has 3.11
3  numeric   1.24.0  run fetch, unpack, lock, requirements, compile, finish, reference, audit, wheelhouse, index, test
4  Spline    2.0     run fetch, unpack, requirements, compile, finish, reference, audit, wheelhouse, index, test
5  vendored  1.0     run unpack, lock, requirements, compile, finish, audit, wheelhouse, index, test
`},
		{"all was built", planOf(t, catalogue(t), catalogue(t), program), `1  cyaml     0.2.5   cached
2  future    3.0     skipped: needs Python >= 3.13; bookworm-armhf has 3.11
3  numeric   1.24.0  cached
4  Spline    2.0     cached
5  vendored  1.0     cached
`},
		{"a test block", planOf(t, catalogue(t), edited("numeric/recipe.hcl", `imports = ["numeric"]`, `imports = ["numeric.core"]`), program), `1  cyaml     0.2.5   cached
2  future    3.0     skipped: needs Python >= 3.13; bookworm-armhf has 3.11
3  numeric   1.24.0  run test
4  Spline    2.0     cached
5  vendored  1.0     cached
`},
		{"a patch", planOf(t, catalogue(t), edited("numeric/patches/cross.patch", "+cross", "+crossed"), program), `1  cyaml     0.2.5   cached
2  future    3.0     skipped: needs Python >= 3.13; bookworm-armhf has 3.11
3  numeric   1.24.0  run unpack, lock, requirements, compile, finish, audit, wheelhouse, index, test
4  Spline    2.0     run compile, finish, audit, wheelhouse, index, test, if what it uses comes out different
5  vendored  1.0     cached
`},
		{"a new version of this program", planOf(t, catalogue(t), catalogue(t), "a new one"), `1  cyaml     0.2.5   run fetch, unpack, export
2  future    3.0     skipped: needs Python >= 3.13; bookworm-armhf has 3.11
3  numeric   1.24.0  run fetch, unpack, lock, requirements, finish, reference, audit, index
4  Spline    2.0     run fetch, unpack, requirements, finish, reference, audit, index
5  vendored  1.0     run unpack, lock, requirements, finish, audit, index
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.got != c.want {
				t.Errorf("got\n%swant\n%s", c.got, c.want)
			}
		})
	}
}

// What a source goes through before it meets a target is planned, and run, once for all targets.
func TestPlanSeveral(t *testing.T) {
	var jobs []Job
	var graphs [][]*Build
	for _, name := range []string{"bookworm-armhf", "trixie-armhf"} {
		p, builds := plainFor(t, catalogue(t), name)
		jobs = append(jobs, Job{Pipeline: p})
		graphs = append(graphs, builds)
	}
	const want = `bookworm-armhf
1  cyaml     0.2.5   run fetch, unpack, compile, export
2  future    3.0     skipped: needs Python >= 3.13; bookworm-armhf has 3.11
3  numeric   1.24.0  run fetch, unpack, lock, requirements, compile, finish, reference, audit, wheelhouse, index, test
4  Spline    2.0     run fetch, unpack, requirements, compile, finish, reference, audit, wheelhouse, index, test
5  vendored  1.0     run unpack, lock, requirements, compile, finish, audit, wheelhouse, index, test
trixie-armhf
6   cyaml     0.2.5   run compile, export
7   future    3.0     run fetch, unpack, lock, requirements, compile, finish, reference, audit, wheelhouse, index, test
8   numeric   1.24.0  run lock, requirements, compile, finish, reference, audit, wheelhouse, index, test
9   Spline    2.0     run lock, requirements, compile, finish, reference, audit, wheelhouse, index, test
10  vendored  1.0     run lock, requirements, compile, finish, audit, wheelhouse, index, test
`
	if got := Text(planAll(jobs, graphs, map[string]bool{})); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
