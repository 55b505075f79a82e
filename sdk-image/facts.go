// SPDX-License-Identifier: Apache-2.0

package sdkimage

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"crosswheel/internal/recipe"
)

// Facts is what an SDK says of itself. Nothing in it is taken from targets.hcl.
type Facts struct {
	Triple  string // the folder that has the sysroot, which is the compiler's triple: "arm-linux-gnueabihf"
	Prefix  string // how the names of the compiler's programs begin: the triple, unless a toolchain from elsewhere is in the SDK
	Machine string // the processor, as the kernel and a wheel's tag call it: "armv7l"
	GCC     string // "12.2.0"
	Glibc   string // "2.36"

	Python    string // the target Python's exact version: "3.11.2"
	SOABI     string // "cpython-311-arm-linux-gnueabihf"
	ExtSuffix string // ".cpython-311-arm-linux-gnueabihf.so"
	// Sysconfigdata is the target's _sysconfigdata module, a path inside the sysroot.
	Sysconfigdata string

	Sizes map[string]int // of C types, in bytes: "long": 4
	// ConfigScripts are programs of the sysroot that say how a library is compiled against, and run on the build machine:
	// "xml2-config".
	ConfigScripts []string
}

// Sysroot is where the target's root file system lies in a container that has the SDK.
func (f Facts) Sysroot() string { return SDKDir + "/" + f.Triple + "/sysroot" }

// Multiarch is CPython's own name for the platform, and Debian's: "arm-linux-gnueabihf", whatever the compiler is called.
func (f Facts) Multiarch() string {
	parts := strings.SplitN(f.SOABI, "-", 3)
	return parts[len(parts)-1]
}

// PythonMinor is the version as wheels and folders name it: "3.11".
func (f Facts) PythonMinor() string {
	parts := strings.SplitN(f.Python+".", ".", 3)
	return parts[0] + "." + parts[1]
}

// Declared is what targets.hcl lets one expect of the SDK, before it is there. [Check] holds it against the facts.
func Declared(target recipe.Target) Facts {
	python := strings.ReplaceAll(target.Python, ".", "")
	// The triplet in a suffix is CPython's own name for the platform, whatever the compiler is called.
	soabi := "cpython-" + python + "-arm-linux-gnueabihf"
	return Facts{
		Triple: target.Triple, Prefix: target.Triple, Machine: target.Arch, GCC: target.GCC, Glibc: target.Glibc,
		Python: target.Python, SOABI: soabi, ExtSuffix: "." + soabi + ".so",
	}
}

// ReadFacts reads the SDK unpacked at dir, whose compiler runs on this machine. An error says what is not as in an SDK.
func ReadFacts(dir string) (Facts, error) {
	var f Facts
	sysroots, _ := filepath.Glob(filepath.Join(dir, "*", "sysroot"))
	if len(sysroots) != 1 {
		return f, fmt.Errorf("%s: not an SDK: %d folders with a sysroot in it, want one", dir, len(sysroots))
	}
	root := sysroots[0]
	f.Triple = filepath.Base(filepath.Dir(root))
	if err := f.readCompiler(dir, root); err != nil {
		return f, err
	}
	glibc, _, err := match(root, `(?s)#define\s+__GLIBC__\s+(\d+).*?#define\s+__GLIBC_MINOR__\s+(\d+)`,
		"usr/include/features.h", "usr/include/*/features.h")
	if err != nil {
		return f, err
	}
	f.Glibc = glibc[1] + "." + glibc[2]
	python, _, err := match(root, `#define\s+PY_VERSION\s+"([^"]+)"`, "usr/include/python3.*/patchlevel.h")
	if err != nil {
		return f, err
	}
	f.Python = strings.TrimSuffix(python[1], "+")
	if err := f.readSysconfigdata(root); err != nil {
		return f, err
	}
	f.ConfigScripts, err = configScripts(root)
	return f, err
}

// configScripts are the sysroot's *-config programs that are scripts. A link may lead out of the sysroot: then it is none.
func configScripts(root string) ([]string, error) {
	var names []string
	paths, _ := filepath.Glob(filepath.Join(root, "usr/bin/*-config"))
	for _, path := range paths {
		real, err := filepath.EvalSymlinks(path)
		if err != nil || !strings.HasPrefix(real, root+"/") {
			continue
		}
		text, err := os.ReadFile(real)
		if err != nil {
			return nil, err
		}
		if strings.HasPrefix(string(text), "#!") {
			names = append(names, filepath.Base(path))
		}
	}
	return names, nil
}

// readSysconfigdata finds the module under the sysroot only: the SDK's own lib folder may hold the build machine's.
func (f *Facts) readSysconfigdata(root string) error {
	pattern := "usr/lib/python" + f.PythonMinor() + "/_sysconfigdata__*.py"
	suffix, module, err := match(root, `'EXT_SUFFIX': '([^']+)'`, pattern)
	if err != nil {
		return err
	}
	soabi, _, err := match(root, `'SOABI': '([^']+)'`, strings.TrimPrefix(module, root+"/"))
	if err != nil {
		return err
	}
	f.ExtSuffix, f.SOABI, f.Sysconfigdata = suffix[1], soabi[1], strings.TrimPrefix(module, root+"/")
	return nil
}

// match returns the first match of a regular expression in the files that the patterns name, and the file that has it.
func match(root, expression string, patterns ...string) (found []string, in string, err error) {
	for _, pattern := range patterns {
		names, _ := filepath.Glob(filepath.Join(root, pattern))
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				return nil, "", err
			}
			if found := regexp.MustCompile(expression).FindStringSubmatch(string(text)); found != nil {
				return found, name, nil
			}
		}
	}
	return nil, "", fmt.Errorf("%s: not an SDK with Python: no %s says %s", root, strings.Join(patterns, " or "), expression)
}

// Check compares what targets.hcl declares of a target with what its SDK says. A declared version may be shorter.
func Check(target recipe.Target, facts Facts) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, c := range []struct{ what, declared, read string }{
		{"triple =", target.Triple, facts.Triple},
		{"arch =", target.Arch, facts.Machine},
		{"gcc =", target.GCC, facts.GCC},
		{"glibc =", target.Glibc, facts.Glibc},
		{"python =", target.Python, facts.Python},
		{"a Python whose extension modules end in", Declared(target).ExtSuffix, facts.ExtSuffix},
	} {
		if recipe.Admits(c.declared, c.read) {
			continue
		}
		diags = append(diags, &hcl.Diagnostic{
			Severity: hcl.DiagError,
			Summary:  "Target is not what its SDK is",
			Detail: fmt.Sprintf("Target %q declares %s %q, but its SDK has %q. Correct the declaration, or hand in the SDK that was meant.",
				target.Name, c.what, c.declared, c.read),
			Subject: target.Range.Ptr(),
		})
	}
	return diags
}
