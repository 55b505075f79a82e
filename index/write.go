// SPDX-License-Identifier: Apache-2.0

package index

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/sourcegraph/conc/pool"
)

// APIVersion is the version of the simple repository API that both forms of the pages speak.
const APIVersion = "1.4"

// Input is what an index is made of. Every part may be missing.
type Input struct {
	// Wheels holds wheels (*.whl) at any depth, with their provenance beside them.
	Wheels fs.FS
	// Files describes wheels that are not at hand.
	Files []File
	// Published is the index that the others are added to. What is in it stays; only what changes is written.
	Published *Published
	// Marks take wheels back; nil leaves those of Published as they are.
	Marks *Marks
	// BaseURL is where the index will be, "https://wheels.example.org": only what the standards want absolute addresses for needs it.
	BaseURL string
	// Targets get a lock of the newest of everything each. Those that Published has locks for keep them, and theirs are brought up to date.
	Targets []Target
	// Pages says that pages for people are written beside, by package site. Like Hosts it is kept when merging.
	Pages bool
	// Report says that there is a report.json beside, of the build that made the wheels: it is linked. Like Hosts it is kept when merging.
	Report bool
	// Hosts are kinds of hosts that configuration is written for; see HostKinds.
	Hosts []string
}

// Output takes what is written. Projects are written side by side, so its methods are called from several goroutines. The order is that
// of publishing: a project's files before its pages, what names all projects last.
type Output interface {
	// Text writes a file of the index; the name is a slash-separated path. The content is the output's until it returns.
	Text(name string, content []byte) error
	// Copy writes the file called from of Input.Wheels. Small wheels come as texts: they are at hand.
	Copy(name, from string) error
}

// Refused are the files that the index was made without.
type Refused []*FileError

