// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"crosswheel/internal/dagger"
	"crosswheel/pipeline"
	sdkimage "crosswheel/sdk-image"
)

// small is the catalogue that the end-to-end tests build: tag:core without what takes minutes.
const small = "tag:core,!numpy,!pandas"

// TestEndToEnd builds real packages on the embedded engine, as the README's command does. On a bare machine with two processors it must
// leave half of CI's 30 minutes to all else; what does not fit is TestCatalogue's.
func TestEndToEnd(t *testing.T) {
	needEngine(t)
	t.Run("Index", testIndex)
	t.Run("Bundle", testBundle)
	t.Run("Backends", testBackends)
	t.Run("Rebuild", testRebuild)
	t.Run("Verify", testVerify)
	t.Run("Failures", testFailures)
	t.Run("SDK", testSDK)
	t.Run("Facts", testFacts)
	t.Run("Targets", testTargets)
	if os.Getenv("BUILDKIT_HOST") == "" {
		t.Run("Killed", testKilled)
	}
}

// TestCatalogue is the rest: what compiles for long, what needs toolchains of its own, and each target's variant of what TestEndToEnd does.
func TestCatalogue(t *testing.T) {
	needEngine(t)
	t.Run("Exports", testExports)
	t.Run("Core", testCore)
	t.Run("Shared", testShared)
	t.Run("SDKs", testSDKs)
	t.Run("Environment", testEnvironment)
	t.Run("Manual", testManual)
	t.Run("Libraries", testLibraries)
	t.Run("Manylinux", testManylinux)
}

// needEngine skips what cannot run here. In CI nothing is skipped for want of an engine.
func needEngine(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: it compiles real packages")
	}
	if os.Getuid() != 0 && os.Getenv("BUILDKIT_HOST") == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("the end-to-end tests must run in CI: as root, or with BUILDKIT_HOST")
		}
		t.Skip("an engine needs root, or BUILDKIT_HOST")
	}
}

// program runs the command line in the module's folder and returns its two streams.
func program(t testing.TB, arguments ...string) (stdout, stderr string, err error) {
	t.Helper()
	command := programCommand(t, arguments...)
	var out, messages bytes.Buffer
	command.Stdout, command.Stderr = &out, &messages
	err = command.Run()
	return out.String(), messages.String(), err
}

// programCommand is the test's own executable, which is the program when it is called by that name (see TestMain).
func programCommand(t testing.TB, arguments ...string) *exec.Cmd {
	t.Helper()
	name := filepath.Join(t.TempDir(), "crosswheel")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, name); err != nil {
		t.Fatal(err)
	}
	return exec.Command(name, arguments...)
}

func succeed(t testing.TB, arguments ...string) (stdout, stderr string) {
	t.Helper()
	stdout, stderr, err := program(t, arguments...)
	if err != nil {
		t.Fatalf("crosswheel %s: %v\n%s", strings.Join(arguments, " "), err, stderr)
	}
	return stdout, stderr
}

