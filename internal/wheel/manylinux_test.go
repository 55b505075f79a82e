// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"strings"
	"testing"
)

func TestManylinux(t *testing.T) {
	good := elfFile("good.so")
	attributes := strings.Index(good, "aeabi\x00")
	attribute := func(tag, value, newTag, newValue byte) string {
		at := strings.Index(good[attributes:], string([]byte{tag, value}))
		if attributes < 0 || at < 0 {
			t.Fatalf("good.so has no attribute %d of %d", tag, value)
		}
		return patched(patched(good, attributes+at, newTag), attributes+at+1, newValue)
	}
	for name, test := range map[string]struct{ module, glibc, want, why string }{
		"as old as can be":           {good, "2.36", "manylinux_2_17_armv7l", ""},
		"a newer C++ library":        {elfFile("newcxx.so"), "2.36", "manylinux_2_35_armv7l", ""},
		"a newer one than promised":  {elfFile("newcxx.so"), "2.34", "", "ELF-VERSION"},
		"a newer C library":          {elfFile("newglibc.so"), "2.40", "manylinux_2_38_armv7l", ""},
		"a library of the target's":  {elfFile("yaml.so"), "2.36", "", "libyaml-0.so.2"},
		"what glibc keeps to itself": {elfFile("private.so"), "2.36", "", "ELF-PRIVATE"},
		"ARMv8":                      {attribute(tagCPUArch, cpuARMv7, tagCPUArch, 14), "2.36", "", "newer than ARMv7"},
		"VFPv4":                      {attribute(tagFPArch, 4, tagFPArch, 5), "2.36", "", "another floating-point unit"},
		"NEON":                       {attribute(tagFPArch, 4, tagSIMDArch, 1), "2.36", "", "NEON"},
		"nobody knows for what":      {strings.Replace(good, "aeabi\x00", "other\x00", 1), "2.36", "", ".ARM.attributes"},
		"no native code":             {"", "2.36", "", ""},
	} {
		f := spam()
		f["spam/_spam"+armSuffix] = test.module
		if test.module == "" {
			delete(f, "spam/_spam"+armSuffix)
		}
		_, content := f.pack(t, PackOptions{})
		target := armTarget
		target.Glibc = test.glibc
		got, why, err := open(t, spamName, content).Manylinux(target)
		if err != nil || got != test.want || (why == "") != (test.why == "") || !strings.Contains(why, test.why) {
			t.Errorf("%s: %q because %q, %v; want %q because of %q", name, got, why, err, test.want, test.why)
		}
	}
}
