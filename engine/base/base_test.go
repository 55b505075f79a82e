// SPDX-License-Identifier: Apache-2.0

package base

import (
	"archive/tar"
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/distribution/reference"
	"github.com/opencontainers/go-digest"
	oci "github.com/opencontainers/image-spec/specs-go/v1"
)

// whole is an address with everything that may be left out of it.
func whole(t *testing.T, address string) string {
	named, err := reference.ParseNormalizedNamed(address)
	if err != nil {
		t.Error(err) // not Fatal: some ask from goroutines of their own
		return ""
	}
	return named.String()
}

func TestDebianSuite(t *testing.T) {
	for address, want := range map[string]string{
		"debian:bookworm":               "bookworm",
		"debian:bookworm-slim":          "bookworm",
		"debian:trixie-20250610-slim":   "trixie",
		whole(t, "debian:sid"):          "sid",
		"debian:bookworm@" + zeroDigest: "bookworm",
		"debian":                        "",
		"debian:12":                     "",
		"debian:bookworm-backports":     "",
		"ubuntu:noble":                  "",
		"example.org/debian:bookworm":   "",
		"someone/debian:bookworm":       "",
	} {
		named, err := reference.ParseNormalizedNamed(address)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := debianSuite(reference.TagNameOnly(named))
		if got != want || ok != (want != "") {
			t.Errorf("%s: got %q, want %q", address, got, want)
		}
	}
}

const zeroDigest = "sha256:0000000000000000000000000000000000000000000000000000000000000000"

// registry serves what a registry's probe asks for.
func registry(t *testing.T, status int) (domain string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v2/" {
			t.Errorf("asked for %s", r.URL.Path)
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

func TestRegistry(t *testing.T) {
	t.Setenv("CROSSWHEEL_CACHE", t.TempDir())
	for _, status := range []int{http.StatusOK, http.StatusUnauthorized} {
		address := registry(t, status) + "/some/image"
		image, err := Resolve(t.Context(), address, t.Output())
		if err != nil {
			t.Fatal(err)
		}
		if image.Ref != address+":latest" || image.Digest != "" || image.Store != "" {
			t.Errorf("status %d: got %+v", status, image)
		}
	}
}

func TestNobodyHasIt(t *testing.T) {
	t.Setenv("CROSSWHEEL_CACHE", t.TempDir())
	for _, test := range []struct{ address, want string }{
		{registry(t, http.StatusNotFound) + "/some/image", "404"},
		{"127.0.0.1:1/some/image", "refused"},
		{"Not An Address", "invalid reference"},
	} {
		_, err := Resolve(t.Context(), test.address, t.Output())
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), test.address) {
			t.Errorf("%s: got %v", test.address, err)
		}
	}
}

