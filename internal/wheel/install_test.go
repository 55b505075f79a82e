// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestInstall(t *testing.T) {
	f := spam()
	f["spam-1.0.data/purelib/eggs.py"] = "eggs\n"
	f["spam-1.0.data/scripts/spam"] = "#!python\n"
	name, content := f.pack(t, PackOptions{})
	install := func(content []byte) (string, error) {
		w, err := Open(name.String(), bytes.NewReader(content), int64(len(content)))
		if err != nil {
			t.Fatal(err)
		}
		to := t.TempDir()
		return to, w.Install(to)
	}
	to, err := install(content)
	if err != nil {
		t.Fatal(err)
	}
	for file, there := range map[string]bool{"spam/__init__.py": true, distInfo + "/METADATA": true, "eggs.py": true, "spam": true, "spam-1.0.data": false} {
		if _, err := os.Stat(filepath.Join(to, file)); (err == nil) != there {
			t.Errorf("%s: %v, there: %t", file, err, there)
		}
	}
}

// A wheel whose files are not those of RECORD is not installed.
func TestInstallChecksRecord(t *testing.T) {
	for name, c := range map[string]struct{ old, new, want string }{
		"another hash": {"spam/__init__.py,sha256=", "spam/__init__.py,sha256=x", "spam/__init__.py: its hash is sha256="},
		"not listed":   {"spam/__init__.py,", "spam/__other__.py,", "RECORD does not list it"},
		"one too many": {"spam/__init__.py,", "spam/gone.py,sha256=x,1\nspam/__init__.py,", "RECORD lists spam/gone.py, which is not there"},
	} {
		f := spam()
		packed, content := f.pack(t, PackOptions{})
		w, err := Open(packed.String(), bytes.NewReader(content), int64(len(content)))
		if err != nil {
			t.Fatal(err)
		}
		record, err := w.ReadFile(distInfo + "/RECORD")
		if err != nil {
			t.Fatal(err)
		}
		changed := strings.Replace(string(record), c.old, c.new, 1)
		if w.Record, err = ParseRecord([]byte(changed)); err != nil {
			t.Fatal(err)
		}
		if err := w.Install(t.TempDir()); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}
