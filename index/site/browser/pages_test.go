// SPDX-License-Identifier: Apache-2.0

package browser

import (
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"crosswheel/index/site"
)

var (
	dist        = flag.String("dist", "", "a dist/ to take pictures of")
	screenshots = flag.String("screenshots", "", "the folder for these pictures")
)

// TestAccessible has axe-core judge each kind of page, in every look, from a server and from the disk.
func TestAccessible(t *testing.T) {
	dir := sample(t)
	server := serve(t, dir, "/some/where")
	tabs := open(t, browser(t, server))
	judge := axe(t)
	for _, base := range []string{"http://" + host + "/some/where/", "file://" + dir + "/"} {
		for _, l := range looks {
			for _, name := range []string{"index.html", "packages/numpy/index.html", "packages/python-dateutil/index.html"} {
				t.Run(base[:4]+" "+l.name+" "+name, func(t *testing.T) {
					p := &tab{t: t, ctx: tabs.ctx}
					p.do(append(l.actions(), chromedp.Navigate(base+name))...)
					eval[any](p, judge+";null")
					for _, fault := range eval[[]string](p, faults) {
						t.Error(fault)
					}
					if eval[bool](p, "document.documentElement.scrollWidth > innerWidth") {
						t.Error("the page is wider than the screen")
					}
				})
				tabs.check(base)
			}
		}
	}
}

// faults are what axe-core finds: every rule that it has, best practices too. It must not ask for the style sheet again, which a page from
// the disk may not.
const faults = `axe.run({resultTypes: ["violations"], preload: false}).then((result) => result.violations.flatMap((v) =>
	v.nodes.map((n) => v.id + ": " + v.help + ": " + n.html + " " + n.any.map((a) => a.message).join("; "))))`

// TestFaults sees to it that TestAccessible can fail.
func TestFaults(t *testing.T) {
	dir := sample(t)
	write(t, dir, map[string][]byte{"bad.html": []byte(`<!DOCTYPE html><title>bad</title><input><p style="color:#ccc">pale</p><script>console.error("no")</script><img src="none.png">`)})
	p := open(t, browser(t, serve(t, dir, "")))
	p.do(chromedp.Navigate("http://" + host + "/bad.html"))
	eval[any](p, axe(t)+";null")
	found := strings.Join(eval[[]string](p, faults), "\n")
	for _, want := range []string{"color-contrast", "label", "image-alt", "html-has-lang"} {
		if !strings.Contains(found, want+": ") {
			t.Errorf("%s is not found:\n%s", want, found)
		}
	}
	if len(p.problems) < 2 {
		t.Errorf("problems: %q", p.problems)
	}
}

// visible are the names of the packages that are listed.
const visible = `[...document.querySelectorAll("#packages tbody tr:not([hidden]) a")].map((a) => a.textContent)`

// search types a query in the place of the last one.
func (p *tab) search(query string) {
	p.t.Helper()
	eval[any](p, `document.getElementById("search").value = ""`)
	p.do(chromedp.SendKeys(chromedp.ID("search"), query))
}

// press presses a key that is no text.
func press(key string) chromedp.Action[chromedp.Void] {
	return command(input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: key})
}

func TestSearch(t *testing.T) {
	dir := sample(t)
	b := browser(t, serve(t, dir, "/some/where"))
	for _, base := range []string{"http://" + host + "/some/where/", "file://" + dir + "/"} {
		p := open(t, b)
		p.do(chromedp.Navigate(base+"index.html"), press("/"))
		if got := eval[string](p, "document.activeElement.id"); got != "search" {
			t.Errorf("/ leads to %q", got)
		}
		if got := eval[[]string](p, visible); len(got) != 5 {
			t.Errorf("listed before a search: %q", got)
		}
		for query, want := range map[string][]string{
			"yaml":            {"PyYAML", "ruamel.yaml"},
			"Ruamel_YAML":     {"ruamel.yaml"},
			"array computing": {"numpy"},
			"data time":       {"pandas"},
			"<script>":        {"python-dateutil"},
			"nothing of it":   {},
		} {
			p.search(query)
			if got := eval[[]string](p, visible); !slices.Equal(got, want) {
				t.Errorf("%q finds %q, want %q", query, got, want)
			}
			said := fmt.Sprintf("%d packages", len(want))
			switch len(want) {
			case 0:
				said = "No package fits."
			case 1:
				said = "1 package"
			}
			if got := eval[string](p, `document.getElementById("count").textContent`); got != said {
				t.Errorf("%q: it says %q, want %q", query, got, said)
			}
		}
		p.search("numpy" + kb.Enter)
		p.wait(`document.title.startsWith("numpy")`)
		p.check(base)
	}
}

