// SPDX-License-Identifier: Apache-2.0

package sdkimage

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"crosswheel/internal/offline"
)

// Files that the build environment is made from; "@NAME@" in them stands for a fact.
var (
	//go:embed cross/compiler.sh
	compilerWrapper string
	//go:embed cross/config.sh
	configWrapper string
	//go:embed cross/sysconfigdata.py
	sysconfigdata string
	//go:embed cross/sitecustomize.py
	sitecustomize string
	//go:embed cross/meson-cross.ini
	mesonCross string
	//go:embed cross/meson-native.ini
	mesonNative string
	//go:embed cross/toolchain.cmake
	cmakeToolchain string
	//go:embed cross/FindPython.cmake
	cmakeFindPython string
	//go:embed cross/probe.c
	probeSource string
	//go:embed cross/probe.py
	probeScript string
)

// File is a generated file.
type File struct {
	Contents string
	Mode     int
}

// CrossEnvironment is what turns a native build into a cross build: files at [CrossDir] and variables.
type CrossEnvironment struct {
	Files     map[string]File // by path under CrossDir
	Variables map[string]string
}

// Environment is a pure function of the facts: the same for every provider. It looks at few of them: what else is in a
// sysroot may change without a package being compiled again.
func Environment(f Facts) CrossEnvironment {
	facts := replacements(f)
	files := map[string]File{
		"offline.py":                           {offline.Launcher, 0o644},
		"offline.bpf":                          {offline.Encoded(), 0o644},
		"python/_sysconfigdata__crosswheel.py": {facts.Replace(sysconfigdata), 0o644},
		"python/sitecustomize.py":              {facts.Replace(sitecustomize), 0o644},
		"meson-cross.ini":                      {facts.Replace(mesonCross), 0o644},
		"meson-native.ini":                     {facts.Replace(mesonNative), 0o644},
		"toolchain.cmake":                      {facts.Replace(cmakeToolchain), 0o644},
		"probe.c":                              {facts.Replace(probeSource), 0o644},
		"probe.py":                             {facts.Replace(probeScript), 0o644},
	}
	for _, name := range []string{"Python", "Python3"} {
		files["cmake/Find"+name+".cmake"] = File{strings.ReplaceAll(facts.Replace(cmakeFindPython), "@NAME@", name), 0o644}
	}
	for _, tool := range []string{"gcc", "g++", "gfortran"} {
		files["bin/"+f.Triple+"-"+tool] = File{strings.ReplaceAll(facts.Replace(compilerWrapper), "@TOOL@", tool), 0o755}
	}
	programs := map[string]string{"pkg-config": "/usr/bin/pkg-config"}
	for _, name := range f.ConfigScripts {
		programs[name] = f.Sysroot() + "/usr/bin/" + name
	}
	for name, program := range programs {
		text := strings.NewReplacer("@TOOL@", name, "@PROGRAM@", program).Replace(configWrapper)
		files["bin/"+name] = File{facts.Replace(text), 0o755}
	}
	return CrossEnvironment{Files: files, Variables: variables(f)}
}

// replacements put the facts into the templates.
func replacements(f Facts) *strings.Replacer {
	var libdirs, sizes []string
	for _, folder := range pkgConfigFolders(f) {
		libdirs = append(libdirs, "'"+folder+"'")
	}
	for _, name := range slices.Sorted(maps.Keys(f.Sizes)) {
		if name != "off_t" && name != "time_t" { // they depend on macros, which Python's headers set
			sizes = append(sizes, fmt.Sprintf("SAME(%d, %s);", f.Sizes[name], name))
		}
	}
	prefixMap := "-ffile-prefix-map"
	if strings.HasPrefix(f.GCC, "7.") { // it knows only that of debug information
		prefixMap = "-fdebug-prefix-map"
	}
	names := []string{
		"@ROOT@", Root, "@SDK@", SDKDir, "@TRIPLE@", f.Triple, "@PREFIX@", f.Prefix, "@SYSROOT@", f.Sysroot(), "@CROSS@", CrossDir, "@ENV@", EnvDir,
		"@PYTHON@", f.PythonMinor(), "@SYSCONFIGDATA@", f.Sysroot() + "/" + f.Sysconfigdata, "@EXT_SUFFIX@", f.ExtSuffix, "@SOABI@", f.SOABI,
		"@MACHINE@", f.Machine, "@CPU_FAMILY@", machines[f.Machine].family, "@LONGDOUBLE@", longDoubles[f.Sizes["long double"]],
		"@PKG_CONFIG_LIBDIR_LIST@", strings.Join(libdirs, ", "), "@SIZES@", strings.Join(sizes, "\n"), "@PREFIX_MAP@", prefixMap,
	}
	tools := binaries(f)
	for _, name := range []string{"CC", "CXX", "FC", "AR", "NM", "OBJCOPY", "RANLIB", "STRIP"} {
		names = append(names, "@"+name+"@", tools[name])
	}
	return strings.NewReplacer(names...)
}

