// SPDX-License-Identifier: Apache-2.0

package step

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"crosswheel/internal/source"
)

func TestFindCrates(t *testing.T) {
	for name, c := range map[string]struct{ files, locks, unlocked []string }{
		"at the top":           {files: []string{"Cargo.toml", "Cargo.lock", "crates/a/Cargo.toml"}, locks: []string{"Cargo.lock"}},
		"below":                {files: []string{"setup.py", "src/rust/Cargo.toml", "src/rust/Cargo.lock"}, locks: []string{"src/rust/Cargo.lock"}},
		"two":                  {files: []string{"b/Cargo.lock", "a/Cargo.lock", "ab/Cargo.lock"}, locks: []string{"a/Cargo.lock", "ab/Cargo.lock", "b/Cargo.lock"}},
		"carried along":        {files: []string{"Cargo.lock", "Cargo.toml", "include/cargo/ryu/Cargo.lock"}, locks: []string{"Cargo.lock"}},
		"carried along, below": {files: []string{"rust/Cargo.lock", "rust/vendor/ryu/Cargo.lock"}, locks: []string{"rust/Cargo.lock"}},
		"none":                 {files: []string{"src/rust/Cargo.toml", "src/rust/macros/Cargo.toml"}, unlocked: []string{"src/rust/Cargo.toml"}},
		"no Rust":              {files: []string{"setup.py"}},
	} {
		tree := fstest.MapFS{}
		for _, file := range c.files {
			tree[file] = &fstest.MapFile{}
		}
		found, err := findCrates(tree)
		if err != nil || !slices.Equal(found.Locks, c.locks) || !slices.Equal(found.Unlocked, c.unlocked) {
			t.Errorf("%s: got %+v, %v", name, found, err)
		}
	}
}

func TestRefuseRust(t *testing.T) {
	for requirement, want := range map[string]string{
		"maturin>=1,<2": "backend = \"maturin\"", "Setuptools_Rust >= 1.7": "backend = \"setuptools-rust\"", "setuptools": "", "maturin-import-hook": "",
	} {
		err := refuseRust(source.BuildSystem{Requires: []string{"wheel", requirement}})
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", requirement, err)
		}
	}
}
