// SPDX-License-Identifier: Apache-2.0

package lock

import (
	"flag"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden file")

const golden = "testdata/pylock.0_29-cp311.toml"

func example() Lock {
	return New("3.11", Origin{
		Requires:     []string{`setuptools<60; python_version < "3.12"`, "Cython==0.29.36"},
		ExcludeNewer: time.Date(2022, 12, 18, 23, 48, 0, 0, time.UTC),
	}, []Package{
		{"wheel", "0.37.0", []Wheel{{"wheel-0.37.0-py2.py3-none-any.whl", "wheel-0.37.0-py2.py3-none-any.whl", Hashes{strings.Repeat("0a", 32)}}}},
		{"cython", "0.29.36", []Wheel{{"Cython-0.29.36-cp311-cp311-manylinux_2_28_x86_64.whl", "Cython-0.29.36-cp311-cp311-manylinux_2_28_x86_64.whl", Hashes{strings.Repeat("1b", 32)}}}},
	})
}

func TestMarshal(t *testing.T) {
	got, err := example().Marshal()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil || string(got) != string(want) {
		t.Errorf("got\n%s\nwant\n%s%v", got, want, err)
	}
	parsed, err := Parse(got)
	if err != nil || !reflect.DeepEqual(parsed, example()) {
		t.Errorf("it comes back as\n%+v, %v", parsed, err)
	}
	if got, want := parsed.Requirements(), "cython==0.29.36 --hash=sha256:"+strings.Repeat("1b", 32)+"\nwheel==0.37.0 --hash=sha256:"+strings.Repeat("0a", 32)+"\n"; got != want {
		t.Errorf("requirements\n%swant\n%s", got, want)
	}
}

// Nothing to install is a lock too: of a source whose own backend needs nothing.
func TestEmptyLock(t *testing.T) {
	text, err := New("3.11", Origin{}, nil).Marshal()
	if err != nil || !strings.Contains(string(text), "\npackages = []\n") {
		t.Fatalf("got\n%s%v", text, err)
	}
	if l, err := Parse(text); err != nil || l.Requirements() != "" || !l.Tool.Crosswheel.ExcludeNewer.IsZero() {
		t.Errorf("it comes back as %+v, %v", l, err)
	}
}

func TestParseRefuses(t *testing.T) {
	good, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	const first = `{ name = "Cython-0.29.36-cp311-cp311-manylinux_2_28_x86_64.whl"`
	for name, c := range map[string]struct{ old, new, want string }{
		"syntax":                 {"[[packages]]", "[[packages]", "toml: "},
		"a later format":         {`lock-version = "1.0"`, `lock-version = "2.0"`, `lock-version is "2.0"`},
		"no format":              {`lock-version = "1.0"`, ``, `lock-version is ""`},
		"no hash":                {strings.Repeat("1b", 32), "", `package "cython": sha256 is ""`},
		"hash that is a path":    {strings.Repeat("1b", 32), strings.Repeat("../", 21) + "x", `package "cython": sha256 is "../`},
		"hash in capitals":       {strings.Repeat("1b", 32), strings.Repeat("1B", 32), `package "cython": sha256`},
		"sdist":                  {first, `{ name = "Cython-0.29.36.tar.gz"`, `"Cython-0.29.36.tar.gz" is not the name of a wheel`},
		"wheel in a folder":      {first, `{ name = "../Cython-0.29.36-py3-none-any.whl"`, "is not the name of a wheel"},
		"two wheels":             {"  " + first, first + `, hashes = { sha256 = "" } },` + first, "one wheel of each package, not 2"},
		"options of pip":         {`name = "cython"`, `name = "cython --index-url=x"`, "is no name"},
		"line of a requirements": {`version = "0.29.36"`, `version = "1\nevil"`, "no version"},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(string(good), c.old, c.new, 1)
			if text == string(good) {
				t.Fatalf("%q is not in the golden file", c.old)
			}
			if _, err := Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// What Marshal could only write wrongly it refuses.
func TestMarshalRefuses(t *testing.T) {
	l := example()
	l.Packages[0].Wheels = nil
	if _, err := l.Marshal(); err == nil {
		t.Error("a package without a wheel: no error")
	}
}

func TestFileName(t *testing.T) {
	valid := regexp.MustCompile(`^pylock\.([^.]+)\.toml$`) // PEP 751, "File name"
	seen := map[string]bool{}
	for _, c := range [][2]string{{"1.24.0", "3.11"}, {"1.24.0", "3.1"}, {"1.24", "3.11"}, {"2023.3.post1", "3.10"}, {"1.0rc1+local.2", "3.11"}} {
		name := FileName(c[0], c[1])
		if !valid.MatchString(name) || seen[name] {
			t.Errorf("%v: %q", c, name)
		}
		seen[name] = true
	}
	if got := FileName("1.24.0", "3.11"); got != "pylock.1_24_0-cp311.toml" {
		t.Errorf("got %q", got)
	}
}

func FuzzParse(f *testing.F) {
	text, err := example().Marshal()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Fuzz(func(t *testing.T, text []byte) {
		l, err := Parse(text)
		if err != nil {
			return
		}
		if got, want := strings.Count(l.Requirements(), "\n"), len(l.Packages); got != want {
			t.Errorf("%d packages make %d requirements", want, got)
		}
	})
}
