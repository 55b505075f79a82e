// SPDX-License-Identifier: Apache-2.0

package call_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"crosswheel/engine/call"
)

type (
	text   struct{}
	number struct{}
	lossy  struct{ count int }
	odd    struct{}
	silent struct{}
)

func (*text) Do(string)                 {}
func (*number) Do(int)                  {}
func (*lossy) Count() int               { return 0 }
func (*odd) Do(map[string]string)       {}
func (*silent) Do() map[string]struct{} { return nil }

// A module that Dagger would refuse, or would run differently, does not run here either.
func TestDefects(t *testing.T) {
	newText, newNumber := func() *text { return nil }, func() *number { return nil }
	for _, test := range []struct {
		name   string
		new    any
		method string // of the embedded source, which is parsed but not compiled
		want   string
	}{
		{"local of the dispatcher", newText, "func (*text) Do(json string) {}",
			"m.go:4:17: argument json: json is a variable of the dispatcher that Dagger generates"},
		{"source that is another one", newText, "func (*text) Do(x, y string) {}",
			"the embedded source of text.Do is not what was compiled"},
		{"flag of Dagger", newText, "func (*text) Do(noExit string) {}",
			"argument noExit: --no-exit is a flag of Dagger's command line"},
		{"misspelled pragma", newText, "func (*text) Do(\n// +optinal\nx string) {}",
			"m.go:5:1: unknown pragma +optinal; did you mean optional?"},
		{"default of another type", newNumber, "func (*number) Do(\n// +default=\"3\"\nn int) {}",
			`argument n: +default="3" is no JSON for int`},
		{"default path of a string", newText, "func (*text) Do(\n// +defaultPath=\"/x\"\nx string) {}",
			"argument x: +defaultPath=\"/x\": that is the path of a Directory or a File"},
		{"ignore of a string", newText, "func (*text) Do(\n// +ignore=[\"x\"]\nx string) {}",
			"argument x: +ignore=[\"x\"]: that is a JSON list of patterns, for a Directory"},
		{"file that is not embedded", newText, "",
			"text.Do is not in the embedded source: is its file missing in a go:embed line?"},
		{"state that gets lost", func() *lossy { return &lossy{count: 1} },
			"type lossy struct { count int }\nfunc (*lossy) Count() int { return 0 }",
			"m.go:4:21: Dagger would lose the field count: export it and mark it +private"},
		{"argument without a form", func() *odd { return nil }, "func (*odd) Do(x map[string]string) {}",
			"argument x: the command line has no form for map[string]string"},
		{"result without a form", func() *silent { return nil }, "func (*silent) Do() map[string]struct{} { return nil }",
			"no function can return map[string]struct {}"},
	} {
		t.Run(test.name, func(t *testing.T) {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, test.want) {
					t.Errorf("panic: %s\nwant:  %s", got, test.want)
				}
			}()
			source := "package main\nfunc New() *main {}\n\n" + test.method
			call.Main(call.Module{New: test.new, Source: fstest.MapFS{"m.go": {Data: []byte(source)}}})
		})
	}
}
