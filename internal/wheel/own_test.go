// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// examine packs the files as a wheel of that tag, and examines it as anybody's.
func examine(t *testing.T, f files, tag string, facts *Facts) Report {
	t.Helper()
	f[distInfo+"/WHEEL"] = strings.Replace(f[distInfo+"/WHEEL"], "cp311-cp311-linux_armv7l", tag, 1)
	name, content := f.pack(t, PackOptions{})
	path := filepath.Join(t.TempDir(), name.String())
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	report, err := Examine(path, facts, AuditOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// TestExamineByItsOwnTag: of anybody's wheel no more is known than what its tag promises.
func TestExamineByItsOwnTag(t *testing.T) {
	for _, c := range []struct{ what, module, tag, want string }{
		{"good", "good.so", "cp311-cp311-manylinux_2_17_armv7l", ""},
		{"good for itself", "good.so", "cp311-cp311-linux_armv7l", ""},
		{"a library of another distribution", "yaml.so", "cp311-cp311-manylinux2014_armv7l",
			"ELF-NEEDED " + module + ": libyaml-0.so.2, which is not in the wheel, and not promised by manylinux2014_armv7l; a library recipe (libyaml) would give it; Debian has it in the package libyaml-0-2"},
		{"any library, where nothing is promised", "yaml.so", "cp311-cp311-linux_armv7l", ""},
		{"a newer glibc", "newglibc.so", "cp311-cp311-manylinux_2_36_armv7l", "ELF-GLIBC " + module + ": its tag manylinux_2_36_armv7l promises that 2.36 is enough: __isoc23_strtol"},
		{"the glibc that it says", "newglibc.so", "cp311-cp311-manylinux_2_38_armv7l", ""},
		{"a newer libstdc++", "newcxx.so", "cp311-cp311-manylinux_2_34_armv7l", "ELF-VERSION " + module + ": GLIBCXX_3.4.30 of libstdc++.so.6, which not every machine's that manylinux_2_34_armv7l is for"},
		{"the libstdc++ that it says", "newcxx.so", "cp311-cp311-manylinux_2_35_armv7l", ""},
		{"a symbol of nobody", "unresolved.so", "cp311-cp311-manylinux_2_17_armv7l", "ELF-SYMBOL " + module + ": __ldexpf"},
		{"glibc's, on musl", "good.so", "cp311-cp311-musllinux_1_2_armv7l", "ELF-NEEDED " + module + ": libm.so.6"},
		{"another machine's", "x86_64.so", "cp311-cp311-manylinux_2_17_armv7l", "ELF-MACHINE " + module + ": it is X86_64"},
		{"another Python's", "good.so", "cp312-cp312-manylinux_2_17_armv7l", "EXTENSION-SUFFIX " + module + ": not what the Pythons of the tag cp312"},
		{"for every machine", "good.so", "py3-none-any", "TAG-CONTENT " + module + ": native code"},
		{"for every Python", "good.so", "py3-none-manylinux_2_17_armv7l", "TAG-CONTENT : of one Python"},
		{"the stable ABI of one Python", "good.so", "cp311-abi3-manylinux_2_17_armv7l", "TAG-CONTENT : stable ABI"},
	} {
		f := spam()
		f[module] = elfFile(c.module)
		found := examine(t, f, c.tag, nil).Findings
		other := func(f Finding) bool { return f.Code != strings.Fields(c.want + " -")[0] }
		if slices.ContainsFunc(found, other) || c.want != "" && !matches(found, c.want) {
			t.Errorf("%s: want %q; found\n%s", c.what, c.want, listed(found))
		}
	}
}

// TestOwnTargets: a wheel of several tags is held against the oldest C library that it names, of each kind.
func TestOwnTargets(t *testing.T) {
	for platforms, want := range map[string]string{
		"manylinux2014_x86_64.manylinux_2_17_x86_64.manylinux_2_28_x86_64": "2.17",
		"manylinux_2_28_i686.manylinux1_i686":                              "2.5",
		"manylinux_2_17_armv7l.musllinux_1_1_armv7l":                       "2.17 musl 1.1",
		"linux_armv6l.linux_armv7l":                                        "- -",
		"any":                                                              "-",
		"macosx_11_0_arm64":                                                "error",
		"manylinux_2_17_s390x":                                             "error",
	} {
		name, err := ParseFilename("spam-1.0-cp311-cp311-" + platforms + ".whl")
		if err != nil {
			t.Fatal(err)
		}
		targets, err := OwnTargets(name)
		var got []string
		for _, target := range targets {
			switch {
			case target.Musl != "":
				got = append(got, "musl", target.Musl)
			case target.Glibc == "":
				got = append(got, "-")
			default:
				got = append(got, target.Glibc)
			}
		}
		if err != nil {
			got = []string{"error"}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", platforms, got, want)
		}
	}
}

// sdkFacts are the facts of a small SDK.
const sdkFacts = `{"machine": "armv7l", "glibc": "2.36", "python": "3.11.2", "ext_suffix": ".cpython-311-arm-linux-gnueabihf.so", "triple": "arm-linux-gnueabihf",
	"libraries": [{"soname": "libc.so.6", "versions": ["GLIBC_2.4", "GLIBC_2.36"]}, {"soname": "libm.so.6", "versions": ["GLIBC_2.4"]},
	{"soname": "libstdc++.so.6", "versions": ["GLIBCXX_3.4"]}]}`

func TestExamineByFacts(t *testing.T) {
	facts, err := ParseFacts([]byte(sdkFacts))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ module, want string }{
		{"good.so", ""},
		{"yaml.so", "ELF-NEEDED " + module + ": libyaml-0.so.2, which is neither on the target nor in the wheel"},
		{"newcxx.so", "ELF-VERSION " + module + ": GLIBCXX_3.4.30"},
		{"newglibc.so", "ELF-GLIBC " + module + ": the target has 2.36"},
		{"unresolved.so", "ELF-SYMBOL " + module + ": __ldexpf"},
	} {
		f := spam()
		f[module] = elfFile(c.module)
		report := examine(t, f, "cp311-cp311-linux_armv7l", &facts)
		if found := report.Findings; c.want == "" && len(found) > 0 || c.want != "" && !matches(found, c.want) {
			t.Errorf("%s: want %q; found\n%s", c.module, c.want, listed(found))
		}
		if needs := fmt.Sprint(report.Needs); c.module == "good.so" && needs != "{2.4   [libc.so.6 libm.so.6] [spam._spam]}" {
			t.Errorf("it needs %s", needs)
		}
	}
	var broken map[string]any
	if err := json.Unmarshal([]byte(sdkFacts), &broken); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"machine", "glibc", "python", "ext_suffix"} {
		without := map[string]any{}
		for k, v := range broken {
			if k != key {
				without[k] = v
			}
		}
		text, err := json.Marshal(without)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ParseFacts(text); err == nil {
			t.Errorf("facts without %s are accepted", key)
		}
	}
}
