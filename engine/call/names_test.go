// SPDX-License-Identifier: Apache-2.0

package call

import (
	"slices"
	"testing"
)

// The right-hand sides are what Dagger v0.20 makes of the names.
func TestKebab(t *testing.T) {
	for name, want := range map[string]string{
		"BuildAll":    "build-all",
		"buildAll":    "build-all",
		"build-all":   "build-all",
		"Clash2":      "clash-2",
		"clash-2":     "clash-2",
		"Sha256Sum":   "sha-256-sum",
		"SDKImage":    "sdk-image",
		"SDK":         "sdk",
		"ExportAsOCI": "export-as-oci",
		"xY":          "xy",
		"":            "",
	} {
		if got := kebab(name); got != want {
			t.Errorf("kebab(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestNearest(t *testing.T) {
	names := []string{"build", "build-all", "list", "plan"}
	for name, want := range map[string][]string{
		"biuld":     {"build"},
		"buil":      {"build", "build-all"},
		"buildall":  {"build-all", "build"},
		"lits":      {"list"},
		"something": nil,
	} {
		if got := nearest(name, names); !slices.Equal(got, want) {
			t.Errorf("nearest(%q) = %q, want %q", name, got, want)
		}
	}
}
