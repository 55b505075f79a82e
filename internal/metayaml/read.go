// SPDX-License-Identifier: Apache-2.0

package metayaml

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// key is a key of a meta.yaml that has a value, with what is written beside it.
type key struct {
	path    string // "build.cflags"
	line    int
	value   *yaml.Node // a scalar, a sequence or an empty mapping
	comment []string   // lines
}

const (
	deepest = 20     // levels of a meta.yaml; real ones have three
	largest = 20_000 // values of a meta.yaml, those that aliases repeat included; real ones have a hundred
)

// read lists the keys of a meta.yaml as they stand. Its errors begin with name and the line.
func read(name string, src []byte) ([]key, error) {
	r := reader{name: name, seen: map[string]int{}}
	decoder := yaml.NewDecoder(bytes.NewReader(src))
	var document, second yaml.Node
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF):
		return nil, r.problem(1, "the file is empty: a meta.yaml has at least package with name and version")
	case err != nil:
		return nil, r.syntax(err)
	}
	if err := decoder.Decode(&second); err == nil {
		return nil, r.problem(second.Content[0].Line, "a second document begins: write each into a file of its own")
	} else if !errors.Is(err, io.EOF) {
		return nil, r.syntax(err)
	}
	root := document.Content[0]
	if root.Kind != yaml.MappingNode {
		return nil, r.problem(root.Line, "this is no meta.yaml: sections are expected, such as package: and source:")
	}
	err := r.walk(key{}, root, 0)
	return r.keys, err
}

type reader struct {
	name   string
	keys   []key
	seen   map[string]int // line by path
	values int
}

// walk adds the keys inside of a value, or the key itself if it has none.
func (r *reader) walk(k key, value *yaml.Node, depth int) error {
	for hops := 0; value.Kind == yaml.AliasNode; hops++ {
		if hops > deepest {
			return r.problem(k.line, "%s stands for itself", k.path)
		}
		value = value.Alias
	}
	if r.values += 1 + len(value.Content); depth > deepest || r.values > largest {
		return r.problem(k.line, "%s: too deep, or too much of it, for a meta.yaml", k.path)
	}
	if value.Kind != yaml.MappingNode || len(value.Content) == 0 {
		k.value = value
		k.comment = append(k.comment, comments(value, 0)...)
		r.keys = append(r.keys, k)
		return nil
	}
	for i := 0; i+1 < len(value.Content); i += 2 {
		name, inner := value.Content[i], value.Content[i+1]
		if name.Kind != yaml.ScalarNode {
			return r.problem(name.Line, "a key is a word here")
		}
		next := key{path: name.Value, line: name.Line, comment: comments(name, 0)}
		if k.path != "" {
			next.path = k.path + "." + name.Value
		}
		if first, again := r.seen[next.path]; again {
			return r.problem(name.Line, "%s is written twice, first in line %d: take one away", next.path, first)
		}
		r.seen[next.path] = name.Line
		if err := r.walk(next, inner, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) problem(line int, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", r.name, max(line, 1), fmt.Sprintf(format, args...))
}

var yamlLine = regexp.MustCompile(`(?s)^yaml: (?:line (\d+): )?(.*)$`)

// syntax puts the position of an error of the YAML parser where ours have it.
func (r *reader) syntax(err error) error {
	found := yamlLine.FindStringSubmatch(err.Error())
	if found == nil {
		return fmt.Errorf("%s: %w", r.name, err)
	}
	line := found[1]
	if line == "" {
		line = "1"
	}
	return fmt.Errorf("%s:%s: this is not YAML: %s", r.name, line, strings.TrimSpace(found[2]))
}

// comments are those of a value and of what is in it.
func comments(n *yaml.Node, depth int) []string {
	var lines []string
	for _, text := range []string{n.HeadComment, n.LineComment, n.FootComment} {
		for line := range strings.Lines(text) {
			if line = strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(line), "#")); line != "" {
				lines = append(lines, line)
			}
		}
	}
	if n.Kind == yaml.SequenceNode && depth < deepest {
		for _, inner := range n.Content {
			lines = append(lines, comments(inner, depth+1)...)
		}
	}
	return lines
}

// isEmpty says whether the key stands there with nothing behind it.
func (k key) isEmpty() bool {
	text, ok := k.text()
	return ok && text == "" || !ok && len(k.value.Content) == 0
}

// text is the value of a key that has one value.
func (k key) text() (string, bool) {
	return scalar(k.value)
}

// list is the value of a key that has several; one alone is a list too.
func (k key) list() ([]string, bool) {
	if one, ok := scalar(k.value); ok {
		return []string{one}, true
	}
	var list []string
	for _, inner := range k.value.Content {
		one, ok := scalar(inner)
		if !ok {
			return nil, false
		}
		list = append(list, one)
	}
	return list, k.value.Kind == yaml.SequenceNode
}

// pairs is the value of a key whose values are lists of two.
func (k key) pairs() ([][2]string, bool) {
	var pairs [][2]string
	for _, inner := range k.value.Content {
		both, ok := key{value: inner}.list()
		if !ok || len(both) != 2 {
			return nil, false
		}
		pairs = append(pairs, [2]string{both[0], both[1]})
	}
	return pairs, k.value.Kind == yaml.SequenceNode
}

// truth is the value of a key that is true or false.
func (k key) truth() (value, ok bool) {
	if k.value.Kind != yaml.ScalarNode || k.value.ShortTag() != "!!bool" {
		return false, false
	}
	return strings.EqualFold(k.value.Value, "true"), true
}

func scalar(n *yaml.Node) (string, bool) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return strings.TrimSpace(strings.ReplaceAll(n.Value, mark, "")), n.Kind == yaml.ScalarNode && n.ShortTag() != "!!null"
}

// written is the value as it can be shown: in a comment, in the report.
func (k key) written() string {
	if text, ok := k.text(); ok {
		return text
	}
	text, err := yaml.Marshal(k.value)
	if err != nil {
		return k.value.Value
	}
	return strings.TrimSpace(string(text))
}
