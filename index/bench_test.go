// SPDX-License-Identifier: Apache-2.0

package index

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sourcegraph/conc/pool"

	"crosswheel/internal/wheel"
)

// The benchmarks compare with what else makes an index, side by side: see docs/benchmarks.md. Our side is the program, or the library in a process of its own: the test's
// program, started again (see TestMain).

// benchmarkSide says what the library is to make, and of what: "list|DIST|LIST" an index of dumb-pypi's list, "sums|DIST|SUMS" one of what sha256sum says,
// "links|DIST|LIST|WHEELS" one with links to the wheels of a folder.
const benchmarkSide = "CROSSWHEEL_INDEX_BENCHMARK"

func TestMain(m *testing.M) {
	if side := os.Getenv(benchmarkSide); side != "" {
		if err := runSide(strings.Split(side, "|")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func runSide(arguments []string) error {
	TuneCollector()
	out := &Folder{Dir: arguments[1]}
	read := readList
	if arguments[0] == "sums" {
		read = readSums
	}
	files, err := read(arguments[2])
	if err != nil {
		return err
	}
	if _, err := Write(Input{Files: files}, out); err != nil || arguments[0] != "links" {
		return err
	}
	out.Wheels, out.Link = arguments[3], true
	for _, f := range files {
		project, _, _ := strings.Cut(f.Filename, "-")
		if err := out.Copy("simple/"+wheel.NormalizeProject(project)+"/"+f.Filename, f.Filename); err != nil {
			return err
		}
	}
	return nil
}

// library is the library in a process.
func library(side, dist, of string) *exec.Cmd {
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), benchmarkSide+"="+side+"|"+dist+"|"+of)
	return command
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

// readSums reads the names of files, and their sums.
func readSums(name string) ([]File, error) {
	text, err := os.ReadFile(name)
	files := make([]File, 0, bytes.Count(text, []byte("\n")))
	for line := range strings.Lines(string(text)) {
		files = append(files, File{SHA256: line[:64], Filename: strings.TrimSpace(line[66:])})
	}
	return files, err
}

// BenchmarkAgainstLists: 10,000 projects with 10 wheels each become pages, and no wheel is opened: dumb-pypi reads a list of them with hashes, as we do, pip2pi,
// piprepo and pipindex know no more than names. We make no page without hashes: against the last two our list has names and them.
func BenchmarkAgainstLists(b *testing.B) {
	c := newClients(b)
	wheels, list, sums := manyWheels(b, 10_000), filepath.Join(b.TempDir(), "list"), filepath.Join(b.TempDir(), "sums")
	writeLists(b, list, sums)
	b.Run("dumb-pypi", func(b *testing.B) {
		program := filepath.Join(filepath.Dir(c.environment(b, "dumb-pypi", "")), "dumb-pypi")
		compare(b, func(dist string) *exec.Cmd {
			return exec.Command(program, "--package-list-json", list, "--packages-url", "../../files", "--no-per-release-json", "--no-generate-timestamp", "--output-dir", dist)
		}, func(dist string) *exec.Cmd { return library("list", dist, list) })
	})
	// These write into the folder of the wheels.
	inPlace := func(b *testing.B, side, of string, arguments ...string) {
		compare(b, func(string) *exec.Cmd {
			if err := os.RemoveAll(filepath.Join(wheels, "simple")); err != nil {
				b.Fatal(err)
			}
			return exec.Command(arguments[0], append(arguments[1:], wheels)...)
		}, func(dist string) *exec.Cmd { return library(side, dist, of) })
	}
	b.Run("pip2pi", func(b *testing.B) {
		inPlace(b, "links", list+"|"+wheels, filepath.Join(filepath.Dir(c.environment(b, "pip2pi", "", "setuptools<80", "pip")), "dir2pi"), "-n", "-S")
	})
	for _, name := range []string{"piprepo", "pipindex"} {
		b.Run(name, func(b *testing.B) {
			inPlace(b, "sums", sums, filepath.Join(filepath.Dir(c.environment(b, name, "", "setuptools<80", "pip")), name), "build")
		})
	}
}

// writeLists writes what is known of 100,000 wheels, for those that do not open them.
func writeLists(b *testing.B, list, sums string) {
	b.Helper()
	var lines, names bytes.Buffer
	for i := range 100_000 {
		sum, name := fmt.Sprintf("%064x", i), fmt.Sprintf("project_%d-%d.0-py3-none-any.whl", i/10, i%10)
		line, err := json.Marshal(listed{name, "sha256=" + sum, ">=3.8", "sha256=" + sum, 1_600_000_000 + int64(i)})
		if err != nil {
			b.Fatal(err)
		}
		lines.Write(append(line, '\n'))
		fmt.Fprintf(&names, "%s  %s\n", sum, name)
	}
	if err := errors.Join(os.WriteFile(list, lines.Bytes(), 0o644), os.WriteFile(sums, names.Bytes(), 0o644)); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkAgainstOthers: those that read wheels themselves, as we do, on 10,000 projects with 10 wheels each. Each makes a folder that can be published; all
// but index-503, which leaves the wheels where they are, copy them.
func BenchmarkAgainstOthers(b *testing.B) {
	c, ours := newClients(b), buildProgram(b)
	wheels := manyWheels(b, 10_000)
	for _, other := range []struct {
		name, program string
		arguments     func(dist string) []string
	}{
		{"simple-repository-generator", "simple-repository-generator", func(dist string) []string { return []string{"--copy", "--output", dist, wheels} }},
		{"simple503", "simple503", func(dist string) []string { return []string{"--copy", "--sort", "--extract-metadata", wheels, dist} }},
		{"python-pypi-mirror", "pypi-mirror", func(dist string) []string { return []string{"create", "--copy", "-d", wheels, "-m", dist} }},
		{"index-503", "index-503", func(string) []string { return []string{wheels} }},
	} {
		b.Run(other.name, func(b *testing.B) {
			program := filepath.Join(filepath.Dir(c.environment(b, other.name, "", "setuptools<80", "pip")), other.program)
			compare(b, func(dist string) *exec.Cmd {
				if err := os.RemoveAll(wheels + "-index"); err != nil { // index-503 writes there
					b.Fatal(err)
				}
				return exec.Command(program, other.arguments(dist)...)
			}, func(dist string) *exec.Cmd { return ours("--wheels", wheels, "--no-pages", "export", "--path", dist) })
		})
	}
}

// BenchmarkOneMore adds one wheel to an index of 10,000 projects with 10 wheels each, and with pages for people.
func BenchmarkOneMore(b *testing.B) {
	program := buildProgram(b)
	wheels, one, dir := manyWheels(b, 10_000), b.TempDir(), b.TempDir()
	name, content := makeWheel(b, "project-77", "77", "")
	if err := os.WriteFile(filepath.Join(one, name), content, 0o644); err != nil {
		b.Fatal(err)
	}
	var walls, processors []float64
	for range rounds {
		old := filepath.Join(dir, "old")
		if err := os.RemoveAll(old); err != nil {
			b.Fatal(err)
		}
		full := measure(b, program("--wheels", wheels, "export", "--path", old))
		more := measure(b, program("--wheels", one, "--merge", old, "export", "--path", old))
		walls, processors = append(walls, 100*more.wall/full.wall), append(processors, 100*more.processor/full.processor)
		b.ReportMetric(full.megabytes, "MB")
		b.Logf("full %.2f s, of processors %.2f; one more %.2f s, %.2f", full.wall, full.processor, more.wall, more.processor)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(walls), "%-of-full")
	b.ReportMetric(median(processors), "%-of-full-cpu")
}

// buildProgram builds the program, and gives its command index with arguments.
func buildProgram(b *testing.B) func(arguments ...string) *exec.Cmd {
	b.Helper()
	program := filepath.Join(b.TempDir(), "crosswheel")
	run(b, "go", "build", "-o", program, "crosswheel")
	return func(arguments ...string) *exec.Cmd {
		command := exec.Command(program, append([]string{"index"}, arguments...)...)
		command.Dir = ".." // it reads the module's own source for its command line
		return command
	}
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

// compare runs the two sides in turn, and reports the medians of the ratios of neighbours, and the ratios of the shortest runs: of the time on the wall, which our side
// halves with a second processor if there is one to spare, and of the processors' time.
func compare(b *testing.B, theirs, ours func(dist string) *exec.Cmd) {
	b.Helper()
	var walls, processors []float64
	var slow, fast []usage
	for range rounds {
		dir := b.TempDir()
		their := measure(b, theirs(filepath.Join(dir, "theirs")))
		our := measure(b, ours(filepath.Join(dir, "ours")))
		slow, fast = append(slow, their), append(fast, our)
		walls, processors = append(walls, their.wall/our.wall), append(processors, their.processor/our.processor)
		b.ReportMetric(our.megabytes, "MB")
		if err := os.RemoveAll(dir); err != nil {
			b.Fatal(err)
		}
	}
	wall := func(a, b usage) int { return cmp.Compare(a.wall, b.wall) }
	processor := func(a, b usage) int { return cmp.Compare(a.processor, b.processor) }
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(walls), "x-theirs/ours")
	b.ReportMetric(median(processors), "x-theirs/ours-cpu")
	b.ReportMetric(slices.MinFunc(slow, wall).wall/slices.MinFunc(fast, wall).wall, "x-shortest")
	b.ReportMetric(slices.MinFunc(slow, processor).processor/slices.MinFunc(fast, processor).processor, "x-shortest-cpu")
	b.Logf("theirs %.2f, ours %.2f (seconds on the wall, of processors, MB)", slow, fast)
}

// usage is what a process took: seconds, and memory at most.
type usage struct{ wall, processor, megabytes float64 }

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