// A catalogue that is too large for the page is searched all the same, from the disk too, and fetched when it is.
func TestSearchLarge(t *testing.T) {
	dir := t.TempDir()
	s := site.Site{}
	for i := range 2_000 {
		s.Projects = append(s.Projects, site.Project{Name: fmt.Sprintf("Project_%05d", i), Summary: "<b>What</b> it is for"})
	}
	writeSite(t, dir, s)
	b := browser(t, serve(t, dir, ""))
	for _, base := range []string{"http://" + host + "/", "file://" + dir + "/"} {
		p := open(t, b)
		p.do(chromedp.Navigate(base + "index.html"))
		if slices.ContainsFunc(p.requests, func(r string) bool { return strings.HasSuffix(r, "search.js") }) {
			t.Error("search.js is fetched before anyone searches")
		}
		p.do(chromedp.SendKeys(chromedp.ID("search"), "project-0199"))
		p.wait(`document.getElementById("count").textContent === "10 packages"`)
		p.do(chromedp.SendKeys(chromedp.ID("search"), "7"+kb.Enter))
		p.wait(`document.title.startsWith("Project_01997")`)
		p.check(base)
	}
}

// TestInstallLine goes the way of someone with a robot: one click on the package, one on Copy.
func TestInstallLine(t *testing.T) {
	dir := sample(t)
	server := serve(t, dir, "/some/where")
	b := browser(t, server)
	for _, c := range []struct{ base, want, note string }{
		{"http://" + host + "/some/where/", "pip install --index-url http://" + host + "/some/where/simple/ --trusted-host " + host + " pyyaml==6.0.1", ""},
		{server.URL + "/some/where/", "pip install --index-url " + server.URL + "/some/where/simple/ pyyaml==6.0.1", "local"},
		{"file://" + dir + "/", "pip install --index-url file://" + dir + "/simple/ pyyaml==6.0.1", "file"},
	} {
		p := open(t, b)
		p.do(chromedp.Navigate(c.base+"index.html"), chromedp.Click(chromedp.Search(`//th/a[text()="PyYAML"]`)))
		p.wait(`document.title.startsWith("PyYAML")`)
		p.do(chromedp.Click(chromedp.Search(`(//section)[1]//button[text()="Copy"]`)))
		p.wait(`document.querySelector("button").textContent === "Copied"`)
		if got := eval[string](p, `[...document.querySelectorAll("[data-when]:not([hidden])")].map((n) => n.dataset.when).join()`); got != c.note {
			t.Errorf("%s: note %q, want %q", c.base, got, c.note)
		}
		p.do(chromedp.Navigate(c.base+"index.html"), chromedp.Focus(chromedp.ID("search")), command(input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Commands: []string{"paste"}}))
		if got := eval[string](p, `document.getElementById("search").value`); got != c.want {
			t.Errorf("copied %q, want %q", got, c.want)
		}
		p.check(c.base)
	}
}

