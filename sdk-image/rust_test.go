// SPDX-License-Identifier: Apache-2.0

package sdkimage

import (
	"regexp"
	"strings"
	"testing"
)

// Every processor that has a name in Rust has its pinned library, in the form that install.sh looks for.
func TestRustComponents(t *testing.T) {
	wanted := []string{"cargo x86_64-unknown-linux-gnu", "rustc x86_64-unknown-linux-gnu", "rust-std x86_64-unknown-linux-gnu"}
	for _, machine := range machines {
		wanted = append(wanted, "rust-std "+machine.rust)
	}
	pinned := map[string]bool{}
	for line := range strings.Lines(rustComponents) {
		if m := regexp.MustCompile(`^(\S+ \S+) [0-9a-f]{64}\n$`).FindStringSubmatch(line); m != nil {
			pinned[m[1]] = true
		}
	}
	for _, name := range wanted {
		if !pinned[name] {
			t.Errorf("%s is not pinned", name)
		}
	}
	targets, err := Targets()
	if err != nil || targets[0].Rust != RustVersion || !regexp.MustCompile(`^1\.\d+\.\d+$`).MatchString(RustVersion) {
		t.Errorf("Rust %q, %v", RustVersion, err)
	}
}
