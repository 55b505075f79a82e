// SPDX-License-Identifier: Apache-2.0

// Package sdkimage makes, for a target, the containers that build for it: the one place that knows toolchains.
//
// An SDK always has the layout that Buildroot's `make sdk` leaves, whoever made it (debian.go, buildroot.go); what it is, is read
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
	// Native is the native Python where that is the SDK's own; empty: the tools'.
	Native string
	// SHA256 is of the tarball that the SDK came as; empty where it did not.
	SHA256 string
	// Expected is what the SDK says of itself: read from it, or, where that is to be known before it is made, declared.
	Expected Facts
	// Lacks are modules that the target's Python was made without.
	Lacks []string
	// Rust has the Rust toolchain for the target at [RustDir].
	Rust *dagger.Container
	// ToolsKey changes when the tools do, Key when the tools, the SDK or its build environment do, and RustKey when the Rust
	// toolchain does. They are made of what these are made from: nothing has to run to know them.
	ToolsKey, Key, RustKey string
}

// New returns the image of a target of provider debian.
func New(client *dagger.Client, target recipe.Target) *Image {
	image := newImage(client, target, target.Suite, Declared(target))
	image.SDK = debianSDK(from(client, target.Suite), target)
	image.Key = digest(append([]string{image.ToolsKey, assembleScript, image.Key}, debianArguments(target)...)...)
	return image
}

// newImage is an image without an SDK; its Key is that of the build environment.
func newImage(client *dagger.Client, target recipe.Target, suite string, expected Facts) *Image {
	environment, err := json.Marshal(Environment(expected))
	if err != nil {
		panic("sdkimage: " + err.Error()) // it is made of strings
	}
	return &Image{
		Target:   target,
		Tools:    tools(from(client, suite), suite),
		Expected: expected,
		ToolsKey: toolsKey(suite),
		Key:      string(environment),
		Rust:     rust(client, target),
		RustKey:  digest(append([]string{rustComponents, installRust}, rustArguments(target)...)...),
	}
}

// RustDigest is the sha256 of rust/components.txt, which has the checksums of all that the Rust toolchain consists of.
func RustDigest() string {
	sum := sha256.Sum256([]byte(rustComponents))
	return hex.EncodeToString(sum[:])
}

// from is a release of Debian.
func from(client *dagger.Client, suite string) *dagger.Container {
	return client.Container().From("debian:" + suite + "-slim")
}

// WithoutPip says why the target's Python cannot run pip; empty where it can.
func (i *Image) WithoutPip() string {
	for _, module := range []string{"xml.parsers.expat", "zlib"} {
		if slices.Contains(i.Lacks, module) {
			return fmt.Sprintf("the Python of the SDK was made without %s, and pip does not run without that", module)
		}
	}
	return ""
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

func toolsKey(suite string) string {
	return digest(append([]string{suite, uvRequirements, install(suite)}, aptPackages(suite)...)...)
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

// Programs are those that a few builds need and the builder has not, with the Debian packages that have them: it is a builder
// of its own that has them, so that the others stay what they are.
var Programs = map[string][]string{
	"perl":       {"perl"}, // Debian's images have a part of it
	"autoreconf": {"autoconf", "automake", "libtool"},
	"gcc":        {"gcc", "libc6-dev"}, // for this machine
}

// Extended is a builder with more Debian packages. The build environment is not for what installs them.
func Extended(builder *dagger.Container, packages []string) *dagger.Container {
	const script = `
apt-get -q -o Acquire::Retries=5 update
DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Acquire::Retries=5 --no-install-recommends install "$@"
rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/log/*
`
	return builder.WithExec(append([]string{"env", "-u", "PYTHONPATH", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "sh", "-euc", script, "packages"}, packages...))
}

// WithSDK is the tools and the SDK, without the build environment: for what reads the SDK.
func (i *Image) WithSDK() *dagger.Container {
	return i.Tools.WithDirectory(SDKDir, i.SDK)
}

// Emulated is a container whose root is the target's own root file system, and whose first argument is [Emulator]: what
// runs in it finds nothing of the build machine.
func (i *Image) Emulated(client *dagger.Client) *dagger.Container {
	return client.Container().
		WithRootfs(i.precompiled()).
		WithMountedFile(Emulator, i.Tools.File("/usr/bin/qemu-arm-static")).
		WithMountedTemp("/tmp").
		WithEnvVariable("HOME", "/tmp").
		WithEnvVariable("LC_ALL", "C.UTF-8").
		WithEnvVariable("PYTHONDONTWRITEBYTECODE", "1")
}

// CompilePython compiles modules in a folder that a container has elsewhere than they will be found: CompilePython ROOT FOLDER [PYTHON].
// A native Python does what an emulated one of the same minor version would do at each start. What it cannot compile, such as the
// templates of some packages, stays as it is.
const CompilePython = `"${3:-python3}" -m compileall -q -j 0 --invalidation-mode unchecked-hash -s "$1" -p / "$1/$2" || true`

// precompiled is the target's root file system with the byte-code of its standard library, which a package's installation would have
// left. Python starts in a seventh of the time with it.
func (i *Image) precompiled() *dagger.Directory {
	native := i.Tools
	if i.Native != "" {
		native = i.WithSDK()
	}
	const root = "/sysroot"
	return native.
		WithMountedDirectory(root, i.SDK.Directory(i.Target.Triple+root)).
		WithExec([]string{"sh", "-euc", CompilePython, "compile", root, "usr/lib/python" + i.Target.Python, i.Native}).
		Directory(root)
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
