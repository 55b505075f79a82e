// SPDX-License-Identifier: Apache-2.0

package index

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// nginx serves dist by the configuration that is written with it, and gives the address. The program is Debian's, unpacked into the cache.
func nginx(t *testing.T, dist string) string {
	dir := t.TempDir()
	listener, err := net.Listen("tcp", "127.0.0.1:0") // a port that is free
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	temporary := ""
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		temporary += fmt.Sprintf("  %s_temp_path %s/%s;\n", kind, dir, kind)
	}
	configuration := fmt.Sprintf(`daemon off;
pid %[1]s/pid;
error_log stderr;
events { }
http {
  access_log off;
%[2]s
  map $http_accept $simple_page {
    default                                       index.html;
    "~application/vnd\.pypi\.simple\.v1\+json"    index.v1_json;
  }
  server {
    listen %[3]s;
    root %[4]s;
    include %[4]s/host/nginx.conf;
  }
}
`, dir, temporary, address, dist)
	if os.Getuid() == 0 {
		configuration = "user root;\n" + configuration // it is to read the test's own folder
	}
	file := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(file, []byte(configuration), 0o644); err != nil {
		t.Fatal(err)
	}
	server := exec.Command(nginxProgram(t), "-c", file, "-p", dir)
	server.Stderr = os.Stderr
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		server.Process.Signal(os.Interrupt)
		server.Wait()
	})
	for range 100 {
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			return "http://" + address + "/simple/"
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("nginx does not answer")
	return ""
}

func nginxProgram(t *testing.T) string {
	if found, err := exec.LookPath("nginx"); err == nil {
		return found
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(cache, "crosswheel-clients", "nginx")
	program := filepath.Join(dir, "usr", "sbin", "nginx")
	if _, err := os.Stat(program); err == nil {
		return program
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	run(t, "sh", "-euc", `cd "$1"; apt-get -q update || true; apt-get -q download nginx; dpkg -x nginx_*.deb .`, "sh", dir)
	return program
}

// TestNginx: what installers ask for they get under the right type, and caches keep the two forms apart.
func TestNginx(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it installs nginx")
	}
	dist, _ := published(t)
	url := nginx(t, dist)
	const json = "application/vnd.pypi.simple.v1+json"
	for _, test := range []struct{ path, accept, contentType, cache string }{
		{"demo/", json + ", application/vnd.pypi.simple.v1+html; q=0.1, text/html; q=0.01", json, "public, max-age=600"},
		{"demo/", "text/html", "text/html; charset=utf-8", "public, max-age=600"},
		{"", json + ", */*;q=0.1", json, "public, max-age=600"},
		{"", "", "text/html; charset=utf-8", "public, max-age=600"},
		{"demo/demo-1.0%2Bot2.1-py3-none-any.whl", "", "application/octet-stream", "public, max-age=31536000, immutable"},
		{"demo/demo-0.9-py3-none-any.whl.metadata", "", "text/plain", ""},
		{"nothing/", json, "", "public, max-age=600"},
	} {
		request, err := http.NewRequest(http.MethodGet, url+test.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Accept", test.accept)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if wants404 := test.contentType == ""; wants404 != (response.StatusCode == http.StatusNotFound) || !wants404 && response.Header.Get("Content-Type") != test.contentType {
			t.Errorf("%q, %q: %s, %s", test.path, test.accept, response.Status, response.Header.Get("Content-Type"))
		}
		if got := response.Header.Get("Cache-Control"); got != test.cache {
			t.Errorf("%q: Cache-Control: %s", test.path, got)
		}
		if varies := response.Header.Get("Vary") == "Accept"; varies != !strings.Contains(test.path, ".whl") {
			t.Errorf("%q: Vary: %v", test.path, response.Header["Vary"])
		}
	}
}
