// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"crosswheel/internal/wheel"
)

// TestMain makes the test's own program the command "crosswheel" of the scripts: there is no build step between.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"crosswheel": main})
}

// TestScript runs what needs no engine: each file of testdata/script is a topic of the command line.
func TestScript(t *testing.T) {
	module, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("MODULE", module)
			// A recipes folder of the script's own, seen from inside of a module.
			return os.Symlink(filepath.Join(module, "dagger.json"), filepath.Join(env.WorkDir, "dagger.json"))
		},
		Cmds:          map[string]func(*testscript.TestScript, bool, []string){"wheel": packWheel},
		UpdateScripts: os.Getenv("UPDATE") != "",
	})
}

// packWheel is the command "wheel FOLDER" of the scripts: it packs the unpacked wheel in the folder, beside it.
func packWheel(ts *testscript.TestScript, _ bool, args []string) {
	file, err := os.Create(ts.MkAbs("packed"))
	ts.Check(err)
	name, err := wheel.Pack(file, os.DirFS(ts.MkAbs(args[0])), wheel.PackOptions{})
	ts.Check(errors.Join(err, file.Close(), os.Rename(file.Name(), ts.MkAbs(name.String()))))
}
