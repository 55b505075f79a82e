// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"crosswheel/internal/dagger"
	"crosswheel/internal/wheel"
)

// smallWheel writes a pure wheel into a folder, with further fields of METADATA.
func smallWheel(t *testing.T, folder, name, version string, fields ...string) {
	t.Helper()
	info := name + "-" + version + ".dist-info/"
	var b bytes.Buffer
	file, err := wheel.Pack(&b, fstest.MapFS{
		name + ".py":      {},
		info + "METADATA": {Data: []byte("Metadata-Version: 2.1\nName: " + name + "\nVersion: " + version + "\n" + strings.Join(fields, "\n") + "\n")},
		info + "WHEEL":    {Data: []byte("Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")},
	}, wheel.PackOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, file.String()), b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestIndexIsTheSame: of the same wheels the program makes the same bytes, whatever their order and age, in whatever place, language and time zone, on any day; and
// also where they come one after the other.
func TestIndexIsTheSame(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "marks.txt"), "yank demo==1.9 it bites\narchived ISTANBUL\n")
	wheels := datedWheels(t, filepath.Join(dir, "one"))
	var want map[string]string
	for i, environment := range [][]string{
		{"TZ=UTC", "LC_ALL=C", "GOMAXPROCS=1"},
		{"TZ=Pacific/Kiritimati", "LC_ALL=tr_TR.UTF-8", "LANGUAGE=tr", "GOMAXPROCS=7"},
		{"TZ=America/St_Johns", "LC_ALL=de_DE@euro", "GOMAXPROCS=2"},
	} {
		rand.Shuffle(len(wheels), func(i, j int) { wheels[i], wheels[j] = wheels[j], wheels[i] })
		for what, folder := range twoWays(t, filepath.Join(dir, fmt.Sprint(i)), wheels, environment) {
			got := published(t, folder)
			if want == nil {
				want = got
			}
			for name := range want {
				if got[name] != want[name] {
					t.Errorf("%q, %s: %s is different", environment, what, name)
				}
			}
			if len(got) != len(want) {
				t.Errorf("%q, %s: %q, want %q", environment, what, slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
			}
		}
	}
	today := time.Now().UTC().Format("2006-01-02")
	for name := range want {
		text, err := os.ReadFile(filepath.Join(dir, "0", "at once", name))
		if err != nil || strings.Contains(string(text), today) {
			t.Errorf("%s knows the day (%v)", name, err)
		}
	}
}

// datedWheels are wheels with provenance beside them.
func datedWheels(t *testing.T, folder string) []string {
	t.Helper()
	for _, w := range [][2]string{{"demo", "1.0"}, {"demo", "1.9"}, {"demo", "1.10"}, {"ISTANBUL", "1.0"}, {"eta", "2.0rc1"}} {
		smallWheel(t, folder, w[0], w[1], "Summary: ı, İ and é of "+w[0], "Requires-Dist: Istanbul; extra == 'x'", "Requires-Dist: eta")
	}
	wheels, err := filepath.Glob(filepath.Join(folder, "*.whl"))
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range wheels {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		write(t, name+".provenance.json", fmt.Sprintf(`{"subject":[{"digest":{"sha256":"%x"}}],"predicate":{"runDetails":{"metadata":{"finishedOn":"2022-12-31T23:%02d:59.5+05:30"}}}}`, sha256.Sum256(content), i))
	}
	return wheels
}

// twoWays makes an index of wheels at once, and by merging one after the other.
func twoWays(t *testing.T, dir string, wheels, environment []string) map[string]string {
	t.Helper()
	made := map[string]string{"made at once": filepath.Join(dir, "at once"), "merged": filepath.Join(dir, "merged")}
	last := []string{"--marks", filepath.Join(filepath.Dir(dir), "marks.txt"), "--hosts", "s3,nginx,headers", "--base-url", "https://wheels.example.org", "--target", "bookworm-armhf"}
	index := func(to string, arguments ...string) {
		command := programCommand(t, slices.Concat([]string{"index"}, arguments, []string{"export", "--path", to})...)
		command.Env = append(os.Environ(), environment...)
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", command, err, out)
		}
	}
	for i, name := range wheels {
		alone := filepath.Join(dir, "wheels", fmt.Sprint("of ", i))
		copyAged(t, name, alone)
		copyAged(t, name+".provenance.json", alone)
		with := []string{"--wheels", alone}
		if i > 0 {
			with = append(with, "--merge", made["merged"])
		}
		if i == len(wheels)-1 {
			with = append(with, last...)
		}
		index(made["merged"], with...)
	}
	index(made["made at once"], append([]string{"--wheels", filepath.Join(dir, "wheels")}, last...)...)
	return made
}

