// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"crosswheel/internal/dagger"
	"crosswheel/pipeline"
	sdkimage "crosswheel/sdk-image"
)

// debian are the targets of that provider, in the order in which they are declared.
var debian = []string{"bookworm-armhf", "bullseye-armhf", "trixie-armhf"}

// testTargets makes one index for three Pythons, and has each target's pip take from it what is right there.
func testTargets(t *testing.T) {
	dist := filepath.Join(t.TempDir(), "dist")
	succeed(t, "build-all", "--select", "MarkupSafe,PyYAML,psutil,six", "--target", "all-debian", "export", "--path", dist)
	made := report(t, dist)
	want := map[string]map[string]string{
		"bookworm-armhf": {"markupsafe": "2.1.3 cp311-cp311-linux_armv7l", "psutil": "5.9.5 cp311-abi3-linux_armv7l", "pyyaml": "6.0.1 cp311-cp311-linux_armv7l", "six": "1.16.0 py2.py3-none-any"},
		"bullseye-armhf": {"markupsafe": "2.1.3 cp39-cp39-linux_armv7l", "psutil": "5.9.5 cp39-abi3-linux_armv7l", "pyyaml": "6.0.1 cp39-cp39-linux_armv7l", "six": "1.16.0 py2.py3-none-any"},
		"trixie-armhf":   {"markupsafe": "2.1.3 cp313-cp313-linux_armv7l", "psutil": "5.9.5 cp313-abi3-linux_armv7l", "pyyaml": "6.0.2 cp313-cp313-linux_armv7l", "six": "1.17.0 py2.py3-none-any"},
	}
	got := map[string]map[string]string{}
	for _, e := range made.Builds {
		switch {
		case e.Wheel != "":
			if got[e.Target] == nil {
				got[e.Target] = map[string]string{}
			}
			got[e.Target][strings.ToLower(e.Name)] = e.Version + " " + e.Tag
		case e.Kind == "package" && (e.Status != pipeline.Skipped || !strings.HasPrefix(e.Reason, "needs Python ")):
			t.Errorf("%s %s for %s is %s: %s", e.Name, e.Version, e.Target, e.Status, e.Reason)
		}
	}
	if len(made.Targets) != 3 || !maps.EqualFunc(got, want, maps.Equal) {
		t.Errorf("for %v there are %v\nwant %v", made.Targets, got, want)
	}

	for _, name := range debian {
		// The newest one is pure, and older Pythons were not asked to build it; but it has passed there.
		want[name]["six"] = "1.17.0 py2.py3-none-any"
	}
	testChoice(t, dist, []string{"MarkupSafe", "PyYAML", "psutil", "six"}, want, `
import markupsafe._speedups, psutil, six, yaml
assert yaml.load("a: [1, 2.5]", Loader=yaml.CSafeLoader) == {"a": [1, 2.5]} and psutil.Process().pid and six.PY3
`)
}

// testCore does so with all of tag:core.
func testCore(t *testing.T) {
	dist := filepath.Join(t.TempDir(), "dist")
	succeed(t, "build-all", "--select", "tag:core", "--target", "all-debian", "export", "--path", dist)
	want := map[string]map[string]string{}
	for name, python := range map[string]string{"bookworm-armhf": "cp311", "bullseye-armhf": "cp39", "trixie-armhf": "cp313"} {
		own := " " + python + "-" + python + "-linux_armv7l"
		want[name] = map[string]string{
			"cffi": "1.16.0" + own, "markupsafe": "2.1.3" + own, "numpy": "1.24.0" + own, "pandas": "1.5.0" + own, "pyyaml": "6.0.1" + own,
			"psutil": "5.9.5 " + python + "-abi3-linux_armv7l", "pycparser": "2.22 py3-none-any", "python-dateutil": "2.9.0.post0 py2.py3-none-any",
			"pytz": "2024.2 py3-none-any", "six": "1.17.0 py2.py3-none-any",
		}
	}
	newest := " cp313-cp313-linux_armv7l"
	maps.Copy(want["trixie-armhf"], map[string]string{
		"cffi": "1.17.1" + newest, "numpy": "2.1.3" + newest, "pandas": "2.2.3" + newest, "pyyaml": "6.0.2" + newest, "tzdata": "2025.2 py2.py3-none-any",
	})
	testChoice(t, dist, []string{"MarkupSafe", "PyYAML", "psutil", "cffi", "numpy", "pandas"}, want, "import pandas")
}

// testChoice has each target's pip install from dist what is required, and compares it with what is wanted.
func testChoice(t *testing.T, dist string, requirements []string, want map[string]map[string]string, script string) {
	t.Helper()
	server := httptest.NewServer(http.FileServer(http.Dir(dist)))
	defer server.Close()
	client := dagger.Connect()
	defer client.Close()
	for _, name := range debian {
		if chosen := chosenBy(t, client, name, server.URL+"/simple/", requirements, script); !maps.Equal(chosen, want[name]) {
			t.Errorf("pip on %s has installed %v\nwant %v", name, chosen, want[name])
		}
	}
}

