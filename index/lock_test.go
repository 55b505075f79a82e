// SPDX-License-Identifier: Apache-2.0

package index

import (
	"strings"
	"testing"
	"testing/fstest"
)

// TestLockChoice locks what the target's pip would choose, whatever the files are called.
func TestLockChoice(t *testing.T) {
	robot := Target{"robot", "3.11", "linux_armv7l", "2.36"}
	var files []*entry
	for _, f := range []struct{ version, tag string }{
		{"2.0", "cp311-cp311-linux_armv7l"}, {"2.1", "cp39-abi3-linux_armv7l"}, {"2.1", "cp311-cp311-linux_armv7l"}, {"2.1.0", "py3-none-any"}, {"2.2", "cp312-cp312-linux_armv7l"},
	} {
		files = append(files, &entry{File: File{Filename: "demo-" + f.version + "-" + f.tag + ".whl"}, version: f.version})
	}
	for range files {
		files = append(files[1:], files[0])
		if text := robot.lockEntry("demo", files, nil); !strings.Contains(text, `name = "demo-2.1-cp311-cp311-linux_armv7l.whl"`) {
			t.Errorf("of %s first, it locks %s", files[0].Filename, text)
		}
	}
}

// Who adds a wheel, or takes one back, need not say again whom there are locks for.
func TestLocksAreKeptUpToDate(t *testing.T) {
	dist := t.TempDir()
	robot := Target{"robot", "3.11", "linux_armv7l", "2.36"}
	add := func(version string, change ...func(*Input)) string {
		t.Helper()
		wheels := fstest.MapFS{}
		if version != "" {
			name, content := makeWheel(t, "demo", version, "")
			wheels[name] = &fstest.MapFile{Data: content}
		}
		if _, err := publish(t, dist, wheels, change...); err != nil {
			t.Fatal(err)
		}
		return folder(t, dist)["pylock.robot.toml"]
	}
	if lock := add("1.0"); lock != "" {
		t.Errorf("nobody asked for a lock: %s", lock)
	}
	wants := func(lock, version string) {
		t.Helper()
		if !strings.Contains(lock, `version = "`+version+`"`) || strings.Count(lock, "[[packages]]") != 1 {
			t.Errorf("want %s, not %s", version, lock)
		}
	}
	wants(add("0.9", func(in *Input) { in.Targets = []Target{robot} }), "1.0")
	wants(add("2.0"), "2.0")
	wants(add("", func(in *Input) {
		var err error
		if in.Marks, err = ParseMarks([]byte("yank demo==2.0 it bites")); err != nil {
			t.Fatal(err)
		}
	}), "1.0")
	if _, err := Write(Input{Targets: []Target{{Name: "a/b"}}}, &texts{}); err == nil || !strings.Contains(err.Error(), `"a/b" is no name of a target`) {
		t.Errorf("%v", err)
	}
}
