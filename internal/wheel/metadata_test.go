// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

func TestParseMetadata(t *testing.T) {
	raw := []byte("Metadata-Version: 2.4\r\nname: Spam-Eggs\r\nVersion: 1.0\nSummary: \tlovely spam: wonderful\n" +
		"License: MIT\n        Permission is\n        granted\nRequires-Dist: a>=1\nRequires-Dist: b; extra == 'x'\nProvides-Extra: x\n" +
		"License-File: LICENSE\nX-Else: 1\nX-Else: 2\n\nName: this is the description\n")
	m, err := ParseMetadata(raw)
	if err != nil {
		t.Fatal(err)
	}
	if m.Name != "Spam-Eggs" || m.Summary != "lovely spam: wonderful" || m.License != "MIT\nPermission is\ngranted" ||
		!slices.Equal(m.RequiresDist, []string{"a>=1", "b; extra == 'x'"}) || !slices.Equal(m.LicenseFiles, []string{"LICENSE"}) {
		t.Errorf("%+v", m)
	}
	if !bytes.Equal(m.Raw, raw) {
		t.Error("Raw is not the file byte for byte")
	}
}

func TestParseMetadataRefuses(t *testing.T) {
	const good = "Metadata-Version: 2.1\nName: spam\nVersion: 1.0\n"
	for _, test := range []struct{ metadata, want string }{
		{"Name: spam\nVersion: 1.0\n", "Metadata-Version is missing"},
		{"Metadata-Version: 2.1\nVersion: 1.0\n", `Name: ""`},
		{"Metadata-Version: 2.1\nName: ../spam\nVersion: 1.0\n", "../spam"},
		{"Metadata-Version: 2.1\nName: spam\nVersion: one\n", `Version: "one"`},
		{good + "Version: 2.0\n", "Version stands there twice"},
		{good + "Requires-Python: >=3.8\n  <4\n", "more than one line"},
		{good + "Requires-Dist\n", "line 4"},
		{" " + good, "line 1"},
		{good + "Summary: \xff\n", "UTF-8"},
	} {
		if _, err := ParseMetadata([]byte(test.metadata)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: %v; want %q", test.metadata, err, test.want)
		}
	}
}

// FuzzParseRecord: rows survive being written and read again.
func FuzzParseRecord(f *testing.F) {
	f.Add([]byte("a,sha256=abc,1\n\"b,c\",sha256=,0\r\nd/RECORD,,\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		rows, err := ParseRecord(raw)
		if err != nil {
			return
		}
		again, err := ParseRecord(formatRecord(rows))
		if err != nil || !slices.Equal(again, rows) {
			t.Errorf("%q became %q: %v", rows, again, err)
		}
	})
}
