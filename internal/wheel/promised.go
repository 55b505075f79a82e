// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	_ "embed"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// promised is Libraries of which only what a platform tag guarantees is known: their names, and the versions of symbols that they have at
// least. Which symbols those are is not known.
type promised struct {
	target   Target
	platform platform
	limits   limits
}

// limits are the newest versions that a platform is sure to have, by the beginning of the version's name.
type limits map[string]string

// manylinux are the versions that came with each glibc in the oldest distribution that has it, by PEP 513, 571 and 599, and for the others
// as auditwheel's maintainers have found them. A glibc between two has the limits of the older.
var manylinux = []struct {
	glibc                      string
	glibcxx, cxxabi, gcc, zlib string
}{
	{"2.5", "3.4.8", "1.3.1", "4.2.0", "0"},
	{"2.12", "3.4.13", "1.3.3", "4.5.0", "1.2.2.4"},
	{"2.17", "3.4.19", "1.3.7", "4.8.0", "1.2.5.2"},
	{"2.24", "3.4.22", "1.3.10", "4.8.0", "1.2.5.2"},
	{"2.26", "3.4.24", "1.3.11", "7.0.0", "1.2.9"},
	{"2.31", "3.4.28", "1.3.12", "7.0.0", "1.2.9"},
	{"2.34", "3.4.29", "1.3.13", "11.0", "1.2.9"},
	{"2.35", "3.4.30", "1.3.13", "12.0.0", "1.2.9"},
	{"2.36", "3.4.30", "1.3.13", "12.0.0", "1.2.12"},
	{"2.39", "3.4.33", "1.3.15", "14.0.0", "1.2.12"},
}

// The libraries that a manylinux wheel may expect (PEP 513, and what later policies added), and a musllinux wheel (PEP 656).
var (
	manylinuxLibraries = strings.Fields(`libanl.so.1 libatomic.so.1 libc.so.6 libdl.so.2 libexpat.so.1 libgcc_s.so.1 libGL.so.1 libglib-2.0.so.0
		libgobject-2.0.so.0 libgthread-2.0.so.0 libICE.so.6 libm.so.6 libmvec.so.1 libnsl.so.1 libpthread.so.0 libresolv.so.2 librt.so.1
		libSM.so.6 libstdc++.so.6 libutil.so.1 libX11.so.6 libXext.so.6 libXrender.so.1 libz.so.1`)
	musllinuxLibraries = []string{"libc.so", "libz.so.1"}
)

// loader is the dynamic loader, which a library may name as well. musl's is its C library too.
var loader = regexp.MustCompile(`\A(ld-linux[a-z0-9_-]*\.so\.[0-9]+|ld-musl-[a-z0-9_]+\.so\.1|libc\.musl-[a-z0-9_]+\.so\.1)\z`)

// versioned are libraries all of whose symbols have versions.
var versioned = regexp.MustCompile(`\A(libanl|libatomic|libc|libdl|libgcc_s|libm|libmvec|libpthread|libresolv|librt|libstdc\+\+|libutil|ld-linux[a-z0-9_-]*)\.so\.[0-9]+\z`)

//go:embed glibc.txt
var glibcText string

// glibcNames are what glibc exports. Python has all of its parts loaded, so that a module may use them and not say where they are from: it then has
// no versions.
var glibcNames = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for line := range strings.Lines(glibcText) {
		for _, name := range strings.Fields(line) {
			names[name] = !strings.HasPrefix(line, "#")
		}
	}
	return names
})

// Promised gives the libraries that every machine has which a wheel of t's platform tag may be installed on, and no others. A tag of
// linux_* promises nothing, so that there every library is taken to be there.
func Promised(t Target) Libraries {
	p := promised{target: t, limits: limits{}}
	p.platform, _ = parsePlatform(t.Platform)
	if p.platform.libc == "glibc" {
		p.limits["GLIBC_"] = t.Glibc
		for _, m := range manylinux {
			if compareDotted(m.glibc, t.Glibc) <= 0 {
				p.limits["GLIBCXX_"], p.limits["CXXABI_"], p.limits["GCC_"], p.limits["ZLIB_"] = m.glibcxx, m.cxxabi, m.gcc, m.zlib
			}
		}
	}
	return p
}

// Library implements Libraries.
func (p promised) Library(soname string) (*Library, error) {
	known := loader.MatchString(soname)
	switch p.platform.libc {
	case "glibc":
		known = known || slices.Contains(manylinuxLibraries, soname)
	case "musl":
		known = known || slices.Contains(musllinuxLibraries, soname)
	default:
		known = true
	}
	if !known {
		return nil, fmt.Errorf("%s among what %s promises: %w", soname, p.target.Platform, fs.ErrNotExist)
	}
	return &Library{Path: soname, Object: &Object{SONAME: soname}, limits: p.limits, partly: true}, nil
}

// has says whether versions of that name are old enough. What has no number (CXXABI_TM_1, GLIBC_PRIVATE) is nobody's promise to break.
func (l limits) has(version string) bool {
	i := strings.IndexAny(version, "0123456789")
	if i < 0 || strings.Trim(version[i:], "0123456789.") != "" {
		return true
	}
	limit, ok := l[version[:i]]
	return !ok || compareDotted(version[i:], limit) <= 0
}
