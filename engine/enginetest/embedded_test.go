// SPDX-License-Identifier: Apache-2.0

package enginetest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// What follows is promised by the embedded engine alone: leave this file out for another one.

// The host's authorities and proxies reach every exec and count for nothing.
func TestHostSettingsAreNoInput(t *testing.T) {
	needEngine(t)
	nonce := id(t, fresh(engine(t)))
	dir := t.TempDir()
	write(t, dir, "one.pem", "bundle one\n")
	write(t, dir, "two.pem", "bundle two\n")
	run := func(bundle, proxy string) (string, string) {
		t.Setenv("SSL_CERT_FILE", filepath.Join(dir, bundle))
		for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"} {
			os.Unsetenv(strings.ToLower(name))
			t.Setenv(name, proxy)
		}
		c := another(t)
		with := base(c).WithEnvVariable("NONCE", nonce)
		seen := stdout(t, with.WithEnvVariable("FRESH", bundle+proxy), `cat $SSL_CERT_FILE; stat -c %a $PIP_CERT; env | grep -i _proxy= | sort`)
		return id(t, with), seen
	}
	id1, seen1 := run("one.pem", "http://proxy.one:1")
	id2, seen2 := run("two.pem", "")
	same(t, "with other settings of the host", id1, id2)
	equal(t, "settings", seen1, `bundle one
444
ALL_PROXY=http://proxy.one:1
HTTPS_PROXY=http://proxy.one:1
HTTP_PROXY=http://proxy.one:1
NO_PROXY=http://proxy.one:1
all_proxy=http://proxy.one:1
http_proxy=http://proxy.one:1
https_proxy=http://proxy.one:1
no_proxy=http://proxy.one:1
`)
	equal(t, "other settings", seen2, "bundle two\n444\n")
}

func TestAuthorities(t *testing.T) {
	t.Parallel()
	c := engine(t)
	equal(t, "own settings stay", stdout(t, base(c).WithEnvVariable("SSL_CERT_FILE", "/mine"), "echo $SSL_CERT_FILE"), "/mine\n")
	equal(t, "the image's bundle can be replaced", stdout(t, base(c), "mkdir -p /etc/ssl/certs && echo x > /new && mv -f /new /etc/ssl/certs/ca-certificates.crt && cat /etc/ssl/certs/ca-certificates.crt"), "x\n")
	equal(t, "apt reads its settings", stdout(t, base(c), "apt-config dump Acquire::https::CAInfo"), "Acquire::https::CAInfo \"/run/crosswheel/ca-certificates.crt\";\n")
}

func TestLargeBundle(t *testing.T) {
	needEngine(t)
	dir := t.TempDir()
	write(t, dir, "large.pem", strings.Repeat("x", 600<<10))
	t.Setenv("SSL_CERT_FILE", filepath.Join(dir, "large.pem"))
	_, err := base(another(t)).Sync(t.Context())
	errorHas(t, "a large bundle", err, "large.pem")
}

func TestProgress(t *testing.T) {
	needEngine(t)
	nonce := id(t, fresh(engine(t)))
	show := func(mode, script string) string {
		t.Setenv("CROSSWHEEL_PROGRESS", mode)
		var log strings.Builder
		c, err := connect(t.Context(), withLogOutput(&log))
		if err != nil {
			t.Fatal(err)
		}
		_, syncErr := base(c).WithEnvVariable("NONCE", nonce).WithExec([]string{"env", "A=" + mode, "sh", "-c", script}).Sync(t.Context())
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		if mode == "loud" {
			errorHas(t, "unknown mode", syncErr, "CROSSWHEEL_PROGRESS")
		}
		return log.String()
	}
	brief := show("auto", "echo chatter")
	if !strings.Contains(brief, " sh -c echo chatter\n") || !strings.Contains(brief, " done in ") || strings.Count(brief, "chatter") != 1 {
		t.Errorf("auto: %q", brief)
	}
	if again := show("auto", "echo chatter"); !strings.Contains(again, " cached: sh -c echo chatter\n") {
		t.Errorf("again: %q", again)
	}
	if failed := show("auto", "exit 1"); !strings.Contains(failed, " failed after ") {
		t.Errorf("failed: %q", failed)
	}
	if plain := show("plain", "echo chatter"); strings.Count(plain, "chatter") != 2 {
		t.Errorf("plain: %q", plain)
	}
	equal(t, "quiet", show("quiet", "echo chatter"), "")
	show("loud", "echo chatter")
}

func TestClosed(t *testing.T) {
	needEngine(t)
	c, err := connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ran := base(c).WithExec(sh("true"))
	if _, err := ran.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() {
		_, err := fresh(c).WithExec(sh("sleep 60")).Sync(t.Context())
		done <- err
	}()
	dir := t.TempDir()
	go func() {
		for i := 0; ; i++ {
			if _, err := ran.Directory("/etc").Export(t.Context(), fmt.Sprint(dir, "/", i)); err != nil {
				done <- err
				return
			}
		}
	}()
	time.Sleep(time.Second)
	for range 2 {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
	errorHas(t, "under way", <-done, "closed")
	errorHas(t, "under way", <-done, "closed")
	_, err = ran.Sync(t.Context())
	errorHas(t, "later", err, "closed")
}

// A folder of the host needs no daemon.
func TestHostFolderAlone(t *testing.T) {
	t.Setenv("BUILDKIT_HOST", "unix:///nowhere")
	c, err := connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	d := c.Host().Directory(hostTree(t), hostDirectoryOpts{Exclude: []string{"**/*.log"}})
	equalList(t, "glob", glob(t, d, "**"), "d/", "d/f", "link", "top.txt")
	equal(t, "file", contents(t, d.File("d/f")), "f")
	dir := t.TempDir()
	export(t, d, dir)
	equalList(t, "exported", onHost(t, dir), "d", "d/f=f", "link", "top.txt=top")
	_, err = c.Directory().WithNewFile("f", "x").Sync(t.Context())
	errorHas(t, "what needs one", err, "unix:///nowhere")
}
