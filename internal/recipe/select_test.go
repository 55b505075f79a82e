// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"slices"
	"strings"
	"testing"
)

// catalogue is a small one, sorted as Evaluate sorts.
var catalogue = []*Recipe{
	{Kind: Library, Name: "libyaml", Version: "0.2.5"},
	{Kind: Package, Name: "numpy", Version: "1.24.0", Tags: []string{"core", "science"}},
	{Kind: Package, Name: "numpy", Version: "1.26.4", Tags: []string{"core", "science"}},
	{Kind: Package, Name: "psutil", Version: "5.9.5", Tags: []string{"core"}},
	{Kind: Package, Name: "PyYAML", Version: "6.0.1", Tags: []string{"core"}},
	{Kind: Package, Name: "zope.interface", Version: "6.0"},
}

func TestSelect(t *testing.T) {
	const all = "libyaml-0.2.5 numpy-1.24.0 numpy-1.26.4 psutil-5.9.5 PyYAML-6.0.1 zope.interface-6.0"
	for selectors, want := range map[string]string{
		"":                                 all,
		" , ":                              all,
		"*":                                all,
		"numpy":                            "numpy-1.24.0 numpy-1.26.4",
		"pyyaml, Zope_Interface":           "PyYAML-6.0.1 zope.interface-6.0",
		"p*":                               "psutil-5.9.5 PyYAML-6.0.1",
		"[l-n]*":                           "libyaml-0.2.5 numpy-1.24.0 numpy-1.26.4",
		"numpy==1.24":                      "numpy-1.24.0",
		"numpy == 1.2*":                    "numpy-1.24.0 numpy-1.26.4",
		"libyaml==0.2.5":                   "libyaml-0.2.5",
		"tag:core":                         "numpy-1.24.0 numpy-1.26.4 psutil-5.9.5 PyYAML-6.0.1",
		"tag:sci*,psutil":                  "numpy-1.24.0 numpy-1.26.4 psutil-5.9.5",
		"!tag:core":                        "libyaml-0.2.5 zope.interface-6.0",
		"!numpy==1.26.4,tag:science,numpy": "numpy-1.24.0",
	} {
		got, err := Select(catalogue, []string{selectors})
		if err != nil {
			t.Errorf("%q: %v", selectors, err)
		}
		if list(got) != want {
			t.Errorf("%q selects %s\nwant %s", selectors, list(got), want)
		}
	}
	repeated, err := Select(catalogue, []string{"psutil", "libyaml,!numpy"})
	if err != nil || list(repeated) != "libyaml-0.2.5 psutil-5.9.5" {
		t.Errorf("repeated selectors select %s (%v)", list(repeated), err)
	}
}

func TestSelectRefuses(t *testing.T) {
	for selector, want := range map[string]string{
		"numpi":         `there is no recipe "numpi". Did you mean "numpy"? The list function shows all recipes`,
		"yaml":          `there is no recipe "yaml". Did you mean "pyyaml" or "libyaml"? The list function shows all recipes`,
		"x*":            `there is no recipe "x*". The list function shows all recipes`,
		"tag:cor":       `no recipe has the tag "cor". Did you mean "core"? The list function shows all tags`,
		"numpy==2.0":    `numpy has no version "2.0"; it has 1.24.0 and 1.26.4`,
		"p*==7":         `none of these recipes has a version "7": PyYAML and psutil`,
		"!numpi":        `there is no recipe "numpi". Did you mean "numpy"? The list function shows all recipes`,
		"[a-":           `"[a-" is not a pattern: a bracket is not closed`,
		"numpy,foo,bar": `there is no recipe "foo". The list function shows all recipes` + "\n" + `there is no recipe "bar". The list function shows all recipes`,
	} {
		got, err := Select(catalogue, []string{selector})
		if err == nil || err.Error() != want || got != nil {
			t.Errorf("%q selects %s, and the error is %v\nwant %s", selector, list(got), err, want)
		}
	}
}

