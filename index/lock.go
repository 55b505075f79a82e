// SPDX-License-Identifier: Apache-2.0

package index

import (
	"bytes"
	"fmt"
	"strings"

	"crosswheel/internal/pep440"
	"crosswheel/internal/wheel"
)

// Target is a machine that gets a lock: the newest of everything that its Python installs.
type Target struct {
	Name string // "bookworm-armhf"
	wheel.Target
}

// lock is a PEP 751 lock of the newest version of each project: pylock.NAME.toml. Paths in it are relative, as all addresses of the index; what
// the versions require of each other is not resolved.
func (t Target) lock(names []string, entries map[string][]string, at int) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "lock-version = \"1.0\"\ncreated-by = \"crosswheel\"\nrequires-python = %q\n", "=="+t.Python+".*")
	empty := true
	for _, name := range names {
		if text := entries[name]; len(text) > at && text[at] != "" {
			b.WriteString(text[at])
			empty = false
		}
	}
	if empty {
		b.WriteString("packages = []\n") // PEP 751 wants the key
	}
	return b.Bytes()
}

// lockEntry is a project in the lock: empty where the target installs none of its wheels.
func (t Target) lockEntry(name string, files []*entry, status *Status) string {
	var takes []*entry
	var versions []pep440.Version
	for _, f := range files {
		if v, err := pep440.Parse(f.version); err == nil && !f.Yanked && !status.hides() && t.Takes(f.File) {
			takes, versions = append(takes, f), append(versions, v)
		}
	}
	newest := pep440.Newest(versions)
	if newest < 0 {
		return ""
	}
	var same []*entry
	var fitting []wheel.Name
	for i, f := range takes {
		if name, err := wheel.ParseFilename(f.Filename); err == nil && versions[i].Compare(versions[newest]) == 0 {
			same, fitting = append(same, f), append(fitting, name)
		}
	}
	best := same[t.Preferred(fitting)]
	var b strings.Builder
	fmt.Fprintf(&b, "\n[[packages]]\nname = %q\nversion = %q\n", name, best.version)
	if best.RequiresPython != "" {
		fmt.Fprintf(&b, "requires-python = %q\n", best.RequiresPython)
	}
	place := fmt.Sprintf("path = %q", "simple/"+name+"/"+best.Filename)
	if best.URL != "" {
		place = fmt.Sprintf("url = %q", best.URL)
	}
	at := ""
	if best.uploadTime() != "" {
		at = "upload-time = " + best.uploadTime() + ", "
	}
	fmt.Fprintf(&b, "wheels = [\n  { name = %q, %s%s, size = %d, hashes = { sha256 = %q } },\n]\n", best.Filename, at, place, best.Size, best.SHA256)
	return b.String()
}

// Takes says whether the target's installer takes a wheel.
func (t Target) Takes(f File) bool {
	name, err := wheel.ParseFilename(f.Filename)
	if err != nil || !t.Installs(name) {
		return false
	}
	wanted, err := pep440.ParseSpecifiers(f.RequiresPython)
	return err == nil && admitsMinor(wanted, t.Python)
}

// admitsMinor says whether a Python of a minor version ("3.11") may install what asks for this. Of its patch releases one will do: an index
// does not know which of them a robot has.
func admitsMinor(wanted pep440.Specifiers, python string) bool {
	for _, micro := range []string{".0", ".99"} {
		if v, err := pep440.Parse(python + micro); err == nil && wanted.Admit(v) {
			return true
		}
	}
	return false
}
