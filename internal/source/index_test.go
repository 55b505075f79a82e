// SPDX-License-Identifier: Apache-2.0

package source

import (
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"
)

const pageJSON = `{
  "meta": {"api-version": "1.1"},
  "name": "ruamel-yaml",
  "files": [
    {"filename": "ruamel.yaml-0.18.5.tar.gz", "url": "../../files/ruamel.yaml-0.18.5.tar.gz", "size": 3, "yanked": "broken",
     "hashes": {"md5": "x", "sha256": "61917e3a35a569c1133a8f772e1226961bf5a1198bea7e23f06a0841dea1ab0e"}, "upload-time": "2023-11-03T08:01:58.123456Z"},
    {"filename": "ruamel.yaml-0.18.5-py3-none-any.whl", "url": "https://files.test/a%2Bb.whl", "hashes": {}}
  ]
}`

const pageHTML = `<!DOCTYPE html>
<html><head><title>Links</title></head><body><a name="top"></a>
<a href="../../files/ruamel.yaml-0.18.5.tar.gz#sha256=61917e3a35a569c1133a8f772e1226961bf5a1198bea7e23f06a0841dea1ab0e"
   data-requires-python="&gt;=3.7" data-upload-time="2023-11-03T08:01:58.123456Z">ruamel.yaml-0.18.5.tar.gz</a><br/>
<a href="https://files.test/a%2Bb.whl">a+b.whl</a>
</body></html>`

func TestProject(t *testing.T) {
	want := []IndexFile{
		{"ruamel.yaml-0.18.5.tar.gz", "INDEX/files/ruamel.yaml-0.18.5.tar.gz", "61917e3a35a569c1133a8f772e1226961bf5a1198bea7e23f06a0841dea1ab0e",
			time.Date(2023, 11, 3, 8, 1, 58, 123456000, time.UTC)},
		{"ruamel.yaml-0.18.5-py3-none-any.whl", "https://files.test/a%2Bb.whl", "", time.Time{}},
	}
	for name, page := range map[string]string{"JSON": pageJSON, "HTML": pageHTML} {
		t.Run(name, func(t *testing.T) {
			index, asked := server(t, says(500, ""), func(w http.ResponseWriter, r *http.Request) {
				if accept := r.Header.Get("Accept"); !strings.HasPrefix(accept, simpleJSON+", ") {
					t.Errorf("asked for %q", accept)
				}
				w.Write([]byte(page))
			})
			files, err := Project(t.Context(), index+"/simple", "Ruamel_YAML")
			if err != nil || (*asked)[1] != "/simple/ruamel-yaml/" {
				t.Fatalf("%v; asked for %q", err, *asked)
			}
			for i := range files {
				files[i].URL = strings.Replace(files[i].URL, index, "INDEX", 1)
			}
			want := append([]IndexFile{}, want...)
			if name == "HTML" {
				want[1].Filename = "a+b.whl" // there, a file is called what its address says
			}
			if !reflect.DeepEqual(files, want) {
				t.Errorf("got\n%+v\nwant\n%+v", files, want)
			}
		})
	}
}

func TestProjectFails(t *testing.T) {
	index, asked := server(t, says(404, ""))
	if _, err := Project(t.Context(), index, "nothing"); err == nil || !strings.Contains(err.Error(), index+"/nothing/: the server answers 404") || len(*asked) != 1 {
		t.Errorf("got %v after %d requests", err, len(*asked))
	}
	index, _ = server(t, says(200, `{"files": [1]}`))
	if _, err := Project(t.Context(), index, "broken"); err == nil || !strings.Contains(err.Error(), index+"/broken/") {
		t.Errorf("got %v", err)
	}
}

