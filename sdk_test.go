// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"crosswheel/internal/dagger"
	"crosswheel/internal/recipe"
	"crosswheel/pipeline"
	sdkimage "crosswheel/sdk-image"
)

// markupsafe builds MarkupSafe and returns the names and sums of what is published.
func markupsafe(t *testing.T, arguments ...string) (dist string, wheels map[string]string) {
	t.Helper()
	dist = filepath.Join(t.TempDir(), "dist")
	succeed(t, append(append([]string{"build", "--pkg", "MarkupSafe"}, arguments...), "export", "--path", dist)...)
	wheels = map[string]string{}
	for name, sum := range published(t, dist) {
		if strings.HasSuffix(name, ".whl") {
			wheels[filepath.Base(name)] = sum
		}
	}
	return dist, wheels
}

// testSDK has the default target's SDK packed, and taken back as if Buildroot had made it.
func testSDK(t *testing.T) {
	testPacked(t, "bookworm-armhf", "cp311")
	t.Run("Declared", testDeclared)
	t.Run("Published", testPublished)
}

// testSDKs does so with the other targets, and with an SDK that is as odd as Buildroot's are.
func testSDKs(t *testing.T) {
	t.Run("bullseye-armhf", func(t *testing.T) { testPacked(t, "bullseye-armhf", "cp39") })
	t.Run("trixie-armhf", func(t *testing.T) { testPacked(t, "trixie-armhf", "cp313") })
	t.Run("Quirks", testQuirks)
	t.Run("Alternatives", testAlternatives)
	if os.Getenv("BUILDKIT_HOST") == "" {
		t.Run("Twice", testTwice)
	}
}

// testPacked compares a wheel that is built with a target's SDK with one that is built with the tarball of that.
func testPacked(t *testing.T, target, python string) {
	tarball := packed(t, target)
	_, want := markupsafe(t, "--target", target)
	dist, got := markupsafe(t, "--sdk", tarball)
	name := "markupsafe-2.1.3-" + python + "-" + python + "-linux_armv7l.whl"
	if want[name] == "" || got[name] != want[name] {
		t.Errorf("%s: the wheel of the SDK's tarball is %v, and of the target %v", name, got, want)
	}
	if r := report(t, dist).Targets[0]; r.Name != "sdk" || r.Note != "" {
		t.Errorf("the report is of target %q, with the note %q", r.Name, r.Note)
	}
}

// packed is the tarball of a target's SDK.
func packed(t *testing.T, target string) string {
	t.Helper()
	tarball := filepath.Join(t.TempDir(), target+".tar.gz")
	succeed(t, "sdk", "--target", target, "export", "--path", tarball)
	return tarball
}

// testTwice makes an SDK again where nothing of the first one is left: in an engine with an empty cache.
func testTwice(t *testing.T) {
	first := packed(t, defaultTarget)
	t.Setenv("CROSSWHEEL_CACHE", t.TempDir())
	second := packed(t, defaultTarget)
	if sumOf(t, first) == sumOf(t, second) {
		return
	}
	before, after := t.TempDir(), t.TempDir()
	for dir, tarball := range map[string]string{before: first, after: second} {
		if out, err := exec.Command("tar", "-C", dir, "-xzf", tarball).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	differences, _ := exec.Command("diff", "-rq", "--no-dereference", before, after).CombinedOutput() // it fails for what it finds
	t.Errorf("an SDK that is made again is another one:\n%s", differences)
}

func sumOf(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// testPublished opens the SDK of a target that says where it is published.
func testPublished(t *testing.T) {
	tarball := packed(t, defaultTarget)
	sum := sumOf(t, tarball)
	server := httptest.NewServer(http.FileServer(http.Dir(filepath.Dir(tarball))))
	defer server.Close()
	t.Chdir(t.TempDir()) // it hands itself to the engine by way of the working directory
	client := dagger.Connect()
	defer client.Close()
	target := recipe.Target{Name: "published", Provider: "buildroot", Arch: "armv7l", Triple: "arm-linux-gnueabihf", Python: "3.11", Glibc: "2.36", GCC: "12.2"}
	for _, c := range []struct{ url, sha256, want string }{
		{server.URL + "/" + filepath.Base(tarball), sum, ""},
		{server.URL + "/" + filepath.Base(tarball), strings.Repeat("0", 64), "has the sha256 " + sum + ", and the target declares 000"},
		{server.URL + "/moved.tar.gz", strings.Repeat("1", 64), "404"},
	} {
		target.URL, target.SHA256 = c.url, c.sha256
		image, err := pipeline.OpenImage(t.Context(), client, target, nil)
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.url, err)
		case c.want == "" && image.Expected.Python != "3.11.2":
			t.Errorf("%s: the facts are %+v", c.url, image.Expected)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v, want %q", c.url, err, c.want)
		}
	}
}

