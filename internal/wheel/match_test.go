// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"strings"
	"testing"
)

func TestMatch(t *testing.T) {
	for _, test := range []struct {
		pattern, name string
		want          bool
	}{
		{"yaml/_yaml*.so", "yaml/_yaml.cpython-311-arm-linux-gnueabihf.so", true},
		{"yaml/_yaml*.so", "yaml/sub/_yaml.so", false},
		{"numpy/core/include/**", "numpy/core/include/numpy/arrayobject.h", true},
		{"numpy/core/include/**", "numpy/core/lib/libnpymath.a", false},
		{"**/*.so", "a.so", true},
		{"**/*.so", "a/b/c.so", true},
		{"**/lib/*.a", "numpy/random/lib/libnpyrandom.a", true},
		{"**/lib/**/x", "lib/lib/x", true},
		{"a/**/b/**/c", "a/b/x/b/y/c", true},
		{"a/**/b/**/c", "a/x/c", false},
		{"**", "a/b", true},
		{"a*", "a/b", false},
		{"", "", true},
	} {
		if got, err := Match(test.pattern, test.name); err != nil || got != test.want {
			t.Errorf("%q, %q: %v, %v", test.pattern, test.name, got, err)
		}
	}
	if _, err := Match("a/[b", "z"); err == nil {
		t.Error("a malformed pattern is taken")
	}
	// A matcher that goes back to every ** would not end within the life of the universe.
	if ok, _ := Match(strings.Repeat("**/a/", 40)+"b", strings.Repeat("a/", 2000)+"c"); ok {
		t.Error("c is not b")
	}
}
