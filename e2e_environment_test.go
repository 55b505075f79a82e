// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"crosswheel/pipeline"
	sdkimage "crosswheel/sdk-image"
)

// testEnvironment builds what asks the build environment all that meson and CMake projects ask, and what must not be built: against the
// headers of a native numpy a package compiles without a word.
func testEnvironment(t *testing.T) {
	dist := filepath.Join(t.TempDir(), "dist")
	_, stderr := succeed(t, "--recipes", "testdata/environment", "build-all", "--keep-going", "export", "--path", dist)
	r := report(t, dist)
	for _, e := range r.Builds {
		if want := e.Name == "wide"; (e.Status == pipeline.Failed) != want {
			t.Errorf("%s is %s:\n%s", e.Name, e.Status, e.Reason)
		}
	}
	if i := slices.IndexFunc(r.Builds, func(e pipeline.Entry) bool { return e.Name == "wide" }); i < 0 || !strings.Contains(r.Builds[i].Reason, `Write uses = ["numpy"] into the build block`) {
		t.Errorf("64-bit headers got in:\n%s", stderr)
	}
}

// testFacts reads a real SDK.
func testFacts(t *testing.T) {
	text, _ := succeed(t, "facts", "--format", "json")
	var facts sdkimage.Facts
	if err := json.Unmarshal([]byte(text), &facts); err != nil {
		t.Fatal(err)
	}
	names := map[string]sdkimage.Library{}
	for _, library := range facts.Libraries {
		names[library.Name] = library
	}
	for what, is := range map[string]bool{
		"the compiler":     facts.GCC == "12.2.0" && facts.Binutils == "2.40" && facts.Fortran && facts.Code["-mfloat-abi"] == "hard",
		"libraries":        facts.Glibc == "2.36" && facts.GLIBCXX == "3.4.30" && facts.CXXABI == "1.3.13",
		"Python":           strings.HasPrefix(facts.Python, "3.11.") && facts.Platform == "linux_armv7l",
		"sizes":            facts.Sizes["long"] == 4 && facts.Sizes["long double"] == 8 && facts.Sizes["void *"] == 4,
		"attributes":       facts.Attributes["Tag_CPU_arch"] == "v7" && facts.Attributes["Tag_ABI_VFP_args"] == "VFP registers",
		"symbol versions":  slices.Contains(names["libc.so.6"].Versions, "GLIBC_2.36") && slices.Contains(names["libm.so.6"].Versions, "GLIBC_2.4"),
		"libraries' files": names["libz.so.1"].File != "" && !strings.HasPrefix(names["libz.so.1"].File, ".."),
		"packages":         slices.ContainsFunc(facts.Packages, func(p sdkimage.Package) bool { return p.Name == "libc6" && p.Version != "" }),
	} {
		if !is {
			t.Errorf("%s of the SDK are not what they are:\n%s", what, text)
		}
	}
	text, _ = succeed(t, "facts")
	if want := "GLIBCXX_3.4.30, CXXABI_1.3.13"; !strings.Contains(text, want) {
		t.Errorf("no %q in\n%s", want, text)
	}
}
