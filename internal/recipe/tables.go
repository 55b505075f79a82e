// SPDX-License-Identifier: Apache-2.0

package recipe

// The language. docs/recipes.md and the schema function show these tables: a word here is a word there.

// recipeSpec is what a version of a recipe can say, in its version block or in the package or library block around it.
func recipeSpec(r *Recipe) *blockSpec {
	return &blockSpec{
		attributes: []attributeSpec{
			{name: "summary", into: &r.Summary, example: `"Fundamental package for array computing"`,
				doc: "What it is, in a line."},
			{name: "license", into: &r.License, example: `"BSD-3-Clause"`, check: licenseExpression,
				doc: "The licence, as an SPDX expression. `LicenseRef-…` names one that SPDX does not know."},
			{name: "homepage", into: &r.Homepage, example: `"https://numpy.org"`, check: webAddress,
				doc: "Where people read about it."},
			{name: "tags", into: &r.Tags, example: `["core"]`, check: tagName,
				doc: "Groups that it is in; `--select tag:NAME` picks them."},
			{name: "maintainers", into: &r.Maintainers, example: `["Ada Lovelace <ada@example.org>"]`,
				doc: "Who answers for the recipe."},
			{name: "disabled", into: &r.Disabled, example: `target.python == "3.13" ? "does not know Python 3.13" : null`,
				doc: "The reason why it is not built. What uses it is not built either, and says so. No other target's wheel of it is given to this one."},
			{name: "pinned", into: &r.Pinned, example: `"2.x breaks the protocols of 2023"`,
				doc: "The reason why tools that look for newer versions leave this one alone; `list` shows it."},
			{name: "requires", kind: Package, into: &r.Requires, example: `["numpy>=1.21"]`, check: requirementText,
				doc: "What it needs at run time (PEP 508). The wheel's own METADATA is held against it: a project that is missing on either side fails the build."},
			{name: "top_level", kind: Package, into: &r.TopLevel, example: `["yaml"]`, check: moduleName,
				doc: "The modules that the wheel must have. They are imported in the test, unless `imports` says what is."},
		},
		blocks: []*blockSpec{localsSpec, needsSpec(&r.Needs), sourceSpec(&r.Source), buildSpec(&r.Build), testSpec(&r.Test)},
	}
}

// versionSpec is recipeSpec with what only a version block can say.
func versionSpec(r *Recipe) *blockSpec {
	spec := recipeSpec(r)
	spec.name = "version"
	spec.doc = "One version, named by its label. It takes all that the block around it says, and may say any of it anew."
	spec.attributes = append(spec.attributes, attributeSpec{
		name: "sha256", into: &r.Source.SHA256, at: &r.Source.SHA256Range, empty: true, check: sha256Digits,
		example: `"c642ae9b75fee120b2d96c712538bd2cf283228d2337df2cf2988e3c02678ef4"`,
		doc:     "The checksum of what is downloaded: everywhere but with `git` and `path`. An empty one fails and prints the actual one.",
	})
	return spec
}

// versionSyntax and topSyntax are the tables as reading needs them: their values go nowhere.
var (
	versionSyntax = versionSpec(&Recipe{})
	topSyntax     = map[Kind]*blockSpec{Package: topSpec(Package), Library: topSpec(Library)}
)

// topSpec is recipeSpec with what only a package or library block can say.
func topSpec(kind Kind) *blockSpec {
	spec := recipeSpec(&Recipe{})
	spec.name = string(kind)
	spec.doc = map[Kind]string{
		Package: "Makes a wheel. Its label is the name that the package index has it under.",
		Library: "Makes a C library that packages link. It is published in no index.",
	}[kind]
	spec.blocks = append(spec.blocks, versionSpec(&Recipe{}))
	return spec
}

// localsSpec is the one block whose names the recipe makes up.
var localsSpec = &blockSpec{name: "locals", open: true,
	doc: "Values of any names and types, for expressions: what is `fortran = \"gfortran-12\"` here is `local.fortran` there. They may refer to each other. A version block's take the place of those of the same name."}

