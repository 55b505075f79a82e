// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"archive/zip"
	"bytes"
	"maps"
	"strings"
	"testing"
)

// broken is one way to break the good wheel.
type broken struct {
	what     string
	change   func(files)         // before RECORD is made
	spoil    func(files)         // after it is made
	content  func([]byte) []byte // of the archive
	filename string
	target   func(*Target)
	want     string // "CODE file: a part of the message"
	besides  string // the one other code that follows from the same break
	bare     bool   // nothing is expected of the wheel
}

const module = "spam/_spam" + armSuffix

func set(name, content string) func(files) { return func(f files) { f[name] = content } }

func replace(name, old, new string) func(files) {
	return func(f files) { f[name] = strings.Replace(f[name], old, new, 1) }
}

func replaceModule(name string) func(files) { return func(f files) { f[module] = elfFile(name) } }

// metadata adds a field; it takes the place of one of the same name.
func metadata(field string) func(files) {
	name, _, _ := strings.Cut(field, ":")
	return func(f files) {
		var lines []string
		for line := range strings.Lines(f[distInfo+"/METADATA"]) {
			if !strings.HasPrefix(line, name+":") {
				lines = append(lines, line)
			}
		}
		f[distInfo+"/METADATA"] = field + "\n" + strings.Join(lines, "")
	}
}

// stable makes a wheel of the stable ABI of what is left.
func stable(f files) {
	f["spam/eggs.abi3.so"] = f["spam/eggs"+armSuffix]
	delete(f, "spam/eggs"+armSuffix)
	delete(f, module)
	replace(distInfo+"/WHEEL", "cp311-cp311", "cp36-abi3")(f)
}

func patchModule(offset int, value byte) func(files) {
	return func(f files) { f[module] = patched(f[module], offset, value) }
}

