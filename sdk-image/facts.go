// SPDX-License-Identifier: Apache-2.0

package sdkimage

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"crosswheel/internal/recipe"
)

// Facts is what an SDK says of itself. Nothing in it is taken from targets.hcl.
type Facts struct {
	Triple   string `json:"triple"`   // the folder that has the sysroot, which is the compiler's triple: "arm-linux-gnueabihf"
	Prefix   string `json:"prefix"`   // how the names of the compiler's programs begin: the triple, unless the toolchain is from elsewhere
	Compiler string `json:"compiler"` // as it introduces itself
	GCC      string `json:"gcc"`      // "12.2.0"
	Binutils string `json:"binutils"` // "2.40"
	Fortran  bool   `json:"fortran"`  // whether there is a compiler for it

	Machine    string            `json:"machine"`    // the processor, as the kernel and a wheel's tag call it: "armv7l"
	Code       map[string]string `json:"code"`       // what the compiler makes code for if it is told nothing: "-mfpu": "neon-vfpv4"
	Attributes map[string]string `json:"attributes"` // what the C library's own code demands of the processor: "Tag_CPU_arch": "v7"
	Sizes      map[string]int    `json:"sizes"`      // of C types, in bytes: "long": 4

	Glibc   string `json:"glibc"`   // "2.36"
	GLIBCXX string `json:"glibcxx"` // the newest symbols of the C++ library: "3.4.30"; empty: there is none
	CXXABI  string `json:"cxxabi"`  // "1.3.13"

	Python    string `json:"python"`     // the target Python's exact version: "3.11.2"
	SOABI     string `json:"soabi"`      // "cpython-311-arm-linux-gnueabihf"
	ExtSuffix string `json:"ext_suffix"` // ".cpython-311-arm-linux-gnueabihf.so"
	Platform  string `json:"platform"`   // of the wheels that its pip takes: "linux_armv7l"
	// Sysconfigdata is the target's _sysconfigdata module, a path inside the sysroot.
	Sysconfigdata string `json:"sysconfigdata"`

	// ConfigScripts are programs of the sysroot that say how a library is compiled against, and run on the build machine:
	// "xml2-config".
	ConfigScripts []string  `json:"config_scripts"`
	Libraries     []Library `json:"libraries"`
	// Preinstalled are the Python packages of the firmware, as far as the SDK shows them: pip finds them there, and what a wheel
	// was compiled against must not be newer.
	Preinstalled []Package `json:"preinstalled"`
	// Packages are what the SDK was made of, where it recorded that.
	Packages []Package `json:"packages"`
}

// Library is a shared library of the sysroot.
type Library struct {
	Name     string   `json:"soname"` // "libz.so.1"
	File     string   `json:"file"`   // inside the sysroot
	Versions []string `json:"versions,omitempty"`
}

// Package is something installed.
type Package struct {
	Name    string `json:"name"`
	Version string `json:"version"`
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
		Python: target.Python, SOABI: soabi, ExtSuffix: "." + soabi + ".so", Platform: "linux_" + target.Arch,
	}
}

// ReadFacts reads the SDK unpacked at dir, whose compiler runs on this machine. An error says what is not as in an SDK.
func ReadFacts(dir string) (Facts, error) {
	var f Facts
	sysroots, _ := filepath.Glob(filepath.Join(dir, "*", "sysroot"))
	sysroots = slices.DeleteFunc(sysroots, func(name string) bool { // a second name of the same folder
		info, err := os.Lstat(filepath.Dir(name))
		return err == nil && info.Mode()&os.ModeSymlink != 0
	})
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
	if f.Libraries, err = libraries(root, f.Multiarch()); err != nil {
		return f, err
	}
	for _, library := range f.Libraries {
		if library.Name == "libstdc++.so.6" {
			f.GLIBCXX, f.CXXABI = newestOf(library.Versions, "GLIBCXX_"), newestOf(library.Versions, "CXXABI_")
		}
		if library.Name == "libc.so.6" {
			f.Attributes = attributes(filepath.Join(dir, "bin", f.Prefix+"-readelf"), filepath.Join(root, library.File))
		}
	}
	if f.ConfigScripts, err = configScripts(root); err != nil {
		return f, err
	}
	if f.Preinstalled, err = pythonPackages(root); err != nil {
		return f, err
	}
	f.Packages, err = recordedPackages(dir)
	return f, err
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
