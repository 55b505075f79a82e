// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"hash"
	"path"
	"slices"
	"strings"

	"crosswheel/internal/pep440"
)

// checkNames compares the three places that say which project and version this is.
func (a *audit) checkNames() {
	w := a.wheel
	if canonical := w.Name.Canonical(); canonical.Distribution != w.Name.Distribution || canonical.Version != w.Name.Version {
		a.report("NAME", "", "the file name is spelled %s; its normal form is %s", w.Filename, canonical)
	}
	folder := strings.TrimSuffix(w.DistInfo, ".dist-info")
	distribution, version, _ := strings.Cut(folder, "-")
	if NormalizeProject(distribution) != w.Name.Project() || !sameVersion(version, w.Name.Version) {
		a.report("MISMATCH", w.DistInfo, "the file name says %s %s", w.Name.Project(), w.Name.Version)
	}
	metadata := path.Join(w.DistInfo, "METADATA")
	if NormalizeProject(w.Metadata.Name) != w.Name.Project() {
		a.report("MISMATCH", metadata, "it is named %s there, and %s in the file name", w.Metadata.Name, w.Name.Project())
	}
	if !sameVersion(w.Metadata.Version, w.Name.Version) {
		a.report("MISMATCH", metadata, "it is version %s there, and %s in the file name", w.Metadata.Version, w.Name.Version)
	}
	if w.Info.Build != w.Name.Build {
		a.report("MISMATCH", path.Join(w.DistInfo, "WHEEL"), "its build is %q there, and %q in the file name", w.Info.Build, w.Name.Build)
	}
}

func sameVersion(a, b string) bool {
	x, err := pep440.Parse(a)
	if err != nil {
		return false
	}
	y, err := pep440.Parse(b)
	return err == nil && x.Compare(y) == 0
}

// recordHashes are the algorithms that RECORD may use: sha256 or better.
var recordHashes = map[string]func() hash.Hash{"sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New}

// checkDigest compares one file with its row of RECORD.
func (a *audit) checkDigest(name string, content []byte) {
	row, listed := a.rows[name]
	if !listed || name == path.Join(a.wheel.DistInfo, "RECORD") {
		return // checkRecord speaks of these
	}
	algorithm, want, _ := strings.Cut(row.Hash, "=")
	newHash := recordHashes[algorithm]
	if newHash == nil {
		a.report("RECORD", name, "its row has the hash %q, which is not sha256 or better", row.Hash)
		return
	}
	h := newHash()
	h.Write(content)
	if got := base64.RawURLEncoding.EncodeToString(h.Sum(nil)); got != want {
		a.report("RECORD", name, "its hash is %s=%s, and RECORD says %s", algorithm, got, row.Hash)
	} else if row.Size != int64(len(content)) && row.Size >= 0 {
		a.report("RECORD", name, "its size is %d, and RECORD says %d", len(content), row.Size)
	}
}

// checkRecord compares the list of files.
func (a *audit) checkRecord() {
	record := path.Join(a.wheel.DistInfo, "RECORD")
	members := map[string]bool{}
	for _, m := range a.wheel.Members {
		members[m.Name] = true
		if _, listed := a.rows[m.Name]; listed != recorded(m.Name) {
			if listed {
				a.report("RECORD", m.Name, "it is listed, and must not be")
			} else {
				a.report("RECORD", m.Name, "it is not listed")
			}
		}
	}
	seen := map[string]bool{}
	for _, row := range a.wheel.Record {
		switch {
		case seen[row.Path]:
			a.report("RECORD", record, "%s is listed twice", row.Path)
		case !members[row.Path]:
			a.report("RECORD", record, "%s is listed, and is not in the wheel", row.Path)
		case row.Path == record && row.Hash != "":
			a.report("RECORD", record, "its own row has a hash, which can not be right")
		}
		seen[row.Path] = true
	}
}

// checkTags compares what the tags promise with what is there.
func (a *audit) checkTags() {
	tags, info := a.wheel.Name.Tags(), path.Join(a.wheel.DistInfo, "WHEEL")
	if !slices.Equal(tags, a.wheel.Info.Tags) {
		a.report("TAG-FILE", info, "it has the tags %s, and the file name %s", tagList(a.wheel.Info.Tags), tagList(tags))
	}
	if len(a.content.Native) > 0 && a.wheel.Info.RootIsPurelib {
		a.report("TAG-CONTENT", info, "Root-Is-Purelib is true, and %s is not", a.content.Native[0])
	}
	if !slices.ContainsFunc(tags, a.target.installs) {
		a.report("TAG-TARGET", "", "the target (Python %s, %s, glibc %s) takes none of its tags: %s",
			a.target.Python, a.target.Platform, a.target.Glibc, tagList(tags))
		return // what the content asks for is another Python's or machine's then
	}
	content := a.content
	content.Built = tags
	right := DecideTags(content, a.target)
	if slices.ContainsFunc(tags, func(t Tag) bool { return t.Platform == "any" && len(content.Native) > 0 }) {
		a.report("TAG-CONTENT", content.Native[0], "it is native code, and the tag %s says that the wheel is for every platform", tagList(tags))
	} else if !slices.Equal(interpreters(tags), interpreters(right)) {
		a.report("TAG-CONTENT", "", "its tag is %s; by its content it should be %s", tagList(tags), tagList(right))
	}
	a.checkPromise(tags)
}

// checkPromise compares the glibc that a manylinux tag promises to be enough with what the files need.
func (a *audit) checkPromise(tags []Tag) {
	for _, tag := range tags {
		_, promised, _ := parsePlatform(tag.Platform)
		for _, name := range a.paths {
			if floor := a.objects[name].Object.glibcFloor(); promised != "" && compareDotted(floor, promised) > 0 {
				a.report("TAG-CONTENT", name, "it needs glibc %s, and the tag %s promises that %s is enough", floor, tag.Platform, promised)
			}
		}
	}
}

// interpreters are the tags without their platforms.
func interpreters(tags []Tag) []Tag {
	var out []Tag
	for _, t := range tags {
		out = append(out, Tag{Python: t.Python, ABI: t.ABI})
	}
	return sortTags(out)
}

func tagList(tags []Tag) string {
	var names []string
	for _, t := range tags {
		names = append(names, t.String())
	}
	return shortList(names)
}

// checkExtensions looks for the extension modules that must be there, and whether the target's import system finds those that are.
func (a *audit) checkExtensions() {
	for _, pattern := range a.options.Extensions {
		found := false
		for _, name := range a.content.Native {
			ok, err := Match(pattern, name)
			if err != nil {
				a.report("EXTENSION-MISSING", "", "%v", err)
				break
			}
			found = found || ok
		}
		if !found {
			a.report("EXTENSION-MISSING", "", "no extension module matches %s; there are %s", pattern, orNone(a.content.Modules))
		}
	}
	for _, name := range a.content.Modules {
		switch suffix := moduleSuffix(name); suffix {
		case a.target.ExtSuffix, ".abi3.so", ".so":
		default:
			a.report("EXTENSION-SUFFIX", name, "its suffix is %s; the target's Python looks for %s", suffix, a.target.ExtSuffix)
		}
	}
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return shortList(names)
}
