// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"strings"
	"testing"
)

func TestDecideTags(t *testing.T) {
	module, stable, plain, library := "a/b"+armSuffix, "a/b.abi3.so", "a/b.so", "a/libc.so.1"
	for _, test := range []struct {
		what, built      string
		modules, library []string
		want             string
	}{
		{"pure", "py3-none-any", nil, nil, "py3-none-any"},
		{"pure for 2 and 3", "py2.py3-none-any", nil, nil, "py2-none-any py3-none-any"},
		{"an extension", "cp311-cp311-linux_x86_64", []string{module}, nil, "cp311-cp311-linux_armv7l"},
		{"the stable ABI", "cp36-abi3-linux_x86_64", []string{stable}, nil, "cp36-abi3-linux_armv7l"},
		{"the stable ABI under a plain name", "cp38-abi3-linux_armv7l", []string{plain}, nil, "cp38-abi3-linux_armv7l"},
		{"called stable, but bound to one Python", "cp36-abi3-linux_armv7l", []string{module}, nil, "cp311-cp311-linux_armv7l"},
		{"one stable, one not", "cp36-abi3-linux_armv7l", []string{stable, module}, nil, "cp311-cp311-linux_armv7l"},
		{"stable modules, and the backend does not know", "cp311-cp311-linux_armv7l", []string{stable}, nil, "cp311-cp311-linux_armv7l"},
		{"called pure, with an extension", "py3-none-any", []string{module}, nil, "cp311-cp311-linux_armv7l"},
		{"called pure, with a stable extension", "py3-none-any", []string{stable}, nil, "cp311-cp311-linux_armv7l"},
		{"a library for ctypes", "py3-none-linux_x86_64", nil, []string{library}, "py3-none-linux_armv7l"},
		{"a library for ctypes, called pure", "py3-none-any", nil, []string{library}, "py3-none-linux_armv7l"},
		{"nothing native, not called pure", "cp311-cp311-linux_armv7l", nil, nil, "cp311-cp311-linux_armv7l"},
	} {
		built, err := parseTag(test.built)
		if err != nil {
			t.Fatal(err)
		}
		got := DecideTags(Content{Built: built, Modules: test.modules, Native: append(test.library, test.modules...)}, armTarget)
		if s := strings.ReplaceAll(tagList(got), ",", ""); s != test.want {
			t.Errorf("%s: %s becomes %s, want %s", test.what, test.built, s, test.want)
		}
	}
}

func TestContentOf(t *testing.T) {
	f := spam()
	f["spam.libs/libeggs.so"] = elfFile("libeggs.so")
	f["spam/data.so"] = "not ELF"
	c, err := ContentOf(f.fs())
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(c.Native, " "); got != "spam/_spam"+armSuffix+" spam.libs/libeggs.so" {
		t.Errorf("native: %s", got)
	}
	if got := strings.Join(c.Modules, " "); got != "spam/_spam"+armSuffix {
		t.Errorf("modules: %s", got)
	}
}

func TestInstalls(t *testing.T) {
	for tag, want := range map[string]bool{
		"cp311-cp311-linux_armv7l": true, "cp36-abi3-linux_armv7l": true, "py3-none-any": true, "py3-none-linux_armv7l": true, "py38-none-any": true,
		"cp311-none-any": true, "cp311-cp311-manylinux2014_armv7l": true, "cp311-cp311-manylinux_2_36_armv7l": true,
		"cp311-cp311-manylinux_2_37_armv7l": false, "cp311-cp311-musllinux_1_1_armv7l": false, "cp311-cp311-linux_x86_64": false,
		"cp310-cp310-linux_armv7l": false, "cp312-abi3-linux_armv7l": false, "py312-none-any": false, "py2-none-any": false, "pp311-none-any": false,
		"cp311-cp311t-linux_armv7l": false, "py3-abi3-any": false,
	} {
		tags, err := parseTag(tag)
		if err != nil {
			t.Fatal(err)
		}
		if got := armTarget.installs(tags[0]); got != want {
			t.Errorf("%s: %v", tag, got)
		}
	}
}
