// SPDX-License-Identifier: Apache-2.0

// Package browser looks at the pages of package site in a real browser: Debian's Chromium without a window, and axe-core.
//
// It holds tests alone, and is a Go module of its own, so that nothing that the program is made of requires what drives a browser.
package browser

import (
	"archive/zip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"crosswheel/index/site"
)

// host is a name on the lab's network, as far as the browser knows.
const host = "wheels.lab.test"

// sample writes the site that the golden pages show, with everything that it links to, and returns the folder.
func sample(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../testdata/sample.json")
	if err != nil {
		t.Fatal(err)
	}
	var s site.Site
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	others := map[string][]byte{"simple/index.html": nil, "report.json": nil}
	for _, p := range s.Projects {
		for _, v := range p.Versions {
			for _, c := range v.Cells {
				for _, name := range []string{c.Log, c.Recipe.Path} {
					if name != "" {
						others[name] = []byte(name)
					}
				}
				for _, w := range c.Wheels {
					for _, file := range []string{w.Filename, w.Provenance, w.SBOM} {
						if file != "" {
							others["simple/"+strings.ReplaceAll(strings.ToLower(p.Name), ".", "-")+"/"+file] = []byte(file)
						}
					}
				}
			}
		}
	}
	dir := t.TempDir()
	write(t, dir, others)
	writeSite(t, dir, s)
	return dir
}

func writeSite(t *testing.T, dir string, s site.Site) {
	t.Helper()
	files, err := site.Render(s)
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, files)
}

func write(t *testing.T, dir string, files map[string][]byte) {
	t.Helper()
	for name, text := range files {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// chromium finds the browser. CI must have it: there is no other test of what a script does.
func chromium(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: it starts a browser")
	}
	for _, name := range []string{"chromium-headless-shell", "chromium"} {
		if found, err := exec.LookPath(name); err == nil {
			return found
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("there is no Chromium: make browser installs it")
	}
	t.Skip("there is no Chromium: make browser installs it")
	return ""
}

// browser is a Chromium for which every host is the server.
func browser(t *testing.T, server *httptest.Server) context.Context {
	t.Helper()
	address := server.Listener.Addr().(*net.TCPAddr)
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium(t)), chromedp.NoSandbox,
		chromedp.Flag("host-resolver-rules", fmt.Sprintf("MAP %s 127.0.0.1:%d", host, address.Port)))
	allocated, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocated)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// command is an action that sends one command of the browser's protocol.
func command[P, R any](c cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, c, params)
		return err
	})
}

// tab is a page in the browser, and all that went wrong on it.
type tab struct {
	t   *testing.T
	ctx context.Context

	mutex    sync.Mutex
	problems []string
	requests []string
}

// open opens a tab that minds what the console says and what is asked of which host.
func open(t *testing.T, browser context.Context) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	ctx, cancelTimeout := context.WithTimeout(ctx, 8*time.Minute)
	t.Cleanup(cancelTimeout)
	p := &tab{t: t, ctx: ctx}
	listen := func(event any) {
		p.mutex.Lock()
		defer p.mutex.Unlock()
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			p.problems = append(p.problems, "exception: "+e.ExceptionDetails.Text)
		case *runtime.EventConsoleAPICalled:
			p.problems = append(p.problems, fmt.Sprintf("console: %s %s", e.Type, e.Args[0].Value))
		case *log.EventEntryAdded:
			p.problems = append(p.problems, "log: "+e.Entry.Text+" "+e.Entry.URL)
		case *network.EventLoadingFailed:
			p.problems = append(p.problems, "not loaded: "+e.ErrorText)
		case *network.EventRequestWillBeSent:
			p.requests = append(p.requests, e.Request.URL)
		}
	}
	if err := chromedp.Listen(ctx, listen); err != nil {
		t.Fatal(err)
	}
	p.do(command(network.Enable, network.EnableParams{}), command(log.Enable, cdp.Empty{}))
	return p
}

func (p *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, actions...); err != nil {
		p.t.Fatal(err)
	}
}

// eval runs an expression, or what its promise gives, and decodes the result.
func eval[T any](p *tab, expression string) T {
	p.t.Helper()
	result, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatal(err)
	}
	return result
}

// wait waits for an expression to hold, on the next page if need be.
func (p *tab) wait(expression string) {
	p.t.Helper()
	var err error
	for range 2400 {
		var holds bool
		if holds, err = chromedp.Run(p.ctx, chromedp.Evaluate[bool]("!!("+expression+")")); holds {
			return
		}
		time.Sleep(50 * time.Millisecond) // there is no event of being right
	}
	p.t.Fatalf("%s: %v", expression, err)
}

// check tells what went wrong on the page.
func (p *tab) check(address string) {
	p.t.Helper()
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for _, problem := range p.problems {
		p.t.Error(problem)
	}
	own, err := url.Parse(address)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, request := range p.requests {
		if u, err := url.Parse(request); err != nil || u.Scheme != "data" && (u.Scheme != own.Scheme || u.Host != own.Host) {
			p.t.Errorf("it asks for %s", request)
		}
	}
	p.problems, p.requests = nil, nil
}

// look is a size of screen and a choice of colours.
type look struct {
	name          string
	width, height int64
	colours       string
}

var looks = []look{
	{"phone light", 360, 740, "light"}, {"phone dark", 360, 740, "dark"},
	{"desktop light", 1280, 900, "light"}, {"desktop dark", 1280, 900, "dark"},
}

func (l look) actions() []chromedp.Action[chromedp.Void] {
	return []chromedp.Action[chromedp.Void]{
		chromedp.EmulateViewport(l.width, l.height),
		command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: l.colours}}}),
	}
}

// serve serves a folder below a path, as a lab's server does.
func serve(t *testing.T, dir, prefix string) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.StripPrefix(prefix, http.FileServer(http.Dir(dir))))
	t.Cleanup(server.Close)
	return server
}

// axe is axe-core's script, fetched once by the hash in axe.txt.
func axe(t *testing.T) string {
	t.Helper()
	wheels := t.TempDir()
	download := exec.Command("python3", "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes", "--only-binary", ":all:",
		"--dest", wheels, "-r", "axe.txt")
	if out, err := download.CombinedOutput(); err != nil {
		t.Fatalf("fetching axe-core: %v\n%s", err, out)
	}
	names, err := filepath.Glob(filepath.Join(wheels, "*.whl"))
	if err != nil || len(names) != 1 {
		t.Fatal(names, err)
	}
	archive, err := zip.OpenReader(names[0])
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	file, err := archive.Open("axe_playwright_python/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	text, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
