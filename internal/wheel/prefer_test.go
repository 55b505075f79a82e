// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"math/rand/v2"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// pipTags prints the tags that a pip on the target takes, the best first, as pip's own library makes them.
const pipTags = `
from itertools import chain
from pip._vendor.packaging import tags
platforms = ["manylinux_2_%d_armv7l" % n for n in range(36, 16, -1)] + ["linux_armv7l"]
for tag in chain(tags.cpython_tags((3, 11), ["cp311"], platforms), tags.compatible_tags((3, 11), "cp311", platforms)):
    print(tag)
`

// pip itself says what it prefers.
func TestPreferred(t *testing.T) {
	out, err := exec.Command("python3", "-c", pipTags).Output()
	if err != nil {
		t.Skipf("the machine's Python has no pip: %v", err)
	}
	order := strings.Fields(string(out))
	target := Target{Python: "3.11", Platform: "linux_armv7l", Glibc: "2.36"}
	name := func(tag string) Name {
		n, err := ParseFilename("x-1-" + tag + ".whl")
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	order = slices.DeleteFunc(order, func(tag string) bool {
		parts := strings.Split(tag, "-")
		// Old Pythons without number or older than any stable ABI are met nowhere.
		return slices.Contains([]string{"py30", "py31", "cp32"}, parts[0]) || !target.Installs(name(tag))
	})
	if len(order) < 300 {
		t.Fatalf("pip takes %d tags only", len(order))
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		i, j := random.IntN(len(order)), random.IntN(len(order))
		if got, want := target.Preferred([]Name{name(order[i]), name(order[j])}), 0; i < j && got != want {
			t.Fatalf("pip prefers %s to %s", order[i], order[j])
		}
	}
	for _, c := range []struct {
		names []string
		want  int
	}{
		{nil, -1},
		{[]string{"cp313-abi3-linux_armv7l", "cp311-cp311-linux_aarch64"}, -1},
		{[]string{"cp39-abi3-linux_armv7l", "cp311-abi3-linux_armv7l", "cp313-abi3-linux_armv7l"}, 1},
		{[]string{"py2.py3-none-any", "cp36-abi3-linux_armv7l"}, 1},
		{[]string{"py3-none-any", "cp313-cp313-linux_armv7l"}, 0},
	} {
		var names []Name
		for _, tag := range c.names {
			names = append(names, name(tag))
		}
		if got := target.Preferred(names); got != c.want {
			t.Errorf("of %v it prefers %d, want %d", c.names, got, c.want)
		}
	}
	built, _ := ParseFilename("x-1-2-py3-none-any.whl")
	if target.Preferred([]Name{name("py3-none-any"), built}) != 1 {
		t.Error("a build number does not count")
	}
}

func TestNarrow(t *testing.T) {
	target := Target{Python: "3.11", Platform: "linux_armv7l"}
	for tag, want := range map[string]string{
		"cp36-abi3-linux_armv7l": "cp311-cp311-linux_armv7l", "py3-none-linux_armv7l": "cp311-none-linux_armv7l",
		"py2.py3-none-any": "cp311-none-any", "cp311-cp311-linux_armv7l": "cp311-cp311-linux_armv7l",
	} {
		tags, err := parseTag(tag)
		if err != nil {
			t.Fatal(err)
		}
		if got := Narrow(tags, target); len(got) != 1 || got[0].String() != want || !target.installs(got[0]) {
			t.Errorf("%s becomes %v", tag, got)
		}
	}
}
