// SPDX-License-Identifier: Apache-2.0

package call

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// FuzzParse checks that any line is either refused or understood: what is understood, written down with every flag as
// --flag=value, is understood in the same way.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"directory --path simple entries --path=a",
		"export --wipe --path dist",
		"filter --include a,b --include c glob --pattern **",
		"-j -q --progress plain -- file --path= size",
		"entries --help --nonsense",
		"--wipe export - --",
	} {
		f.Add(seed)
	}
	s := &schema{objects: map[reflect.Type]*object{}}
	start := &function{object: s.object(directoryType), field: -1}
	f.Fuzz(func(t *testing.T, text string) {
		first, err := parse(start, strings.Split(text, " "))
		if err != nil {
			return
		}
		second, err := parse(start, spell(first))
		if err != nil {
			t.Fatalf("%q became %q: %v", text, spell(first), err)
		}
		same := first.help == second.help && first.json == second.json && first.progress == second.progress &&
			slices.EqualFunc(first.steps, second.steps, func(a, b *step) bool {
				return a.function == b.function && maps.EqualFunc(a.typed, b.typed, slices.Equal)
			})
		if !same {
			t.Errorf("%q became %q, which means something else", text, spell(first))
		}
	})
}

func spell(l *line) []string {
	var args []string
	if l.json {
		args = append(args, "--json")
	}
	if l.progress != "" {
		args = append(args, "--progress="+l.progress)
	}
	for _, s := range l.steps {
		if s.name != "" {
			args = append(args, s.name)
		}
		for _, a := range s.arguments {
			for _, text := range s.typed[a] {
				args = append(args, "--"+a.flag+"="+text)
			}
		}
	}
	if l.help {
		args = append(args, "--help")
	}
	return args
}