// copyAged copies a file into a folder, and says that it is from some day of the last fifty years.
func copyAged(t *testing.T, name, folder string) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(folder, filepath.Base(name))
	write(t, to, string(text))
	day := time.Unix(rand.Int64N(50*365*24*3600), 0)
	if err := os.Chtimes(to, day, day); err != nil {
		t.Fatal(err)
	}
}

// TestIndexMergesWithAddress: what is on a server is as good as a folder, and what is written can be laid over it.
func TestIndexMergesWithAddress(t *testing.T) {
	dir := t.TempDir()
	both, first, second := filepath.Join(dir, "both"), filepath.Join(dir, "first"), filepath.Join(dir, "second")
	for _, folder := range []string{both, first} {
		smallWheel(t, folder, "demo", "1.0")
		smallWheel(t, folder, "spam", "1.0")
	}
	for _, folder := range []string{both, second} {
		smallWheel(t, folder, "demo", "2.0")
	}
	want, got := filepath.Join(dir, "want"), filepath.Join(dir, "got")
	succeed(t, "index", "--wheels", both, "export", "--path", want)
	succeed(t, "index", "--wheels", first, "export", "--path", got)
	server := httptest.NewServer(http.StripPrefix("/lab", http.FileServer(http.Dir(got))))
	defer server.Close()
	succeed(t, "index", "--wheels", second, "--merge-url", server.URL+"/lab/", "export", "--path", got)
	if !maps.Equal(published(t, got), published(t, want)) {
		t.Errorf("merged: %q\nmade at once: %q", slices.Sorted(maps.Keys(published(t, got))), slices.Sorted(maps.Keys(published(t, want))))
	}
}

// TestIndexOnDagger: where functions run in a container, wheels are copied to be read, and moved to where they belong. The result is the same.
func TestIndexOnDagger(t *testing.T) {
	dir := t.TempDir()
	wheels, want := filepath.Join(dir, "wheels"), filepath.Join(dir, "want")
	smallWheel(t, wheels, "demo", "1.0")
	smallWheel(t, filepath.Join(wheels, "deeper"), "spam", "1.0")
	if err := os.WriteFile(filepath.Join(wheels, "demo-1.1-py3-none-any.whl"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	succeed(t, "index", "--wheels", wheels, "--keep-going", "export", "--path", want)

	t.Chdir(t.TempDir()) // the container's working directory
	index := reflect.ValueOf(new(Crosswheel).Index)
	with := reflect.New(index.Type().In(1)).Elem() // a struct without a name, as Dagger wants it
	call := func(keepGoing bool) (*dagger.Directory, error) {
		with.FieldByName("Wheels").Set(reflect.ValueOf(dag.Host().Directory(wheels)))
		with.FieldByName("KeepGoing").SetBool(keepGoing)
		out := index.Call([]reflect.Value{reflect.ValueOf(t.Context()), with})
		err, _ := out[1].Interface().(error)
		return out[0].Interface().(*dagger.Directory), err
	}
	made, err := call(true)
	if err != nil {
		t.Fatal(err)
	}
	got := filepath.Join(dir, "got")
	if _, err := made.Export(t.Context(), got); err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(published(t, got), published(t, want)) {
		t.Errorf("got %q, want %q", slices.Sorted(maps.Keys(published(t, got))), slices.Sorted(maps.Keys(published(t, want))))
	}
	if err := os.RemoveAll("index"); err != nil {
		t.Fatal(err)
	}
	if _, err := call(false); err == nil {
		t.Error("an empty wheel is refused, and the function does not fail")
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
