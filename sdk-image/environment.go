// SPDX-License-Identifier: Apache-2.0

package sdkimage

import (
	_ "embed"
	"strings"

	"crosswheel/internal/offline"
)

// Files that the build environment is made from; "@NAME@" in them stands for a fact.
var (
	//go:embed cross/compiler.sh
	compilerWrapper string
	//go:embed cross/sysconfigdata.py
	sysconfigdata string
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

// Environment is a pure function of the facts: the same for every provider.
func Environment(f Facts) CrossEnvironment {
	facts := strings.NewReplacer(
		"@ROOT@", Root, "@SDK@", SDKDir, "@TRIPLE@", f.Triple, "@SYSROOT@", f.Sysroot(), "@CROSS@", CrossDir,
		"@PYTHON@", f.PythonMinor(), "@SYSCONFIGDATA@", f.Sysroot()+"/"+f.Sysconfigdata, "@EXT_SUFFIX@", f.ExtSuffix,
	)
	files := map[string]File{
		"offline.py":                           {offline.Launcher, 0o644},
		"offline.bpf":                          {offline.Encoded(), 0o644},
		"python/_sysconfigdata__crosswheel.py": {facts.Replace(sysconfigdata), 0o644},
	}
	for _, tool := range []string{"gcc", "g++", "gfortran"} {
		files["bin/"+f.Triple+"-"+tool] = File{strings.ReplaceAll(facts.Replace(compilerWrapper), "@TOOL@", tool), 0o755}
	}
	return CrossEnvironment{Files: files, Variables: variables(f)}
}

// variables are what build systems ask for. Compiler flags are not among them: what the architecture demands is in the
// compiler wrappers, where no package can overwrite it.
func variables(f Facts) map[string]string {
	wrapped := CrossDir + "/bin/" + f.Triple + "-"
	plain := SDKDir + "/bin/" + f.Triple + "-"
	libraries := f.Sysroot() + "/usr/lib"
	return map[string]string{
		"CC": wrapped + "gcc", "CXX": wrapped + "g++", "FC": wrapped + "gfortran", "F77": wrapped + "gfortran", "F90": wrapped + "gfortran",
		"AR": plain + "ar", "RANLIB": plain + "ranlib", "NM": plain + "nm", "STRIP": plain + "strip", "OBJCOPY": plain + "objcopy",
		"PATH": EnvDir + "/bin:" + CrossDir + "/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",

		// Only the target's libraries are found. Their flags name /usr/include and /usr/lib, which the wrappers move into the sysroot.
		"PKG_CONFIG_LIBDIR": libraries + "/" + f.Triple + "/pkgconfig:" + libraries + "/pkgconfig:" + f.Sysroot() + "/usr/share/pkgconfig",

		// The native Python answers for the target's: see cpython's sysconfig and setuptools.
		"PYTHONPATH":                 CrossDir + "/python",
		"_PYTHON_HOST_PLATFORM":      "linux-armv7l",
		"_PYTHON_SYSCONFIGDATA_NAME": "_sysconfigdata__crosswheel",
		"SETUPTOOLS_EXT_SUFFIX":      f.ExtSuffix,

		// The same bytes on every day and machine.
		"SOURCE_DATE_EPOCH": "315532800", // 1980-01-01, the first day that a ZIP file can say
		"PYTHONHASHSEED":    "0", "PYTHONNOUSERSITE": "1", "PYTHONDONTWRITEBYTECODE": "1",
		"LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": "/tmp",
	}
}
