// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// contents reads all of an archive, or says why not.
func (a archive) contents() (map[string]string, error) {
	w := &Wheel{Filename: "x", folders: map[string]bool{}}
	if err := w.readMembers(bytes.NewReader(a), int64(len(a))); err != nil {
		return nil, err
	}
	sums := map[string]string{}
	for _, m := range w.Members {
		content, err := m.read(nil)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(content)
		sums[m.Name] = hex.EncodeToString(sum[:])
	}
	return sums, nil
}

func TestArchives(t *testing.T) {
	for what, make := range goodArchives {
		if _, err := make(smallArchive(t)).contents(); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	for what, spoil := range badArchives {
		if _, err := spoil(smallArchive(t)).contents(); err == nil {
			t.Errorf("%s: it is accepted", what)
		} else if testing.Verbose() {
			t.Logf("%s: %v", what, err)
		}
	}
}

// python reads each file of a folder with Python's zipfile, as pip does.
const python = `
import hashlib, json, pathlib, sys, zipfile
def read(path):
    try:
        with zipfile.ZipFile(path) as z:
            names = [n for n in z.namelist() if not n.endswith("/")]
            return {n: hashlib.sha256(z.read(n)).hexdigest() for n in names} if len(set(names)) == len(names) else "twice"
    except Exception as e:
        return repr(e)
json.dump({p.name: read(p) for p in pathlib.Path(sys.argv[1]).iterdir()}, sys.stdout)
`

// TestArchivesReadAsPythonReads changes archives at random. Whatever is accepted, Python's zipfile and Go's archive/zip read the same.
func TestArchivesReadAsPythonReads(t *testing.T) {
	interpreter, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("there is no python3 to compare with")
	}
	random := rand.New(rand.NewSource(1))
	var seeds []archive
	for _, make := range goodArchives {
		seeds = append(seeds, make(smallArchive(t)))
	}
	seeds = append(seeds, deflatedMember(strings.Repeat(bc, 9), "", 0))
	slices.SortFunc(seeds, func(a, b archive) int { return bytes.Compare(a, b) })
	dir, ours := t.TempDir(), map[string]map[string]string{}
	for i := range 60_000 {
		a := slices.Clone(seeds[i%len(seeds)])
		if i >= len(seeds) {
			for range 1 + random.Intn(3) {
				a = mutated(a, random)
			}
		}
		contents, err := a.contents()
		if err != nil {
			continue
		}
		name := fmt.Sprint(i)
		ours[name] = contents
		if err := os.WriteFile(filepath.Join(dir, name), a, 0o644); err != nil {
			t.Fatal(err)
		}
		sameAsGo(t, a, contents)
	}
	command := exec.Command(interpreter, "-c", python, dir)
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	var theirs map[string]any
	if err := json.Unmarshal(out, &theirs); err != nil {
		t.Fatal(err)
	}
	for name, contents := range ours {
		if want, got := fmt.Sprint(contents), fmt.Sprint(theirs[name]); got != want {
			t.Errorf("archive %s: we read %s, Python %s", name, want, got)
		}
	}
	t.Logf("compared %d archives", len(ours))
}

// mutated changes one place.
func mutated(a archive, random *rand.Rand) archive {
	at := random.Intn(len(a))
	switch random.Intn(6) {
	case 0:
		a[at] ^= 1 << random.Intn(8)
	case 1:
		a[at] = byte(random.Intn(256))
	case 2:
		return a.insert(at, string([]byte{byte(random.Intn(256))}))
	case 3:
		return slices.Delete(a, at, at+1)
	case 4:
		return a.insert(at, string(a[random.Intn(at+1):at]))
	case 5:
		copy(a[at:], []string{sigLocal, sigCentral, sigEnd, sigEnd64, sigLocator64, sigDescriptor, "\xff\xff\xff\xff", "\x00\x00\x00\x00"}[random.Intn(8)])
	}
	return a
}

// sameAsGo compares with what archive/zip reads.
func sameAsGo(t *testing.T, a archive, want map[string]string) {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(a), int64(len(a)))
	if err != nil {
		t.Errorf("archive/zip: %v", err)
		return
	}
	got := map[string]string{}
	for _, f := range r.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		content, err := f.Open()
		if err != nil {
			t.Errorf("archive/zip: %v", err)
			return
		}
		h := sha256.New()
		if _, err := io.Copy(h, content); err != nil {
			t.Errorf("archive/zip: %s: %v", f.Name, err)
		}
		got[f.Name] = hex.EncodeToString(h.Sum(nil))
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("we read %v, archive/zip %v", want, got)
	}
}
