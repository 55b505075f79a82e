// SPDX-License-Identifier: Apache-2.0

package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"crosswheel/internal/step"
)

// imgproc is a release of the package of the manual's complete recipe: name and content of its files.
func imgproc(t *testing.T, version string) []tar.Header {
	t.Helper()
	var files []tar.Header
	root := os.DirFS("testdata/manual/source")
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(root, name)
		mode := int64(0o644)
		if strings.HasSuffix(name, ".sh") {
			mode = 0o755
		}
		text = bytes.ReplaceAll(text, []byte("@VERSION@"), []byte(version))
		files = append(files, tar.Header{Name: name, Mode: mode, Size: int64(len(text)), ModTime: time.Unix(1e9, 0), Linkname: string(text)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// tarball and zipped are a release as archives, uncompressed: the bytes are the same with every version of Go.
func tarball(t *testing.T, version string) []byte {
	var b bytes.Buffer
	compressor, _ := gzip.NewWriterLevel(&b, gzip.NoCompression) // the level is one
	archive := tar.NewWriter(compressor)
	for _, file := range imgproc(t, version) {
		text := file.Linkname
		file.Name, file.Linkname, file.Typeflag, file.Format = "imgproc-"+version+"/"+file.Name, "", tar.TypeReg, tar.FormatUSTAR
		if err := archive.WriteHeader(&file); err != nil {
			t.Fatal(err)
		}
		archive.Write([]byte(text)) // to memory
	}
	archive.Close()
	compressor.Close()
	return b.Bytes()
}

func zipped(t *testing.T, version string) []byte {
	var b bytes.Buffer
	archive := zip.NewWriter(&b)
	for _, file := range imgproc(t, version) {
		header := &zip.FileHeader{Name: "imgproc-" + version + "/" + file.Name, Method: zip.Store}
		header.SetMode(fs.FileMode(file.Mode))
		w, err := archive.CreateHeader(header)
		if err != nil {
			t.Fatal(err)
		}
		w.Write([]byte(file.Linkname)) // to memory
	}
	archive.Close()
	return b.Bytes()
}

// repository makes a bare repository with one commit, the same wherever and whenever it is made, and returns the commit's id.
func repository(t *testing.T, bare, version string) string {
	t.Helper()
	work := t.TempDir()
	for _, file := range imgproc(t, version) {
		name := filepath.Join(work, file.Name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(file.Linkname), fs.FileMode(file.Mode)); err != nil {
			t.Fatal(err)
		}
	}
	git := func(arguments ...string) string {
		command := exec.Command("git", append([]string{"-C", work, "-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false"}, arguments...)...)
		command.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_COMMITTER_DATE=2023-04-05T06:07:08Z", "GIT_AUTHOR_DATE=2023-04-05T06:07:08Z")
		out, err := command.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v\n%s", arguments, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	git("init", "--quiet", "--object-format=sha1", "--initial-branch=main")
	git("add", "--all")
	git("commit", "--quiet", "--message", "A fix")
	git("clone", "--quiet", "--bare", work, bare)
	return git("rev-parse", "HEAD")
}

// manualServer serves the sources of the manual's complete recipe: a release of GitHub's, an old archive, and a repository. It returns its
// address, and what recipes must say of what it serves.
func manualServer(t *testing.T) (address string, sums []string) {
	t.Helper()
	old, release := zipped(t, "1.8.0"), tarball(t, "2.0.1")
	bare := filepath.Join(t.TempDir(), "imgproc.git")
	commit := repository(t, bare, "2.1.dev1")
	execPath, err := exec.Command("git", "--exec-path").Output()
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	serve := func(path string, content []byte) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
		})
		sum := sha256.Sum256(content)
		sums = append(sums, hex.EncodeToString(sum[:]))
	}
	serve("/old/imgproc-1.8.0.zip", old)
	serve("/imgproc/imgproc/releases/download/v2.0.1/imgproc-2.0.1.tar.gz", release)
	mux.Handle("/imgproc.git/", &cgi.Handler{
		Path: path.Join(strings.TrimSpace(string(execPath)), "git-http-backend"),
		Env:  []string{"GIT_PROJECT_ROOT=" + filepath.Dir(bare), "GIT_HTTP_EXPORT_ALL=1", "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*"},
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL, append(sums, commit)
}

var manualRecipe = regexp.MustCompile("(?s)<!-- recipe: (\\S+) -->\n```hcl\n(.*?)```")

// manualRecipes makes a folder of the manual's recipes, whose sources come from another address.
func manualRecipes(t *testing.T, address string, sums []string) string {
	t.Helper()
	recipes := filepath.Join(t.TempDir(), "recipes")
	if err := os.CopyFS(recipes, os.DirFS("testdata/manual/recipes")); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("docs/recipes.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, sum := range sums {
		if !bytes.Contains(text, []byte(sum)) {
			t.Errorf("docs/recipes.md does not say %s", sum)
		}
	}
	for _, m := range manualRecipe.FindAllSubmatch(text, -1) {
		name := filepath.Join(recipes, string(m[1]), "recipe.hcl")
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		text := strings.NewReplacer("https://imgproc.example.org", address, "https://git.example.org", address).Replace(string(m[2]))
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return recipes
}

// TestManualSources holds the checksums in the manual to what the end-to-end test serves.
func TestManualSources(t *testing.T) {
	address, sums := manualServer(t)
	manualRecipes(t, address, sums)
}

// testManual builds the complete recipe of the manual: what it says is true, or this fails.
func testManual(t *testing.T) {
	address, sums := manualServer(t)
	recipes := manualRecipes(t, address, sums)
	dist := filepath.Join(t.TempDir(), "dist")
	succeed(t, "--recipes", recipes, "--github-url", address, "build-all", "--select", "ImgProc==1.8.0,ImgProc==2.0.1,ImgProc==2.1.dev1", "export", "--path", dist)
	bundles := map[string][]step.Bundled{}
	var wheels []string
	for _, e := range report(t, dist).Builds {
		if e.Wheel != "" {
			wheels = append(wheels, e.Wheel)
			bundles[e.Wheel] = e.Bundles
		}
	}
	slices.Sort(wheels)
	want := []string{
		"imgproc-1.8.0-1-cp311-cp311-linux_armv7l.whl", "imgproc-2.0.1-1-cp311-cp311-linux_armv7l.whl", "imgproc-2.1.dev1-1-cp311-cp311-linux_armv7l.whl",
		"six-1.16.0-py2.py3-none-any.whl",
	}
	if !slices.Equal(wheels, want) {
		t.Fatalf("wheels:\n%v\nwant\n%v", wheels, want)
	}
	if got, want := bundles[wheels[0]], []step.Bundled{{Name: "libfilter", Version: "1.2", License: "Zlib", Linkage: "static"}}; !reflect.DeepEqual(got, want) {
		t.Errorf("%s bundles %+v", wheels[0], got)
	}
	shared := bundles[wheels[1]]
	if len(shared) != 1 || shared[0].Linkage != "shared" || len(shared[0].Files) != 1 || !regexp.MustCompile(`^ImgProc\.libs/libfilter-[0-9a-f]{8}\.so\.1$`).MatchString(shared[0].Files[0]) {
		t.Fatalf("%s bundles %+v", wheels[1], shared)
	}
	for i, files := range [][]string{
		{"ImgProc-1.8.0.dist-info/licenses/libfilter/COPYING", "imgproc/py.typed"},
		{"ImgProc-2.0.1.dist-info/licenses/libfilter/COPYING", "imgproc/include/imgproc.h", shared[0].Files[0]},
	} {
		names := namesIn(t, filepath.Join(dist, "simple", "imgproc", wheels[i]))
		for _, file := range files {
			if !slices.Contains(names, file) {
				t.Errorf("%s has no %s, but %v", wheels[i], file, names)
			}
		}
		if i := slices.IndexFunc(names, func(name string) bool { return strings.HasPrefix(name, "imgproc/tests") }); i >= 0 {
			t.Errorf("post has not removed %s", names[i])
		}
	}
}

// namesIn are the names in a zip file.
func namesIn(t *testing.T, file string) []string {
	t.Helper()
	archive, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	var names []string
	for _, entry := range archive.File {
		names = append(names, entry.Name)
	}
	return names
}

// testLibraries builds libraries of libraries, static and shared, and what links them with a source that a package of our own generates while it
// is built. That the wheels are good their own tests prove, on the target's Python; here is looked at what is in them.
func testLibraries(t *testing.T) {
	dist, plain := filepath.Join(t.TempDir(), "dist"), filepath.Join(t.TempDir(), "dist")
	succeed(t, "--recipes", "testdata/libraries", "build-all", "--debug-files", "export", "--path", dist)
	succeed(t, "--recipes", "testdata/libraries", "build-all", "export", "--path", plain)
	checkDebugFiles(t, dist, plain)
	files := map[string][]string{}
	for _, e := range report(t, dist).Builds {
		if e.Name != "scales" {
			continue
		}
		var bundled []string
		for _, b := range e.Bundles {
			bundled = append(bundled, b.Name+" "+b.Version+" "+b.Linkage)
		}
		linkage := map[string]string{"1.0": "static", "2.0": "shared"}[e.Version]
		if want := []string{"libscale " + e.Version + " " + linkage, "libround " + e.Version + " " + linkage}; !slices.Equal(bundled, want) {
			t.Errorf("%s bundles %q", e.Wheel, bundled)
		}
		checkBill(t, filepath.Join(dist, "simple", "scales", e.Wheel), "scales-"+e.Version+".dist-info/sboms/scales.cdx.json",
			"pkg:generic/libround@"+e.Version+" "+linkage, "pkg:generic/libscale@"+e.Version+" "+linkage)
		files[e.Version] = namesIn(t, filepath.Join(dist, "simple", "scales", e.Wheel))
		for _, name := range []string{"libscale", "libround"} {
			if !slices.Contains(files[e.Version], "scales-"+e.Version+".dist-info/licenses/"+name+"/COPYING") {
				t.Errorf("%s has no licence of %s", e.Wheel, name)
			}
		}
	}
	shared := strings.Join(files["2.0"], " ")
	if len(files) != 2 || !regexp.MustCompile(`scales\.libs/libround-[0-9a-f]{8}\.so\.2 scales\.libs/libscale-[0-9a-f]{8}\.so\.2`).MatchString(shared) || strings.Contains(strings.Join(files["1.0"], " "), ".libs/") {
		t.Errorf("in the wheels are %q", files)
	}
}