func TestFind(t *testing.T) {
	for _, c := range []struct{ name, version, want, err string }{
		{"psutil", "", "psutil-5.9.5", ""},
		{"Numpy", "1.24", "numpy-1.24.0", ""},
		{"numpy", "", "", "numpy has several versions: 1.24.0 and 1.26.4. Say which one: --version"},
		{"numpy", "1.25", "", `numpy has no version "1.25"; it has 1.24.0 and 1.26.4`},
		{"nunpy", "", "", `there is no recipe "nunpy". Did you mean "numpy"? The list function shows all recipes`},
	} {
		got, err := Find(catalogue, c.name, c.version)
		switch {
		case c.err != "" && (err == nil || err.Error() != c.err):
			t.Errorf("%s %s: the error is %v\nwant %s", c.name, c.version, err, c.err)
		case c.err == "" && (err != nil || list([]*Recipe{got}) != c.want):
			t.Errorf("%s %s is %v (%v), want %s", c.name, c.version, got, err, c.want)
		}
	}
	two := []*Recipe{{Name: "demo", Version: "1", Disabled: "too old"}, {Name: "demo", Version: "2"}}
	if got, err := Find(two, "demo", ""); err != nil || got != two[1] {
		t.Errorf("the one that is built for the target: got %v, %v", got, err)
	}
}

func TestOrder(t *testing.T) {
	lib := &Recipe{Name: "lib", Version: "1"}
	base := &Recipe{Name: "base", Version: "1", Build: Build{Uses: []Use{{Recipe: lib}}}}
	top := &Recipe{Name: "top", Version: "1", Build: Build{Uses: []Use{{Recipe: base}, {Recipe: lib}}}}
	skipped := &Recipe{Name: "skipped", Version: "1", Disabled: "a reason", Build: Build{Uses: []Use{{Recipe: top}, {}}}}
	if got, want := list(Order([]*Recipe{skipped, top, base})), "skipped-1 lib-1 base-1 top-1"; got != want {
		t.Errorf("the order is %s, want %s", got, want)
	}
}

func list(recipes []*Recipe) string {
	var words []string
	for _, r := range recipes {
		words = append(words, r.Name+"-"+r.Version)
	}
	return strings.Join(words, " ")
}

func TestLibraryVersions(t *testing.T) {
	want := []string{"0.9", "1.0-alpha", "1.0-beta1", "1.0-beta2", "1.0-rc1", "1.0", "1.0a", "1.0.1", "1.1.1", "1.1.1a", "1.1.1w", "1.2", "1.10", "9e", "20240101"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortStableFunc(got, func(a, b string) int { return compareVersions(Library, a, b) })
	if !slices.Equal(got, want) {
		t.Errorf("versions sort as %v\nwant %v", got, want)
	}
	if compareVersions(Library, "1.0", "1_0") != 0 || compareVersions(Library, "1.07", "1.7") != 0 {
		t.Error("versions that differ in spelling only are not the same")
	}
}

func TestConstraint(t *testing.T) {
	for _, c := range []struct {
		constraint, version string
		want                bool
	}{
		{">= 8.4", "8.4", true}, {">= 8.4", "8.4.0", true}, {">= 8.4", "8.10", true}, {">= 8.4", "8.3.9", false}, {">=8.4", "12", true},
		{"> 8.4", "8.4.0", false}, {"> 8.4", "8.4.1", true}, {"<= 3.11", "3.11", true}, {"<= 3.11", "3.11.1", false}, {"< 3.11", "3.9", true},
		{"== 3.11", "3.11.0", true}, {"== 3.11", "3.1", false}, {"!= 3.11", "3.12", true}, {"!= 3.11", "3.11", false},
		{">= 3.9, < 3.12", "3.12", false}, {">= 3.9 ,<3.12", "3.11", true}, {">= 3.9, != 3.11", "3.11", false},
	} {
		parsed, err := parseConstraint(c.constraint)
		if err != nil {
			t.Errorf("%s: %v", c.constraint, err)
		} else if got := parsed.admits(c.version); got != c.want {
			t.Errorf("%s admits %s: %v, want %v", c.constraint, c.version, got, c.want)
		}
	}
}
