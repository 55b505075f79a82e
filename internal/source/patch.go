// SPDX-License-Identifier: Apache-2.0

package source

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// Patch applies a patch file (of `diff -u` or git, names with one leading folder) to the tree at dir, with no fuzz: a
// hunk whose context is not there exactly is refused. An error names the file and the hunk as the patch program does.
func Patch(dir, patch string) error {
	run := func(arguments ...string) (string, error) {
		command := exec.Command("patch", append(arguments, "-d", dir, "-p1", "--batch", "--fuzz=0", "--no-backup-if-mismatch", "-r", "-", "-i", patch)...)
		command.Env = append(os.Environ(), "LC_ALL=C")
		out, err := command.CombinedOutput()
		return strings.TrimSpace(string(out)), err
	}
	out, err := run("--forward")
	var failed *exec.ExitError
	switch {
	case err == nil && out == "":
		return errors.New("the patch file is empty")
	case err == nil:
		return nil
	case !errors.As(err, &failed):
		return fmt.Errorf("applying a patch: %w", err) // there is no such program
	}
	if _, err := run("--dry-run", "--reverse", "--force"); err == nil {
		return errors.New("the patch is already applied to this source: drop it from the recipe's patches")
	}
	return fmt.Errorf("the patch does not apply (no fuzz is allowed): refresh it against this version\n%s", out)
}
