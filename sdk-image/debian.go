// SPDX-License-Identifier: Apache-2.0

package sdkimage

import (
	_ "embed"
	"strings"

	"crosswheel/internal/dagger"
	"crosswheel/internal/recipe"
)

// assembleScript makes an SDK in Buildroot's layout from Debian packages.
//
//go:embed debian/assemble.sh
var assembleScript string

// debianPackages are the packages of every Debian sysroot: the C and C++ run time, what a firmware's Python is made of,
// and the headers that packages commonly look for. "PYTHON" stands for the target's Python, as in "python3.11".
var debianPackages = []string{
	"libc6-dev", "libstdc++6", "libgcc-s1", "libgfortran5", "libgomp1", "libatomic1",
	"PYTHON", "libPYTHON", "libPYTHON-dev", "zlib1g-dev", "libffi-dev",
}

// debianArguments are assemble.sh's: TRIPLE DEBIAN-ARCH GCC-MAJOR OUT PACKAGE….
func debianArguments(target recipe.Target) []string {
	major, _, _ := strings.Cut(target.GCC, ".")
	arguments := []string{target.Triple, "armhf", major, SDKDir}
	for _, name := range debianPackages {
		arguments = append(arguments, strings.ReplaceAll(name, "PYTHON", "python"+target.Python))
	}
	return append(arguments, target.Packages...)
}

// debianSDK is the SDK of a target of provider debian.
func debianSDK(base *dagger.Container, target recipe.Target) *dagger.Directory {
	return base.
		WithNewFile("/assemble.sh", assembleScript).
		WithExec(append([]string{"sh", "/assemble.sh"}, debianArguments(target)...)).
		Directory(SDKDir)
}
