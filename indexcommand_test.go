// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"testing/fstest"

	"crosswheel/internal/dagger"
	"crosswheel/internal/wheel"
)

// smallWheel writes a pure wheel into a folder.
func smallWheel(t *testing.T, folder, name, version string) {
	t.Helper()
	info := name + "-" + version + ".dist-info/"
	var b bytes.Buffer
	file, err := wheel.Pack(&b, fstest.MapFS{
		name + ".py":      {},
		info + "METADATA": {Data: []byte("Metadata-Version: 2.1\nName: " + name + "\nVersion: " + version + "\n")},
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