// An image that is stored is used although a registry would serve its address.
func TestStoreComesFirst(t *testing.T) {
	cache := t.TempDir()
	t.Setenv("CROSSWHEEL_CACHE", cache)
	s := store{filepath.Join(cache, "base")}
	unlock, err := s.lock(t.Context(), t.Output())
	if err != nil {
		t.Fatal(err)
	}
	layer, err := s.create(oci.MediaTypeImageLayer, func(w io.Writer) error {
		_, err := w.Write([]byte("layer"))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if layer.Digest != digest.FromString("layer") || layer.Size != 5 {
		t.Errorf("layer: %+v", layer)
	}
	ref := registry(t, http.StatusOK) + "/some/image:tag"
	config := oci.Image{Config: oci.ImageConfig{Env: []string{"A=1"}, WorkingDir: "/w"}}
	if err := s.add(config, layer, "other:tag", ref); err != nil {
		t.Fatal(err)
	}
	unlock()
	image, err := Resolve(t.Context(), ref, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	if image.Ref != ref || image.Store != s.dir || image.WorkDir != "/w" || !slices.Equal(image.Env, []string{"A=1"}) {
		t.Errorf("got %+v", image)
	}
	if _, err := os.Stat(filepath.Join(s.dir, "blobs", strings.Replace(image.Digest, ":", "/", 1))); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(s.temp()); err == nil {
		t.Error("temporary files remain")
	}
}

func TestApt(t *testing.T) {
	host := apt{entries: parseEntries(`
http://mirror.example/debian/ bookworm main Debian
http://mirror.example/debian/ bookworm main Debian
http://mirror.example/debian/ bookworm contrib Debian
http://mirror.example/debian/ bookworm-updates main Debian
http://security.example/ bookworm-security main Debian
http://mirror.example/debian/ bookworm-backports main Debian
http://docker.example/ bookworm stable Docker
http://never-updated.example/ bookworm main
`)}
	for suite, want := range map[string][]string{
		"trixie": {
			"deb http://mirror.example/debian/ trixie main",
			"deb http://mirror.example/debian/ trixie-updates main",
			"deb http://security.example/ trixie-security main",
		},
		"sid": {"deb http://mirror.example/debian/ sid main"},
	} {
		if got := host.sources(suite); !slices.Equal(got, want) {
			t.Errorf("%s: got %q", suite, got)
		}
	}
	ubuntu := apt{entries: parseEntries("http://mirror.example/ubuntu/ noble main Ubuntu\n")}
	if got := ubuntu.sources("bookworm"); got != nil {
		t.Errorf("not Debian: got %q", got)
	}
	got := transport("APT::Foo \"1\";\nAcquire::http::Proxy \"http://p:1\";\nAcquire::Languages \"none\";\n")
	if want := []string{`Acquire::http::Proxy "http://p:1"`}; !slices.Equal(got, want) {
		t.Errorf("options: got %q", got)
	}
}

func TestNormalise(t *testing.T) {
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	for _, h := range []tar.Header{
		{Typeflag: tar.TypeDir, Name: "./"},
		{Typeflag: tar.TypeDir, Name: "./dev/", Mode: 0o755},
		{Typeflag: tar.TypeChar, Name: "./dev/null", Devmajor: 1, Devminor: 3},
		{Typeflag: tar.TypeReg, Name: "./etc/apt/apt.conf.d/99mmdebstrap"},
		{Typeflag: tar.TypeReg, Name: "./etc/apt/sources.list", Mode: 0o644},
		{Typeflag: tar.TypeReg, Name: "./etc/resolv.conf"},
		{Typeflag: tar.TypeReg, Name: "./usr/bin/ping", Mode: 0o4755, Uid: 7, Gid: 8, Uname: "who", PAXRecords: map[string]string{
			"SCHILY.xattr.security.capability": "\x01\x00", "SCHILY.xattr.user.x": "y",
		}},
		{Typeflag: tar.TypeLink, Name: "./usr/bin/ping4", Linkname: "./usr/bin/ping"},
		{Typeflag: tar.TypeSymlink, Name: "./usr/bin/ping6", Linkname: "./ping"},
		{Typeflag: tar.TypeReg, Name: "./var/lib/apt/lists/lock"},
		{Typeflag: tar.TypeReg, Name: "./var/log/dpkg.log"},
	} {
		h.ModTime = time.Now()
		h.Format = tar.FormatPAX
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var layer bytes.Buffer
	if err := normalise(&layer, &archive); err != nil {
		t.Fatal(err)
	}
	var names []string
	for r := tar.NewReader(&layer); ; {
		h, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, strings.TrimSuffix(h.Name+">"+h.Linkname, ">"))
		if !h.ModTime.Equal(epoch) || h.Uname != "" {
			t.Errorf("%s: time %s, user %q", h.Name, h.ModTime, h.Uname)
		}
		if h.Name == "usr/bin/ping" && (h.Mode != 0o4755 || h.Uid != 7 || h.Gid != 8 ||
			h.PAXRecords["SCHILY.xattr.security.capability"] == "" || h.PAXRecords["SCHILY.xattr.user.x"] != "") {
			t.Errorf("ping: %+v", h)
		}
	}
	want := []string{"dev/", "etc/apt/sources.list", "usr/bin/ping", "usr/bin/ping4>usr/bin/ping", "usr/bin/ping6>./ping"}
	if !slices.Equal(names, want) {
		t.Errorf("got %q, want %q", names, want)
	}
}

// The same suite makes the same image.
func TestDebianTwice(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	if _, err := exec.LookPath("mmdebstrap"); err != nil || os.Geteuid() != 0 {
		if os.Getenv("CI") == "true" {
			t.Fatal("root and mmdebstrap are needed")
		}
		t.Skip("root and mmdebstrap are needed")
	}
	ref, err := reference.ParseNormalizedNamed("debian:bookworm-slim")
	if err != nil {
		t.Fatal(err)
	}
	digests := make(chan string, 2)
	for range 2 {
		s := store{t.TempDir()}
		go func() {
			if err := s.makeDebian(t.Context(), "bookworm", ref, t.Output()); err != nil {
				t.Error(err)
			}
			slim, _, slimErr := s.find(whole(t, "debian:bookworm-slim"))
			plain, _, plainErr := s.find(whole(t, "debian:bookworm"))
			if slimErr != nil || plainErr != nil || slim.Digest != plain.Digest {
				t.Errorf("%+v, %v; %+v, %v", slim, slimErr, plain, plainErr)
			}
			digests <- slim.Digest
		}()
	}
	if a, b := <-digests, <-digests; a != b || a == "" {
		t.Errorf("made twice, got %q and %q", a, b)
	}
}
