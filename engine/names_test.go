// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"strings"
	"testing"
)

func TestExecName(t *testing.T) {
	for _, example := range []struct{ args, want string }{
		{"make|-j2", "make -j2"},
		{"env|A=1|B=2|make", "make"},
		{"env|A=1", "env A=1"},
		{"env|-i|make", "env -i make"},
		{"sh|-c|set -e\n\tmake  all\n", "sh -c set -e make all"},
		{"echo|" + strings.Repeat("ä", 200), "echo " + strings.Repeat("ä", maxName-6) + "…"},
	} {
		if got := execName(strings.Split(example.args, "|")); got != example.want {
			t.Errorf("%q: got %q, want %q", example.args, got, example.want)
		}
	}
}

func TestMatchPath(t *testing.T) {
	for _, example := range []struct {
		pattern, yes, no string
	}{
		{"*.whl", "a.whl", "d/a.whl"},
		{"**/*.whl", "a.whl d/a.whl d/e/a.whl", "a.txt d/a.txt"},
		{"a/**", "a/b a/b/c", "a b/a"},
		{"a/**/c", "a/c a/b/c a/b/b/c", "a/b c"},
		{"**", "a a/b", ""},
		{"a/*/c", "a/b/c", "a/c a/b/b/c"},
	} {
		pattern := strings.Split(example.pattern, "/")
		for want, paths := range map[bool]string{true: example.yes, false: example.no} {
			for _, p := range strings.Fields(paths) {
				if got, err := matchPath(pattern, strings.Split(p, "/")); err != nil || got != want {
					t.Errorf("%s, %s: got %v, %v", example.pattern, p, got, err)
				}
			}
		}
	}
}

func TestOwner(t *testing.T) {
	for _, example := range []struct {
		owner   string
		numbers bool
	}{
		{"", true}, {"1000", true}, {"1000:1001", true}, {"user", false}, {"1000:group", false},
	} {
		if _, err := numericOwner(example.owner); (err == nil) != example.numbers {
			t.Errorf("%q: %v", example.owner, err)
		}
	}
	o := parseOwner("7")
	if o.User.UID != 7 || o.Group.UID != 7 {
		t.Errorf("the group is %v, want that of the user", o.Group)
	}
}
