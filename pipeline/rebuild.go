// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"crosswheel/internal/difference"
	"crosswheel/internal/recipe"
	"crosswheel/internal/step"
	sdkimage "crosswheel/sdk-image"
)

// Rebuild builds the recipes of all jobs and what they use as [Run] does, up to the wheels that would be published; then those recipes, and
// not what they use, once more under unlike circumstances; and compares what came out. The error is as of Run.
func Rebuild(ctx context.Context, jobs []Job) (*Rebuilt, error) {
	builds, err := graphs(jobs)
	if err != nil {
		return nil, err
	}
	for i, job := range jobs {
		job.Pipeline.addRebuilds(builds[i], job.Recipes)
	}
	runners, err := run(ctx, jobs, builds)
	if err != nil {
		return nil, err
	}
	result := newResult(runners)
	rebuilt := &Rebuilt{Result: result}
	for _, o := range result.outcomes {
		if slices.ContainsFunc(jobs, func(j Job) bool { return slices.Contains(j.Recipes, o.build.Recipe) }) || !o.status.good() {
			rebuilt.entries = append(rebuilt.entries, rebuiltEntry{o.entry(), o.compared})
		}
	}
	return rebuilt, nil
}

// addRebuilds gives the builds of recipes the stages of a second one, and takes away from all builds what comes after a wheel.
func (p *Pipeline) addRebuilds(builds []*Build, recipes []*recipe.Recipe) {
	library := p.unlikeLibrary()
	for _, b := range builds {
		b.reference, b.audit, b.wheelhouse, b.index, b.test = nil, nil, nil, nil, nil
		if b.compile != nil && slices.Contains(recipes, b.Recipe) {
			p.addRebuild(b, library)
		}
	}
}

// Where things lie in the stages of a rebuild.
const (
	unlikeSource  = "/in/unlike.c"
	unlikeLibrary = "/in/unlike.so"
)

// unlikeLibrary is the stage of the library that changes what a build sees of its machine.
func (p *Pipeline) unlikeLibrary() *stage {
	const made = step.Out + "/unlike.so"
	return &stage{name: "unlike", label: p.image.Target.Name, base: native,
		mounts: []mount{{at: unlikeSource, text: sdkimage.UnlikeSource}},
		execs:  [][]string{{"mkdir", step.Out}, sdkimage.UnlikeCompiler(unlikeSource, made, sdkimage.Unlike())}}
}

// addRebuild adds the stages of a second build: "rebuild" is the compile stage under unlike circumstances, "refinish" makes of its result what
// would be published, and "compare" leaves /out/compared.json.
func (p *Pipeline) addRebuild(b *Build, library *stage) {
	b.rebuild = p.underUnlike(b.compile, library)
	last, result := b.finish, step.Out+"/wheel"
	if last == nil {
		last, result = b.export, step.Out
	}
	b.refinish = again(last, b.compile, b.rebuild)
	b.compare = comparison(b, last, result)
}

// underUnlike is a compile stage in which everything is unlike that a build may meet by chance. What the recipe sets stays.
func (p *Pipeline) underUnlike(compile, library *stage) *stage {
	s := *compile
	s.name = "rebuild"
	unlike := sdkimage.Unlike()
	settings, _ := json.Marshal(map[string]any{"folder": unlike.Folder, "user": unlike.UserID, "umask": unlike.Umask, "jobs": unlike.Jobs})
	s.env = map[string]string{"CROSSWHEEL_UNLIKE": string(settings)}
	maps.Copy(s.env, unlike.Variables)
	maps.Copy(s.env, sdkimage.RemapFolder(p.image.Expected, unlike.Folder))
	maps.Copy(s.env, compile.env)
	s.mounts = append(slices.Clone(compile.mounts), mount{at: unlikeLibrary, file: true, from: library, path: step.Out + "/unlike.so"})
	files := sdkimage.FilesFor(p.image.Expected, unlike.Folder)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		s.mounts = append(s.mounts, mount{at: sdkimage.CrossDir + "/" + name, text: files[name]})
	}
	// What build.py itself does stays as it is: were the source copied in another order, reading it in another order could be the same again.
	const own = 4 // python3 build.py NAME PREFIX
	s.execs = [][]string{slices.Insert(slices.Clone(compile.execs[0]), own, "env", "LD_PRELOAD="+unlikeLibrary)}
	return &s
}