func needsSpec(n *Needs) *blockSpec {
	return &blockSpec{name: "needs", header: &n.Range,
		doc: "Floors and ceilings that the target must meet, as `\">= 8.4, < 12\"`; where it does not the version is skipped, and the report says why.",
		attributes: []attributeSpec{
			{name: "gcc", into: &n.GCC, example: `">= 8.4"`, check: constraintText, doc: "The version of the target's compiler."},
			{name: "glibc", into: &n.Glibc, example: `">= 2.28"`, check: constraintText, doc: "The version of the target's C library."},
			{name: "python", into: &n.Python, example: `">= 3.9, < 3.12"`, check: constraintText, doc: "The minor version of the target's Python."},
			{name: "rust", into: &n.Rust, example: `">= 1.74"`, check: constraintText, doc: "The version of the SDK's Rust. A target without one meets no such need."},
		}}
}

func sourceSpec(s *Source) *blockSpec {
	return &blockSpec{
		name: "source", header: &s.Range, chosen: &s.Kind,
		doc: "Where the source comes from, by exactly one of the blocks in it, and what is done to it before it is built.",
		attributes: []attributeSpec{
			{name: "strip", into: &s.Strip, example: `0`, doc: "How many leading folders of the archive's names are dropped. Default: 1, and 0 for a wheel."},
			{name: "extract_dir", into: &s.ExtractDir, example: `"python"`, check: innerPath,
				doc: "The folder of the stripped archive that is the source; all else is dropped. Default: all of it."},
			{name: "patches", into: &s.Patches, example: `["fix-cross.patch"]`, beside: besideFile, check: localPath,
				doc: "Files beside the recipe, of `diff -u` or git, applied in order with no fuzz."},
			{name: "extras", into: &s.Extras, example: `{ "files/site.cfg" = "site.cfg" }`, beside: besideAny, check: localPath, checkValue: innerPath,
				doc: "Files and folders beside the recipe that are copied into the source after it is patched, and where to."},
		},
		blocks: []*blockSpec{
			{name: string(PyPI), kind: Package, doc: "The sdist of the recipe's name and version, from the package index that pip is set up for.", attributes: []attributeSpec{
				{name: "wheel", into: &s.Wheel, example: `true`,
					doc: "Take the pure wheel instead (`…-none-any.whl`): nothing is compiled; patches, extras and `post` are applied to it, and it is packed again."},
			}},
			{name: string(GitHub), doc: "The archive of a tag at GitHub, or a file of its release. The function's `--github-url` is for enterprise servers.", attributes: []attributeSpec{
				{name: "owner", into: &s.Owner, example: `"yaml"`, required: always, check: gitHubName, doc: "Whose repository it is."},
				{name: "repo", into: &s.Repo, example: `"libyaml"`, required: always, check: gitHubName, doc: "The repository's name."},
				{name: "tag", into: &s.Tag, example: `"v${version}"`, required: always, check: tagText, doc: "The tag."},
				{name: "asset", into: &s.Asset, example: `"yaml-${version}.tar.gz"`, check: assetName, doc: "The file of the tag's release. Default: the archive that GitHub makes of the whole tag."},
			}},
			{name: string(Git), doc: "One commit of a repository. Its id is checksum enough.", attributes: []attributeSpec{
				{name: "url", into: &s.URL, example: `"https://git.example.org/yaml.git"`, required: always, check: webAddress, doc: "The repository."},
				{name: "commit", into: &s.Commit, example: `"2c891fc7a770e8ba2fec34fc6b545c672beb37e6"`, required: always, check: commitID, doc: "The whole id: tags and branches move."},
				{name: "submodules", into: &s.Submodules, example: `true`, doc: "Fetch its submodules too, at the commits that it names."},
			}},
			{name: string(URL), doc: "An archive by its address. One that ends in `.whl` is a wheel to pack again.", attributes: []attributeSpec{
				{name: "url", into: &s.URL, example: `"https://example.org/yaml-${version}.tar.gz"`, required: always, check: sourceAddress, doc: "The address. `debian:pool/…` is a file of Debian's archive, on the mirror that apt is set up for."},
				{name: "mirrors", into: &s.Mirrors, example: `["https://mirror.example.org/yaml-${version}.tar.gz"]`, check: sourceAddress,
					doc: "Addresses that are tried after it, in order, under the same checksum."},
			}},
			{name: string(Path), doc: "A folder beside the recipe.", attributes: []attributeSpec{
				{name: "path", into: &s.Path, example: `"files/src"`, required: always, beside: besideFolder, check: localPath, doc: "The folder."},
			}},
		},
	}
}

