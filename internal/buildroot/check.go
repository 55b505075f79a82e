// SPDX-License-Identifier: Apache-2.0

package buildroot

import (
	"bytes"
	"cmp"
	"context"
	"debug/elf"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// check looks whether everything is there that builds need, and runs what can be run.
func (s *SDK) check(ctx context.Context, dir string) error {
	sysroots, _ := filepath.Glob(filepath.Join(dir, "*", "sysroot"))
	if len(sysroots) != 1 {
		return fmt.Errorf("it is not an SDK: %d folders with a sysroot in it, want one", len(sysroots))
	}
	s.Triple = filepath.Base(filepath.Dir(sysroots[0]))
	if err := checkCompilers(ctx, dir, s.Triple); err != nil {
		return err
	}
	python, err := targetPython(sysroots[0])
	if err != nil {
		return err
	}
	s.Python = strings.TrimPrefix(filepath.Base(python), "python")
	s.Native = nativePython(ctx, dir, s.Python)
	s.Lacks, err = lacks(ctx, sysroots[0], python)
	return err
}

// checkCompilers compiles a program. An SDK may have more than one C compiler, and one that was not made by Buildroot itself
// is not called like the folder of the sysroot.
func checkCompilers(ctx context.Context, dir, triple string) error {
	own := filepath.Join(dir, "bin", triple+"-gcc")
	found, _ := filepath.Glob(filepath.Join(dir, "bin", "*-gcc"))
	if slices.Contains(found, own) {
		found = []string{own}
	}
	if len(found) == 0 {
		return fmt.Errorf("it is not an SDK: it has no compiler, bin/%s-gcc or another bin/*-gcc", triple)
	}
	var first error
	for _, gcc := range found {
		err := checkCompiler(ctx, gcc)
		if err == nil {
			return nil
		}
		first = cmp.Or(first, err)
	}
	return first
}

func checkCompiler(ctx context.Context, gcc string) error {
	if err := checkHost(gcc); err != nil {
		return err
	}
	return checkCompiles(ctx, gcc)
}

// checkHost makes sure that a compiler is a program for this machine's processor. Its name may be a script's: then the
// program that it starts lies beside it.
func checkHost(gcc string) error {
	for _, name := range []string{gcc, gcc + ".br_real"} {
		file, err := elf.Open(name)
		if err != nil {
			continue // a script, or not there
		}
		file.Close()
		if file.Machine != elf.EM_X86_64 {
			return fmt.Errorf("its compiler bin/%s runs on %s, and builds run on x86_64: make the SDK on an x86_64 machine", filepath.Base(gcc), processor(file.Machine))
		}
	}
	return nil
}

func processor(m elf.Machine) string {
	switch m {
	case elf.EM_AARCH64:
		return "aarch64 (arm64)"
	case elf.EM_386:
		return "i386"
	}
	return strings.ToLower(strings.TrimPrefix(m.String(), "EM_"))
}

func checkCompiles(ctx context.Context, gcc string) error {
	folder, err := os.MkdirTemp("", "sdk")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	made := filepath.Join(folder, "made.o")
	command := exec.CommandContext(ctx, gcc, "-x", "c", "-", "-c", "-o", made)
	command.Stdin = strings.NewReader("#include <stdio.h>\nint main(void) { return puts(\"\"); }\n")
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("its compiler bin/%s does not compile an empty program: %w\n%s", filepath.Base(gcc), err, bytes.TrimSpace(out))
	}
	return checkTarget(made, "what its compiler bin/"+filepath.Base(gcc)+" makes")
}

// checkTarget makes sure that a file is for the processors that wheels are built for.
func checkTarget(name, what string) error {
	file, err := elf.Open(name)
	if err != nil {
		return fmt.Errorf("%s is no ELF file: %w", what, err)
	}
	defer file.Close()
	if file.Machine != elf.EM_ARM || file.Class != elf.ELFCLASS32 {
		return fmt.Errorf("%s is for %s, and wheels are built for 32-bit ARM: it is an SDK for another processor", what, processor(file.Machine))
	}
	return nil
}

var pythonName = regexp.MustCompile(`^python3\.\d+$`)

// targetPython is the interpreter in the sysroot.
func targetPython(root string) (string, error) {
	names, _ := filepath.Glob(filepath.Join(root, "usr/bin/python3.*"))
	names = slices.DeleteFunc(names, func(name string) bool { return !pythonName.MatchString(filepath.Base(name)) })
	if len(names) != 1 {
		return "", fmt.Errorf("it has no Python for the target: %d programs usr/bin/python3.N in its sysroot, want one. Configure Buildroot with BR2_PACKAGE_PYTHON3=y", len(names))
	}
	minor := filepath.Base(names[0])
	for _, part := range []string{"usr/include/" + minor + "/Python.h", "usr/lib/" + minor + "/os.py", "usr/lib/" + minor + "/_sysconfigdata__*.py"} {
		if found, _ := filepath.Glob(filepath.Join(root, part)); len(found) == 0 {
			return "", fmt.Errorf("its Python for the target is not whole: no %s in its sysroot", part)
		}
	}
	return names[0], checkTarget(names[0], "the Python in its sysroot, usr/bin/"+minor+",")
}

// nativePython is the SDK's own Python for this machine, if it has one of that minor version which runs.
func nativePython(ctx context.Context, dir, minor string) string {
	const program = "bin/python3"
	out, err := exec.CommandContext(ctx, filepath.Join(dir, program), "-I", "-c", "import sys; print('%d.%d' % sys.version_info[:2])").Output()
	if err != nil || strings.TrimSpace(string(out)) != minor {
		return ""
	}
	return program
}

// probed are modules of the standard library that a Python can be made without, and that somebody misses.
var probed = []string{"bz2", "ctypes", "curses", "lzma", "readline", "sqlite3", "ssl", "xml.parsers.expat", "zlib"}

// lacks runs the target's Python under emulation.
func lacks(ctx context.Context, root, python string) ([]string, error) {
	const program = `
import importlib, sys
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except ImportError:
        print(name)
`
	arguments := append([]string{"-L", root, "-E", "PYTHONHOME=" + filepath.Join(root, "usr"), python, "-S", "-c", program}, probed...)
	command := exec.CommandContext(ctx, "qemu-arm-static", arguments...)
	var words bytes.Buffer
	command.Stderr = &words
	out, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("its Python for the target does not run under emulation: %s", cmp.Or(strings.TrimSpace(words.String()), err.Error()))
	}
	return strings.Fields(string(out)), nil
}
