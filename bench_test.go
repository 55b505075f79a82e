// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"crosswheel/internal/dagger"
	"crosswheel/internal/recipe"
	"crosswheel/pipeline"
	sdkimage "crosswheel/sdk-image"
)

// The benchmarks below compare two ways of doing the same thing, in turn, and report the ratio: see docs/benchmarks.md.
// They promise nothing and fail at no number; they do fail where a run was not what it is compared as.

const (
	// pairs is how many times the two sides of a comparison take their turn.
	pairs = 3

	benchmarkTarget = "bookworm-armhf"
	// benchmarkPackages are compiled in seconds each; PyYAML brings libyaml with it.
	benchmarkPackages = "PyYAML,MarkupSafe,psutil,cffi"
)

// BenchmarkCrossAgainstEmulated compiles packages as the pipeline always does, and again with an ARM gcc under qemu-user.
//
// Both sides are the pipeline's compile stage, in the same container, with the same source, sysroot, build requirements,
// flags and native Python; what is compared is the time that the stage says it took (report.json's "seconds"). They
// differ in one variable, CC: on the emulated side the driver, cc1, as, collect2 and ld are Debian's armhf programs of
// the same gcc release, each under qemu-arm-static. That it is the same work is seen from the wheels, which must have the
// same bytes. The emulated side keeps a native setuptools, which a build in an ARM container has not: the ratio is that
// of the compilers, thinned by what is native on both sides.
func BenchmarkCrossAgainstEmulated(b *testing.B) {
	w := newWorkshop(b)
	// The sysroot of both sides then holds an ARM compiler too.
	major, _, _ := strings.Cut(w.target.GCC, ".")
	w.target.Packages = append(slices.Clone(w.target.Packages), "gcc-"+major)
	for _, name := range []string{"psutil", "cffi"} {
		b.Run(name, func(b *testing.B) {
			sums := map[string]string{} // of the wheels, by side
			compile := func(side string, environment map[string]string) float64 {
				built := w.recipes(b, name)
				add(built, w.emulator(), environment)
				made := w.run(b, built, pipeline.Options{})
				entry := made.Builds[slices.IndexFunc(made.Builds, func(e pipeline.Entry) bool { return e.Name == name })]
				sums[side] = entry.SHA256
				return entry.Seconds
			}
			compare(b, "x-emulated/cross",
				side{"emulated", func() float64 { return compile("emulated", map[string]string{"CC": emulatorFolder + "/bin/gcc"}) }},
				side{"cross", func() float64 { return compile("cross", nil) }})
			if sums["emulated"] != sums["cross"] {
				b.Errorf("the two sides made different wheels: %v", sums)
			}
		})
	}
}

// BenchmarkNoOpAgainstFull runs the program's build-all with an empty engine cache, and again with nothing to do.
//
// The full run gets everything from the network and builds everything: tools, SDK, sources, requirements, wheels,
// tests. It finds two things of before, which are made once for a machine: buildkitd's program, and the base image where
// no registry serves that. How much of the run with nothing to do is the daemon's start and stop is measured beside it,
// by evaluating an empty folder.
func BenchmarkNoOpAgainstFull(b *testing.B) {
	if os.Getenv("BUILDKIT_HOST") != "" {
		b.Skip("the cache of the daemon that BUILDKIT_HOST names is not ours to empty")
	}
	needEngine(b)
	b.Setenv("CROSSWHEEL_PROGRESS", "quiet")
	cache := b.TempDir()
	b.Setenv("CROSSWHEEL_CACHE", cache)
	target, err := sdkimage.Target(benchmarkTarget)
	if err != nil {
		b.Fatal(err)
	}
	withEngine(b, func(client *dagger.Client) error {
		_, err := client.Container().From("debian:" + target.Suite + "-slim").Sync(b.Context())
		return err
	})

	var idle, nothing []float64
	compare(b, "x-full/no-op",
		side{"full", func() float64 {
			empty(b, cache, "base", "bin")
			return buildAll(b, pipeline.Built)
		}},
		side{"no-op", func() float64 {
			seconds := buildAll(b, pipeline.Cached)
			nothing = append(nothing, seconds)
			idle = append(idle, withEngine(b, func(client *dagger.Client) error {
				_, err := client.Directory().Sync(b.Context())
				return err
			}))
			return seconds
		}})
	b.ReportMetric(100*median(idle)/median(nothing), "%-of-no-op-is-daemon")
	b.Logf("the daemon's start and stop: median %.2f s of %.2f", median(idle), idle)
}

