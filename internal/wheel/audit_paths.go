// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"bytes"
	"io"
	"path"
)

// mentions are the places where a file has one of the build machine's folders.
type mentions struct {
	texts  map[string]string // around the first, by folder
	counts map[string]int
}

// checkBuildPaths looks for the build machine's folders in a file of any kind: an extension's strings, a generated .py, a .json.
func (a *audit) checkBuildPaths(name string, content []byte) {
	found := mentions{map[string]string{}, map[string]int{}}
	a.findBuildPaths(found, content, 0, len(content))
	a.reportBuildPaths(name, found)
}

// checkBuildPathsOf does it for a file that is not in memory. Its parts overlap, so that nothing stands across two of them.
func (a *audit) checkBuildPathsOf(name string, r io.ReaderAt, size int64) error {
	const length, overlap = 4 << 20, 512
	found := mentions{map[string]string{}, map[string]int{}}
	for at := int64(0); at < size && len(a.options.BuildPaths) > 0; at += length - overlap {
		part := make([]byte, min(length, size-at))
		if _, err := r.ReadAt(part, at); err != nil {
			return err
		}
		from, to := overlap/2, len(part)-overlap/2
		if at == 0 {
			from = 0
		}
		if at+int64(len(part)) == size {
			a.findBuildPaths(found, part, from, len(part))
			break
		}
		a.findBuildPaths(found, part, from, to)
	}
	a.reportBuildPaths(name, found)
	return nil
}

// findBuildPaths looks for folders that begin at from or later, and before to.
func (a *audit) findBuildPaths(found mentions, content []byte, from, to int) {
	for _, folder := range a.options.BuildPaths {
		text, n := findPath(content, path.Clean(folder), from, to)
		if found.counts[folder] == 0 {
			found.texts[folder] = text
		}
		found.counts[folder] += n
	}
}

func (a *audit) reportBuildPaths(name string, found mentions) {
	for folder, n := range found.counts {
		if n > 0 {
			a.report("BUILD-PATH", name, "it mentions %s %s, first in %q", folder, times(n), found.texts[folder])
		}
	}
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return counted(n, "time")
}

// findPath counts the places where content has folder as a path of its own, or one below it, and gives the text around the first.
func findPath(content []byte, folder string, from, to int) (text string, n int) {
	for start := from; ; {
		i := bytes.Index(content[start:], []byte(folder))
		if i < 0 || start+i >= to {
			return text, n
		}
		i += start
		start = i + len(folder)
		if beginsPath(content[:i]) && endsElement(content[start:]) {
			if n++; n == 1 {
				text = textAround(content, i, start)
			}
		}
	}
}

// beginsPath says whether a path can begin after before: "/build" is one in `-I/build/x` and in `file:///build/x`, but not in
// `https://example.org/build/x` and `docs/build/x`.
func beginsPath(before []byte) bool {
	for _, prefix := range []string{"-I", "-L", "-isystem", "-B", "file://"} {
		if bytes.HasSuffix(before, []byte(prefix)) {
			return true
		}
	}
	if len(before) == 0 {
		return true
	}
	last := before[len(before)-1]
	return !inElement(last) && last != '/' && last != '}' && last != ')' // ${prefix}/build and $(top)/build are others' paths
}

// endsElement says whether a path's element ends before after: /build is not mentioned by "/builder".
func endsElement(after []byte) bool { return len(after) == 0 || !inElement(after[0]) }

func inElement(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '.' || c == '-' || c == '~' || c >= 0x80
}

// textAround widens a place to the text that it stands in, so that people see what wrote it there.
func textAround(content []byte, start, end int) string {
	const most = 60
	printable := func(c byte) bool { return c > ' ' && c < 0x7f && c != '"' && c != '\'' }
	from, to := start, end
	for from > 0 && start-from < most && printable(content[from-1]) {
		from--
	}
	for to < len(content) && to-end < most && printable(content[to]) {
		to++
	}
	return string(content[from:to])
}
