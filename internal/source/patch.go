// SPDX-License-Identifier: Apache-2.0

package source

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
)

// PatchError says that a patch does not fit a source.
type PatchError struct {
	Applied bool   // it is in the source already
	File    string // the first file that it does not fit; empty where there is none of that name
	Hunk    int    // the first hunk of that file's that does not fit; 0: the file is not there
	Line    int    // where in the patch file the hunk begins
	Output  string // the words of the patch program
}

func (e *PatchError) Error() string {
	switch {
	case e.Applied:
		return "the patch is already applied to this source: drop it from the recipe's patches"
	case e.Hunk > 0:
		return fmt.Sprintf("hunk %d of the patch's changes to %s, at line %d of the patch, does not apply (no fuzz is allowed): refresh it against this version\n%s", e.Hunk, e.File, e.Line, e.Output)
	default:
		return fmt.Sprintf("the patch does not apply (no fuzz is allowed): refresh it against this version\n%s", e.Output)
	}
}

// Patch applies a patch file (of `diff -u` or git, names with one leading folder) to the tree at dir, with no fuzz: a
// hunk whose context is not there exactly is refused, with a [*PatchError].
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
		return &PatchError{Applied: true}
	}
	return locate(patch, out)
}

var (
	patchedFile = regexp.MustCompile(`(?m)^(?:patching|checking) file '?([^'\n]+?)'?$`)
	failedHunk  = regexp.MustCompile(`(?m)^Hunk #(\d+) FAILED`)
	hunkHeader  = regexp.MustCompile(`^@@ -\d`)
)

// locate finds the first failed hunk: in the patch program's words, and then in the patch.
func locate(patch, out string) error {
	failure := &PatchError{Output: out}
	hunk := failedHunk.FindStringSubmatchIndex(out)
	if hunk == nil {
		return failure
	}
	failure.Hunk, _ = strconv.Atoi(out[hunk[2]:hunk[3]]) // digits
	for _, file := range patchedFile.FindAllStringSubmatch(out[:hunk[0]], -1) {
		failure.File = file[1] // the last one before it
	}
	text, err := os.ReadFile(patch)
	if err != nil {
		return err
	}
	hunks, inside := 0, false
	for i, line := range strings.Split(string(text), "\n") {
		switch {
		case strings.HasPrefix(line, "+++ "):
			name, _, _ := strings.Cut(strings.TrimPrefix(line, "+++ "), "\t")
			_, name, _ = strings.Cut(strings.TrimSpace(name), "/") // -p1
			inside, hunks = name == failure.File, 0
		case inside && hunkHeader.MatchString(line):
			if hunks++; hunks == failure.Hunk {
				failure.Line = i + 1
				return failure
			}
		}
	}
	return failure
}