// binaries are the SDK's programs by the names that every build system has for them.
func binaries(f Facts) map[string]string {
	wrapped := CrossDir + "/bin/" + f.Triple + "-"
	plain := SDKDir + "/bin/" + f.Prefix + "-"
	return map[string]string{
		"CC": wrapped + "gcc", "CXX": wrapped + "g++", "FC": wrapped + "gfortran", "F77": wrapped + "gfortran", "F90": wrapped + "gfortran",
		"AR": plain + "ar", "RANLIB": plain + "ranlib", "NM": plain + "nm", "STRIP": plain + "strip", "OBJCOPY": plain + "objcopy",
	}
}

// pkgConfigFolders are where the sysroot's pkg-config files are; not all of them need exist.
func pkgConfigFolders(f Facts) []string {
	usr := f.Sysroot() + "/usr/"
	return []string{usr + "lib/" + f.Multiarch() + "/pkgconfig", usr + "lib/pkgconfig", usr + "share/pkgconfig"}
}

// variables are what build systems ask for. Compiler flags are not among them: what the architecture demands is in the
// compiler wrappers, where no package can overwrite it.
func variables(f Facts) map[string]string {
	set := map[string]string{
		"PATH": CrossDir + "/bin:" + EnvDir + "/bin:" + systemPath,

		// Only the target's libraries are found.
		"PKG_CONFIG":        CrossDir + "/bin/pkg-config",
		"PKG_CONFIG_LIBDIR": strings.Join(pkgConfigFolders(f), ":"),

		// The native Python answers for the target's: see cpython's sysconfig and setuptools.
		"PYTHONPATH":                 CrossDir + "/python",
		"_PYTHON_HOST_PLATFORM":      "linux-" + f.Machine,
		"_PYTHON_SYSCONFIGDATA_NAME": "_sysconfigdata__crosswheel",
		"SETUPTOOLS_EXT_SUFFIX":      f.ExtSuffix,

		// CMake; scikit-build-core's own folder would have another name each time.
		"CMAKE_TOOLCHAIN_FILE": CrossDir + "/toolchain.cmake",
		"SKBUILD_BUILD_DIR":    ".crosswheel",
	}
	maps.Copy(set, binaries(f))
	maps.Copy(set, cargoVariables(f))
	maps.Copy(set, reproducible)
	return set
}

const systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// reproducible are variables for the same bytes on every day and machine.
var reproducible = map[string]string{
	"SOURCE_DATE_EPOCH": "315532800", // 1980-01-01, the first day that a ZIP file can say
	"PYTHONHASHSEED":    "0", "PYTHONNOUSERSITE": "1", "PYTHONDONTWRITEBYTECODE": "1",
	"LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": "/tmp",
}

// cargoVariables tell cargo, the crates that compile C or look for libraries, and PyO3 of the target. The toolchain itself
// is no part of an SDK.
func cargoVariables(f Facts) map[string]string {
	rust := machines[f.Machine].rust
	if rust == "" {
		return nil
	}
	small := strings.ReplaceAll(rust, "-", "_")
	ours := "CARGO_TARGET_" + strings.ToUpper(small) + "_"
	tools := binaries(f)
	return map[string]string{
		"CARGO_BUILD_TARGET": rust,
		ours + "LINKER":      tools["CC"],
		// Not RUSTFLAGS, which would reach what runs while building. Paths end up in the messages of panics.
		ours + "RUSTFLAGS":  "--remap-path-prefix=" + Root + "/=/",
		"CARGO_NET_OFFLINE": "true", "CARGO_INCREMENTAL": "0",

		"CC_" + small: tools["CC"], "CXX_" + small: tools["CXX"], "AR_" + small: tools["AR"],
		"HOST_CC": "cc", "HOST_CXX": "c++", "HOST_AR": "ar",
		"PKG_CONFIG_ALLOW_CROSS": "1",

		"PYO3_CROSS_LIB_DIR": CrossDir + "/python", "PYO3_CROSS_PYTHON_VERSION": f.PythonMinor(),
		"PYO3_PYTHON": EnvDir + "/bin/python",
	}
}

// machines are the processors that wheels can be built for, by the name that a kernel and a wheel's tag have for them.
var machines = map[string]struct{ family, rust string }{
	"armv7l":  {family: "arm", rust: "armv7-unknown-linux-gnueabihf"},
	"aarch64": {family: "aarch64", rust: "aarch64-unknown-linux-gnu"},
}

// longDoubles are numpy's names for the formats of a long double, by its size.
var longDoubles = map[int]string{8: "IEEE_DOUBLE_LE", 16: "IEEE_QUAD_LE"}