func buildSpec(b *Build) *blockSpec {
	return &blockSpec{name: "build", header: &b.Range,
		doc:        "How the source becomes a wheel, or a library's installed files. It runs without network, in the source's folder, with the cross environment (`CC`, `CXX`, `AR`, …).",
		attributes: append(buildAttributes(b), scriptAttributes(b)...)}
}

func buildAttributes(b *Build) []attributeSpec {
	return []attributeSpec{
		{name: "backend", kind: Package, into: &b.Backend, example: `"setuptools"`, oneOf: Backends,
			doc: "The build backend. Default: what the source's pyproject.toml says, and setuptools where there is none. `pep517` demands that it says so."},
		{name: "requires", into: &b.Requires, example: `["Cython==0.29.36", "setuptools<60"]`, check: requirementText,
			doc: "What runs natively while building (PEP 508), resolved as of the day of release and locked with hashes. Default: what pyproject.toml asks for, and nothing for a library; what a setup.py asks for while it runs (`setup_requires`) has to be named."},
		{name: "constraints", kind: Package, into: &b.Constraints, example: `["setuptools<66"]`, check: requirementText,
			doc: "Bounds on what is resolved for `requires`, and on what that needs in turn."},
		{name: "executables", into: &b.Executables, example: `["cmake"]`, check: executableName,
			doc: "Programs that must be there; looked for before anything is compiled. `perl`, `autoreconf`, `gcc` (for the machine that builds) and `cargo` are in the build image of those who name them."},
		{name: "uses", into: &b.Uses, example: `["libyaml", "numpy==1.24.0"]`,
			doc: "Other recipes that it is compiled against, or that it cannot be imported without: the package index has no wheels of those for the target. Without a version it is the newest that is built for the target."},
		{name: "env", into: &b.Env, example: `{ NPY_BLAS_ORDER = "" }`, check: variableName,
			doc: "Added to the environment of the build."},
		{name: "cflags", into: &b.CFlags, example: `["-O2"]`, doc: "Appended for C and C++."},
		{name: "cxxflags", into: &b.CXXFlags, example: `["-std=c++17"]`, doc: "Appended for C++ only, after `cflags`."},
		{name: "ldflags", into: &b.LDFlags, example: `["-Wl,--as-needed"]`, doc: "Appended when linking."},
		{name: "config_settings", kind: Package, into: &b.ConfigSettings, example: `{ "setup-args" = ["-Dblas=none", "-Dlapack=none"] }`,
			doc: "Settings for the backend (PEP 517), each a string or a list of them."},
		{name: "exports", into: &b.Exports, example: `["include/**", "lib/*.a"]`, required: []Kind{Library}, check: filePattern,
			doc: "Patterns of the files that dependants compile against: in the wheel, or below a library's `$PREFIX`. They see no others, and are built again only when these change."},
		{name: "extensions", kind: Package, into: &b.Extensions, example: `["yaml/_yaml*.so"]`, check: filePattern,
			doc: "Patterns of the extension modules that the wheel must have: many packages fall back to pure Python in silence."},
		{name: "number", kind: Package, into: &b.Number, example: `1`,
			doc: "The wheel's build number, for bytes that change under the same version. Default: none."},
		{name: "native", kind: Package, into: &b.Native, example: `"wheel"`, oneOf: []string{NativeWheel, NativeBuild},
			doc: "What uses it also imports it while it is built: it is installed natively there, at the same version. `wheel` takes the package index's wheel for the build machine; `build`, for where there is none, builds the same source with the build machine's compiler too. It takes the place of what sources ask for of the same name. Default: what uses it sees its `exports`, and no more."},
		{name: "linkage", kind: Library, into: &b.Linkage, example: `"static"`, oneOf: []string{Static, Shared},
			doc: "How packages link it. `static`, the default, makes its code a part of theirs. `shared` puts the shared libraries that they need among its `exports` into their wheels, under names of their own."},
		{name: "license_files", kind: Library, into: &b.LicenseFiles, example: `["LICENSE"]`, check: innerPath,
			doc: "Files of the source that every wheel with the library in it carries along, in its `.dist-info/licenses`."},
		{name: "jobs", into: &b.Jobs, example: `1`, doc: "The most jobs that the build may run at a time. Default: one for each processor."},
		{name: "memory", into: &b.Memory, example: `"2GB"`, doc: "What the build needs at its peak: others wait until there is that much."},
		{name: "timeout", into: &b.Timeout, example: `"90m"`, doc: "How long it may compile before it is stopped. Default: as long as it likes."},
	}
}

