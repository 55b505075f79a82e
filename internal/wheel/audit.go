// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"bytes"
	"debug/elf"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"
)

// Severity says whether a finding keeps a wheel from being published.
type Severity string

// An Error keeps a wheel from being published; a Warning is only shown.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Finding is one thing that is wrong with a wheel.
type Finding struct {
	Code     string   `json:"code"` // one of Codes
	Severity Severity `json:"severity"`
	File     string   `json:"file,omitempty"` // inside the wheel; empty where it is the wheel as a whole
	Message  string   `json:"message"`
	Remedy   string   `json:"remedy"`
}

// String gives the finding in one line, without the remedy.
func (f Finding) String() string {
	where := ""
	if f.File != "" {
		where = f.File + ": "
	}
	return fmt.Sprintf("%s: %s%s [%s]", f.Severity, where, f.Message, f.Code)
}

// HasErrors says whether one of the findings is an error.
func HasErrors(findings []Finding) bool {
	return slices.ContainsFunc(findings, func(f Finding) bool { return f.Severity == Error })
}

// AuditOptions says what else is known of a wheel. The zero value asks for nothing more.
type AuditOptions struct {
	// Extensions are patterns, as Match knows them, of extension modules; each must match an ELF file.
	Extensions []string
	// Reference are the extension modules of another wheel of the same version, as [Wheel.Modules] gives them; those that are not for its machine
	// alone must be there.
	Reference []string
	// Files are patterns, as Match knows them; each must match a file.
	Files []string
	// Modules are names of modules, top-level ones or with dots, that must be there.
	Modules []string
	// BuildPaths are absolute folders of the build machine that no file may mention. Folders of a name that is met nowhere else are best:
	// numpy's documentation, say, speaks of /build.
	BuildPaths []string
}

// Audit looks for everything that would keep a wheel from being installed and imported on t, or from being published. The findings are
// sorted by file, code and message; there are none where the wheel is right.
//
// libs are the target's own libraries. Without them (nil), which symbols and libraries there are is not looked at.
// An error says that the audit could not be done, because of t or libs; what is wrong with the wheel is always a finding.
func Audit(w *Wheel, t Target, libs Libraries, o AuditOptions) ([]Finding, error) {
	a, err := run(w, t, libs, o)
	if err != nil {
		return nil, err
	}
	return a.findings, nil
}

// run is Audit, and keeps what it has read.
func run(w *Wheel, t Target, libs Libraries, o AuditOptions) (*audit, error) {
	m, err := t.machine()
	if err != nil {
		return nil, err
	}
	for _, folder := range o.BuildPaths {
		if path.Clean(folder) == "/" || !path.IsAbs(folder) {
			return nil, fmt.Errorf("the build path %q is not an absolute folder below /", folder)
		}
	}
	a := &audit{wheel: w, target: t, machine: m, options: o, objects: map[string]*Library{}, rows: map[string]RecordEntry{}}
	for _, row := range w.Record {
		a.rows[row.Path] = row
	}
	a.readMembers()
	a.checkNames()
	a.checkMetadata()
	a.checkRecord()
	a.checkLayout()
	a.checkTags()
	a.checkExtensions()
	a.checkContents()
	a.checkObjects()
	a.checkStableABI()
	if libs != nil {
		if err := a.checkLinking(libs); err != nil {
			return nil, err
		}
	}
	a.findings = sortFindings(a.findings)
	return a, nil
}

// audit is one run of Audit.
type audit struct {
	wheel   *Wheel
	target  Target
	machine machine
	options AuditOptions

	objects  map[string]*Library // the wheel's ELF files by name, as far as they can be read
	paths    []string            // their names, sorted
	content  Content
	rows     map[string]RecordEntry // of RECORD, by path
	findings []Finding
}

func (a *audit) report(code, file, format string, args ...any) {
	a.findings = append(a.findings, newFinding(code, file, format, args...))
}

// reportOurs reports what is wrong in a wheel of ours, and in anybody's only a reason to ask: installers take it, and whoever made it may know why.
func (a *audit) reportOurs(code, file, format string, args ...any) {
	a.report(code, file, format, args...)
	if a.target.own {
		a.findings[len(a.findings)-1].Severity = Warning
	}
}

// readMembers goes once through all the files, since unpacking is what takes the time, and keeps only what the rules need.
func (a *audit) readMembers() {
	var buf []byte
	var byteCode []string
	for _, m := range a.wheel.Members {
		var err error
		if m.Size > largeMember {
			err = a.readLarge(m)
		} else if buf, err = m.read(buf); err == nil {
			a.checkFile(m.Name, buf)
		}
		if err != nil {
			a.report("ZIP", m.Name, "its content can not be read: %v", err)
			continue
		}
		if strings.HasSuffix(m.Name, ".pyc") || strings.Contains("/"+m.Name, "/__pycache__/") {
			byteCode = append(byteCode, m.Name)
		}
		if m.entry.flags&flagDescriptor != 0 {
			a.report("ZIP-DESCRIPTOR", m.Name, "a data descriptor follows it in the archive")
		}
	}
	if len(byteCode) > 0 {
		a.report("BYTE-CODE", byteCode[0], "%s", counted(len(byteCode), "byte-code file"))
	}
}

// checkFile looks at one file's content. It must keep nothing of it.
func (a *audit) checkFile(name string, content []byte) {
	sum := a.newDigest(name)
	sum.Write(content)
	a.checkDigest(name, sum)
	a.checkBuildPaths(name, content)
	a.checkSizes(name, content)
	if isELF(content) {
		a.addObject(name, bytes.NewReader(content))
	} else if member := firstObject(content); member != nil && a.machine.machine != elf.EM_NONE && machineOf(member) != a.machine.machine {
		a.report("FOREIGN", name, "the static library is for %s, the target is %s", machineName(machineOf(member)), machineName(a.machine.machine))
	} else if x86 := machines["x86_64"]; a.machine.machine != elf.EM_NONE && a.machine != x86 && strings.Contains(name, x86.triplet) {
		a.report("FOREIGN", name, "it is named for %s", x86.triplet)
	}
}

// addObject reads an ELF file.
func (a *audit) addObject(name string, r io.ReaderAt) {
	object, err := ReadObject(r)
	if err != nil {
		a.report("ELF-FORMAT", name, "%v", err)
		a.content.Native = append(a.content.Native, name)
		return
	}
	a.objects[name] = NewLibrary(name, object)
	a.paths = append(a.paths, name)
	a.content.addObject(name, object)
}

// largeMember is the size from which on a file is not kept in memory.
var largeMember int64 = 16 << 20 // a variable for the tests

// readLarge looks at a file on the disk. Of those that are so large, only ELF files are looked into for more than paths.
func (a *audit) readLarge(m Member) error {
	file, err := os.CreateTemp("", "member")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	defer file.Close()
	content := m.open()
	defer content.Close()
	sum := a.newDigest(m.Name)
	if _, err := io.CopyBuffer(io.MultiWriter(file, sum), content, make([]byte, 256<<10)); err != nil {
		return err
	}
	a.checkDigest(m.Name, sum)
	if err := a.checkBuildPathsOf(m.Name, file, m.Size); err != nil {
		return err
	}
	head := make([]byte, len(elf.ELFMAG))
	if _, err := file.ReadAt(head, 0); err == nil && isELF(head) {
		a.addObject(m.Name, file)
	}
	return nil
}

// counted writes "1 file" and "2 files".
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// shortList writes the first few of a list.
func shortList(items []string) string {
	const most = 6
	if len(items) <= most {
		return strings.Join(items, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(items[:most], ", "), len(items)-most)
}