// BenchmarkJobs compiles the same packages one at a time and two at a time, with everything else cached. Each build uses
// all processors by itself, so that what two at a time gain is what one leaves idle.
func BenchmarkJobs(b *testing.B) {
	w := newWorkshop(b)
	w.run(b, w.recipes(b, benchmarkPackages), pipeline.Options{Jobs: 2}) // fills the cache
	build := func(jobs int) float64 {
		fresh := w.recipes(b, benchmarkPackages)
		start := time.Now()
		w.run(b, fresh, pipeline.Options{Jobs: jobs})
		return time.Since(start).Seconds()
	}
	compare(b, "x-jobs1/jobs2",
		side{"--jobs 1", func() float64 { return build(1) }},
		side{"--jobs 2", func() float64 { return build(2) }})
}

// side is one of two things that are compared: it runs once and says how long that took.
type side struct {
	name string
	run  func() (seconds float64)
}

// compare runs the sides in turn, so that what else the machine does meets both, and reports the median of the ratios
// of neighbours.
func compare(b *testing.B, unit string, slow, fast side) {
	b.Helper()
	var slows, fasts, ratios []float64
	for range pairs {
		slows, fasts = append(slows, slow.run()), append(fasts, fast.run())
		ratios = append(ratios, slows[len(slows)-1]/fasts[len(fasts)-1])
	}
	b.ReportMetric(0, "ns/op") // of all turns together: it would only mislead
	b.ReportMetric(median(ratios), unit)
	for _, s := range []struct {
		name    string
		seconds []float64
	}{{slow.name, slows}, {fast.name, fasts}} {
		b.Logf("%s: median %.2f s of %.2f", s.name, median(s.seconds), s.seconds)
	}
	b.Logf("%s: median %.2f of %.2f", unit, median(ratios), ratios)
}

func median(values []float64) float64 {
	return slices.Sorted(slices.Values(values))[len(values)/2]
}

// workshop runs pipelines in this process, with an engine that lasts as long as the benchmark.
type workshop struct {
	client *dagger.Client
	folder string // of recipes
	target recipe.Target
}

func newWorkshop(b *testing.B) *workshop {
	b.Helper()
	needEngine(b)
	b.Setenv("CROSSWHEEL_PROGRESS", "quiet")
	folder, err := filepath.Abs("recipes")
	if err != nil {
		b.Fatal(err)
	}
	target, err := sdkimage.Target(benchmarkTarget)
	if err != nil {
		b.Fatal(err)
	}
	client := dagger.Connect()
	b.Cleanup(func() {
		if err := client.Close(); err != nil {
			b.Error(err)
		}
	})
	b.Chdir(b.TempDir()) // a pipeline leaves files where it runs
	return &workshop{client, folder, target}
}

// recipes are selected ones and what they use, with a variable in their build environment that makes them new: they
// compile, and nothing before that runs again.
func (w *workshop) recipes(b *testing.B, selectors string) []*recipe.Recipe {
	b.Helper()
	set, diags := recipe.Load(os.DirFS(w.folder), "recipes")
	all, more := set.Evaluate(w.target)
	if diags = append(diags, more...); diags.HasErrors() {
		b.Fatal(set.Error(diags))
	}
	selected, err := recipe.Select(all, strings.Split(selectors, ","))
	if err != nil {
		b.Fatal(err)
	}
	selected = recipe.Order(selected)
	for _, r := range selected {
		r.Build.Env = merged(r.Build.Env, nonce())
	}
	return selected
}

// nonce is a variable that no compile has seen yet.
func nonce() map[string]string {
	return map[string]string{"BENCHMARK": fmt.Sprint(time.Now().UnixNano())}
}

// run builds recipes, all of which must compile.
func (w *workshop) run(b *testing.B, recipes []*recipe.Recipe, options pipeline.Options) pipeline.Report {
	b.Helper()
	images := []*sdkimage.Image{sdkimage.New(w.client, w.target)}
	made, err := pipeline.New(w.client, w.client.Host().Directory(w.folder), os.DirFS(w.folder), images, options)
	if err != nil {
		b.Fatal(err)
	}
	result, err := pipeline.Run(b.Context(), []pipeline.Job{{Pipeline: made[0], Recipes: recipes}})
	if err != nil {
		b.Fatal(err)
	}
	if result.Diagnostics.HasErrors() {
		b.Fatal(result.Diagnostics)
	}
	demand(b, result.Report, pipeline.Built)
	return result.Report
}

