// SPDX-License-Identifier: Apache-2.0

package step

import "testing"

// What a step prints is found again in its log.
func TestMistake(t *testing.T) {
	for _, m := range []Mistake{
		{"source.patches", 12, "Patch does not apply", "fix.patch, hunk 2.\n\n  @@ -1 +1 @@"},
		{"source.extract_dir", -1, "No such folder", "There is none."},
	} {
		for _, log := range []string{m.Error(), "fetching\n" + m.Error() + "\n"} {
			if found, ok := FindMistake(log); !ok || found != m {
				t.Errorf("in\n%s\nis found %+v, %v", log, found, ok)
			}
		}
	}
	for _, log := range []string{"", "it is not the recipe's build: failed\nx", "the recipe's post failed"} {
		if found, ok := FindMistake(log); ok {
			t.Errorf("in %q is found %+v", log, found)
		}
	}
}
