// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Kind says what a recipe makes.
type Kind string

const (
	// Package makes a wheel.
	Package Kind = "package"
	// Library makes a C library that packages link.
	Library Kind = "library"
)

// Recipe is one version of one package or library, evaluated for one target: every expression has its value.
// The ranges say where in the recipe file a value was written, so that a check made three stages later can still point at the line.
type Recipe struct {
	Kind    Kind
	Name    string // as written; a package's is its PyPI name
	Version string
	Dir     string // the recipe's folder inside the recipes folder, slash-separated: "numpy"

	Summary     string
	License     string // an SPDX expression
	Homepage    string
	Tags        []string
	Maintainers []string

	// Disabled is the reason why this version is not built for this target; empty where it is built.
	Disabled string
	Refused  bool     // the recipe itself gives the reason: nobody else's wheel of it is for the target either
	Pinned   string   // the reason why newer versions are not looked for
	Requires []string // PEP 508: what a package needs at run time, to be held against its wheel; empty: not said
	TopLevel []string // the modules that a package's wheel must have
	Needs    Needs
	Source   Source
	Build    Build
	Test     Test

	Range        hcl.Range // the package or library block's header
	VersionRange hcl.Range // the version block's header

	section *section // what it was evaluated from
}

// At returns where a value was written: At("build", "extensions"), At("source", "url", "mirrors"). Where it was not written, that is
// the header of the nearest block around it. Names that the language does not have panic.
func (r *Recipe) At(names ...string) hcl.Range {
	spec, s, at := versionSyntax, r.section, r.VersionRange
	for i, name := range names {
		if i == len(names)-1 && spec.attribute(name) != nil {
			if s != nil && s.attributes[name] != nil {
				at = s.attributes[name].Expr.Range()
			}
			return at
		}
		if spec = spec.block(name); spec == nil {
			panic("recipe: the language has no " + strings.Join(names, "."))
		}
		if s != nil {
			s = s.blocks[name]
		}
		if s != nil {
			at = s.header
		}
	}
	return at
}

// AtItem is [Recipe.At] for one element of a list, as near as that is written.
func (r *Recipe) AtItem(item int, names ...string) hcl.Range {
	s := r.section
	for _, name := range names[:len(names)-1] {
		if s != nil {
			s = s.blocks[name]
		}
	}
	at := r.At(names...)
	if s == nil || s.attributes[names[len(names)-1]] == nil {
		return at
	}
	if list, ok := s.attributes[names[len(names)-1]].Expr.(*hclsyntax.TupleConsExpr); ok && item >= 0 && item < len(list.Exprs) {
		return list.Exprs[item].Range()
	}
	return at
}

// Needs are floors that the target must meet, or the version is skipped on it. A constraint is written as ">= 8.4".
type Needs struct {
	GCC    string
	Glibc  string
	Python string // of the target: ">= 3.9, < 3.12"
	Rust   string
	Range  hcl.Range
}

// SourceKind says where a source comes from.
type SourceKind string

const (
	PyPI   SourceKind = "pypi"   // the sdist of the recipe's name and version, from the package index that pip is set up for
	GitHub SourceKind = "github" // the archive of a tag, or a file of its release
	Git    SourceKind = "git"    // a commit
	URL    SourceKind = "url"    // an archive by address, with mirrors
	Path   SourceKind = "path"   // a folder beside the recipe
)

// DebianArchive begins the address of a file in Debian's archive, "debian:pool/main/…", wherever its mirror is.
const DebianArchive = "debian:"

// Source says where a source comes from and what is done to it before it is built.
type Source struct {
	Kind    SourceKind
	Wheel   bool     // for PyPI: the pure wheel, not the sdist; see [Source.IsWheel]
	URL     string   // for URL and Git
	Mirrors []string // for URL: tried in order after URL, under the same checksum
	Path    string   // for Path: relative to the recipe's folder

	Owner, Repo, Tag string // for GitHub
	Asset            string // for GitHub: a file of the tag's release; empty: the archive of the tag
	Commit           string // for Git: 40 or 64 lower-case hex digits
	Submodules       bool   // for Git

	SHA256 string // 64 lower-case hex digits; empty where the recipe left it so: the fetch step then fails and prints the actual one
	// Strip is how many leading folders of the archive's names are dropped; default 1, and 0 for a wheel.
	Strip int
	// ExtractDir is the folder of the stripped archive that is the source; empty: all of it.
	ExtractDir string
	// Patches are file names relative to the recipe's folder, applied in order.
	Patches []string
	// Extras are files and folders, relative to the recipe's folder, and where in the source they are copied to.
	Extras map[string]string

	Range       hcl.Range // the source block's header
	SHA256Range hcl.Range // the value of sha256, or the version block's header where it is missing
}

