// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"bytes"
	"path"
)

// checkBuildPaths looks for the build machine's folders in a file of any kind: an extension's strings, a generated .py, a .json.
func (a *audit) checkBuildPaths(name string, content []byte) {
	for _, folder := range a.options.BuildPaths {
		if text, n := findPath(content, path.Clean(folder)); n > 0 {
			a.report("BUILD-PATH", name, "it mentions %s %s, first in %q", folder, times(n), text)
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
func findPath(content []byte, folder string) (text string, n int) {
	for start := 0; ; {
		i := bytes.Index(content[start:], []byte(folder))
		if i < 0 {
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
