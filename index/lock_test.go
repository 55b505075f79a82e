// SPDX-License-Identifier: Apache-2.0

package index

import (
	"strings"
	"testing"

	"crosswheel/internal/wheel"
)

// TestLockChoice locks what the target's pip would choose, whatever the files are called.
func TestLockChoice(t *testing.T) {
	robot := Target{"robot", wheel.Target{Python: "3.11", Platform: "linux_armv7l", Glibc: "2.36"}}
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
