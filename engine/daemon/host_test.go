// SPDX-License-Identifier: Apache-2.0

package daemon

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestHostWithoutDaemon(t *testing.T) {
	fit := host{os: "linux", arch: "amd64", uid: 0, runc: true}
	if err := fit.check(); err != nil {
		t.Errorf("a fit host: %v", err)
	}
	for _, test := range []struct {
		lacks  string
		change func(*host)
		remedy string
	}{
		{"linux", func(h *host) { h.os = "darwin" }, "BUILDKIT_HOST"},
		{"x86_64", func(h *host) { h.arch = "arm64" }, "BUILDKIT_HOST"},
		{"root", func(h *host) { h.uid = 1000 }, "run the command as root"},
		{"runc", func(h *host) { h.runc = false }, "apt-get install runc"},
	} {
		h := fit
		test.change(&h)
		err := h.check()
		if err == nil {
			t.Errorf("without %s: no error", test.lacks)
			continue
		}
		for _, word := range []string{test.lacks, test.remedy} {
			if !strings.Contains(strings.ToLower(err.Error()), strings.ToLower(word)) {
				t.Errorf("without %s: %q does not say %q", test.lacks, err, word)
			}
		}
		if strings.Contains(err.Error(), "\n") {
			t.Errorf("without %s: more than a sentence: %q", test.lacks, err)
		}
	}
}

func TestBuildkitHost(t *testing.T) {
	t.Setenv("BUILDKIT_HOST", "tcp://192.0.2.1:1234")
	t.Setenv("CROSSWHEEL_CACHE", filepath.Join(t.TempDir(), "cache"))
	conn, err := Connect(t.Context(), t.Output())
	if err != nil {
		t.Fatal(err)
	}
	if conn.Addr != "tcp://192.0.2.1:1234" || conn.State != os.Getenv("CROSSWHEEL_CACHE") {
		t.Errorf("got %q, %q", conn.Addr, conn.State)
	}
	if info, err := os.Stat(conn.State); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("state folder: %v, %v", info, err)
	}
	if err := conn.Close(); err != nil {
		t.Error(err)
	}
}

func TestConfiguration(t *testing.T) {
	f := files{"/cache"}
	for size, want := range map[string]string{
		"": `"40GB"`, "20GB": `"20GB"`, "30%": `"30%"`,
		"20": "", "lots": "", "20 GB": "", "1GB\"\n": "",
	} {
		t.Setenv("CROSSWHEEL_CACHE_SIZE", size)
		text, err := f.configuration()
		switch {
		case want == "" && err == nil:
			t.Errorf("size %q is accepted", size)
		case want != "" && !strings.Contains(text, "maxUsedSpace = "+want):
			t.Errorf("size %q: %v:\n%s", size, err, text)
		}
	}
}

func TestSocketPathsFit(t *testing.T) {
	for _, state := range []string{"/root/.cache/crosswheel", "/" + strings.Repeat("long/", 30)} {
		f := files{state}
		for _, socket := range []string{f.socket(), f.socketOfLeases(), f.socketOfNotes(), f.socketOfTraces()} {
			if len(socket) > maxSocketPath {
				t.Errorf("%d bytes: %s", len(socket), socket)
			}
		}
	}
	if a, b := (files{"/" + strings.Repeat("a", 120)}), (files{"/" + strings.Repeat("b", 120)}); a.run() == b.run() {
		t.Errorf("two state folders share %s", a.run())
	}
}