// robotPip runs the robots' pip, which newer Pythons have made hard: it wants a class that is there no more, only to name it.
const robotPip = `
import pkgutil, runpy, sys
if not hasattr(pkgutil, "ImpImporter"):
    pkgutil.ImpImporter = type("ImpImporter", (), {})
sys.path.insert(0, "/pip/pip-22.3.1-py3-none-any.whl")
sys.argv[0] = "pip"
runpy.run_module("pip", run_name="__main__")
`

// installedWheels prints which wheels were installed.
const installedWheels = `
import email, glob, json
wheels = {}
for folder in glob.glob("/site/*.dist-info"):
    metadata = email.message_from_file(open(folder + "/METADATA"))
    tags = sorted(tag.split("-", 1) for tag in email.message_from_file(open(folder + "/WHEEL")).get_all("Tag"))
    wheels[metadata["Name"].lower()] = metadata["Version"] + " " + ".".join(python for python, _ in tags) + "-" + tags[0][1]
print(json.dumps(wheels))
`

// chosenBy has pip 22.3.1 on a target's own Python install from an index and from nowhere else, runs a script with that, and says what it chose.
func chosenBy(t *testing.T, client *dagger.Client, name, index string, requirements []string, script string) map[string]string {
	t.Helper()
	target, err := sdkimage.Target(name)
	if err != nil {
		t.Fatal(err)
	}
	image := sdkimage.New(client, target)
	pip := image.Tools.WithExec([]string{"python3", "-m", "pip", "download", "--quiet", "--no-deps", "--dest", "/pip", "--only-binary", ":all:", "pip==22.3.1"}).Directory("/pip")
	python := []string{sdkimage.Emulator, "/usr/bin/python" + target.Python, "-c"}
	install := append(slices.Clone(python), robotPip, "install", "--quiet", "--no-cache-dir", "--no-compile", "--only-binary", ":all:",
		"--index-url", index, "--target", "/site")
	out, err := image.Emulated(client).
		WithMountedDirectory("/pip", pip).
		WithExec(append(install, requirements...)).
		WithExec(append(slices.Clone(python), "import sys; sys.path.insert(0, '/site')\n"+script+installedWheels)).
		Stdout(t.Context())
	if err != nil {
		t.Errorf("pip on %s: %v", name, err)
		return nil
	}
	chosen := map[string]string{}
	if err := json.Unmarshal([]byte(out), &chosen); err != nil {
		t.Errorf("%s: %v", name, err)
	}
	return chosen
}

// testShared builds what several targets have one name for: see testdata/several.
func testShared(t *testing.T) {
	dist := filepath.Join(t.TempDir(), "dist")
	_, stderr := succeed(t, "--recipes", "testdata/several", "build-all", "--target", "all", "export", "--path", dist)
	made := report(t, dist)
	var got []string
	for _, e := range made.Builds {
		line := fmt.Sprintf("%s %s: %s", e.Name, e.Target, e.Tag)
		if e.Status == pipeline.Skipped {
			line += "skipped, " + e.Reason
		}
		if e.From != "" {
			line += " from " + e.From
		}
		got = append(got, line)
	}
	slices.Sort(got)
	want := []string{
		// Its wheel asks for a module that is not to be had for bullseye, whose pip would take a wheel for all.
		"atop bookworm-armhf: cp311-none-any",
		"atop bullseye-armhf: skipped, uses modern 1.0, which is not built for bullseye-armhf: its source requires Python >=3.11; bullseye-armhf has 3.9.2",
		"atop trixie-armhf: cp313-none-any",
		"fresh bookworm-armhf: cp311-cp311-linux_armv7l",
		"fresh bullseye-armhf: skipped, needs glibc >= 2.36; bullseye-armhf has 2.31",
		"fresh trixie-armhf: cp313-cp313-linux_armv7l",
		"modern bookworm-armhf: py3-none-any",
		"modern bullseye-armhf: skipped, its source requires Python >=3.11; bullseye-armhf has 3.9.2",
		"modern trixie-armhf: py3-none-any",
		"stable bookworm-armhf: cp36-abi3-linux_armv7l from bullseye-armhf",
		"stable bullseye-armhf: cp36-abi3-linux_armv7l",
		"stable trixie-armhf: cp36-abi3-linux_armv7l from bullseye-armhf",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	wheels, err := filepath.Glob(filepath.Join(dist, "simple", "stable", "*.whl"))
	if err != nil || len(wheels) != 1 {
		t.Errorf("the index has %v, %v", wheels, err)
	}
	if !strings.Contains(stderr, "Nothing is built for ot2-cp310: its SDK is not published") {
		t.Errorf("nothing is said of the robots:\n%s", stderr)
	}
}
