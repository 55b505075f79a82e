// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"hash"
	"path"
	"strings"

	"crosswheel/internal/pep440"
)

// checkNames compares the three places that say which project and version this is.
func (a *audit) checkNames() {
	w := a.wheel
	if canonical := w.Name.Canonical(); canonical.Distribution != w.Name.Distribution || canonical.Version != w.Name.Version {
		f := newFinding("NAME", "", "the file name is spelled %s; its normal form is %s", w.Filename, canonical)
		f.Severity = Warning // older wheels are spelled so, and installers take them
		a.findings = append(a.findings, f)
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

// digest is the checksum of a file while it is read, by the algorithm of its row in RECORD.
type digest struct {
	hash.Hash // nil where there is nothing to compare
	row       RecordEntry
	size      int64
}

// newDigest reports a row without a good hash; that there is none is checkRecord's to say.
func (a *audit) newDigest(name string) *digest {
	d := &digest{row: a.rows[name]}
	if d.row.Path == "" || name == path.Join(a.wheel.DistInfo, "RECORD") {
		return d
	}
	algorithm, _, _ := strings.Cut(d.row.Hash, "=")
	if newHash := recordHashes[algorithm]; newHash != nil {
		d.Hash = newHash()
	} else {
		a.report("RECORD", name, "its row has the hash %q, which is not sha256 or better", d.row.Hash)
	}
	return d
}

// Write implements io.Writer.
func (d *digest) Write(p []byte) (int, error) {
	d.size += int64(len(p))
	if d.Hash == nil {
		return len(p), nil
	}
	return d.Hash.Write(p)
}

// checkDigest compares a file that was read with its row of RECORD.
func (a *audit) checkDigest(name string, d *digest) {
	if d.Hash == nil {
		return
	}
	algorithm, want, _ := strings.Cut(d.row.Hash, "=")
	if got := base64.RawURLEncoding.EncodeToString(d.Sum(nil)); got != want {
		a.report("RECORD", name, "its hash is %s=%s, and RECORD says %s", algorithm, got, d.row.Hash)
	} else if d.row.Size != d.size && d.row.Size >= 0 {
		a.report("RECORD", name, "its size is %d, and RECORD says %d", d.size, d.row.Size)
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
