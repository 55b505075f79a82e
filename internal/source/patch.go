// SPDX-License-Identifier: Apache-2.0

package source

import (
	"bytes"
	"fmt"
	"os/exec"
	"strings"
)

// Patch applies a patch file (of `diff -u` or git, names with one leading folder) to the tree at dir, with no fuzz: a
// hunk whose context is not there exactly is refused. An error names the file and the hunk as the patch program does.
func Patch(dir, patch string) error {
	run := func(arguments ...string) (string, error) {
		command := exec.Command("patch", append([]string{"-d", dir, "-p1", "--batch", "--fuzz=0", "--no-backup-if-mismatch", "-r", "-", "-i", patch}, arguments...)...)
		var out bytes.Buffer
		command.Stdout, command.Stderr = &out, &out
		err := command.Run()
		return strings.TrimSpace(out.String()), err
	}
	out, err := run("--forward")
	if err == nil {
		return nil
	}
	if _, reverse := run("--dry-run", "--reverse", "--force"); reverse == nil {
		return fmt.Errorf("the patch is already applied to this source: drop it from the recipe's patches")
	}
	return fmt.Errorf("the patch does not apply (no fuzz is allowed): refresh it against this version\n%s", out)
}