// scriptAttributes are texts for sh.
func scriptAttributes(b *Build) []attributeSpec {
	return []attributeSpec{
		{name: "before", kind: Package, into: &b.Before, example: `"./regenerate.sh"`,
			doc: "A script (`sh -eu`) that runs before the backend."},
		{name: "script", into: &b.Script, example: `"./configure --host=${target.triple} --prefix=$PREFIX && make install"`, required: []Kind{Library},
			doc: "A script that does the whole work. A library's installs into `$PREFIX`; a package's, which takes the backend's place, leaves one wheel in `$WHEELS`."},
		{name: "after", kind: Package, into: &b.After, example: `"make check"`,
			doc: "A script that runs after the backend, still in the source's folder."},
		{name: "post", kind: Package, into: &b.Post, example: `"rm -r demo/tests"`,
			doc: "A script that runs in the unpacked wheel, which is then packed again."},
	}
}

func testSpec(t *Test) *blockSpec {
	return &blockSpec{name: "test", kind: Package, header: &t.Range, doc: "What proves the wheel on the target's own Python, installed by its own pip, in its own root file system.", attributes: []attributeSpec{
		{name: "imports", into: &t.Imports, example: `["numpy", "numpy.linalg"]`, check: moduleName, doc: "Modules that are imported. Default: those of `top_level`."},
		{name: "commands", into: &t.Commands, example: `["import numpy; print(numpy.arange(3).sum())"]`, doc: "Python statements, one program each."},
		{name: "files", into: &t.Files, example: `["numpy/py.typed"]`, check: filePattern, doc: "Patterns of files that the wheel must have."},
		{name: "requires", into: &t.Requires, example: `["pytest"]`, check: requirementText, doc: "What is installed for the test only (PEP 508)."},
		{name: "pytest", into: &t.PyTest, example: `["tests/test_api.py", "-k=not network"]`, check: pytestArgument,
			doc: "A part of the source's own tests: files and folders of the source, and options, that pytest is called with on the target. Only these files are there, and not the source; with `--pyargs` the names of modules that the wheel holds."},
		{name: "timeout", into: &t.Timeout, example: `"10m"`, doc: "How long it may take, under emulation, before it is stopped. Default: an hour."},
	}}
}

// targetSpec is what a target block of targets.hcl can say.
func targetSpec(t *Target) *blockSpec {
	return &blockSpec{name: "target", attributes: []attributeSpec{
		{name: "summary", into: &t.Summary, example: `"Debian 12 on ARMv7 hard-float"`},
		{name: "provider", into: &t.Provider, example: `"debian"`, required: always, oneOf: []string{"debian", "buildroot"}},
		{name: "arch", into: &t.Arch, example: `"armv7l"`, required: always},
		{name: "triple", into: &t.Triple, example: `"arm-linux-gnueabihf"`, required: always},
		{name: "python", into: &t.Python, example: `"3.11"`, required: always, check: minorVersion},
		{name: "glibc", into: &t.Glibc, example: `"2.36"`, required: always, check: expectation},
		{name: "gcc", into: &t.GCC, example: `"12.2"`, required: always, check: expectation},
		{name: "rust", into: &t.Rust, example: `"1.74"`, check: dottedNumber},
		{name: "pip", into: &t.Pip, example: `"22.3.1"`, required: always, check: dottedNumber},
		{name: "manylinux", into: &t.Manylinux, example: `true`},
		{name: "suite", into: &t.Suite, example: `"bookworm"`},
		{name: "packages", into: &t.Packages, example: `["libffi-dev"]`},
		{name: "url", into: &t.URL, example: `"https://example.org/sdk.tar.gz"`, check: webAddress},
		{name: "sha256", into: &t.SHA256, example: `"…"`, check: sha256Digits},
	}}
}