// Error names each, sorted.
func (r Refused) Error() string {
	lines := make([]string, len(r))
	for i, e := range r {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives each.
func (r Refused) Unwrap() []error {
	all := make([]error, len(r))
	for i, e := range r {
		all[i] = e
	}
	return all
}

// Write makes an index, and gives what it says of itself. Where files could not be in it the error is [Refused], and everything else was written.
func Write(in Input, out Output) (*Published, error) {
	if err := checkHosts(in.Hosts); err != nil {
		return nil, err
	}
	if in.BaseURL != "" && !strings.HasPrefix(in.BaseURL, "https://") {
		return nil, fmt.Errorf("the address of the index is %q; the standards want one that begins with https://", in.BaseURL)
	}
	if err := checkTargets(in.Targets); err != nil {
		return nil, err
	}
	w := &writer{in: in, out: out, settings: newSettings(in), targets: allTargets(in), records: map[string]string{}, sums: map[string]string{}, given: map[string]*given{}, beside: map[string]bool{}, chosen: map[string][]string{}}
	if err := w.sort(); err != nil {
		return nil, err
	}
	workers := pool.New().WithErrors().WithFirstError().WithMaxGoroutines(runtime.GOMAXPROCS(0))
	for _, name := range slices.Sorted(maps.Keys(w.given)) {
		workers.Go(func() error { return w.project(name, w.given[name]) })
	}
	if err := workers.Wait(); err != nil {
		return nil, err
	}
	if in.Marks != nil {
		if err := in.Marks.unused(func(project string) bool { return w.records[project] != "" }); err != nil {
			return nil, err
		}
	}
	if err := w.top(); err != nil {
		return nil, err
	}
	made := &Published{settings: w.settings, targets: w.targets, packages: w.records, sums: w.sums}
	if len(w.refused) == 0 {
		return made, nil
	}
	slices.SortFunc(w.refused, func(a, b *FileError) int { return cmp.Compare(a.Error(), b.Error()) })
	return made, w.refused
}

// Render makes the pages of wheels that are described: their content by path, and what the index says of itself. There are none where a file is refused.
func Render(in Input) (map[string][]byte, *Published, error) {
	pages := &texts{content: map[string][]byte{}}
	made, err := Write(in, pages)
	if err != nil {
		return nil, nil, err
	}
	return pages.content, made, nil
}

// texts keeps what is written.
type texts struct {
	mu      sync.Mutex
	content map[string][]byte
}

func (t *texts) Text(name string, content []byte) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.content[name] = bytes.Clone(content)
	return nil
}

func (t *texts) Copy(name, from string) error {
	return fmt.Errorf("%s: there is no file %s", name, from)
}

type writer struct {
	in       Input
	out      Output
	settings settings
	targets  []Target

	given  map[string]*given
	beside map[string]bool // what lies beside wheels in Input.Wheels

	mu      sync.Mutex
	refused Refused
	records map[string]string   // of packages.json, by project
	sums    map[string]string   // of SHA256SUMS
	chosen  map[string][]string // by project, its entry in each target's lock
}

func (w *writer) refuse(err error) {
	var file *FileError
	if !errors.As(err, &file) {
		panic("index: " + err.Error()) // only files are refused
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.refused = append(w.refused, file)
}

// project writes one project, if there is anything new to say of it.
func (w *writer) project(name string, g *given) error {
	published, status, err := w.in.Published.entries(name)
	if err != nil {
		return err
	}
	files := w.merge(append(published, w.read(g)...))
	if w.in.Marks != nil {
		w.in.Marks.apply(name, files)
		status = nil
		if s, ok := w.in.Marks.status[name]; ok {
			status = &s
		}
	}
	if len(files) == 0 {
		return nil
	}
	line, sums, err := newRecord(name, files, status)
	if err != nil {
		return err
	}
	if err := w.writeFiles(name, files); err != nil {
		return err
	}
	if p := w.in.Published; p == nil || p.settings != w.settings || p.packages[name] != line {
		if err := w.writePages(name, files, status); err != nil {
			return err
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.records[name], w.sums[name] = line, sums
	for _, t := range w.targets {
		w.chosen[name] = append(w.chosen[name], t.lockEntry(name, files, status))
	}
	return nil
}

// read takes what is new of a project. What it can not read is refused.
func (w *writer) read(g *given) []*entry {
	var entries []*entry
	add := func(f File, err error) {
		var e *entry
		if err == nil {
			e, err = newEntry(f)
		}
		if err != nil {
			w.refuse(err)
			return
		}
		entries = append(entries, e)
	}
	for _, i := range g.files {
		f := w.in.Files[i]
		f.wheel = "" // it may come from FromWheel: that is another folder
		add(f, f.checkMetadata())
	}
	for _, p := range g.wheels {
		add(fromWheel(w.in.Wheels, p, func(name string) bool { return w.beside[name] }))
	}
	return entries
}

// writeFiles writes what belongs beside the pages: wheels, METADATA, provenance.
func (w *writer) writeFiles(project string, files []*entry) error {
	folder := "simple/" + project + "/"
	for _, f := range files {
		for _, name := range slices.Sorted(maps.Keys(f.copies)) {
			if err := w.writeCopy(folder+name, f, name); err != nil {
				return err
			}
		}
		if f.metadata {
			if err := w.out.Text(folder+f.Filename+".metadata", f.Metadata); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *writer) writeCopy(as string, f *entry, name string) error {
	if name == f.Filename && f.content != nil {
		return w.out.Text(as, f.content)
	}
	return w.out.Copy(as, f.copies[name])
}

func (w *writer) writePages(name string, files []*entry, status *Status) error {
	if status.hides() {
		files = nil
	}
	page := page{name: name, files: files, status: status, base: w.settings.BaseURL}
	text := buffers.Get().(*[]byte)
	defer buffers.Put(text)
	folder := "simple/" + name + "/"
	*text = page.html((*text)[:0])
	if err := w.out.Text(folder+"index.html", *text); err != nil {
		return err
	}
	places := [][2]string{{folder + "index.v1_json", ""}}
	if w.settings.JSONTree {
		places = append(places, [2]string{"simple-json/" + name + "/index.html", "../../" + folder})
	}
	for _, place := range places {
		var err error
		if *text, err = page.json((*text)[:0], place[1]); err != nil {
			return err
		}
		if err := w.out.Text(place[0], *text); err != nil {
			return err
		}
	}
	return nil
}

// buffers are for pages, which are written as soon as they are made.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

// top writes what names all projects. It comes last: who reads it finds all that it names. The pages are the last of it.
func (w *writer) top() error {
	names := slices.Sorted(maps.Keys(w.records))
	writing := pool.New().WithErrors()
	write := func(name string, make func() []byte) {
		writing.Go(func() error { return w.out.Text(name, make()) })
	}
	var asJSON, asHTML []byte
	writing.Go(func() (err error) {
		asHTML = rootHTML(names)
		asJSON, err = rootJSON(names)
		return err
	})
	for i, t := range w.targets {
		write(t.file(), func() []byte { return t.lock(names, w.chosen, i) })
	}
	for name, content := range hostFiles(w.in.Hosts) {
		write(name, func() []byte { return content })
	}
	write(SumsFile, func() []byte { return w.allSums(names) })
	write(PackagesFile, func() []byte { return packagesJSON(head{w.settings, w.targets}, names, w.records) })
	if err := writing.Wait(); err != nil {
		return err
	}
	if w.settings.JSONTree {
		if err := w.out.Text("simple-json/index.html", asJSON); err != nil {
			return err
		}
	}
	return errors.Join(w.out.Text("simple/index.v1_json", asJSON), w.out.Text("simple/index.html", asHTML))
}

func (w *writer) allSums(names []string) []byte {
	size := 0
	for _, name := range names {
		size += len(w.sums[name])
	}
	sums := make([]byte, 0, size)
	for _, name := range names {
		sums = append(sums, w.sums[name]...)
	}
	return sums
}
