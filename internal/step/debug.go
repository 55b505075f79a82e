// SPDX-License-Identifier: Apache-2.0

package step

import (
	"bytes"
	"context"
	"debug/elf"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// DebugOptions are the options of the step "debug", which writes to Out/debug what the step "finish" strips: the symbols, and the debug
// information where something was compiled with it.
type DebugOptions struct {
	Raw       string   // a folder with the wheel as its backend left it
	Libraries []string // folders with the shared libraries that may be put into it
	Objcopy   string   // the target's program
	Name      string   // the folder of what has no build-id
}

func debugFiles(ctx context.Context, o DebugOptions) error {
	tree, err := unpackWheel(o.Raw)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(Out, "debug"), 0o755); err != nil {
		return err
	}
	for _, dir := range append([]string{tree}, o.Libraries...) {
		err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
			if err != nil || !entry.Type().IsRegular() {
				return err
			}
			relative, err := filepath.Rel(dir, name)
			if err != nil {
				return err
			}
			return splitDebug(ctx, o, name, relative)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// splitDebug writes one file's part, if it has one.
func splitDebug(ctx context.Context, o DebugOptions, name, relative string) error {
	file, err := elf.Open(name)
	if err != nil {
		return nil // it is no ELF file: the audit looks at those that should be
	}
	defer file.Close()
	if file.Type != elf.ET_DYN || file.Section(".symtab") == nil {
		return nil
	}
	to := filepath.Join(Out, "debug", o.Name, relative+".debug")
	if id := buildID(file); len(id) > 2 {
		to = filepath.Join(Out, "debug", ".build-id", id[:2], id[2:]+".debug")
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	if err := run(ctx, o.Objcopy, "--only-keep-debug", name, to); err != nil {
		return fmt.Errorf("%s: %w", relative, err)
	}
	return os.Chmod(to, 0o644)
}

// buildID is the build-id that the linker gave a file, in hex; empty if it gave it none.
func buildID(file *elf.File) string {
	section := file.Section(".note.gnu.build-id")
	if section == nil {
		return ""
	}
	note, err := section.Data()
	if err != nil || len(note) < 16 {
		return ""
	}
	size := int(file.ByteOrder.Uint32(note[4:]))
	if name, id, ok := bytes.Cut(note[12:], []byte("GNU\x00")); ok && len(name) == 0 && size > 0 && size <= len(id) {
		return hex.EncodeToString(id[:size])
	}
	return ""
}
