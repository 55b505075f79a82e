// SPDX-License-Identifier: Apache-2.0

package call

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"

	"crosswheel/engine"
)

// printable says whether a result of type t, no object, can be printed.
func printable(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.String, reflect.Int, reflect.Bool:
		return true
	case reflect.Slice:
		return t.Elem().Kind() != reflect.Slice && printable(t.Elem())
	}
	return false
}

// write prints value, which f returned and the line ends with.
func write(ctx context.Context, w io.Writer, f *function, value reflect.Value, asJSON bool) error {
	if f.result == nil {
		return nil
	}
	plain, text, err := evaluate(ctx, f, value)
	if err != nil {
		return err
	}
	if asJSON {
		encoder := json.NewEncoder(w)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "    ")
		return encoder.Encode(plain)
	}
	_, err = io.WriteString(w, text)
	return err
}

// evaluate returns a result in the two forms that it can be printed in: for JSON, and as lines. An object of the
// engine is lazy: its commands run here.
func evaluate(ctx context.Context, f *function, value reflect.Value) (plain any, text string, err error) {
	switch v := value.Interface().(type) {
	case *engine.Directory:
		entries, err := v.Entries(ctx)
		text = fmt.Sprintf("Directory with %d entries\n", len(entries))
		for _, entry := range entries {
			text += "  " + entry + "\n"
		}
		return map[string]any{"type": "Directory", "entries": entries}, text, err
	case *engine.File:
		name, err := v.Name(ctx)
		if err != nil {
			return nil, "", err
		}
		size, err := v.Size(ctx)
		text = fmt.Sprintf("File %s, %d bytes\n", name, size)
		return map[string]any{"type": "File", "name": name, "size": size}, text, err
	case *engine.Container:
		_, err := v.Sync(ctx)
		return map[string]any{"type": "Container"}, "Container\n", err
	}
	if f.object != nil {
		plain, text = f.object.summary(value)
		return plain, text, nil
	}
	return value.Interface(), lines(value), nil
}

// summary gives the fields of an object of the module, as far as they hold plain values.
func (o *object) summary(value reflect.Value) (plain map[string]any, text string) {
	plain, text = map[string]any{"type": o.name}, o.name+"\n"
	if value.Kind() == reflect.Pointer && value.IsNil() {
		return nil, ""
	}
	for _, f := range o.functions {
		if f.field >= 0 && f.object == nil {
			field := reflect.Indirect(value).Field(f.field)
			plain[f.name] = field.Interface()
			text += fmt.Sprintf("  %s: %v\n", f.name, field)
		}
	}
	return plain, text
}

// lines is the form of a plain value for people and shells: a line for each thing, and for an empty text none.
func lines(value reflect.Value) string {
	if value.Kind() == reflect.Slice {
		var b strings.Builder
		for i := range value.Len() {
			fmt.Fprintln(&b, value.Index(i))
		}
		return b.String()
	}
	text := fmt.Sprint(value)
	if text == "" || strings.HasSuffix(text, "\n") {
		return text
	}
	return text + "\n"
}
