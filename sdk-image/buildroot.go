// SPDX-License-Identifier: Apache-2.0

package sdkimage

import (
	"cmp"
	"fmt"

	"crosswheel/internal/buildroot"
	"crosswheel/internal/dagger"
	"crosswheel/internal/recipe"
)

// newest is the newest release of Debian: what an SDK's maker linked to its C library runs there.
const newest = "trixie"

// pythons are the releases of Debian by the minor version of their Python.
var pythons = map[string]string{"3.9": "bullseye", "3.11": "bookworm", "3.13": newest}

// Opener is the container in which the tarballs of SDKs are opened. The script that relocates an SDK of an older Buildroot
// needs the program file, and does nothing without it.
func Opener(client *dagger.Client) *dagger.Container {
	return tools(from(client, newest), newest).WithExec([]string{"sh", "-euc", install(newest), "file", "file"})
}

// Opened is an SDK whose tarball was opened.
type Opened struct {
	buildroot.SDK
	Name      string // the tarball's
	Facts     Facts
	Directory *dagger.Directory
}

// NewBuildroot returns the image of a target of provider buildroot. What the target does not say, or says loosely, is what
// the SDK says.
func NewBuildroot(client *dagger.Client, target recipe.Target, opened Opened) (*Image, error) {
	suite, native := newest, ""
	if opened.Native != "" {
		native = SDKDir + "/" + opened.Native
	} else if suite = pythons[opened.Facts.PythonMinor()]; suite == "" {
		return nil, fmt.Errorf("the SDK %s has Python %s for the target and no bin/python3 of that minor version which runs here. Packages are built with a native "+
			"Python of the same minor version: make the SDK with BR2_PACKAGE_HOST_PYTHON3=y (Debian has one for 3.9, 3.11 and 3.13 only)", opened.Name, opened.Facts.Python)
	}
	image := newImage(client, complete(target, opened), suite, opened.Facts)
	image.SDK, image.SHA256, image.Native, image.Lacks = opened.Directory, opened.SHA256, native, opened.Lacks
	image.Key = digest(image.ToolsKey, opened.SHA256, image.Key)
	return image, nil
}

// complete is a target with what its SDK says.
func complete(t recipe.Target, opened Opened) recipe.Target {
	facts := opened.Facts
	t.Name = cmp.Or(t.Name, "sdk")
	t.Summary = cmp.Or(t.Summary, "The SDK "+opened.Name)
	t.Provider, t.Suite, t.Packages = "buildroot", "", nil
	t.Triple, t.Python, t.Glibc, t.GCC = facts.Triple, facts.PythonMinor(), facts.Glibc, facts.GCC
	t.Arch = cmp.Or(t.Arch, facts.Machine)
	t.Pip = cmp.Or(t.Pip, pipOf(facts.PythonMinor()))
	return t
}

// pipOf is a pip that runs on a Python of that minor version from its wheel, where nobody says which one the firmware has:
// that of the robots.
func pipOf(minor string) string {
	if recipe.Admits("< 3.12", minor) {
		return "22.3.1"
	}
	return "25.2"
}
