// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"crosswheel/internal/recipe"
	"crosswheel/internal/requirement"
	sdkimage "crosswheel/sdk-image"
)

// What pip says when it finds nothing leads to the recipe to build next, and else to the line that asks for it.
func TestMissed(t *testing.T) {
	recipes := []*recipe.Recipe{
		{Kind: recipe.Package, Name: "numpy", Version: "1.21.6"},
		{Kind: recipe.Package, Name: "numpy", Version: "1.24.0"},
		{Kind: recipe.Package, Name: "numpy", Version: "2.0", Disabled: "needs gcc >= 9"},
		{Kind: recipe.Library, Name: "libyaml", Version: "0.2.5"},
	}
	wanted, err := requirement.ParseFile("lab.txt", []byte("pandas\n\nlibyaml==0.2.5\nother"))
	if err != nil {
		t.Fatal(err)
	}
	for said, want := range map[string]string{
		"ERROR: Could not find a version that satisfies the requirement numpy<1.24,>=1.21.0 (from pandas) (from versions: none)": "numpy 1.21.6",
		"ERROR: Could not find a version that satisfies the requirement numpy (from versions: none)":                             "numpy 1.24.0",
		"ERROR: Could not find a version that satisfies the requirement numpy>=2 (from pandas) (from versions: 1.24.0)":          "nothing provides numpy>=2: there are recipes for 1.21.6, 1.24.0, 2.0 (not for this target: needs gcc >= 9), and the package index has no pure wheel of it (pandas requires it)",
		"ERROR: Could not find a version that satisfies the requirement libyaml==0.2.5 (from versions: none)":                    "lab.txt:3: nothing provides libyaml==0.2.5: there is no recipe, and the package index has no pure wheel of it",
		"ERROR: ResolutionImpossible: numpy 1 and numpy 2":                                                                       "the target's pip does not resolve the requirements:\nERROR: ResolutionImpossible: numpy 1 and numpy 2",
	} {
		b := &bundler{pipeline: &Pipeline{image: &sdkimage.Image{}}, recipes: recipes, wanted: wanted, dropped: map[string]bool{}}
		var got []string
		if err := b.missed(said); err != nil {
			got = append(got, err.Error())
		}
		for _, r := range b.chosen {
			got = append(got, r.Name+" "+r.Version)
		}
		if got = append(got, b.missing...); !strings.HasSuffix(strings.Join(got, "\n"), want) {
			t.Errorf("%s\ngives %q\nwant  %q", said, got, want)
		}
	}
}

// What pip found out is kept, and that it did not reach the index is not.
func TestNoteFailure(t *testing.T) {
	for program, want := range map[string]struct {
		kept   bool
		wheels int
	}{
		"touch OUT/wheels/a.whl":                                                            {true, 1},
		"touch OUT/wheels/a.whl; echo no matching one >&2; exit 1":                          {true, 0},
		"echo 'WARNING: Retrying (Retry(total=1, connect=None' >&2; touch OUT/wheels/a.whl": {true, 1},
		"echo 'WARNING: Retrying (Retry(total=0, connect=None' >&2; echo none >&2; exit 1":  {false, 0},
		`test -n "$PIP_CERT"`: {true, 0},
	} {
		out := t.TempDir()
		at := func(text string) string { return strings.NewReplacer("/out", out, "OUT", out).Replace(text) }
		said, err := exec.Command("sh", "-uc", at(noteFailure), "choose", "sh", "-c", at(program)).CombinedOutput()
		wheels, globErr := filepath.Glob(out + "/wheels/*")
		if (err == nil) != want.kept || len(wheels) != want.wheels || globErr != nil {
			t.Errorf("%s\nends with %v, %v, and leaves %q; it says %s", program, err, globErr, wheels, said)
		}
	}
}