// emulatorFolder is where builds find the emulator: see libraryPath of package pipeline.
const emulatorFolder = sdkimage.Root + "/libs/emulator"

// emulator is a recipe of a library whose bin/gcc is the sysroot's own ARM compiler. Each program that the compiler starts
// it finds there first (-B), as a script that starts the ARM program under qemu: nothing is registered with the kernel.
func (w *workshop) emulator() *recipe.Recipe {
	major, _, _ := strings.Cut(w.target.GCC, ".")
	script := strings.NewReplacer(
		"@SYSROOT@", sdkimage.Declared(w.target).Sysroot(), "@TRIPLE@", w.target.Triple, "@MAJOR@", major,
	).Replace(`
		mkdir -p $PREFIX/bin $PREFIX/include $PREFIX/lib
		emulated() {
			printf '#!/bin/sh\nexec qemu-arm-static -L @SYSROOT@ %s "$@"\n' "$2" >$PREFIX/bin/$1
			chmod 755 $PREFIX/bin/$1
		}
		emulated driver "@SYSROOT@/usr/bin/@TRIPLE@-gcc-@MAJOR@ -B$PREFIX/bin/ --sysroot=@SYSROOT@"
		emulated cc1 @SYSROOT@/usr/lib/gcc/@TRIPLE@/@MAJOR@/cc1
		emulated collect2 @SYSROOT@/usr/lib/gcc/@TRIPLE@/@MAJOR@/collect2
		emulated as @SYSROOT@/usr/bin/@TRIPLE@-as
		emulated ld @SYSROOT@/usr/bin/@TRIPLE@-ld
		# The wrapper of the cross compiler, around this one.
		sed "s,^exec [^ ]*,exec $PREFIX/bin/driver," $CC >$PREFIX/bin/gcc
		chmod 755 $PREFIX/bin/gcc
	`)
	return &recipe.Recipe{
		Kind: recipe.Library, Name: "emulator", Version: "1",
		Dir: "libyaml", Source: recipe.Source{Kind: recipe.Path}, // the script needs no source; this is one that is there
		Build: recipe.Build{Script: script, Env: nonce()},
	}
}

// add gives recipes a library and variables. Their extensions get no build ID: the linker makes it of debug information
// that is stripped later, in which the start files of the two compilers differ.
func add(recipes []*recipe.Recipe, library *recipe.Recipe, environment map[string]string) {
	for _, r := range recipes {
		r.Build.Uses = append(slices.Clone(r.Build.Uses), recipe.Use{Name: library.Name, Recipe: library})
		r.Build.Env = merged(r.Build.Env, environment)
		r.Build.LDFlags = append(slices.Clone(r.Build.LDFlags), "-Wl,--build-id=none")
	}
}

// merged is a new map of what both have.
func merged(base, over map[string]string) map[string]string {
	both := map[string]string{}
	maps.Copy(both, base)
	maps.Copy(both, over)
	return both
}

// buildAll runs the program, every build of which must end with a status, and says how many seconds it took.
func buildAll(b *testing.B, want pipeline.Status) float64 {
	b.Helper()
	dist := filepath.Join(b.TempDir(), "dist")
	start := time.Now()
	succeed(b, "build-all", "--select", benchmarkPackages, "export", "--path", dist)
	seconds := time.Since(start).Seconds()
	demand(b, report(b, dist), want)
	return seconds
}

// demand fails unless every build has the status.
func demand(b *testing.B, r pipeline.Report, want pipeline.Status) {
	b.Helper()
	for _, e := range r.Builds {
		if e.Status != want {
			b.Fatalf("%s is %s %s, want %s", e.Name, e.Status, e.Reason, want)
		}
	}
}

// withEngine says how many seconds an engine took to start, to do something, and to end.
func withEngine(b *testing.B, do func(*dagger.Client) error) float64 {
	b.Helper()
	start := time.Now()
	client := dagger.Connect()
	if err := do(client); err != nil {
		b.Fatal(err)
	}
	if err := client.Close(); err != nil {
		b.Fatal(err)
	}
	return time.Since(start).Seconds()
}

// empty removes what is in a folder but for some names.
func empty(b *testing.B, folder string, keep ...string) {
	b.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		b.Fatal(err)
	}
	for _, entry := range entries {
		if slices.Contains(keep, entry.Name()) {
			continue
		}
		if err := os.RemoveAll(filepath.Join(folder, entry.Name())); err != nil {
			b.Fatal(err)
		}
	}
}
