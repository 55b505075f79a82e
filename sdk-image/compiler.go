// SPDX-License-Identifier: Apache-2.0

package sdkimage

import (
	"debug/elf"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// readCompiler asks the SDK's compiler what it is and what code it makes.
func (f *Facts) readCompiler(dir, root string) error {
	gcc, err := findCompiler(dir, root, f.Triple)
	if err != nil {
		return err
	}
	f.Prefix = strings.TrimSuffix(filepath.Base(gcc), "-gcc")
	version, err := ask(gcc, "", "-dumpfullversion")
	if err != nil {
		return err
	}
	f.GCC = strings.TrimSpace(version)
	macros, err := ask(gcc, "", "-dM", "-E", "-x", "c", "-")
	if err != nil {
		return err
	}
	if f.Machine, err = machine(macros); err != nil {
		return fmt.Errorf("%s: %w", gcc, err)
	}
	f.Platform = "linux_" + f.Machine
	if err := checkLinking(gcc); err != nil {
		return err
	}
	if f.Sizes, err = typeSizes(gcc); err != nil {
		return err
	}
	// What follows is for people: no build depends on it.
	introduction, _ := ask(gcc, "", "--version")
	f.Compiler, _, _ = strings.Cut(introduction, "\n")
	linker, _ := ask(strings.TrimSuffix(gcc, "gcc")+"ld", "", "--version")
	linker, _, _ = strings.Cut(linker, "\n")
	f.Binutils = linker[strings.LastIndex(linker, " ")+1:]
	options, _ := ask(gcc, "", "-Q", "--help=target")
	f.Code = codeOptions(options)
	_, missing := os.Stat(strings.TrimSuffix(gcc, "gcc") + "gfortran")
	f.Fortran = missing == nil
	return nil
}

var optionPattern = regexp.MustCompile(`(?m)^[ \t]+(-m(?:arch|cpu|tune|fpu|float-abi|abi)=|-m(?:arm|thumb))[ \t]+(\S+)$`)

// codeOptions are the options that say which code is made: with "[enabled]" where one is there or not.
func codeOptions(help string) map[string]string {
	found := map[string]string{}
	for _, match := range optionPattern.FindAllStringSubmatch(help, -1) {
		if match[2] != "[disabled]" {
			found[strings.TrimSuffix(match[1], "=")] = strings.Trim(match[2], "[]")
		}
	}
	return found
}

// findCompiler is the C compiler of the sysroot: an SDK may have more than one, and a toolchain that Buildroot did not make
// itself is not called like the folder of the sysroot.
func findCompiler(dir, root, triple string) (string, error) {
	own := filepath.Join(dir, "bin", triple+"-gcc")
	found, _ := filepath.Glob(filepath.Join(dir, "bin", "*-gcc"))
	if slices.Contains(found, own) {
		return own, nil
	}
	want, err := os.Stat(root)
	if err != nil {
		return "", err
	}
	var problems []error
	for _, gcc := range found {
		sysroot, err := ask(gcc, "", "-print-sysroot")
		if err != nil {
			problems = append(problems, err)
			continue
		}
		if is, err := os.Stat(strings.TrimSpace(sysroot)); err == nil && os.SameFile(is, want) {
			return gcc, nil
		}
		problems = append(problems, fmt.Errorf("%s is for the sysroot %q", gcc, strings.TrimSpace(sysroot)))
	}
	return "", errors.Join(append([]error{fmt.Errorf("%s: not an SDK: no bin/*-gcc is for the sysroot %s", dir, root)}, problems...)...)
}

// ask runs the compiler.
func ask(gcc, input string, arguments ...string) (string, error) {
	command := exec.Command(gcc, arguments...)
	command.Stdin = strings.NewReader(input)
	command.Env = append(os.Environ(), "LC_ALL=C")
	var messages strings.Builder
	command.Stderr = &messages
	out, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", gcc, strings.Join(arguments, " "), err, &messages)
	}
	return string(out), nil
}

// machine says what the compiler makes code for, from its predefined macros.
func machine(macros string) (string, error) {
	defined := map[string]string{}
	for line := range strings.Lines(macros) {
		name, value, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "#define "), " ")
		defined[name] = value
	}
	has := func(name string) bool { _, ok := defined[name]; return ok }
	version, _ := strconv.Atoi(defined["__ARM_ARCH"])
	switch {
	case has("__aarch64__"):
		return "aarch64", nil
	case has("__arm__") && has("__ARM_PCS_VFP") && version >= 7:
		return "armv7l", nil
	case has("__arm__"):
		return "", fmt.Errorf("it makes code for ARMv%d, hardware floating point: %t; a wheel's armv7l is ARMv7 or newer with it", version, has("__ARM_PCS_VFP"))
	}
	return "", errors.New("it makes code for no processor that wheels are built for here: armv7l, aarch64")
}

// checkLinking links with a library of the C library's family, as a module would. Inside a sysroot an absolute link dangles: the linker then
// takes the static library without a word, and the module does not load on the target ("undefined symbol: __ldexpf").
func checkLinking(gcc string) error {
	folder, err := os.MkdirTemp("", "facts")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	module := filepath.Join(folder, "module.so")
	if _, err := ask(gcc, "float ldexpf(float, int); float twice(float x) { return ldexpf(x, 1); }\n", "-shared", "-o", module, "-fPIC", "-x", "c", "-", "-lm"); err != nil {
		return err
	}
	file, err := elf.Open(module)
	if err != nil {
		return fmt.Errorf("what %s has linked: %w", gcc, err)
	}
	defer file.Close()
	needed, err := file.ImportedLibraries()
	if err == nil && !slices.Contains(needed, "libm.so.6") {
		err = fmt.Errorf("%s: what it links with -lm does not need libm.so.6: the linker finds only the static library. "+
			"A link of the sysroot is absolute, such as usr/lib/libm.so, and leads nowhere: make it relative", gcc)
	}
	return err
}

// sizedTypes are those that an extension module's data is made of.
var sizedTypes = []string{"short", "int", "long", "long long", "void *", "size_t", "wchar_t", "time_t", "off_t", "float", "double", "long double"}

// typeSizes compiles arrays of the types' sizes and reads the lengths from the assembly: nothing of it is run.
func typeSizes(gcc string) (map[string]int, error) {
	source := "#include <stddef.h>\n#include <sys/types.h>\n#include <time.h>\n"
	for i, name := range sizedTypes {
		source += fmt.Sprintf("char type%d[sizeof(%s)] = {1};\n", i, name)
	}
	assembly, err := ask(gcc, source, "-S", "-x", "c", "-o", "-", "-")
	if err != nil {
		return nil, err
	}
	sizes := map[string]int{}
	for _, found := range regexp.MustCompile(`\.size\s+type(\d+),\s*(\d+)`).FindAllStringSubmatch(assembly, -1) {
		i, _ := strconv.Atoi(found[1])
		if i < len(sizedTypes) {
			sizes[sizedTypes[i]], _ = strconv.Atoi(found[2])
		}
	}
	if len(sizes) != len(sizedTypes) {
		return nil, fmt.Errorf("%s: its assembly says the size of %d types, want %d", gcc, len(sizes), len(sizedTypes))
	}
	return sizes, nil
}