// testQuirks takes an SDK with what Buildroot's have that Debian's has not: the wheel is the same all the same.
func testQuirks(t *testing.T) {
	target, err := sdkimage.Target(defaultTarget)
	if err != nil {
		t.Fatal(err)
	}
	client := dagger.Connect()
	quirky := filepath.Join(t.TempDir(), "quirky.tar.gz")
	_, err = sdkimage.New(client, target).WithSDK().
		WithMountedFile("/quirks.sh", client.Host().File("testdata/sdk/quirks.sh")).
		WithExec([]string{"sh", "/quirks.sh"}).
		File("/out/sdk.tar.gz").
		Export(t.Context(), quirky)
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Close(); err != nil {
		t.Fatal(err)
	}
	_, want := markupsafe(t)
	dist, got := markupsafe(t, "--sdk", quirky)
	for name, sum := range want {
		if got[name] != sum {
			t.Errorf("%s: the wheel of an SDK with quirks is %v, and without %v", name, got, want)
		}
	}
	if note := report(t, dist).Targets[0].Note; !strings.Contains(note, "by unpacking") || !strings.Contains(note, "made without xml.parsers.expat") {
		t.Errorf("the report's note is %q: this SDK's Python cannot run pip", note)
	}
}

// testDeclared holds an SDK against targets that it is, and is not, of.
func testDeclared(t *testing.T) {
	bookworm := packed(t, "bookworm-armhf")
	succeed(t, "plan", "--select", "MarkupSafe", "--target", "bookworm-armhf", "--sdk", bookworm)
	page := filepath.Join(t.TempDir(), "page.tar.gz")
	if err := os.WriteFile(page, []byte("<html>Not Found</html>"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ target, sdk, want string }{
		{"bullseye-armhf", bookworm, `Target "bullseye-armhf" declares python = "3.9", but its SDK has "3.11.2".`},
		{"ot2-cp312", bookworm, `Target "ot2-cp312" declares glibc = ">= 2.40, <= 2.41", but its SDK has "2.36".`},
		{"ot2-cp310", "", "OT-2, robot software 7.2 to 8.8"},
		{"ot2-cp310", "", "--sdk"},
		{"", page, "the SDK page.tar.gz: it is not an SDK: 22 bytes are no archive"},
	} {
		arguments := []string{"plan", "--select", "MarkupSafe"}
		if c.target != "" {
			arguments = append(arguments, "--target", c.target)
		}
		if c.sdk != "" {
			arguments = append(arguments, "--sdk", c.sdk)
		}
		_, stderr, err := program(t, arguments...)
		if text := strings.Join(strings.Fields(stderr), " "); err == nil || !strings.Contains(text, c.want) {
			t.Errorf("%v: %v, want %q:\n%s", arguments, err, c.want, stderr)
		}
	}
}

// testAlternatives adds a package whose libraries other names lead to, by way of links that an installation makes.
func testAlternatives(t *testing.T) {
	target, err := sdkimage.Target(defaultTarget)
	if err != nil {
		t.Fatal(err)
	}
	target.Packages = append(slices.Clone(target.Packages), "libopenblas-dev")
	client := dagger.Connect()
	defer client.Close()
	image := sdkimage.New(client, target)
	for name, want := range map[string]string{
		target.Triple + "/sysroot/usr/lib/" + target.Triple + "/libopenblas.so":        "\x7fELF",
		target.Triple + "/sysroot/usr/lib/" + target.Triple + "/libblas.so.3":          "\x7fELF",
		target.Triple + "/sysroot/usr/lib/" + target.Triple + "/pkgconfig/openblas.pc": "libdir=",
		"share/buildroot/packages": "libopenblas-pthread-dev 0.3.21",
	} {
		text, err := image.SDK.File(name).Contents(t.Context())
		if err != nil || !strings.Contains(text, want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
	recorded, err := image.SDK.File("share/buildroot/packages").Contents(t.Context())
	for _, line := range []string{"gcc-12-arm-linux-gnueabihf 12.2.0", "libc6 2.36"} {
		if err != nil || !strings.Contains(recorded, line) {
			t.Errorf("the SDK's packages do not have %q: %v\n%s", line, err, recorded)
		}
	}
}
