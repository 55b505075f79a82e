// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"archive/zip"
	"bytes"
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
)

// findings opens and audits a wheel; what keeps it from being opened is a finding, too.
func findings(t *testing.T, filename string, content []byte, target Target, o AuditOptions) []Finding {
	t.Helper()
	w, err := Open(filename, bytes.NewReader(content), int64(len(content)))
	var malformed *FormatError
	if errors.As(err, &malformed) {
		return []Finding{malformed.Finding()}
	} else if err != nil {
		t.Fatal(err)
	}
	found, err := Audit(w, target, armLibraries(), o)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestAuditGoodWheel(t *testing.T) {
	f := spam()
	f["spam/eggs"+armSuffix] = elfFile("eggs.so")
	f["spam/spam.libs/libeggs-1.so"] = elfFile("libeggs.so")
	f["spam/lib/libham.a"] = archiveOf(elfFile("good.so"))
	f["spam/doc.txt"] = "https://example.org/build/ and docs/build/ and ${prefix}/build/ and /builder/"
	_, content := f.pack(t, PackOptions{})
	options := AuditOptions{Extensions: []string{"spam/_spam*.so", "**/eggs*.so"}, BuildPaths: []string{"/build", "/sdk/"}}
	for _, finding := range findings(t, spamName, content, armTarget, options) {
		t.Error(finding)
	}
}

// TestAuditCPUAttribute: the linker writes the highest CPU of all objects into .ARM.attributes, numpy's run-time dispatch among them.
func TestAuditCPUAttribute(t *testing.T) {
	content := elfFile("good.so")
	attributes := strings.Index(content, "aeabi\x00")
	if attributes < 0 {
		t.Fatal("good.so has no attributes")
	}
	cpu := strings.Index(content[attributes:], "\x06\x0a") // Tag_CPU_arch: v7
	if cpu < 0 {
		t.Fatal("good.so is not for ARMv7")
	}
	f := spam()
	f["spam/_spam"+armSuffix] = patched(content, attributes+cpu+1, 14) // v8
	_, wheel := f.pack(t, PackOptions{})
	for _, finding := range findings(t, spamName, wheel, armTarget, AuditOptions{}) {
		t.Error(finding)
	}
}

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
}

const module = "spam/_spam" + armSuffix

func set(name, content string) func(files) { return func(f files) { f[name] = content } }

func replace(name, old, new string) func(files) {
	return func(f files) { f[name] = strings.Replace(f[name], old, new, 1) }
}

func replaceModule(name string) func(files) { return func(f files) { f[module] = elfFile(name) } }

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
	{what: "byte code", change: set("spam/__pycache__/__init__.cpython-311.pyc", ""), want: "BYTE-CODE spam/__pycache__"},
}

