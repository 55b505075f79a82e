// SPDX-License-Identifier: Apache-2.0

package index

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"crosswheel/internal/pep440"
	"crosswheel/internal/wheel"
)

// Target is a machine that gets a lock: the newest of everything that its Python installs. Its JSON form is that of packages.json.
type Target struct {
	Name     string `json:"name"`            // "bookworm-armhf": letters, digits, - and _
	Python   string `json:"python"`          // its minor version: "3.11"
	Platform string `json:"platform"`        // of its own wheels' tags: "linux_armv7l"
	Glibc    string `json:"glibc,omitempty"` // "2.36"; empty where it is not known
}

func (t Target) wheels() wheel.Target {
	return wheel.Target{Python: t.Python, Platform: t.Platform, Glibc: t.Glibc}
}

// targetName is what may stand between the dots of a lock's name (PEP 751 allows more).
var targetName = regexp.MustCompile(`\A[A-Za-z0-9_-]+\z`)

func checkTargets(targets []Target) error {
	for _, t := range targets {
		if !targetName.MatchString(t.Name) {
			return fmt.Errorf("%q is no name of a target: a lock is called after it", t.Name)
		}
	}
	return nil
}

// allTargets are those that an index has locks for already, and those that it is to get.
func allTargets(in Input) []Target {
	byName := map[string]Target{}
	if in.Published != nil {
		for _, t := range in.Published.targets {
			byName[t.Name] = t
		}
	}
	for _, t := range in.Targets {
		byName[t.Name] = t
	}
	return slices.SortedFunc(maps.Values(byName), func(a, b Target) int { return strings.Compare(a.Name, b.Name) })
}

func (t Target) file() string { return "pylock." + t.Name + ".toml" }

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
	best := same[t.wheels().Preferred(fitting)]
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
	if err != nil || !t.wheels().Installs(name) {
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
