// SPDX-License-Identifier: Apache-2.0

package wheel

import "fmt"

// Code explains one rule of the audit. Codes are stable: people write them into reports and scripts.
type Code struct {
	Code     string
	Severity Severity // what a breach is by default
	Title    string   // what is wrong, in a few words
	Why      string   // what happens on the robot, or to the index
	Remedy   string   // what to do
}

// Codes are all the rules, in the order in which the audit applies them.
var Codes = []Code{
	{"NAME", Error, "the file name is not a wheel's",
		"Installers choose wheels by their file names alone; a name outside of the standard is passed over without a word.",
		"Rename the file to {name}-{version}-{python}-{abi}-{platform}.whl, with the name in lower case and underscores."},
	{"ZIP", Error, "the archive is broken or dangerous",
		"Zip readers differ in what they make of such an archive: what was checked here need not be what an installer unpacks.",
		"Pack the wheel again from its unpacked tree."},
	{"ZIP-DESCRIPTOR", Warning, "sizes are written behind the data",
		"PyPI refuses such archives, since a reader that streams them can be led astray.",
		"Pack the wheel again."},
	{"DIST-INFO", Error, "the .dist-info folder is missing, doubled or incomplete",
		"Installers refuse a wheel without exactly one .dist-info folder that holds METADATA, WHEEL and RECORD.",
		"Build the wheel again with a current build backend."},
	{"METADATA", Error, "METADATA is malformed",
		"Installers read the requirements there; a field that they read differently becomes a missing dependency.",
		"Correct the project's metadata with a patch."},
	{"LICENSE-FILE", Error, "a licence file is missing",
		"METADATA names the file: PyPI refuses the wheel, and whoever passes it on breaks the licence.",
		"Put the file into the source's folder, or correct license-files in its pyproject.toml with a patch."},
	{"SBOM", Warning, "a bill of materials can not be read",
		"Scanners look in .dist-info/sboms for what the wheel brings along; what they can not read, they count as nothing.",
		"See which tool of the build wrote the file: it must be CycloneDX or SPDX, and nothing else belongs into that folder."},
	{"WHEEL", Error, "the file WHEEL is malformed",
		"Installers refuse wheels of a format that they do not know.",
		"Build the wheel again with a current build backend."},
	{"MISMATCH", Error, "the file name, .dist-info and METADATA disagree",
		"pip downloads the wheel and then refuses it, because the metadata is another project's or version's than it asked for.",
		"Set the version in one place, and remove what an earlier build left behind."},
	{"RECORD", Error, "RECORD does not describe the wheel's files",
		"Installers do not compare, so that changed or foreign files get in unseen; uninstalling leaves them behind.",
		"Pack the wheel again: that writes RECORD anew."},
	{"SIGNATURE", Warning, "RECORD is signed in a way that nobody checks",
		"RECORD.jws and RECORD.p7s were given up (PEP 815), and PyPI is to refuse them. No installer ever looked at them.",
		"Build the wheel again with a current build backend, and publish provenance beside it."},
	{"DATA", Error, "a file of the .data folder has no place",
		"Installers know five folders there; what lies elsewhere they refuse, or leave in site-packages where nobody looks for it.",
		"Correct data_files, scripts or the build backend's like in the source."},
	{"ENTRY-POINTS", Error, "entry_points.txt is malformed",
		"Installers make programs of it: pip stops in the middle of the installation, or leaves a program that can not start.",
		"Correct the entry points in the source's pyproject.toml or setup.py."},
	{"TOP-LEVEL", Warning, "a name that many projects use is at the top",
		"Two wheels with the same file overwrite each other, and uninstalling one breaks the other.",
		"Leave it out of the wheel: packages.find.exclude of setuptools, or the like."},
	{"EMPTY", Warning, "nothing is in the wheel",
		"It installs, and its import fails.",
		"See whether the build found the packages: packages or packages.find of setuptools, or the like."},
	{"TAG-FILE", Error, "WHEEL and the file name have different tags",
		"Tools that read WHEEL and installers that read the file name hold it for two different wheels.",
		"Pack the wheel again with its tags."},
	{"TAG-CONTENT", Error, "the tag promises what the content does not keep",
		"A tag too wide installs where the import fails; one too narrow hides the wheel from those who could use it.",
		"Pack the wheel again with the tags that follow from its content."},
	{"TAG-TARGET", Error, "the target would not install it",
		"pip on the target knows no tag of this wheel, and says only that it found no matching distribution.",
		"Build it for the target's Python and platform."},
	{"ABI3", Warning, "more than the stable ABI is used",
		"A wheel of the tag abi3 is installed for every later Python. One that lacks a name refuses to import the module.",
		"Define Py_LIMITED_API as the tag's version, or build for one Python only."},
	{"EXTENSION-MISSING", Error, "an expected extension module is missing",
		"Many builds fall back to pure Python without failing when a header or a library is missing; what is left is slow, or lacks functions.",
		"Look in the build's log for the compiler's or linker's error, and add the library that it misses. Where the other machine's wheel has more with " +
			"good reason, name those that must be there in the recipe (extensions)."},
	{"FILE-MISSING", Error, "an expected file is missing",
		"What reads it, data or a marker such as py.typed, finds out on the robot.",
		"See whether the build's log says why it was left out, or correct the name in the recipe."},
	{"MODULE-MISSING", Error, "an expected module is missing",
		"The import fails: the wheel is another package's, or what it is about was left out of it.",
		"See whether the build's log says why it was left out, or correct the name in the recipe."},
	{"EXTENSION-SUFFIX", Error, "an extension module is named for another Python or machine",
		"The import system looks for files of the target's suffix only, so that the module is not found.",
		"See that the build uses the target's sysconfigdata (EXT_SUFFIX), not the build machine's."},
	{"ELF-FORMAT", Error, "an ELF file can not be read",
		"What can not be read can not be vouched for; the loader may refuse it, too.",
		"Build it again; strip it with the target's own strip."},
	{"ELF-MACHINE", Error, "an ELF file is for another machine",
		"The loader refuses it. Usually the build called the native compiler, or copied a prebuilt file.",
		"See that the build takes the compiler from CC and CXX, and downloads no binaries."},
	{"ELF-ABI", Error, "an ELF file is for another ARM ABI",
		"Code of another ABI hands over arguments in other registers: it loads, and computes with garbage.",
		"Compile every object with the target's compiler and its default -mfloat-abi."},
	{"ELF-NEEDED", Error, "a needed library is not there",
		"The import fails with: cannot open shared object file.",
		"Link the library statically, add it to the wheel, or drop what needs it."},
	{"ELF-UNREACHABLE", Warning, "a needed library is in the wheel, where the loader does not look",
		"The import works only if something else has loaded the library before.",
		"Give the file that needs it a RUNPATH that begins with $ORIGIN."},
	{"ELF-SYMBOL", Error, "a symbol is defined nowhere",
		"The import fails with: undefined symbol. Typical causes are a library that was not linked, a static library taken in place of a " +
			"shared one (a dangling libm.so in the sysroot does that), and a 64-bit-only function.",
		"Link the library that defines it; where the target's own library should, look for dangling links in the sysroot."},
	{"ELF-VERSION", Error, "a library lacks a symbol version that is needed",
		"The import fails with: version not found.",
		"Link against the target's own libraries, not against newer ones."},
	{"ELF-GLIBC", Error, "a newer glibc is needed than the target has",
		"The import fails with: version `GLIBC_x.y' not found.",
		"Build with the target's SDK: something was compiled against the build machine's headers."},
	{"ELF-PRIVATE", Error, "glibc's inside is used",
		"Names of the version GLIBC_PRIVATE belong to one build of glibc and change without notice. A module gets at them by a part of libc.a or " +
			"libm.a in it, which the linker takes silently where the shared library's link dangles.",
		"Look for dangling links in the sysroot, and link the shared libraries."},
	{"ELF-RPATH", Error, "libraries are searched outside of the wheel",
		"Such a path exists on the build machine only. On the robot it is at best useless; at worst anybody who can write there runs code in the program.",
		"Link without -rpath, or with one that begins with $ORIGIN and stays inside the wheel."},
	{"ELF-STACK", Warning, "the stack must be executable",
		"Overflows become exploitable, and glibc 2.41 and later refuse to load such a module.",
		"Assemble with --noexecstack, or add a .note.GNU-stack section to the assembler source."},
	{"ELF-TEXTREL", Error, "code is changed when it is loaded",
		"Each process gets its own copy of the code, and hardened systems refuse to load it.",
		"Compile every object with -fPIC."},
	{"FOREIGN", Error, "a leftover of another machine",
		"It can not be used on the target, and shows that a part of the build ran for the build machine.",
		"Find the part of the build that does not use the cross compiler."},
	{"BUILD-PATH", Error, "a path of the build machine is in a file",
		"The path does not exist on the robot, and two builds in two folders give different wheels.",
		"Compile with -ffile-prefix-map, strip debug information, and correct generated files with a patch."},
	{"BYTE-CODE", Warning, "byte-code files",
		"They hold the build machine's paths and dates; installers compile the sources again anyway.",
		"Remove __pycache__ before packing."},
}

var codeIndex = func() map[string]Code {
	index := make(map[string]Code, len(Codes))
	for _, c := range Codes {
		index[c.Code] = c
	}
	return index
}()

// Explain finds a rule by its code.
func Explain(code string) (Code, bool) {
	c, ok := codeIndex[code]
	return c, ok
}

// newFinding is a breach of the rule of that code, at its severity and with its remedy.
func newFinding(code, file, format string, args ...any) Finding {
	c, ok := codeIndex[code]
	if !ok {
		panic("wheel: unknown audit code " + code)
	}
	return Finding{Code: code, Severity: c.Severity, File: file, Message: fmt.Sprintf(format, args...), Remedy: c.Remedy}
}
