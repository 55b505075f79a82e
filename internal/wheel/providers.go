// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"regexp"
	"strings"
)

// A library that is missing can come from a recipe of a library, which is linked statically, or from a package of the target's system. Both
// are named after it; these are the exceptions, by the library's name without what follows ".so".
var (
	libraryRecipes = map[string]string{
		"libz": "zlib", "libyaml-0": "libyaml", "libffi": "libffi", "libssl": "openssl", "libcrypto": "openssl", "libjpeg": "libjpeg-turbo",
		"libturbojpeg": "libjpeg-turbo", "libpng16": "libpng", "libfreetype": "freetype", "libopenblas": "openblas", "libblas": "openblas",
		"liblapack": "openblas", "libxml2": "libxml2", "libxslt": "libxslt", "libexslt": "libxslt", "libbz2": "bzip2", "liblzma": "xz", "libzstd": "zstd",
		"liblz4": "lz4", "libsodium": "libsodium", "libpcsclite": "pcsc-lite",
	}
	debianPackages = map[string]string{
		"libz.so.1": "zlib1g", "libssl.so.3": "libssl3", "libcrypto.so.3": "libssl3", "libssl.so.1.1": "libssl1.1", "libcrypto.so.1.1": "libssl1.1",
		"libopenblas.so.0": "libopenblas0-pthread", "libjpeg.so.62": "libjpeg62-turbo", "libxml2.so.2": "libxml2", "libxslt.so.1": "libxslt1.1",
		"libexslt.so.0": "libxslt1.1", "libc.so.6": "libc6", "libm.so.6": "libc6", "libpthread.so.0": "libc6", "libdl.so.2": "libc6", "librt.so.1": "libc6",
		"libgcc_s.so.1": "libgcc-s1", "libc.so": "musl", "libgthread-2.0.so.0": "libglib2.0-0", "libgobject-2.0.so.0": "libglib2.0-0",
		"libglib-2.0.so.0": "libglib2.0-0", "libGL.so.1": "libgl1", "libgfortran.so.5": "libgfortran5",
	}
	digitBeforeSO = regexp.MustCompile(`([0-9])\.so\.`)
	soname        = regexp.MustCompile(`\A([A-Za-z0-9_.+-]+?)\.so(\.[0-9.]+)?\z`)
)

// mangled is a library that a tool has put into another wheel, with a part of its checksum in its name.
var mangled = regexp.MustCompile(`-[0-9a-f]{8}(\.|\z)`)

// providers says what would give a library that is missing.
func providers(library string) string {
	if mangled.MatchString(library) {
		return "by its name it was bundled with a wheel once, and was left out of this one"
	}
	m := soname.FindStringSubmatch(library)
	if m == nil {
		return "nothing is known that would give it"
	}
	debian := debianPackages[library]
	if debian == "" { // Debian's rule: libyaml-0.so.2 is in libyaml-0-2, libffi.so.8 in libffi8
		debian = digitBeforeSO.ReplaceAllString(library, "$1-")
		debian = strings.ToLower(strings.ReplaceAll(strings.Replace(strings.TrimSuffix(debian, ".so"), ".so.", "", 1), "_", "-"))
	}
	hint := "Debian has it in the package " + debian
	if recipe := libraryRecipes[m[1]]; recipe != "" {
		return "a library recipe (" + recipe + ") would give it; " + hint
	}
	return hint
}