// report reads dist/report.json.
func report(t testing.TB, dist string) pipeline.Report {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dist, "report.json"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := pipeline.ParseReport(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// statuses are the builds of a report by status.
func statuses(r pipeline.Report) map[pipeline.Status][]string {
	found := map[pipeline.Status][]string{}
	for _, e := range r.Builds {
		found[e.Status] = append(found[e.Status], e.Name)
	}
	return found
}

// builder is the part of a provenance that names the program that tells it.
var builder = regexp.MustCompile(`(?s)"builder": \{.*\},(\s+"metadata")`)

// published is the hash of each file of dist/ but for those that hold this run's times. Which program wrote a provenance is left out.
func published(t *testing.T, dist string) map[string]string {
	t.Helper()
	sums := map[string]string{}
	err := fs.WalkDir(os.DirFS(dist), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || name == "report.json" || strings.HasPrefix(name, "logs/") {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dist, name))
		if strings.HasSuffix(name, ".provenance.json") {
			text = builder.ReplaceAll(text, []byte("$1"))
		}
		sum := sha256.Sum256(text)
		sums[name] = hex.EncodeToString(sum[:])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return sums
}

func testIndex(t *testing.T) {
	dist := filepath.Join(t.TempDir(), "dist")
	succeed(t, "build-all", "--select", small, "export", "--path", dist)
	made := report(t, dist)
	if failed := made.Failed(); len(failed) > 0 {
		t.Fatalf("failed: %+v", failed)
	}
	var wheels []string
	for _, e := range made.Builds {
		if e.Wheel != "" {
			wheels = append(wheels, e.Wheel)
		}
	}
	want := []string{
		"cffi-1.16.0-cp311-cp311-linux_armv7l.whl", "markupsafe-2.1.3-cp311-cp311-linux_armv7l.whl",
		"psutil-5.9.5-cp311-abi3-linux_armv7l.whl", "pycparser-2.21-py2.py3-none-any.whl",
		"python_dateutil-2.8.2-py2.py3-none-any.whl", "pytz-2022.7-py3-none-any.whl",
		"pyyaml-6.0.1-cp311-cp311-linux_armv7l.whl", "six-1.16.0-py2.py3-none-any.whl", "tzdata-2025.2-py2.py3-none-any.whl",
	}
	if slices.Sort(wheels); !slices.Equal(wheels, want) {
		t.Errorf("wheels:\n%v\nwant\n%v", wheels, want)
	}

	// The same by another program: a new version of crosswheel looks at every wheel again, and compiles nothing.
	other := filepath.Join(t.TempDir(), "crosswheel")
	if out, err := exec.Command("go", "build", "-o", other, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	again := filepath.Join(t.TempDir(), "dist")
	if out, err := exec.Command(other, "build-all", "--select", small, "export", "--path", again).CombinedOutput(); err != nil {
		t.Fatalf("the second run: %v\n%s", err, out)
	}
	if got := statuses(report(t, again)); len(got[pipeline.Cached])+len(got[pipeline.Skipped]) != len(made.Builds) {
		t.Errorf("the second run: %v, want all cached", got)
	}
	if !maps.Equal(published(t, dist), published(t, again)) {
		t.Error("the second run gives other bytes")
	}
	locksAll(t, dist, want)
	// An index that is made of the same files says the same of them: what lies beside the wheels is about them.
	remade := filepath.Join(t.TempDir(), "dist")
	succeed(t, "index", "--wheels", filepath.Join(dist, "simple"), "--no-pages", "export", "--path", remade)
	for _, name := range []string{"packages.json", "simple/pyyaml/index.v1_json"} {
		got, err := os.ReadFile(filepath.Join(remade, name))
		want, err2 := os.ReadFile(filepath.Join(dist, name))
		if name == "packages.json" { // its first line is about the index, the others are about projects
			_, got, _ = bytes.Cut(got, []byte("\n"))
			_, want, _ = bytes.Cut(want, []byte("\n"))
		}
		if err != nil || err2 != nil || !bytes.Equal(got, want) || !bytes.Contains(got, []byte("upload")) {
			t.Errorf("%s is %s, and made of the same files %s, %v, %v", name, want, got, err, err2)
		}
	}
	t.Run("pip", func(t *testing.T) { installFromIndex(t, dist) })
	t.Run("pages", func(t *testing.T) { followLinks(t, dist, wheels) })
	t.Run("merge", func(t *testing.T) { mergeIndex(t, dist, wheels) })
}

// locksAll looks for the newest wheels in the target's lock.
func locksAll(t *testing.T, dist string, wheels []string) {
	t.Helper()
	lock, err := os.ReadFile(filepath.Join(dist, "pylock.bookworm-armhf.toml"))
	for _, wheel := range wheels {
		if err != nil || !bytes.Contains(lock, []byte("/"+wheel+`"`)) {
			t.Errorf("the lock has no %s: %s, %v", wheel, lock, err)
		}
	}
}

// installFromIndex has two pips on the target's own Python install from the index, over HTTP and from files.
func installFromIndex(t *testing.T, dist string) {
	server := httptest.NewServer(http.FileServer(http.Dir(dist)))
	defer server.Close()
	client := dagger.Connect()
	defer client.Close()
	target, err := sdkimage.Target("bookworm-armhf")
	if err != nil {
		t.Fatal(err)
	}
	image := sdkimage.New(client, target)
	for _, c := range []struct {
		pip, index string
		packages   []string
	}{
		{"22.3.1", server.URL + "/simple/", []string{"PyYAML", "MarkupSafe"}},
		{"22.3.1", "file:///dist/simple", []string{"PyYAML"}},
		{"26.1", server.URL + "/simple/", []string{"PyYAML"}},
	} {
		wheel := image.Tools.WithExec([]string{"python3", "-m", "pip", "download", "--quiet", "--no-deps", "--dest", "/pip",
			"--only-binary", ":all:", "--python-version", target.Python, "pip==" + c.pip}).Directory("/pip")
		python := []string{sdkimage.Emulator, "/usr/bin/python" + target.Python}
		install := append(slices.Clone(python), "/pip/pip-"+c.pip+"-py3-none-any.whl/pip", "install", "--quiet", "--no-cache-dir",
			"--no-compile", "--only-binary", ":all:", "--index-url", c.index, "--target", "/site")
		installed, err := image.Emulated(client).
			WithMountedDirectory("/pip", wheel).
			WithMountedDirectory("/dist", client.Host().Directory(dist)).
			WithExec(append(install, c.packages...)).
			Directory("/site").
			Entries(t.Context())
		if err != nil {
			t.Errorf("pip %s from %s: %v", c.pip, c.index, err)
		}
		for _, name := range c.packages {
			if !slices.ContainsFunc(installed, func(entry string) bool { return strings.HasPrefix(entry, name+"-") }) {
				t.Errorf("pip %s from %s has installed %q, not %s", c.pip, c.index, installed, name)
			}
		}
	}
}

// testRebuild edits recipes and looks at what runs again, and whether the plan said so.
func testRebuild(t *testing.T) {
	recipes := filepath.Join(t.TempDir(), "recipes")
	if err := os.CopyFS(recipes, os.DirFS("recipes")); err != nil {
		t.Fatal(err)
	}
	edit := func(name, old, new string) {
		t.Helper()
		path := filepath.Join(recipes, name)
		text, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(text), old) {
			t.Fatalf("%s: no %q: %v", path, old, err)
		}
		if err := os.WriteFile(path, []byte(strings.Replace(string(text), old, new, 1)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	run := func() map[pipeline.Status][]string {
		dist := filepath.Join(t.TempDir(), "dist")
		succeed(t, "--recipes", recipes, "build-all", "--select", "PyYAML,MarkupSafe", "export", "--path", dist)
		return statuses(report(t, dist))
	}
	plan := func() string {
		text, _ := succeed(t, "--recipes", recipes, "plan", "--select", "PyYAML,MarkupSafe")
		return strings.Join(strings.Fields(text), " ")
	}
	run()
	if got, want := plan(), "1 MarkupSafe 2.1.3 cached 2 libyaml 0.2.5 cached 3 PyYAML 6.0.1 cached 4 PyYAML 6.0.2 skipped:"; !strings.HasPrefix(got, want) {
		t.Errorf("plan of nothing: %s", got)
	}

	nonce := fmt.Sprint(time.Now().UnixNano())
	edit("markupsafe/recipe.hcl", "import markupsafe;", "import markupsafe; assert "+nonce+";")
	if got, want := plan(), "1 MarkupSafe 2.1.3 run test 2 libyaml 0.2.5 cached"; !strings.Contains(got, want) {
		t.Errorf("plan of a test: %s", got)
	}
	if got := run(); len(got[pipeline.Built]) > 0 {
		t.Errorf("an edited test compiled %v", got[pipeline.Built])
	}

	patch := "--- a/src/api.c\n+++ b/src/api.c\n@@ -1,3 +1,4 @@\n+/* " + nonce + " */\n \n #include \"yaml_private.h\"\n \n"
	if err := os.WriteFile(filepath.Join(recipes, "libyaml", "edit.patch"), []byte(patch), 0o644); err != nil {
		t.Fatal(err)
	}
	edit("libyaml/recipe.hcl", "  source {\n", "  source {\n    patches = [\"edit.patch\"]\n")
	if got, want := plan(), "1 MarkupSafe 2.1.3 cached 2 libyaml 0.2.5 run unpack, compile, export 3 PyYAML 6.0.1 run compile,"; !strings.Contains(got, want) {
		t.Errorf("plan of a patch: %s", got)
	}
	if got := run()[pipeline.Built]; !slices.Contains(got, "libyaml") || slices.Contains(got, "MarkupSafe") {
		t.Errorf("an edited patch of libyaml compiled %v", got)
	}
}

// testVerify builds twice a package that comes out the same, and one that writes into its wheel whatever it meets by chance.
func testVerify(t *testing.T) {
	stdout, _ := succeed(t, "--recipes", "testdata/rebuild", "verify", "--rebuild", "clean")
	if !strings.HasPrefix(stdout, "clean 1.0 for bookworm-armhf: the same in both builds, clean-1.0-cp311-cp311-linux_armv7l.whl") {
		t.Errorf("verify of what is the same:\n%s", stdout)
	}
	_, stderr, err := program(t, "--recipes", "testdata/rebuild", "verify", "--rebuild", "planted")
	if err == nil || !strings.Contains(stderr, "planted 1.0 for bookworm-armhf: the two builds differ") {
		t.Fatalf("verify of what differs: %v\n%s", err, stderr)
	}
	const wheel = "  planted-1.0-cp311-cp311-linux_armv7l.whl > "
	const module = wheel + "planted.cpython-311-arm-linux-gnueabihf.so > section .rodata, offset "
	for place, says := range map[string][]string{
		module + "0x… (0x… in the file), symbol planted_date":    {`"Jan  1 1980"`, `"Feb  3 2001"`, "SOURCE_DATE_EPOCH", "__DATE__"},
		module + "0x… (0x… in the file), symbol planted_folder":  {`"/crosswheel/build/planted-1.0"`, `"/somewhere/unlike/planted-1.0"`, "The folder in which it was built"},
		module + "0x… (0x… in the file), symbol planted_host":    {`"somewhere-other"`, "The name of the machine"},
		module + "0x… (0x… in the file), symbol planted_user":    {`"nobody"`, `"backup"`, "The user"},
		module + "0x… (0x… in the file), symbol planted_files":   {"ada", "in another order"},
		module + "0x… (0x… in the file), symbol planted_set":     {"green", "in another order"},
		module + "0x… (0x… in the file), symbol planted_numbers": {"in another order"},
		wheel + "built.py > line 2":                              {"on = ", "What the clock said"},
	} {
		// A finding is its place, and the indented lines below.
		pattern := strings.ReplaceAll(regexp.QuoteMeta(place), "0x…", "0x[0-9a-f]+") + `(?:\+0x[0-9a-f]+)?\n((?:    .*\n)+)`
		found := regexp.MustCompile(pattern).FindStringSubmatch(stderr)
		for _, text := range says {
			if found == nil || !strings.Contains(found[1], text) {
				t.Errorf("no %q at %q", text, place)
			}
		}
	}
	if t.Failed() {
		t.Log(stderr)
	}
}

// testExports compiles against the headers of the target's numpy, and not of the native one that is imported meanwhile, in C and in Fortran.
func testExports(t *testing.T) {
	dist := filepath.Join(t.TempDir(), "dist")
	succeed(t, "--recipes", withBackends(t), "build-all", "--select", "Bottleneck,axpy", "export", "--path", dist)
	if got := statuses(report(t, dist)); len(got[pipeline.Failed])+len(got[pipeline.Blocked]) > 0 {
		t.Error(got)
	}
}

// withBackends is the catalogue with the samples of backends.
func withBackends(t *testing.T) string {
	t.Helper()
	recipes := filepath.Join(t.TempDir(), "recipes")
	for _, from := range []string{"recipes", "testdata/backends"} {
		if err := os.CopyFS(recipes, os.DirFS(from)); err != nil {
			t.Fatal(err)
		}
	}
	return recipes
}

// testBackends builds a small package of each kind of build that tag:core has not, and tests it on the target's Python. f2py is testExports'.
func testBackends(t *testing.T) {
	dist := filepath.Join(t.TempDir(), "dist")
	succeed(t, "--recipes", withBackends(t), "build-all", "--select", "tag:backend-sample", "export", "--path", dist)
	made := map[string]bool{}
	for _, e := range report(t, dist).Builds {
		made[e.Wheel] = true
	}
	for kind, want := range map[string]string{
		"cffi in API mode":         "cmarkgfm-2024.11.20-cp311-cp311-linux_armv7l.whl",
		"setuptools and pybind11":  "pyclothoids-0.2.0-cp311-cp311-linux_armv7l.whl",
		"scikit-build-core, CMake": "can_ada-3.0.0-cp311-cp311-linux_armv7l.whl",
		"meson-python and Cython":  "cysignals-1.12.3-cp311-cp311-linux_armv7l.whl",
		"setuptools-rust":          "bcrypt-4.3.0-cp311-cp311-linux_armv7l.whl",
		"maturin":                  "rpds_py-0.22.3-cp311-cp311-linux_armv7l.whl",
	} {
		if !made[want] {
			t.Errorf("%s: %s is not made, but %v", kind, want, slices.Sorted(maps.Keys(made)))
		}
	}
	rust := filesIn(t, filepath.Join(dist, "simple/rpds-py/rpds_py-0.22.3-cp311-cp311-linux_armv7l.whl"))
	if bill := rust["rpds_py-0.22.3.dist-info/sboms/rpds-py.cdx.json"]; !bytes.Contains(bill, []byte(`"purl": "pkg:cargo/pyo3@`)) {
		t.Errorf("of its crates the wheel tells: %s", bill)
	}
	meson := filesIn(t, filepath.Join(dist, "simple/cysignals/cysignals-1.12.3-cp311-cp311-linux_armv7l.whl"))
	if config := meson["cysignals/cysignals_config.h"]; !bytes.Contains(config, []byte("HAVE_EMMS 0\n")) {
		t.Errorf("meson asked a compiler for x86: %s", config)
	}
}

// testFailures builds recipes that cannot be built. What does not need them is built.
func testFailures(t *testing.T) {
	dist := filepath.Join(t.TempDir(), "dist")
	_, stderr, err := program(t, "--recipes", "testdata/recipes", "build-all", "export", "--path", dist)
	if err == nil {
		t.Error("a strict run with failures succeeds")
	}
	for _, want := range []string{
		"this is broken on purpose", "broken 1.0 failed at stage compile (recipes/broken/recipe.hcl:",
		"blocked 1.0 blocked", "it uses broken 1.0, which is failed",
		"The build tried to reach the network",
		"recipes/unlocked/recipe.hcl:", "No Cargo.lock", `extras = { "Cargo.lock" = "Cargo.lock" }`,
		"recipes/unpatched/recipe.hcl:31:30", "Hunk 2 of the changes to setup.py does not fit: it is at line 8 of bad.patch",
		"recipes/unpatched/recipe.hcl:11:21", `no folder "python"; at its top are: docs, setup.py`,
		"recipes/unpatched/recipe.hcl:18:32", "The source has what good.patch changes. Take the patch away.",
		"recipes/unpatched/recipe.hcl:32:5", "It has neither pyproject.toml nor setup.py at its top; it has: index.txt",
		"recipes/six/recipe.hcl:7:", "1e61c37477a1626458e36f7b1d82aa5c9b094fa4802892072e49de9c60c4c926",
	} {
		if !strings.Contains(stderr, want) {
			t.Errorf("a strict run does not say %q:\n%s", want, stderr)
		}
	}
	if _, err := os.Stat(dist); err == nil {
		t.Error("a strict run that fails has written to --path")
	}

	succeed(t, "--recipes", "testdata/recipes", "build-all", "--keep-going", "export", "--path", dist)
	got := statuses(report(t, dist))
	want := map[pipeline.Status][]string{
		pipeline.Cached: {"slow"}, pipeline.Failed: {"broken", "online", "six", "unlocked", "unpatched", "unpatched", "unpatched", "unpatched"}, pipeline.Blocked: {"blocked"},
	}
	for status, names := range want {
		if slices.Sort(got[status]); !slices.Equal(got[status], names) {
			t.Errorf("%s: %v, want %v", status, got[status], names)
		}
	}
	if _, stderr, err := program(t, "verify-report", "--report", filepath.Join(dist, "report.json")); err == nil || !strings.Contains(stderr, "broken 1.0") {
		t.Errorf("verify-report: %v\n%s", err, stderr)
	}
}

// testKilled ends a run in the middle of compiling: the next one completes, with the bytes of one that was left alone.
func testKilled(t *testing.T) {
	recipes := filepath.Join(t.TempDir(), "recipes", "slow")
	if err := os.CopyFS(recipes, os.DirFS("testdata/recipes/slow")); err != nil {
		t.Fatal(err)
	}
	build := func(seconds string) []string { // how long it sleeps makes it another compile
		text, err := os.ReadFile("testdata/recipes/slow/recipe.hcl")
		if err != nil {
			t.Fatal(err)
		}
		text = bytes.Replace(text, []byte("  build {\n"), []byte("  build {\n    env = { SLOW_SECONDS = \""+seconds+"\" }\n"), 1)
		if err := os.WriteFile(filepath.Join(recipes, "recipe.hcl"), text, 0o644); err != nil {
			t.Fatal(err)
		}
		return []string{"--recipes", filepath.Dir(recipes), "build", "--pkg", "slow", "export", "--path", filepath.Join(t.TempDir(), "dist")}
	}
	first := build("0")
	succeed(t, first...)
	wheels := func(arguments []string) map[string]string { // what tells of the build differs: when it was, and with which recipe
		sums := published(t, arguments[len(arguments)-1])
		maps.DeleteFunc(sums, func(name, _ string) bool { return !strings.HasSuffix(name, ".whl") })
		return sums
	}
	want := wheels(first)

	for name, kill := range map[string]func(*exec.Cmd){
		"program": func(c *exec.Cmd) { c.Process.Signal(syscall.SIGKILL) },
		"daemon":  func(*exec.Cmd) { killDaemon(t) },
	} {
		arguments := build(fmt.Sprintf("6.%d", time.Now().UnixNano()))
		command := programCommand(t, arguments...)
		command.Env = append(os.Environ(), "CROSSWHEEL_PROGRESS=plain")
		pipe, err := command.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		waitFor(t, pipe, "slow: compiling")
		kill(command)
		go io.Copy(io.Discard, pipe)
		if err := command.Wait(); err == nil {
			t.Errorf("the run whose %s was killed succeeds", name)
		}
		succeed(t, arguments...)
		if got := wheels(arguments); len(got) == 0 || !maps.Equal(want, got) {
			t.Errorf("the run after one whose %s was killed gives other bytes", name)
		}
	}
}

// killDaemon ends the embedded engine's buildkitd, as a crash would.
func killDaemon(t *testing.T) {
	t.Helper()
	state := os.Getenv("CROSSWHEEL_CACHE")
	if state == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			t.Fatal(err)
		}
		state = filepath.Join(cache, "crosswheel")
	}
	names, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, name := range names {
		text, _ := os.ReadFile(name)
		arguments := strings.Split(string(text), "\x00")
		if filepath.Base(arguments[0]) != "buildkitd" || !strings.HasPrefix(string(text), arguments[0]+"\x00--config\x00"+state) {
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(name)))
		if err != nil {
			t.Fatal(err)
		}
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Fatalf("no buildkitd of %s runs", state)
}

// waitFor reads a stream until it holds a text.
func waitFor(t *testing.T, r io.Reader, text string) {
	t.Helper()
	scanner := bufio.NewScanner(r)
	for scanner.Scan() {
		if strings.Contains(scanner.Text(), text) {
			return
		}
	}
	t.Fatalf("the program ended without saying %q", text)
}
