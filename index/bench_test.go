// SPDX-License-Identifier: Apache-2.0

package index

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sourcegraph/conc/pool"
)

// The benchmarks compare with what else makes an index, side by side: see docs/benchmarks.md. Our side is a process, too: the test's own
// program, started again (see TestMain).

// benchmarkSide names what the program does when it is started as our side of a comparison, and on what.
const benchmarkSide = "CROSSWHEEL_INDEX_BENCHMARK"

func TestMain(m *testing.M) {
	if side := os.Getenv(benchmarkSide); side != "" {
		if err := ourSide(strings.Split(side, "|")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// ourSide makes an index in dist of a list ("list|LIST|DIST"), or of a folder of wheels,
// which it copies ("copy|FOLDER|DIST") or links to, and what is published, if anything is ("wheels|FOLDER|DIST|OLD").
func ourSide(arguments []string) error {
	TuneCollector()
	in, out := Input{}, &Folder{Dir: arguments[2]}
	switch arguments[0] {
	case "list":
		var err error
		if in.Files, err = readList(arguments[1]); err != nil {
			return err
		}
	case "copy":
		in.Wheels = os.DirFS(arguments[1])
		_, err := Write(in, copier{out, in.Wheels})
		return err
	case "wheels":
		in.Wheels, out.Wheels, out.Link = os.DirFS(arguments[1]), arguments[1], true
		if old := arguments[3]; old != "" {
			packages, err := os.ReadFile(filepath.Join(old, PackagesFile))
			if err != nil {
				return err
			}
			sums, err := os.ReadFile(filepath.Join(old, SumsFile))
			if err != nil {
				return err
			}
			if in.Published, err = ParsePublished(string(packages), string(sums)); err != nil {
				return err
			}
		}
	}
	_, err := Write(in, out)
	return err
}

// copier copies wheels.
type copier struct {
	*Folder
	wheels fs.FS
}

func (c copier) Copy(name, from string) error {
	content, err := fs.ReadFile(c.wheels, from)
	if err != nil {
		return err
	}
	return c.Text(name, content)
}

// listed is a line of dumb-pypi's list.
type listed struct {
	Filename       string `json:"filename"`
	Hash           string `json:"hash"`
	RequiresPython string `json:"requires_python"`
	CoreMetadata   string `json:"core_metadata"`
	Uploaded       int64  `json:"upload_timestamp"`
}

// readList reads the list on all processors.
func readList(name string) ([]File, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	files := make([]File, bytes.Count(text, []byte("\n")))
	readers := pool.New().WithErrors()
	for rest := files; len(rest) > 0; {
		some := rest[:min(len(rest), 10_000)]
		lines := text
		for range some {
			text = text[bytes.IndexByte(text, '\n')+1:]
		}
		lines, rest = lines[:len(lines)-len(text)], rest[len(some):]
		readers.Go(func() error { return readLines(lines, some) })
	}
	return files, readers.Wait()
}

func readLines(text []byte, files []File) error {
	for i := range files {
		var line []byte
		line, text, _ = bytes.Cut(text, []byte("\n"))
		var l listed
		if err := json.Unmarshal(line, &l); err != nil {
			return err
		}
		files[i] = File{
			Filename: l.Filename, SHA256: strings.TrimPrefix(l.Hash, "sha256="), MetadataSHA256: strings.TrimPrefix(l.CoreMetadata, "sha256="),
			RequiresPython: l.RequiresPython, UploadTime: time.Unix(l.Uploaded, 0),
		}
	}
	return nil
}

// BenchmarkAgainstDumbPyPI: 10,000 projects with 10 wheels each, of which a list has been written down: the pages that pip reads, and some for
// people on dumb-pypi's side and for machines on ours.
func BenchmarkAgainstDumbPyPI(b *testing.B) {
	c := newClients(b)
	program := filepath.Join(filepath.Dir(c.environment(b, "dumb-pypi", "")), "dumb-pypi")
	list := filepath.Join(b.TempDir(), "list")
	var text strings.Builder
	for i := range 100_000 {
		sum := fmt.Sprintf("sha256=%064x", i)
		line, err := json.Marshal(listed{fmt.Sprintf("project_%d-%d.0-py3-none-any.whl", i/10, i%10), sum, ">=3.8", sum, 1_600_000_000 + int64(i)})
		if err != nil {
			b.Fatal(err)
		}
		text.Write(append(line, '\n'))
	}
	if err := os.WriteFile(list, []byte(text.String()), 0o644); err != nil {
		b.Fatal(err)
	}
	compare(b, "x-dumb-pypi/ours",
		func(dist string) []string {
			return []string{program, "--package-list-json", list, "--packages-url", "../../files", "--no-per-release-json", "--no-generate-timestamp", "--output-dir", dist}
		},
		func(dist string) string { return "list|" + list + "|" + dist })
}

// BenchmarkAgainstOthers: those that read wheels themselves, as we do, on 1,000 projects with 10 wheels each. Each makes a folder that can be
// published: pages, METADATA and the wheels, copied.
func BenchmarkAgainstOthers(b *testing.B) {
	c := newClients(b)
	wheels := manyWheels(b, 1_000)
	for _, other := range []struct {
		name, version string
		arguments     func(dist string) []string
	}{
		{"simple-repository-generator", "", func(dist string) []string { return []string{"--copy", "--output", dist, wheels} }},
		{"simple503", "", func(dist string) []string { return []string{"--copy", "--sort", "--extract-metadata", wheels, dist} }},
	} {
		b.Run(other.name, func(b *testing.B) {
			program := filepath.Join(filepath.Dir(c.environment(b, other.name, other.version)), other.name)
			compare(b, "x-theirs/ours",
				func(dist string) []string { return append([]string{program}, other.arguments(dist)...) },
				func(dist string) string { return "copy|" + wheels + "|" + dist + "|" })
		})
	}
}

// BenchmarkOneMore adds one wheel to an index of 10,000 projects with 10 wheels each.
func BenchmarkOneMore(b *testing.B) {
	wheels, one := manyWheels(b, 10_000), b.TempDir()
	name, content := makeWheel(b, "project-77", "77", "")
	if err := os.WriteFile(filepath.Join(one, name), content, 0o644); err != nil {
		b.Fatal(err)
	}
	old := filepath.Join(b.TempDir(), "old")
	var walls, processors []float64
	for range rounds {
		if err := os.RemoveAll(old); err != nil {
			b.Fatal(err)
		}
		full := ours(b, "wheels|"+wheels+"|"+old+"|")
		more := ours(b, "wheels|"+one+"|"+filepath.Join(b.TempDir(), "new")+"|"+old)
		walls, processors = append(walls, 100*more.wall/full.wall), append(processors, 100*more.processor/full.processor)
		b.ReportMetric(full.megabytes, "MB")
		b.Logf("full %.2f s, one more %.2f s", full.wall, more.wall)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(walls), "%-of-full")
	b.ReportMetric(median(processors), "%-of-full-cpu")
}

// manyWheels is a folder with 10 wheels of each of so many projects.
func manyWheels(b *testing.B, projects int) string {
	dir := b.TempDir()
	for i := range projects * 10 {
		name, content := makeWheel(b, fmt.Sprintf("project-%d", i/10), fmt.Sprintf("%d.0", i%10), "Summary: Synthetic\nRequires-Python: >=3.8\nRequires-Dist: numpy>=1.20\n")
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			b.Fatal(err)
		}
	}
	return dir
}

const rounds = 3

// compare runs the two sides in turn, and reports the medians of the ratios of neighbours: of the time on the wall, which our side halves with a
// second processor if there is one to spare, and of the processors' time.
func compare(b *testing.B, unit string, theirs func(dist string) []string, side func(dist string) string) {
	b.Helper()
	var walls, processors, slow, fast []float64
	for range rounds {
		dir := b.TempDir()
		command := theirs(filepath.Join(dir, "theirs"))
		other := measure(b, exec.Command(command[0], command[1:]...))
		our := ours(b, side(filepath.Join(dir, "ours")))
		slow, fast = append(slow, other.wall), append(fast, our.wall)
		walls, processors = append(walls, other.wall/our.wall), append(processors, other.processor/our.processor)
		b.ReportMetric(our.megabytes, "MB")
		if err := os.RemoveAll(dir); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(walls), unit)
	b.ReportMetric(median(processors), unit+"-cpu")
	b.Logf("theirs %.2f s, ours %.2f s; ratios %.1f, of processor time %.1f", slow, fast, walls, processors)
}

// usage is what a process took: seconds, and memory at most.
type usage struct{ wall, processor, megabytes float64 }

func ours(b *testing.B, side string) usage {
	b.Helper()
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), benchmarkSide+"="+side)
	return measure(b, command)
}

func measure(b *testing.B, command *exec.Cmd) usage {
	b.Helper()
	start := time.Now()
	if out, err := command.CombinedOutput(); err != nil {
		b.Fatalf("%s: %v\n%s", command, err, out)
	}
	state := command.ProcessState
	return usage{time.Since(start).Seconds(), (state.UserTime() + state.SystemTime()).Seconds(), float64(state.SysUsage().(*syscall.Rusage).Maxrss) / 1e3}
}

func median(values []float64) float64 {
	return slices.Sorted(slices.Values(values))[len(values)/2]
}