var brokenWheels = []broken{
	{what: "a file name with too few parts", filename: "spam-1.0-cp311-linux_armv7l.whl", want: "NAME : 4 parts"},
	{what: "a file name in capitals", filename: "Spam-1.0-cp311-cp311-linux_armv7l.whl", want: "NAME : its normal form is spam-1.0"},
	{what: "no zip file", content: func([]byte) []byte { return []byte("spam") }, want: "ZIP : it is no zip file, or was cut"},
	{what: "a truncated zip file", content: func(b []byte) []byte { return b[:len(b)/2] }, want: "ZIP : it is no zip file, or was cut"},
	{what: "a member twice", content: appended(&zip.FileHeader{Name: "spam/__init__.py"}), want: "ZIP spam/__init__.py: twice"},
	{what: "a symbolic link", content: appended(symlink("spam/link")), want: "ZIP spam/link: neither a file nor a folder"},
	{what: "a bomb", spoil: set("spam/zeros", strings.Repeat("\x00", bombSize+1)), content: deflated, want: "ZIP spam/zeros: more than 50 times"},
	{what: "a damaged member", content: func(b []byte) []byte { return bytes.Replace(b, []byte("from ._spam"), []byte("from ._spum"), 1) },
		want: "ZIP spam/__init__.py: checksum"},
	{what: "a member that leaves the wheel", spoil: set("../evil.py", ""), want: "ZIP ../evil.py: not a name"},
	{what: "an absolute member", spoil: set("/etc/evil", ""), want: "ZIP /etc/evil: not a name"},
	{what: "a data descriptor", content: rezipped, want: "ZIP-DESCRIPTOR spam/__init__.py: data descriptor"},
	{what: "no METADATA", spoil: func(f files) { delete(f, distInfo+"/METADATA") }, want: "DIST-INFO " + distInfo + "/METADATA: missing"},
	{what: "no .dist-info", spoil: func(f files) {
		maps.DeleteFunc(f, func(name, _ string) bool { return strings.HasPrefix(name, distInfo) })
	}, want: "DIST-INFO : no .dist-info folder"},
	{what: "a second .dist-info", change: nil, spoil: set("spam-0.9.dist-info/METADATA", ""), want: "DIST-INFO spam-1.0.dist-info: second"},
	{what: "METADATA without a version", change: replace(distInfo+"/METADATA", "Version: 1.0\nR", "R"), want: "METADATA " + distInfo + "/METADATA: Version"},
	{what: "WHEEL of the future", spoil: replace(distInfo+"/WHEEL", "Wheel-Version: 1.0", "Wheel-Version: 2.0"), want: "WHEEL " + distInfo + "/WHEEL: 2.0"},
	{what: "another version in METADATA", change: replace(distInfo+"/METADATA", "Version: 1.0\nR", "Version: 1.1\nR"),
		want: "MISMATCH " + distInfo + "/METADATA: version 1.1 there"},
	{what: "another project in the file name", filename: "ham-1.0-cp311-cp311-linux_armv7l.whl", want: "MISMATCH " + distInfo + ": the file name says ham"},
	{what: "a changed file", spoil: set("spam/__init__.py", "evil = 1\n"), want: "RECORD spam/__init__.py: RECORD says"},
	{what: "a foreign file", spoil: set("spam/evil.py", ""), want: "RECORD spam/evil.py: not listed"},
	{what: "a missing file", spoil: func(f files) { delete(f, distInfo+"/LICENSE.txt") }, want: "RECORD " + distInfo + "/RECORD: LICENSE.txt is listed, and is not"},
	{what: "a weak hash", spoil: func(f files) {
		_, after, _ := strings.Cut(f[distInfo+"/RECORD"], "sha256=")
		f[distInfo+"/RECORD"] = strings.Replace(f[distInfo+"/RECORD"], "sha256="+after[:43], "md5=x", 1)
	}, want: "RECORD " + distInfo + "/LICENSE.txt: md5=x"},
	{what: "other tags in the file name", filename: "spam-1.0-cp311-cp311-manylinux2014_armv7l.whl", want: "TAG-FILE " + distInfo + "/WHEEL: manylinux2014"},
	{what: "called pure", change: replace(distInfo+"/WHEEL", "cp311-cp311-linux_armv7l", "py3-none-any"),
		want: "TAG-CONTENT " + module + ": native code"},
	{what: "called fit for every Python", change: replace(distInfo+"/WHEEL", "cp311-cp311", "py3-none"), want: "TAG-CONTENT : should be cp311-cp311"},
	{what: "native, and Root-Is-Purelib", change: replace(distInfo+"/WHEEL", "false", "true"), want: "TAG-CONTENT " + distInfo + "/WHEEL: Root-Is-Purelib"},
	{what: "promises an older glibc than it needs", change: func(f files) {
		replaceModule("newglibc.so")(f)
		f[distInfo+"/WHEEL"] = strings.Replace(f[distInfo+"/WHEEL"], "linux_", "manylinux_2_17_", 1)
	}, want: "TAG-CONTENT " + module + ": promises that 2.17 is enough", besides: "ELF-GLIBC"},
	{what: "for another Python", change: replace(distInfo+"/WHEEL", "cp311-cp311", "cp310-cp310"), want: "TAG-TARGET : takes none"},
	{what: "for another machine by its tag", change: replace(distInfo+"/WHEEL", "armv7l", "x86_64"), want: "TAG-TARGET : takes none"},
	{what: "an extension that was not built", change: func(f files) { f["spam/other"+armSuffix] = f[module]; delete(f, module) },
		want: "EXTENSION-MISSING : no extension module matches spam/_spam*"},
	{what: "a file that was left out", change: func(f files) { delete(f, "spam/data.txt") }, want: "FILE-MISSING : no file matches spam/*.txt"},
	{what: "another package", change: func(f files) { delete(f, "zspam_tools.py") }, want: "MODULE-MISSING : no module zspam_tools; at the top are spam"},
	{what: "the build machine's suffix", change: func(f files) {
		f["spam/_spam.cpython-311-x86_64-linux-gnu.so"] = f[module]
	}, want: "EXTENSION-SUFFIX spam/_spam.cpython-311-x86_64-linux-gnu.so: looks for " + armSuffix},
	{what: "a cut ELF file", change: func(f files) { f[module] = f[module][:600] }, want: "ELF-FORMAT " + module + ": "},
	{what: "an extension for x86_64", change: replaceModule("x86_64.so"), want: "ELF-MACHINE " + module + ": it is X86_64"},
	{what: "soft float", change: patchModule(0x25, 0x02), want: "ELF-ABI " + module + ": hard-float"},
	{what: "an old ARM ABI", change: patchModule(0x27, 0x04), want: "ELF-ABI " + module + ": version 5"},
	{what: "a library that is nowhere", change: replaceModule("needed.so"), want: "ELF-NEEDED " + module + ": libabsent.so.1"},
	{what: "a library of the wheel that is not found", change: func(f files) {
		replaceModule("eggsnopath.so")(f)
		f["spam.libs/libeggs-1.so"] = elfFile("libeggs.so")
	}, want: "ELF-UNREACHABLE " + module + ": spam.libs/libeggs-1.so"},
	{what: "libm.a taken for libm.so", change: replaceModule("unresolved.so"), want: "ELF-SYMBOL " + module + ": __ldexpf"},
	{what: "a symbol that only another version of Python has", target: func(t *Target) { t.Interpreter = "/usr/lib/arm-linux-gnueabihf/libm.so.6" },
		want: "ELF-SYMBOL " + module + ": PyModule_Create2"},
	{what: "a newer version of a library", change: replaceModule("newversion.so"), want: "ELF-VERSION " + module + ": PLUS_2 of libplus.so.1"},
	{what: "a newer glibc", change: replaceModule("newglibc.so"), want: "ELF-GLIBC " + module + ": __isoc23_strtol@GLIBC_2.38"},
	{what: "a part of libc.a", change: replaceModule("private.so"), want: "ELF-PRIVATE " + module + ": __inside"},
	{what: "an RPATH of the build machine", change: replaceModule("rpath.so"), want: `ELF-RPATH ` + module + `: "/home/builder/lib"`},
	{what: "an RPATH that leaves the wheel", change: replaceModule("rpath.so"), want: `ELF-RPATH ` + module + `: leaves the wheel`},
	{what: "an executable stack", change: func(f files) { f[module] = withExecStack(f[module]) }, want: "ELF-STACK " + module + ": executable stack"},
	{what: "text relocations", change: replaceModule("textrel.so"), want: "ELF-TEXTREL " + module + ": -fPIC"},
	{what: "a static library for x86_64", change: func(f files) { f["spam/lib.a"] = archiveOf(elfFile("x86_64.so")) },
		want: "FOREIGN spam/lib.a: X86_64"},
	{what: "the build machine's sysconfigdata", change: set("_sysconfigdata__x86_64-linux-gnu.py", ""), want: "FOREIGN _sysconfigdata__x86_64-linux-gnu.py: x86_64"},
	{what: "a build path in a compiler's option", change: set("spam/config.py", "FLAGS = '-O2 -I/build/spam/include'\n"),
		want: `BUILD-PATH spam/config.py: "-I/build/spam/include"`},
	{what: "a build path in an extension", change: func(f files) { f[module] += "\x00/build/spam/_spam.c\x00" },
		want: `BUILD-PATH ` + module + `: "/build/spam/_spam.c"`},
	{what: "numpy's headers of 64 bits", change: set("spam/include/numpy/_numpyconfig.h", "#define NPY_SIZEOF_SHORT 2\n#define NPY_SIZEOF_LONG 8\n"),
		want: "FOREIGN spam/include/numpy/_numpyconfig.h: NPY_SIZEOF_LONG is 8, and on ARM it is 4"},
	{what: "a requirement that is none", change: metadata("Requires-Dist: eggs (>2"), want: "METADATA " + distInfo + "/METADATA: parenthesis"},
	{what: "a requirement for no version", change: metadata("Requires-Dist: eggs>=two"), want: "METADATA " + distInfo + "/METADATA: two"},
	{what: "a marker of nothing", change: metadata("Requires-Dist: eggs; python_versoin>'3'"), want: "METADATA " + distInfo + `/METADATA: "python_versoin"`},
	{what: "a marker that stops", change: metadata("Requires-Dist: eggs; python_version>'3' and"), want: "METADATA " + distInfo + "/METADATA: not complete"},
	{what: "a Python that is none", change: metadata("Requires-Python: 3.8"), want: "METADATA " + distInfo + "/METADATA: Requires-Python"},
	{what: "a licence expression before its time", change: metadata("License-Expression: MIT"), want: "METADATA " + distInfo + "/METADATA: 2.4"},
	{what: "metadata of the future", change: replace(distInfo+"/METADATA", "2.1", "3.0"), want: "METADATA " + distInfo + `/METADATA: "3.0"`},
	{what: "a description of an unknown kind", change: metadata("Description-Content-Type: text/html"), want: "METADATA " + distInfo + "/METADATA: text/html"},
	{what: "a hidden line in METADATA", change: metadata("Summary: ham\rRequires-Dist: evil"), want: "METADATA " + distInfo + "/METADATA: carriage return"},
	{what: "a licence file that was left out", change: func(f files) {
		replace(distInfo+"/METADATA", "2.1", "2.4")(f)
		metadata("License-File: LICENSE.txt")(f)
	}, want: "LICENSE-FILE " + distInfo + "/licenses/LICENSE.txt: not in the wheel"},
	{what: "a bill of materials of another kind", change: set(distInfo+"/sboms/spam.cdx.json", `{"bomFormat":"Other"}`),
		want: "SBOM " + distInfo + "/sboms/spam.cdx.json: neither CycloneDX nor SPDX"},
	{what: "a bill of materials that was cut", change: set(distInfo+"/sboms/spam.cdx.json", `{"bomFormat":"CycloneDX"`), want: "SBOM " + distInfo + "/sboms/spam.cdx.json: no JSON"},
	{what: "a signature of RECORD", spoil: set(distInfo+"/RECORD.p7s", ""), want: "SIGNATURE " + distInfo + "/RECORD.p7s: signs"},
	{what: "another wheel's .data", change: set("ham-1.0.data/scripts/ham", ""), want: "DATA ham-1.0.data/scripts/ham: not spam-1.0.data"},
	{what: "an unknown .data folder", change: set("spam-1.0.data/etc/spam.conf", ""), want: `DATA spam-1.0.data/etc/spam.conf: "etc"`},
	{what: "a program that calls nothing", change: set(distInfo+"/entry_points.txt", "[console_scripts]\nspam = spam\n"),
		want: "ENTRY-POINTS " + distInfo + "/entry_points.txt: line 2: spam calls no function"},
	{what: "a program that is somewhere else", change: set(distInfo+"/entry_points.txt", "[console_scripts]\n../spam = spam:main\n"),
		want: `ENTRY-POINTS ` + distInfo + `/entry_points.txt: "../spam"`},
	{what: "tests for everybody", change: set("tests/__init__.py", ""), want: "TOP-LEVEL tests: beside all other"},
	{what: "nothing in it", change: func(f files) {
		delete(f, module)
		maps.DeleteFunc(f, func(name, _ string) bool { return !strings.HasPrefix(name, distInfo) })
	}, want: "EMPTY : nothing but", bare: true},
	{what: "more than the stable ABI", change: func(f files) {
		f["spam/_spam.abi3.so"] = strings.ReplaceAll(f[module], "PyModule_Create2", "PyModule_Secret2")
		stable(f)
	}, want: "ABI3 spam/_spam.abi3.so: not in it: PyModule_Secret2", besides: "ELF-SYMBOL"},
	{what: "a newer stable ABI", change: func(f files) {
		f["spam/_spam.abi3.so"] = strings.ReplaceAll(f[module], "PyModule_Create2", "PyFrame_GetCode\x00")
		stable(f)
	}, want: "ABI3 spam/_spam.abi3.so: these came with 3.10: PyFrame_GetCode", besides: "ELF-SYMBOL"},
	{what: "an extension less than elsewhere", change: func(f files) { delete(f, "spam/eggs"+armSuffix) },
		want: "EXTENSION-MISSING : compared with has these extension modules too: spam.eggs"},
	{what: "byte code", change: set("spam/__pycache__/__init__.cpython-311.pyc", ""), want: "BYTE-CODE spam/__pycache__"},
}