// again is a stage with another one in the place of one that it mounts.
func again(s, old, new *stage) *stage {
	other := *s
	other.name = "re" + s.name
	other.mounts = slices.Clone(s.mounts)
	for i := range other.mounts {
		if other.mounts[i].from == old {
			other.mounts[i].from = new
		}
	}
	return &other
}

// comparison is the stage that compares a folder of the last stages of both builds.
func comparison(b *Build, last *stage, folder string) *stage {
	usual, unlike := sdkimage.Usual(), sdkimage.Unlike()
	options := step.CompareOptions{
		Usual: "/in/usual", UsualTiming: "/in/usual.json", UsualCircumstances: circumstances(usual),
		Unlike: "/in/unlike", UnlikeTiming: "/in/unlike.json", UnlikeCircumstances: circumstances(unlike), Ahead: unlike.Ahead.Seconds(),
	}
	return &stage{name: "compare", label: b.Label(), base: sources, program: true,
		mounts: []mount{
			{at: options.Usual, from: last, path: folder},
			{at: options.Unlike, from: b.refinish, path: folder},
			{at: options.UsualTiming, file: true, from: b.compile, path: step.Out + "/timing.json"},
			{at: options.UnlikeTiming, file: true, from: b.rebuild, path: step.Out + "/timing.json"},
		},
		execs: [][]string{runProgram("compare", b.slug(), options)}}
}

// circumstances are those of a build as what compares has them.
func circumstances(c sdkimage.Circumstances) difference.Circumstances {
	epoch, _ := strconv.ParseInt(c.Variables["SOURCE_DATE_EPOCH"], 10, 64) // it is ours
	return difference.Circumstances{
		Folder: c.Folder, Home: c.Variables["HOME"], User: c.User, UserID: strconv.Itoa(c.UserID), Host: c.Host, Epoch: time.Unix(epoch, 0).UTC(),
	}
}

// Rebuilt is what became of recipes that were built twice.
type Rebuilt struct {
	*Result
	entries []rebuiltEntry
}

type rebuiltEntry struct {
	Entry
	compared step.Compared
}

// Differ says how many of what was built twice did not come out the same; those that could not be built at all are in the report.
func (r *Rebuilt) Differ() int {
	differing := 0
	for _, e := range r.entries {
		if e.Status.good() && len(e.compared.Findings) > 0 {
			differing++
		}
	}
	return differing
}

// Text has a line for each build, and what differs.
func (r *Rebuilt) Text() string {
	var b strings.Builder
	for _, e := range r.entries {
		fmt.Fprintf(&b, "%s %s for %s: %s\n", e.Name, e.Version, e.Target, e.verdict())
		b.WriteString(difference.Text(e.compared.Findings))
	}
	for _, t := range r.Report.Targets {
		if t.Skipped != "" {
			fmt.Fprintf(&b, "Nothing is built for %s: %s\n", t.Name, t.Skipped)
		}
	}
	return b.String()
}

// verdict is what became of a build in a few words.
func (e rebuiltEntry) verdict() string {
	switch {
	case e.Status == Failed && e.Stage == "rebuild":
		return "the second build, under unlike circumstances, fails"
	case e.Status == Failed:
		return "failed at stage " + e.Stage
	case !e.Status.good():
		return string(e.Status) + ": " + e.Reason
	case len(e.compared.Findings) > 0:
		return "the two builds differ"
	case e.Kind == string(recipe.Library):
		return "the same in both builds, what it exports"
	}
	return fmt.Sprintf("the same in both builds, %s with SHA-256 %s", e.Wheel, e.SHA256)
}
