// SPDX-License-Identifier: Apache-2.0

package sdkimage

import (
	_ "embed"
	"fmt"
	"maps"
	"strings"
	"time"
)

// Circumstances are what a build may meet by chance, and what must not get into its result.
type Circumstances struct {
	Folder string // where the source lies
	User   string // who builds
	UserID int
	Umask  int
	Jobs   int           // at a time; 0: as many as there are processors
	Host   string        // the machine's name; empty: whatever it is
	Ahead  time.Duration // of the clock
	// Variables are those of the environment that only say such things: SOURCE_DATE_EPOCH, HOME, TZ, LC_ALL, PYTHONHASHSEED.
	Variables map[string]string
}

// Usual are the circumstances of every build whose wheel is published; pipeline/build.py has the first four too.
func Usual() Circumstances {
	variables := map[string]string{}
	for name := range unlikeVariables {
		variables[name] = reproducible[name]
	}
	return Circumstances{Folder: Root + "/build", User: "nobody", UserID: 65534, Umask: 0o022, Variables: variables}
}

// Unlike are the circumstances of a build that is run once more, to show that nothing of them gets into a result. The folder, the user and
// the machine (BuildKit calls it buildkitsandbox) have names as long as the usual ones: so a result differs where they are written, and not in
// everything behind it. The umask is wider, since the build's user has to read what root writes for it.
func Unlike() Circumstances {
	return Circumstances{
		Folder: "/somewhere/unlike", User: "backup", UserID: 34, Umask: 0o002, Jobs: 1, Host: "somewhere-other",
		Ahead:     401*24*time.Hour + 11*time.Hour + 13*time.Minute + 17*time.Second,
		Variables: maps.Clone(unlikeVariables),
	}
}

var unlikeVariables = map[string]string{
	"SOURCE_DATE_EPOCH": "981173106", // 2001-02-03 04:05:06
	"PYTHONHASHSEED":    "20010203",
	"HOME":              "/var/tmp",
	"TZ":                "XXX-5:45", // without the tables of zones, which the images have not
	"LC_ALL":            "C",
}

// RemapFolder is a variable of [Environment] for builds in another folder than the usual one: to cargo it is the same. The C compilers'
// wrapper looks at CROSSWHEEL_BUILD.
func RemapFolder(f Facts, folder string) map[string]string {
	for name, value := range cargoVariables(f) {
		if strings.HasSuffix(name, "_RUSTFLAGS") {
			return map[string]string{name: value + " --remap-path-prefix=" + folder + "/=/" + strings.TrimPrefix(Usual().Folder, Root+"/") + "/"}
		}
	}
	return nil
}

// FilesFor are the files of [Environment], by path under [CrossDir], that name the folder of the source, for builds in another one. Programs are
// not among them: they look at CROSSWHEEL_BUILD.
func FilesFor(f Facts, folder string) map[string]string {
	files := map[string]string{}
	for name, file := range Environment(f).Files {
		if strings.Contains(file.Contents, Usual().Folder) && file.Mode&0o100 == 0 {
			files[name] = strings.ReplaceAll(file.Contents, Usual().Folder, folder)
		}
	}
	return files
}

// UnlikeSource is the C source of a library that changes, for a process that it is preloaded into, what builds see of their machine.
//
//go:embed unlike/unlike.c
var UnlikeSource string

// UnlikeCompiler is the command, for an [Image.WithCompiler] container, that makes the library of that source.
func UnlikeCompiler(source, library string, c Circumstances) []string {
	return []string{"gcc", "-O2", "-Wall", "-shared", "-fPIC", fmt.Sprintf("-DAHEAD=%d", int(c.Ahead.Seconds())), fmt.Sprintf("-DHOST=%q", c.Host),
		"-o", library, source, "-ldl"}
}