func TestAuditBrokenWheels(t *testing.T) {
	options := AuditOptions{Extensions: []string{"spam/_spam*"}, Files: []string{"spam/*.txt"}, Modules: []string{"zspam_tools", "spam"}, BuildPaths: []string{"/build"}}
	covered := map[string]bool{}
	for _, b := range brokenWheels {
		t.Run(b.what, func(t *testing.T) {
			f := spam()
			f["spam/data.txt"], f["zspam_tools.py"] = "", ""
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
			found := findings(t, filename, content, target, options)
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

// TestAuditExecStackRefused: glibc 2.41 stopped loading what wants an executable stack.
func TestAuditExecStackRefused(t *testing.T) {
	f := spam()
	f[module] = withExecStack(f[module])
	_, content := f.pack(t, PackOptions{})
	for glibc, want := range map[string]bool{"2.36": false, "2.41": true} {
		target := armTarget
		target.Glibc = glibc
		if got := HasErrors(findings(t, spamName, content, target, AuditOptions{})); got != want {
			t.Errorf("glibc %s: an error: %v", glibc, got)
		}
	}
}

// TestAuditIsSorted: findings come in the same order each time, so that reports can be compared.
func TestAuditIsSorted(t *testing.T) {
	f := spam()
	for i := range 20 {
		f[fmt.Sprintf("spam/%d.py", i)] = "/build/x"
	}
	_, content := f.pack(t, PackOptions{})
	found := findings(t, spamName, content, armTarget, AuditOptions{BuildPaths: []string{"/build"}})
	if len(found) != 20 || !slices.IsSortedFunc(found, func(a, b Finding) int { return strings.Compare(a.File, b.File) }) {
		t.Errorf("found\n%s", listed(found))
	}
}

func TestAuditThatCanNotBeDone(t *testing.T) {
	name, content := spam().pack(t, PackOptions{})
	target := armTarget
	target.Platform = "linux_z80"
	if _, err := Audit(open(t, name.String(), content), target, nil, AuditOptions{}); err == nil || !strings.Contains(err.Error(), "linux_z80") {
		t.Errorf("%v", err)
	}
	if _, err := Audit(open(t, name.String(), content), armTarget, nil, AuditOptions{BuildPaths: []string{"/"}}); err == nil {
		t.Error("every path would be a build path")
	}
	target = armTarget
	target.Interpreter = "/usr/bin/python9"
	if _, err := Audit(open(t, name.String(), content), target, armLibraries(), AuditOptions{}); err == nil || !strings.Contains(err.Error(), "python9") {
		t.Errorf("%v", err)
	}
}

// tryPack packs what can be packed: some breaks can not.
func (f files) tryPack() (Name, []byte) {
	var b bytes.Buffer
	name, err := Pack(&b, f.fs(), PackOptions{})
	if err != nil {
		return Name{}, nil
	}
	return name, b.Bytes()
}

// matches says whether a finding is the wanted "CODE file: part of the message".
func matches(found []Finding, want string) bool {
	place, part, _ := strings.Cut(want, ": ")
	code, file, _ := strings.Cut(place, " ")
	return slices.ContainsFunc(found, func(f Finding) bool {
		return f.Code == code && (f.File == file || file != "" && strings.HasPrefix(f.File, file)) && strings.Contains(f.Message, part) && f.Remedy != ""
	})
}

func listed(found []Finding) string {
	var b strings.Builder
	for _, f := range found {
		fmt.Fprintln(&b, f)
	}
	return b.String()
}

// patched changes one byte.
func patched(content string, offset int, value byte) string {
	return content[:offset] + string([]byte{value}) + content[offset+1:]
}

// withExecStack sets the bit of the segment that says so.
func withExecStack(content string) string {
	f, err := elf.NewFile(strings.NewReader(content))
	if err != nil {
		panic(err)
	}
	for i, p := range f.Progs {
		if p.Type == elf.PT_GNU_STACK {
			const header, entry, flags = 52, 32, 24 // of a 32-bit file, whose program headers follow its header
			return patched(content, header+i*entry+flags, byte(p.Flags|elf.PF_X))
		}
	}
	panic("it has no PT_GNU_STACK")
}

// archiveOf makes a static library with an index and one member.
func archiveOf(object string) string {
	member := func(name, content string) string {
		return fmt.Sprintf("%-16s%-12d%-6d%-6d%-8o%-10d`\n%s", name, 0, 0, 0, 0o644, len(content), content) + strings.Repeat("\n", len(content)%2)
	}
	return "!<arch>\n" + member("/", "abc") + member("o.o/", object)
}

// rezipped writes an archive as archive/zip does it by itself, with data descriptors.
func rezipped(content []byte) []byte { return rewrite(content, zip.Store) }

// deflated compresses all of it.
func deflated(content []byte) []byte { return rewrite(content, zip.Deflate) }

// appended adds an empty member.
func appended(h *zip.FileHeader) func([]byte) []byte {
	return func(content []byte) []byte { return rewrite(content, zip.Store, h) }
}

func symlink(name string) *zip.FileHeader {
	h := &zip.FileHeader{Name: name}
	h.SetMode(fs.ModeSymlink | 0o777)
	return h
}

func rewrite(content []byte, method uint16, more ...*zip.FileHeader) []byte {
	must := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	r, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	must(err)
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, m := range r.File {
		to, err := w.CreateHeader(&zip.FileHeader{Name: m.Name, Method: method})
		must(err)
		from, err := m.OpenRaw() // they are stored
		must(err)
		_, err = io.Copy(to, from)
		must(err)
	}
	for _, h := range more {
		_, err := w.CreateHeader(h)
		must(err)
	}
	must(w.Close())
	return b.Bytes()
}