// IsWheel says that the source is a wheel already: it is unpacked, changed and packed again, and nothing is compiled.
func (s Source) IsWheel() bool {
	return s.Wheel || strings.HasSuffix(s.Asset, ".whl") || s.Kind == URL && strings.HasSuffix(s.URL, ".whl")
}

// Backends are the names that a recipe may give for its build backend. "pep517" is whatever pyproject.toml names.
var Backends = []string{"setuptools", "pep517", "meson-python", "scikit-build-core", "maturin", "setuptools-rust", "hatchling", "flit-core", "poetry-core", "pdm-backend"}

// RustBackends are those that compile Rust, by the names of their projects.
var RustBackends = []string{"maturin", "setuptools-rust"}

// Build says how a source becomes a wheel, or a library's installed files.
type Build struct {
	Backend        string              // one of [Backends]; empty: what the source says
	Requires       []string            // PEP 508: what must run natively while building; empty: the source's own [build-system] requires
	Constraints    []string            // PEP 508: bounds on what is resolved for Requires
	Executables    []string            // programs that must be there
	Uses           []Use               // other recipes whose exports are compiled against
	Env            map[string]string   // added to the build's environment
	CFlags         []string            // appended for C and C++
	CXXFlags       []string            // appended for C++ only
	LDFlags        []string            // appended when linking
	ConfigSettings map[string][]string // PEP 517 config settings; one that is written as a string is a list of one

	// Scripts for sh, run in the source folder with the cross environment. A library's Script installs into $PREFIX; a
	// package's stands for its backend and leaves a wheel in $WHEELS.
	Before, Script, After string
	Post                  string // a script for sh, run in the unpacked wheel

	// Exports are glob patterns (with **) of the files that dependants compile against: inside the wheel for a package
	// ("numpy/core/include/**"), inside $PREFIX for a library.
	Exports []string
	// Extensions are glob patterns of the extension modules that the wheel must have ("yaml/_yaml*.so"): a build that
	// silently fell back to pure Python is a failure.
	Extensions []string
	Number     int // the wheel's build number; 0: none

	// Native says where the native environments of those that use a package have the package itself from: [NativeWheel] or [NativeBuild]. Empty:
	// they have its exports only.
	Native string

	Linkage      string   // of a library: [Static], [Shared] or empty, which is static
	LicenseFiles []string // of a library: files of its source that wheels with it in them carry along

	Jobs    int           // the most jobs at a time; 0: no limit
	Memory  Size          // what it needs at its peak; 0: not said
	Timeout time.Duration // 0: none

	Range hcl.Range
}

// Where dependants have a package natively from.
const (
	NativeWheel = "wheel" // the package index's wheel for the build machine
	NativeBuild = "build" // the same source, built for the build machine
)

// How packages link a library.
const (
	Static = "static" // its code becomes a part of theirs
	Shared = "shared" // its files are put into their wheels
)

// Size is a number of bytes. It is written as "512MB" or "2GB".
type Size int64

// Use names a recipe that another one is compiled against.
type Use struct {
	Name    string
	Version string // empty: the newest version that is built for the target
	// Recipe is the one that the name stands for on this target; nil where the recipe that names it is disabled.
	Recipe *Recipe
	Range  hcl.Range
}

// Test says what proves a wheel on the target's own Python.
type Test struct {
	Imports  []string // module names; empty: the recipe's TopLevel
	Commands []string // Python statements, one program each
	Files    []string // glob patterns of files that the wheel must have
	Requires []string // PEP 508: installed for the test only
	PyTest   []string // arguments for pytest: paths in the source, and options
	Timeout  time.Duration
	Range    hcl.Range
}

// Target is a firmware that wheels are built for, as targets.hcl declares it; recipes see it as target.*. Glibc and GCC may
// be constraints where SDKs of more than one kind are for the firmware: see [Target.Assumed].
type Target struct {
	Name      string   // "bookworm-armhf"
	Summary   string   // for people
	Provider  string   // "debian" or "buildroot"
	Arch      string   // "armv7l"
	Triple    string   // GNU triple of the compiler
	Python    string   // "3.11"
	Glibc     string   // "2.36"
	GCC       string   // "12.2"
	Rust      string   // "1.74"; empty: the SDK has none
	Pip       string   // the firmware's pip, which installs the wheel in the test: "22.3.1"
	Manylinux bool     // wheels get a manylinux tag where an audit proves it; otherwise they are for linux_ARCH
	Suite     string   // for provider debian: the Debian release
	Packages  []string // for provider debian: Debian packages of the sysroot beyond the basic ones
	URL       string   // for provider buildroot: where the SDK is published; empty: it must be handed in
	SHA256    string   // for provider buildroot: of the SDK, published or handed in
	Range     hcl.Range
}