func TestAuditBrokenWheels(t *testing.T) {
	options := AuditOptions{Extensions: []string{"spam/_spam*"}, Files: []string{"spam/*.txt"}, Modules: []string{"zspam_tools", "spam"}, BuildPaths: []string{"/build"}}
	options.Reference = []string{"spam._spam", "spam.eggs", "spam._avx2"}
	covered := map[string]bool{}
	for _, b := range brokenWheels {
		t.Run(b.what, func(t *testing.T) {
			f := spam()
			f["spam/data.txt"], f["zspam_tools.py"] = "", ""
			f["spam/eggs"+armSuffix] = elfFile("good.so")
			if b.change != nil {
				b.change(f)
			}
			filename, target := b.filename, armTarget
			if name, content := f.tryPack(); content != nil {
				f = unpack(t, content)
				if filename == "" {
					filename = name.String()
				}
			}
			if b.spoil != nil {
				b.spoil(f)
			}
			content := f.zip(t)
			if b.content != nil {
				content = b.content(content)
			}
			if b.target != nil {
				b.target(&target)
			}
			expected := options
			if b.bare {
				expected = AuditOptions{}
			}
			found := findings(t, filename, content, target, expected)
			if !matches(found, b.want) {
				t.Errorf("want %s; found\n%s", b.want, listed(found))
			}
			for _, finding := range found {
				if finding.Code == strings.Fields(b.want)[0] {
					covered[finding.Code] = true
				} else if finding.Code != b.besides { // one break, one code: a second one would point at the wrong place
					t.Errorf("besides: %s", finding)
				}
			}
		})
	}
	for _, c := range Codes {
		if !covered[c.Code] {
			t.Errorf("no broken wheel is found by %s", c.Code)
		}
	}
}
