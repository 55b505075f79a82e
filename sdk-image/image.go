// SPDX-License-Identifier: Apache-2.0

// Package sdkimage makes, for a target, the containers that build for it: the one place that knows toolchains.
//
// An SDK always has the layout that Buildroot's `make sdk` leaves, whoever made it (provider.go); what it is, is read
// from it (facts.go); the files and variables that turn a native build into a cross build follow from that and from
// nothing else (environment.go).
//
// It is not for building packages: it knows no recipe, no source and no wheel.
package sdkimage

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"crosswheel/internal/dagger"
	"crosswheel/internal/recipe"
)

// Where things lie in the containers.
const (
	// Root is a name that is met nowhere else: a published file that mentions it has leaked a path of the build.
	Root     = "/crosswheel"
	SDKDir   = Root + "/sdk"   // the SDK
	CrossDir = Root + "/cross" // the generated build environment
	EnvDir   = Root + "/env"   // the native Python environment with a source's build requirements
)

// aptPackages are what builds need beside the SDK. distutils is a package of its own in Debian up to bookworm, and no
// longer there in what follows.
func aptPackages(suite string) []string {
	packages := []string{"ca-certificates", "python3", "python3-venv", "python3-pip"}
	if suite == "bullseye" || suite == "bookworm" {
		packages = append(packages, "python3-distutils")
	}
	return append(packages, "make", "patch", "pkg-config", "qemu-user-static", "xz-utils")
}

// uvRequirements pins the resolver and installer of build requirements, as pip reads it.
//
//go:embed uv.txt
var uvRequirements string

// Image is what builds for one target. Nothing of it runs before it is needed.
type Image struct {
	Target recipe.Target
	// Tools is the x86_64 container with a native Python of the target's minor version, pip, uv and qemu-user, and no SDK:
	// what needs no toolchain runs there, so that a new SDK does not repeat it.
	Tools *dagger.Container
	// SDK has Buildroot's SDK layout.
	SDK *dagger.Directory
	// ToolsKey changes when the tools do, and Key when the tools, the SDK or its build environment do. Both are made of
	// what these are made from: nothing has to run to know them.
	ToolsKey, Key string
}

// New returns the image of a target.
func New(client *dagger.Client, target recipe.Target) (*Image, error) {
	if target.Provider != "debian" {
		return nil, fmt.Errorf("target %s: provider %q is not known; there is: debian", target.Name, target.Provider)
	}
	base := client.Container().From("debian:" + target.Suite + "-slim")
	toolsKey := digest(append([]string{target.Suite, uvRequirements, install(target.Suite)}, aptPackages(target.Suite)...)...)
	environment, err := json.Marshal(Environment(Declared(target)))
	if err != nil {
		panic("sdkimage: " + err.Error()) // it is made of strings
	}
	return &Image{
		Target:   target,
		Tools:    tools(base, target.Suite),
		SDK:      debianSDK(base, target),
		ToolsKey: toolsKey,
		Key:      digest(append([]string{toolsKey, assembleScript, string(environment)}, debianArguments(target)...)...),
	}, nil
}

// install is a shell script that installs the Debian packages that it is given, and uv. bullseye's pip does not know yet
// that it may not.
func install(suite string) string {
	if suite == "bullseye" {
		return strings.ReplaceAll(installScript, " --break-system-packages", "")
	}
	return installScript
}

const installScript = `
apt-get -q -o Acquire::Retries=5 update
DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Acquire::Retries=5 --no-install-recommends install "$@"
pip install --quiet --break-system-packages --no-cache-dir --no-deps --require-hashes --only-binary :all: -r /uv.txt
rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/log/* /root/.cache
find / -xdev -name __pycache__ -type d -prune -exec rm -rf {} +
`

// tools installs what builds need into the base.
func tools(base *dagger.Container, suite string) *dagger.Container {
	return base.
		WithNewFile("/uv.txt", uvRequirements).
		WithExec(append([]string{"sh", "-euc", install(suite), "tools"}, aptPackages(suite)...))
}

// Builder is the container in which a target's sources are compiled: the tools, the SDK at [SDKDir] and its build
// environment at [CrossDir].
func (i *Image) Builder(client *dagger.Client, facts Facts) *dagger.Container {
	files := client.Directory()
	environment := Environment(facts)
	for _, name := range slices.Sorted(maps.Keys(environment.Files)) {
		file := environment.Files[name]
		files = files.WithNewFile(name, file.Contents, dagger.DirectoryWithNewFileOpts{Permissions: file.Mode})
	}
	builder := i.WithSDK().WithDirectory(CrossDir, files)
	for _, name := range slices.Sorted(maps.Keys(environment.Variables)) {
		builder = builder.WithEnvVariable(name, environment.Variables[name])
	}
	return builder
}

// WithSDK is the tools and the SDK, without the build environment: for what reads the SDK.
func (i *Image) WithSDK() *dagger.Container {
	return i.Tools.WithDirectory(SDKDir, i.SDK)
}

// WithGit is the tools and git, for the few sources that are commits.
func (i *Image) WithGit() *dagger.Container {
	return i.Tools.WithExec([]string{"sh", "-euc", install(i.Target.Suite), "git", "git"})
}

// Emulated is a container whose root is the target's own root file system, and whose first argument is [Emulator]: what
// runs in it finds nothing of the build machine.
func (i *Image) Emulated(client *dagger.Client) *dagger.Container {
	return client.Container().
		WithRootfs(i.SDK.Directory(i.Target.Triple+"/sysroot")).
		WithMountedFile(Emulator, i.Tools.File("/usr/bin/qemu-arm-static")).
		WithMountedTemp("/tmp").
		WithEnvVariable("HOME", "/tmp").
		WithEnvVariable("LC_ALL", "C.UTF-8").
		WithEnvVariable("PYTHONDONTWRITEBYTECODE", "1")
}

// Emulator is where qemu-user lies in an [Image.Emulated] container.
const Emulator = "/usr/bin/qemu-arm-static"

// digest is the hash of its parts, in order.
func digest(parts ...string) string {
	hash := sha256.New()
	for _, part := range parts {
		fmt.Fprintf(hash, "%d:%s", len(part), part)
	}
	return hex.EncodeToString(hash.Sum(nil))
}
