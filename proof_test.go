// SPDX-License-Identifier: Apache-2.0

package main

import (
	"archive/zip"
	"bytes"
	"debug/dwarf"
	"debug/elf"
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"crosswheel/internal/dagger"
	"crosswheel/internal/recipe"
	"crosswheel/internal/requirement"
	"crosswheel/internal/sbom"
	"crosswheel/pipeline"
	sdkimage "crosswheel/sdk-image"
)

// checkDebugFiles looks whether each file that is run has its debug file where gdb looks for it, and that the wheels are those of a run without.
func checkDebugFiles(t *testing.T, dist, plain string) {
	t.Helper()
	with, without := published(t, dist), published(t, plain)
	maps.DeleteFunc(with, func(name, _ string) bool { return strings.HasPrefix(name, "debug/") })
	if !maps.Equal(with, without) {
		t.Errorf("with debug files is published %q\nand without\n%q", slices.Sorted(maps.Keys(with)), slices.Sorted(maps.Keys(without)))
	}
	lines := map[string]bool{}
	for name := range with {
		if !strings.HasSuffix(name, ".whl") {
			continue
		}
		for member, file := range objectsIn(t, filepath.Join(dist, name)) {
			note, err := file.Section(".note.gnu.build-id").Data()
			if err != nil {
				t.Fatal(err)
			}
			id := hex.EncodeToString(note[16:])
			split, err := elf.Open(filepath.Join(dist, "debug", ".build-id", id[:2], id[2:]+".debug"))
			if err != nil {
				t.Errorf("of %s in %s: %v", member, name, err)
				continue
			}
			defer split.Close()
			if symbols, err := split.Symbols(); err != nil || len(symbols) == 0 {
				t.Errorf("of %s in %s: no symbols, %v", member, name, err)
			}
			for _, unit := range unitsOf(split) {
				lines[path.Base(unit)] = true
			}
		}
	}
	if want := "_scale.c"; len(lines) != 1 || !lines[want] { // what one version of the recipe compiles with -g
		t.Errorf("there are lines of %q, want %s", slices.Sorted(maps.Keys(lines)), want)
	}
}

// unitsOf are the sources that a file has debug information of.
func unitsOf(file *elf.File) []string {
	var names []string
	information, err := file.DWARF()
	if err != nil {
		return nil
	}
	for reader := information.Reader(); ; {
		entry, err := reader.Next()
		if err != nil || entry == nil {
			return names
		}
		if entry.Tag == dwarf.TagCompileUnit {
			name, _ := entry.Val(dwarf.AttrName).(string)
			names = append(names, name)
			reader.SkipChildren()
		}
	}
}

// objectsIn are the shared objects of a wheel.
func objectsIn(t *testing.T, wheel string) map[string]*elf.File {
	t.Helper()
	objects := map[string]*elf.File{}
	for name, text := range filesIn(t, wheel) {
		if file, err := elf.NewFile(bytes.NewReader(text)); err == nil {
			objects[name] = file
		}
	}
	return objects
}

func filesIn(t *testing.T, wheel string) map[string][]byte {
	t.Helper()
	archive, err := zip.OpenReader(wheel)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	files := map[string][]byte{}
	for _, f := range archive.File {
		content, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(content); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// checkBill holds the bill of materials in a wheel against what is in it, by PURL and linkage: "pkg:generic/x@1 static".
func checkBill(t *testing.T, wheel, name string, want ...string) {
	t.Helper()
	files := filesIn(t, wheel)
	var bill struct {
		Components []struct {
			PURL       string
			Properties []struct{ Value string }
			Evidence   struct{ Occurrences []struct{ Location string } }
		}
	}
	if err := json.Unmarshal(files[name], &bill); err != nil {
		t.Errorf("%s in %s: %v", name, wheel, err)
		return
	}
	var got []string
	for _, c := range bill.Components {
		for _, p := range c.Properties {
			got = append(got, c.PURL+" "+p.Value)
			if (p.Value == sbom.Shared) != (len(c.Evidence.Occurrences) > 0) {
				t.Errorf("%s is %s, and has the files %v", c.PURL, p.Value, c.Evidence.Occurrences)
			}
		}
		for _, o := range c.Evidence.Occurrences {
			if files[o.Location] == nil {
				t.Errorf("%s has no file %s of %s", wheel, o.Location, c.PURL)
			}
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s carries %q along, want %q", wheel, got, want)
	}
}

// testManylinux builds for a target that wants manylinux tags. That its own pip takes them, from an index of them, is what the run itself proves.
func testManylinux(t *testing.T) {
	folder, err := filepath.Abs("testdata/libraries")
	if err != nil {
		t.Fatal(err)
	}
	target, err := sdkimage.Target("bookworm-armhf")
	if err != nil {
		t.Fatal(err)
	}
	target.Manylinux = true
	set, diags := recipe.Load(os.DirFS(folder), "recipes")
	recipes, more := set.Evaluate(target)
	if diags = append(diags, more...); diags.HasErrors() {
		t.Fatal(diags)
	}
	t.Chdir(t.TempDir()) // what goes to the engine is put there
	client := dagger.Connect()
	defer client.Close()
	image, err := pipeline.OpenImage(t.Context(), client, target, nil)
	if err != nil {
		t.Fatal(err)
	}
	made, err := pipeline.New(client, client.Host().Directory(folder), os.DirFS(folder), []*sdkimage.Image{image}, pipeline.Options{Jobs: 2})
	if err != nil {
		t.Fatal(err)
	}
	result, err := pipeline.Run(t.Context(), []pipeline.Job{{Pipeline: made[0], Recipes: recipes}})
	if err != nil {
		t.Fatal(err)
	}
	if failed := result.Report.Failed(); len(failed) > 0 {
		t.Fatalf("%+v", failed)
	}
	got := map[string]string{}
	for _, e := range result.Report.Builds {
		got[e.Wheel] = e.Note
	}
	for _, want := range []string{"scales-1.0-cp311-cp311-manylinux_2_17_armv7l.whl", "scales-2.0-cp311-cp311-manylinux_2_17_armv7l.whl"} {
		if note, ok := got[want]; !ok || note != "" {
			t.Errorf("%s is not made (%q), but %v", want, note, got)
		}
	}
	wanted, err := requirement.Parse("scales==2.0")
	if err != nil {
		t.Fatal(err)
	}
	bundle, _, err := made[0].Bundle(t.Context(), recipes, []requirement.Line{wanted})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bundle.Export(t.Context(), "bundle.tar.gz"); err != nil {
		t.Fatal(err)
	}
	listed, err := exec.Command("tar", "tzf", "bundle.tar.gz").Output()
	if want := "/wheels/scales-2.0-cp311-cp311-manylinux_2_17_armv7l.whl\n"; err != nil || !strings.Contains(string(listed), want) {
		t.Errorf("in the bundle are\n%s, %v", listed, err)
	}
}
