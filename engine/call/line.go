// SPDX-License-Identifier: Apache-2.0

package call

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// A line is a command line, taken apart.
type line struct {
	steps    []*step // the constructor, then the functions
	help     bool    // about the last of steps
	json     bool
	progress string // as the engine knows it; "" leaves the choice to the engine
}

// A step is a function and what was typed for its arguments.
type step struct {
	*function
	typed  map[*argument][]string
	values []reflect.Value
}

// takes is the argument that words without a flag are for: the files of a function that no other can follow. It saves typing only; Dagger
// wants the flag.
func (s *step) takes() *argument {
	for _, a := range s.arguments {
		if a.typ == filesType && s.object == nil {
			return a
		}
	}
	return nil
}

// title is how errors call the step.
func (s *step) title() string {
	if s.name == "" {
		return "the module"
	}
	return s.name
}

// globals are the flags that may stand at any place.
var globals = []*argument{
	{flag: "help", short: "h", typ: reflect.TypeFor[bool](), optional: true, doc: "Show this help."},
	{flag: "json", short: "j", typ: reflect.TypeFor[bool](), optional: true, doc: "Print the result as JSON."},
	{flag: "progress", typ: reflect.TypeFor[string](), optional: true, doc: "How to show progress: tty redraws a " +
		"display, plain prints all that commands write, quiet nothing; auto takes tty on a terminal, and prints a line " +
		"a step elsewhere. (default auto)"},
	{flag: "quiet", short: "q", typ: reflect.TypeFor[bool](), optional: true,
		doc: "Show no progress; the same as --progress quiet."},
	{flag: "silent", short: "s", typ: reflect.TypeFor[bool](), optional: true, doc: "The same as --quiet."},
}

var progressModes = []string{"auto", "tty", "plain", "quiet"}

// parse takes args apart. Where it fails, the line holds the steps so far, for the sake of the message.
func parse(constructor *function, args []string) (*line, error) {
	l := &line{}
	l.add(constructor)
	for len(args) > 0 && !l.help {
		arg := args[0]
		args = args[1:]
		if len(arg) > 1 && arg[0] == '-' && arg != "--" {
			var err error
			if args, err = l.flag(arg, args); err != nil {
				return l, err
			}
			continue
		}
		if arg == "--" {
			continue
		}
		if s := l.last(); s.takes() != nil {
			s.typed[s.takes()] = append(s.typed[s.takes()], `"`+strings.ReplaceAll(arg, `"`, `""`)+`"`) // one value, commas and all
			continue
		}
		f, err := next(l.last().function, arg)
		if err != nil {
			return l, err
		}
		l.add(f)
	}
	return l, nil
}

func (l *line) add(f *function) {
	l.steps = append(l.steps, &step{function: f, typed: map[*argument][]string{}})
}

func (l *line) last() *step { return l.steps[len(l.steps)-1] }

// next finds the function that name means after f.
func next(f *function, name string) (*function, error) {
	if f.object == nil {
		result := "nothing"
		if f.result != nil {
			result = f.result.String()
		}
		text := fmt.Sprintf("unexpected argument %q: %s gives %s, which no function can follow", name, f.name, result)
		if len(f.arguments) > 0 { // of a word alone nobody knows which one it is
			text += fmt.Sprintf("\nIts arguments are flags; did you mean --%s %s?", f.arguments[0].flag, name)
		}
		return nil, errors.New(text)
	}
	var names []string
	for _, candidate := range f.object.functions {
		if candidate.name == kebab(name) {
			return candidate, nil
		}
		names = append(names, candidate.name)
	}
	return nil, fmt.Errorf("%s has no function %q%s\nIts functions: %s",
		f.object.name, name, didYouMean(name, names), strings.Join(names, ", "))
}

// flag takes in one flag of the last step, and its value from rest if it needs one; it returns what is left of rest.
func (l *line) flag(arg string, rest []string) ([]string, error) {
	s := l.last()
	spelling, value, given := strings.Cut(arg, "=")
	a := s.lookup(spelling)
	switch {
	case a == nil:
		return nil, l.unknownFlag(spelling)
	case given:
	case a.typ.Kind() == reflect.Bool || a.typ == reflect.TypeFor[*bool]():
		value = "true"
	case len(rest) == 0:
		return nil, fmt.Errorf("flag --%s needs a value: --%s %s", a.flag, a.flag, typeName(a.typ))
	default:
		value, rest = rest[0], rest[1:]
	}
	if slices.Contains(globals, a) {
		return rest, l.global(a, value)
	}
	s.typed[a] = append(s.typed[a], value)
	return rest, nil
}

