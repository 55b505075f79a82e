// SPDX-License-Identifier: Apache-2.0

package requirement

import (
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	found, err := ParseFile("lab.txt", []byte("# what the protocols need\n\nnumpy==1.24.* # fast\r\n"+
		"pandas[excel,test] (>=1.5) ; python_version >= \"3.9\"\nPy_YAML\\\n  ==6.0.1 \\\n  --hash=sha256:00\nsix\n"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range found {
		got = append(got, r.At()+" "+r.Project+" "+r.Text)
	}
	want := []string{
		"lab.txt:3 numpy numpy==1.24.*",
		`lab.txt:4 pandas pandas[excel,test] (>=1.5) ; python_version >= "3.9"`,
		"lab.txt:5 py-yaml Py_YAML   ==6.0.1",
		"lab.txt:8 six six",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if !found[0].Admits("1.24.5") || found[0].Admits("1.25") || !found[1].Admits("2.0") || found[1].Admits("1.4") || !found[3].Admits("1") {
		t.Error("the versions are read in another way")
	}
}

func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"six\n-r other.txt":                 `lab.txt:2: "-r other.txt" is an option`,
		"six @ https://example.org/six.whl": "lab.txt:1: ",
		"./six-1.0-py3-none-any.whl":        "lab.txt:1: ",
		"six=1.0":                           `lab.txt:1: "six=1.0"`,
		"six>=x\n\nfoo bar":                 "lab.txt:1: ",
		"six \\":                            "lab.txt:1: the last line",
		"# nothing\n":                       "lab.txt: it names no package",
	} {
		if _, err := ParseFile("lab.txt", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("numpy==1.24.* # fast\npandas[a] (>=1.5) ; python_version >= \"3.9\"\nsix\\\n==1 --hash=sha256:00\n-r x\n")
	f.Fuzz(func(t *testing.T, text string) {
		found, err := ParseFile("lab.txt", []byte(text))
		if err != nil {
			return
		}
		for _, r := range found {
			// What is handed to pip as an argument or a line must be one requirement, and no option.
			if strings.ContainsAny(r.Text, "\n") || strings.HasPrefix(r.Text, "-") || r.Project == "" {
				t.Errorf("%q gives %+v", text, r)
			}
		}
	})
}
