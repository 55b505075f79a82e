// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the table of codes in docs/audit.md")

// TestCodesDocumented: the page about the audit has all its codes.
func TestCodesDocumented(t *testing.T) {
	const page, begin, end = "../../docs/audit.md", "-update -->\n", "<!-- end -->"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), begin)
	_, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatal("the page has no place for the table")
	}
	var table strings.Builder
	table.WriteString("| code | severity | what is wrong | cure |\n|---|---|---|---|\n")
	for _, c := range Codes {
		fmt.Fprintf(&table, "| %s | %s | %s | %s |\n", c.Code, c.Severity, c.Title, c.Remedy)
	}
	want := before + begin + table.String() + end + after
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if string(text) != want {
		t.Error("docs/audit.md has not the codes of codes.go: run the test with -update")
	}
}