// lookup finds the flag that is spelled so: --name, or a dash and one letter.
func (f *function) lookup(spelling string) *argument {
	name, long := strings.CutPrefix(spelling, "--")
	for _, a := range slices.Concat(f.arguments, globals) {
		if long && a.flag == kebab(name) || a.short != "" && spelling == "-"+a.short {
			return a
		}
	}
	return nil
}

// unknownFlag is the error for a flag that neither the last step nor the line has.
func (l *line) unknownFlag(spelling string) error {
	s := l.last()
	var flags []string
	for _, a := range slices.Concat(s.arguments, globals) {
		flags = append(flags, "--"+a.flag)
	}
	hint := didYouMean(spelling, flags)
	if places := l.placesOf(spelling); len(places) > 0 {
		hint = "; it belongs " + strings.Join(places, " or ")
	}
	return fmt.Errorf("%s has no flag %s%s\nIts flags: %s", s.title(), spelling, hint, strings.Join(flags, ", "))
}

// placesOf says where a misplaced flag may belong: among those before, or after a function that is still to come.
func (l *line) placesOf(spelling string) []string {
	var places []string
	if l.steps[0].lookup(spelling) != nil {
		places = append(places, "before the first function")
	}
	functions := []*function{}
	for _, s := range l.steps[1:] {
		functions = append(functions, s.function)
	}
	if o := l.last().object; o != nil {
		functions = append(functions, o.functions...)
	}
	for _, f := range functions {
		if place := "after " + f.name; f.lookup(spelling) != nil && !slices.Contains(places, place) {
			places = append(places, place)
		}
	}
	return places
}

// global sets an option of the whole line.
func (l *line) global(a *argument, value string) error {
	if a.flag == "progress" {
		if !slices.Contains(progressModes, value) {
			return fmt.Errorf("--progress %s: it is one of %s", value, strings.Join(progressModes, ", "))
		}
		l.progress = value
		return nil
	}
	on, err := parseBool(value)
	if err != nil {
		return fmt.Errorf("--%s=%s: %w", a.flag, value, err)
	}
	switch a.flag {
	case "help":
		l.help = on
	case "json":
		l.json = on
	case "quiet", "silent":
		if on {
			l.progress = "quiet"
		}
	}
	return nil
}

// bind turns what was typed into values. It reports everything that is wrong, not the first.
func (l *line) bind(h host) error {
	var problems []string
	for _, s := range l.steps {
		var missing []string
		for _, a := range s.arguments {
			texts, typed := s.typed[a]
			if !typed && a.required() {
				missing = append(missing, "--"+a.flag)
				continue
			}
			value, err := h.value(a, texts, typed)
			if err != nil {
				problems = append(problems, fmt.Sprintf("--%s: %v", a.flag, err))
			}
			s.values = append(s.values, value)
		}
		if len(missing) > 0 {
			problems = append(problems, fmt.Sprintf("%s needs %s", s.title(), strings.Join(missing, " and ")))
		}
	}
	switch len(problems) {
	case 0:
		return nil
	case 1:
		return errors.New(problems[0])
	}
	return fmt.Errorf("%d things are wrong:\n  %s", len(problems), strings.Join(problems, "\n  "))
}

// run calls the functions, each on the result of the one before. A function may return a result beside its error: what could be made of a part. It is
// used, and the error is what the line ends with. (Dagger drops the result.)
func (l *line) run(ctx context.Context) (reflect.Value, error) {
	var self reflect.Value
	var partly error
	for i, s := range l.steps {
		if self.IsValid() && self.Kind() == reflect.Pointer && self.IsNil() {
			return self, fmt.Errorf("%s: there is no %s to call it on", s.name, self.Type().Elem().Name())
		}
		var err error
		if self, err = s.call(ctx, self, s.values); err == nil {
			continue
		}
		if more := i < len(l.steps)-1; !more || self.Kind() != reflect.Pointer || self.IsNil() {
			return self, errors.Join(partly, err)
		}
		partly = errors.Join(partly, err)
	}
	return self, partly
}