// What is in a pip.conf, and what the shell makes of an address that is not plain.
func TestAddress(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "robot (1)")
	if err := os.CopyFS(dir, os.DirFS(sample(t))); err != nil {
		t.Fatal(err)
	}
	p := open(t, browser(t, serve(t, dir, "")))
	folder := "file://" + strings.ReplaceAll(dir, " ", "%20")
	page, index := folder+"/packages/pyyaml/index.html", folder+"/simple/"
	p.do(chromedp.Navigate(page))
	want := "pip install --index-url '" + index + "' pyyaml==6.0.1"
	if got := eval[string](p, `document.querySelector(".code code").textContent`); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for address, want := range map[string]string{
		page:                             "[install]\nextra-index-url = " + index + "\nonly-binary = :all:\n",
		"http://" + host + "/index.html": "[install]\nextra-index-url = http://" + host + "/simple/\nonly-binary = :all:\ntrusted-host = " + host + "\n",
	} {
		p.do(chromedp.Navigate(address))
		if got := eval[string](p, `[...document.querySelectorAll(".code code")].map((c) => c.textContent).find((t) => t.startsWith("[install]"))`); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}

// Without a script all packages are listed, the line is there, and the page says what to put into it.
func TestWithoutScript(t *testing.T) {
	p := open(t, browser(t, serve(t, sample(t), "")))
	var texts []string
	for _, name := range []string{"index.html", "packages/pyyaml/index.html"} {
		p.do(command(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}), chromedp.Navigate("http://"+host+"/"+name))
		text, err := chromedp.Run(p.ctx, chromedp.Text(chromedp.CSS("body")))
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, text)
	}
	for i, want := range []string{"ruamel.yaml", "pip install --index-url ADDRESS/simple/ pyyaml==6.0.1", "In place of ADDRESS"} {
		if !strings.Contains(texts[min(i, 1)], want) {
			t.Errorf("no %q in:\n%s", want, texts[min(i, 1)])
		}
	}
	if strings.Contains(texts[0], "Find a package") {
		t.Error("there is a search that cannot work")
	}
}

// The first Tab leads to a way around the head of the page, and every link to something that is there.
func TestKeyboardAndLinks(t *testing.T) {
	dir := sample(t)
	server := serve(t, dir, "")
	p := open(t, browser(t, server))
	for _, name := range []string{"index.html", "packages/numpy/index.html", "packages/pandas/index.html", "packages/ruamel-yaml/index.html"} {
		p.do(chromedp.Navigate(server.URL+"/"+name), chromedp.KeyEvent(kb.Tab))
		if got := eval[string](p, "document.activeElement.textContent"); got != "Skip to the content" {
			t.Errorf("%s: the first Tab leads to %q", name, got)
		}
		links := eval[[]string](p, `[...document.links].map((a) => a.href)`)
		for _, link := range links {
			if !strings.HasPrefix(link, server.URL) {
				continue
			}
			response, err := http.Get(link)
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			if response.StatusCode != http.StatusOK {
				t.Errorf("%s leads to %s: %s", name, link, response.Status)
			}
			_, id, found := strings.Cut(link, "#")
			if id, err = url.PathUnescape(id); err != nil {
				t.Fatal(err)
			}
			if found && !eval[bool](p, fmt.Sprintf("!!document.getElementById(%q)", id)) {
				t.Errorf("%s leads to #%s, which is not there", name, id)
			}
		}
		if len(links) < 4 {
			t.Errorf("%s has %d links", name, len(links))
		}
	}
}

// TestScreenshots takes the pictures of docs/ when it is told of a dist/ and where they go.
func TestScreenshots(t *testing.T) {
	if *dist == "" || *screenshots == "" {
		t.Skip("-dist and -screenshots are not given")
	}
	p := open(t, browser(t, serve(t, *dist, "")))
	for _, l := range []look{{"phone", 400, 860, "dark"}, {"desktop", 1200, 900, "light"}} {
		for name, page := range map[string]string{"front": "index.html", "package": "packages/pyyaml/index.html"} {
			p.do(append(l.actions(), chromedp.Navigate("http://"+host+"/"+page))...)
			picture, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(*screenshots, "pages-"+name+"-"+l.name+".png"), picture, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}
