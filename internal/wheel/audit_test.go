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

// TestAuditLargeMembers: what is too large for memory is found as wrong as anything else.
func TestAuditLargeMembers(t *testing.T) {
	defer func(n int64) { largeMember = n }(largeMember)
	largeMember = 100
	f := spam()
	f["spam/big.json"] = strings.Repeat("x", 4<<20-300) + " /build/x " + strings.Repeat("y", 4<<20) + " /build/y"
	f[module] = elfFile("needed.so") + "\x00/build/z\x00"
	_, content := f.pack(t, PackOptions{})
	found := findings(t, spamName, content, armTarget, AuditOptions{BuildPaths: []string{"/build"}})
	for _, want := range []string{"BUILD-PATH spam/big.json: /build 2 times", "BUILD-PATH " + module + ": once", "ELF-NEEDED " + module + ": libabsent.so.1"} {
		if !matches(found, want) {
			t.Errorf("want %s; found\n%s", want, listed(found))
		}
	}
	for _, finding := range found {
		if finding.Code == "RECORD" || finding.Code == "ZIP" {
			t.Error(finding)
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

// TestSBOM: each form of the two formats is known.
func TestSBOM(t *testing.T) {
	for _, text := range []string{
		`{"bomFormat":"CycloneDX","specVersion":"1.6"}`, `{"spdxVersion":"SPDX-2.3"}`, `{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[]}`,
		`<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.6"/>`, "SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\n",
	} {
		if err := checkSBOM([]byte(text)); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	for _, text := range []string{"", "hello", "{}", "<bom/>", `["CycloneDX"]`} {
		if checkSBOM([]byte(text)) == nil {
			t.Errorf("%s is taken for a bill of materials", text)
		}
	}
}