func TestSdist(t *testing.T) {
	var files []IndexFile
	for _, name := range []string{
		"PyYAML-6.0.1.tar.gz", "PyYAML-6.0.1-cp311-cp311-linux_armv7l.whl", "PyYAML-5.4.1.tar.gz", "PyYAML-3.10.zip", "PyYAML-3.10.tar.gz",
		"ruamel.yaml-0.18.5.tar.gz", "ruamel_yaml-0.18.6.tar.gz",
		"zope.interface-6.0-rc1.tar.gz", "foo-1.0.0.tar.bz2", "foo-bar-2.0.tar.gz",
	} {
		files = append(files, IndexFile{Filename: name})
	}
	for _, c := range []struct{ name, version, want string }{
		{"pyyaml", "6.0.1", "PyYAML-6.0.1.tar.gz"},
		{"PyYAML", "3.10", "PyYAML-3.10.tar.gz"}, // of two, the one that is no zip
		{"ruamel.yaml", "0.18.5", "ruamel.yaml-0.18.5.tar.gz"},
		{"ruamel.yaml", "0.18.6", "ruamel_yaml-0.18.6.tar.gz"},
		{"zope-interface", "6.0rc1", "zope.interface-6.0-rc1.tar.gz"},
		{"foo", "1.0", "foo-1.0.0.tar.bz2"},
		{"foo-bar", "2.0", "foo-bar-2.0.tar.gz"},
	} {
		if got, err := Sdist(files, c.name, c.version); err != nil || got.Filename != c.want {
			t.Errorf("%s %s: got %q, %v; want %q", c.name, c.version, got.Filename, err, c.want)
		}
	}
	_, err := Sdist(files, "PyYAML", "6.0.2")
	if want := "no sdist of PyYAML 6.0.2; the last versions that it has one of: 3.10, 5.4.1, 6.0.1"; err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("got %v, want …%s", err, want)
	}
	if _, err := Sdist(files[1:2], "PyYAML", "6.0.1"); err == nil || !strings.Contains(err.Error(), "no sdist of PyYAML at all") {
		t.Errorf("got %v", err)
	}
}

func TestPureWheel(t *testing.T) {
	var files []IndexFile
	for _, name := range []string{
		"six-1.16.0.tar.gz", "six-1.15.0-py2.py3-none-any.whl", "six-1.16.0-py2.py3-none-any.whl", "sixx-1.16.0-py3-none-any.whl", "a_b-1.0-cp311-cp311-linux_armv7l.whl", "broken.whl",
	} {
		files = append(files, IndexFile{Filename: name})
	}
	if got, err := PureWheel(files, "six", "1.16"); err != nil || got.Filename != "six-1.16.0-py2.py3-none-any.whl" {
		t.Errorf("got %q, %v", got.Filename, err)
	}
	for name, want := range map[string]string{"a-b": "its 1 wheels are each for one platform", "c": "no wheel of c 1.0"} {
		if _, err := PureWheel(files, name, "1.0"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", name, err, want)
		}
	}
}

func FuzzParseProject(f *testing.F) {
	f.Add([]byte(pageJSON))
	f.Add([]byte(pageHTML))
	f.Add([]byte(`<a href="%zz">`))
	base, err := url.Parse("https://index.test/simple/name/")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		files, err := parseProject(text, base)
		if err != nil {
			return
		}
		for _, file := range files {
			if address, err := url.Parse(file.URL); err != nil || !address.IsAbs() || address.Fragment != "" {
				t.Errorf("%+v: the address is not absolute, or has a fragment: %v", file, err)
			}
			if _, err := Sdist(files, "name", "1.0"); err != nil && !strings.Contains(err.Error(), "no sdist of name") {
				t.Error(err)
			}
		}
	})
}

func TestReferenceWheel(t *testing.T) {
	var files []IndexFile
	for _, name := range []string{
		"numpy-1.24.0-cp310-cp310-manylinux_2_17_x86_64.manylinux2014_x86_64.whl", "numpy-1.24.0-cp311-cp311-macosx_11_0_arm64.whl",
		"numpy-1.24.0-cp311-cp311-manylinux_2_17_aarch64.whl", "numpy-1.24.0-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
		"numpy-1.24.1-cp311-cp311-manylinux_2_17_x86_64.whl", "numpy-1.24.0.tar.gz", "bcrypt-4.0-cp36-abi3-manylinux_2_28_x86_64.whl",
		"six-1.0-py2.py3-none-any.whl",
	} {
		files = append(files, IndexFile{Filename: name})
	}
	for _, c := range []struct{ name, version, python, want string }{
		{"numpy", "1.24.0", "3.11", "numpy-1.24.0-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"},
		{"numpy", "1.24", "3.10", "numpy-1.24.0-cp310-cp310-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"},
		{"numpy", "1.24.0", "3.9", ""},
		{"BCrypt", "4.0", "3.11", "bcrypt-4.0-cp36-abi3-manylinux_2_28_x86_64.whl"},
		{"six", "1.0", "3.11", ""},
	} {
		if got, ok := ReferenceWheel(files, c.name, c.version, c.python); got.Filename != c.want || ok != (c.want != "") {
			t.Errorf("%s %s for %s: %q", c.name, c.version, c.python, got.Filename)
		}
	}
}
