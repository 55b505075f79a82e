// SPDX-License-Identifier: Apache-2.0

package buildroot

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"debug/elf"
	"encoding/binary"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// tree is what an SDK's tarball holds, by name below its top folder.
type tree map[string]entry

// entry is a file, unless its kind says otherwise. Those below bin are programs.
type entry struct {
	text string
	kind byte
	link string
}

const (
	triple  = "arm-buildroot-linux-gnueabihf"
	sysroot = triple + "/sysroot/"
	made    = "/home/maker/output/host" // where the SDK was made
)

// made once by their packer; a compiled module knows its source by the time.
var packed = time.Unix(1_700_000_000, 0)

// relocs and greps are scripts that do what those of Buildroot do: since 2026.02 a list says which files are changed; before, what
// `file` calls text.
const (
	relocs = `#!/bin/sh
cd "$(dirname "$(readlink -f "$0")")"
old=$(cat share/buildroot/sdk-location)
[ "$old" != "$PWD" ] || exit 0
case $PWD in *"$old"*) echo "Please choose another location for your SDK!"; exit 1 ;; esac
while read -r name; do sed -i "s|$old|$PWD|g" "$name"; done <share/buildroot/sdk-relocs
echo "$PWD" >share/buildroot/sdk-location
`
	greps = `#!/bin/sh
cd "$(dirname "$(readlink -f "$0")")"
old=$(cat share/buildroot/sdk-location)
grep -lr "$old" . | while read -r name; do
	if file -b --mime-type "$name" | grep -q '^text/'; then sed -i "s|$old|$PWD|g" "$name"; fi
done
echo "$PWD" >share/buildroot/sdk-location
`
)

// plain is an SDK without quirks. Its compiler writes an object file that is there already, and its Pythons say their version.
func plain() tree {
	const python = sysroot + "usr/lib/python3.12/"
	return tree{
		"relocate-sdk.sh":                           {text: relocs},
		"share/buildroot/sdk-location":              {text: made + "\n"},
		"share/buildroot/sdk-relocs":                {text: python + "_sysconfigdata__linux_arm-linux-gnueabihf.py\n" + sysroot + "usr/lib/pkgconfig/zlib.pc\n"},
		"bin/" + triple + "-gcc":                    {text: compiler("object")},
		"bin/object":                                {text: elfFile(elf.EM_ARM, elf.ELFCLASS32)},
		"bin/python3":                               {text: "#!/bin/sh\necho 3.12\n"},
		sysroot + "usr/bin/python3.12":              {text: elfFile(elf.EM_ARM, elf.ELFCLASS32)},
		sysroot + "usr/include/python3.12/Python.h": {text: "/* */\n"},
		python + "os.py":                            {text: "# os\n"},
		python + "_sysconfigdata__linux_arm-linux-gnueabihf.py":    {text: "build_time_vars = {'CC': '" + made + "/bin/gcc', 'abs': '" + made + "-build/x'}\n"},
		sysroot + "usr/lib/pkgconfig/zlib.pc":                      {text: "prefix=" + made + "/" + sysroot + "usr\n"},
		"lib/python3.12/_sysconfigdata__linux_x86_64-linux-gnu.py": {text: "build_time_vars = {}\n"},
	}
}

func compiler(object string) string {
	return "#!/bin/sh\nfor last; do :; done\ncat >/dev/null\ncp \"$(dirname \"$0\")/" + object + "\" \"$last\"\n"
}

// elfFile is as much of an ELF file as says what processor it is for.
func elfFile(machine elf.Machine, class elf.Class) string {
	var b bytes.Buffer
	ident := [elf.EI_NIDENT]byte{0x7f, 'E', 'L', 'F', byte(class), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)}
	var header any = elf.Header32{Ident: ident, Type: uint16(elf.ET_REL), Machine: uint16(machine), Version: 1, Ehsize: 52, Shentsize: 40}
	if class == elf.ELFCLASS64 {
		header = elf.Header64{Ident: ident, Type: uint16(elf.ET_DYN), Machine: uint16(machine), Version: 1, Ehsize: 64, Shentsize: 64}
	}
	binary.Write(&b, binary.LittleEndian, header)
	return b.String()
}

// with is a copy in which entries are others; one without kind, text and link is taken away.
func (t tree) with(changes tree) tree {
	changed := maps.Clone(t)
	maps.Copy(changed, changes)
	maps.DeleteFunc(changed, func(_ string, e entry) bool { return e == entry{} })
	return changed
}

func link(to string) entry { return entry{kind: tar.TypeSymlink, link: to} }

// tarball packs a tree below a top folder, hard links last.
func (t tree) tarball(test testing.TB, top string) []byte {
	test.Helper()
	var b bytes.Buffer
	zipped := gzip.NewWriter(&b)
	w := tar.NewWriter(zipped)
	names := slices.SortedFunc(maps.Keys(t), func(a, b string) int {
		if x, y := t[a].kind == tar.TypeLink, t[b].kind == tar.TypeLink; x != y {
			return map[bool]int{true: 1, false: -1}[x]
		}
		return strings.Compare(a, b)
	})
	for _, name := range names {
		e := t[name]
		header := &tar.Header{Typeflag: e.kind, Name: top + name, Linkname: e.link, Size: int64(len(e.text)), Mode: 0o644, ModTime: packed}
		if strings.Contains(name, "bin/") || strings.HasSuffix(name, ".sh") {
			header.Mode = 0o755
		}
		if header.Typeflag == 0 {
			header.Typeflag = tar.TypeReg
		}
		if header.Typeflag == tar.TypeLink {
			header.Linkname = top + e.link
		}
		if err := w.WriteHeader(header); err != nil {
			test.Fatal(err)
		}
		if _, err := w.Write([]byte(e.text)); err != nil {
			test.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		test.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		test.Fatal(err)
	}
	return b.Bytes()
}

// opened opens a tarball in a new folder. What the target's Python lacks is said by a stand-in for the emulator.
func opened(t *testing.T, tarball []byte, o Options) (SDK, string, error) {
	t.Helper()
	dir := t.TempDir()
	programs := filepath.Join(dir, "programs")
	if err := os.Mkdir(programs, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(programs, "qemu-arm-static"), []byte("#!/bin/sh\necho ssl\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", programs+":"+os.Getenv("PATH"))
	o.Archive, o.Name, o.To = filepath.Join(dir, "archive"), "sdk.tar.gz", filepath.Join(dir, "place/sdk")
	if err := os.WriteFile(o.Archive, tarball, 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), o)
	return s, o.To, err
}
