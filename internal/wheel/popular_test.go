// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestPopularWheels downloads wheels that many people use, and finds no error in any of them: what is right for everybody is not to be called
// wrong. It needs a network, and runs without -short only (make popular). A few have a harmless thing that the audit warns of.
func TestPopularWheels(t *testing.T) {
	if testing.Short() {
		t.Skip("it downloads 350 MB")
	}
	list, err := os.ReadFile("testdata/popular.txt")
	if err != nil {
		t.Fatal(err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(cache, "crosswheel", "popular")
	audited := 0
	for _, filename := range strings.Fields(string(list)) {
		path := download(t, folder, filename)
		report, err := Examine(path, nil, AuditOptions{})
		if err != nil {
			t.Errorf("%s: %v", filename, err)
			continue
		}
		if audited++; HasErrors(report.Findings) {
			t.Errorf("%s", report.Text())
		} else {
			t.Log(report.Text())
		}
	}
	if t.Logf("audited %d wheels", audited); audited < 50 {
		t.Errorf("%d wheels are fewer than 50", audited)
	}
}

// download gets a wheel with pip, from its own index.
func download(t testing.TB, folder, filename string) string {
	t.Helper()
	path := filepath.Join(folder, filename)
	if _, err := os.Stat(path); err == nil {
		return path
	}
	name, err := ParseFilename(filename)
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:", "--python-version=" + pythonOf(name),
		"--dest", folder, name.Project() + "==" + name.Version}
	for _, platform := range slices.Sorted(slices.Values(name.Platform)) {
		args = append(args, "--platform="+platform)
	}
	if out, err := exec.Command("python3", args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", filename, err, out)
	}
	return path
}

// pythonOf is a Python that a wheel is for.
func pythonOf(name Name) string {
	if minor, ok := strings.CutPrefix(name.Python[0], "cp3"); ok {
		return "3." + minor
	}
	return "3.11"
}
