// SPDX-License-Identifier: Apache-2.0

package call

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"syscall"

	"crosswheel/engine"
)

// typeName is how help calls the type of an argument; "" for a type that no argument can have.
func typeName(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[string](), reflect.TypeFor[*string](), outputFileType, outputDirectoryType:
		return "string"
	case reflect.TypeFor[int](), reflect.TypeFor[*int]():
		return "int"
	case reflect.TypeFor[bool](), reflect.TypeFor[*bool]():
		return "bool"
	case reflect.TypeFor[[]string]():
		return "strings"
	case filesType:
		return "Files"
	case directoryType, fileType, secretType:
		return t.Elem().Name()
	}
	return ""
}

var (
	directoryType       = reflect.TypeFor[*engine.Directory]()
	fileType            = reflect.TypeFor[*engine.File]()
	filesType           = reflect.TypeFor[[]*engine.File]()
	secretType          = reflect.TypeFor[*engine.Secret]()
	outputFileType      = reflect.TypeFor[outputFile]()
	outputDirectoryType = reflect.TypeFor[outputDirectory]()
)

// isScalar says whether an argument of type t is a plain value of Go, not something on the host.
func isScalar(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.PkgPath() == "" && t != filesType
}

// A host is where the values of arguments come from.
type host struct {
	start  string // the directory that paths are relative to
	client *engine.Client
}

// value makes the value of an argument out of what was typed for it, or of its default.
func (h host) value(a *argument, texts []string, typed bool) (reflect.Value, error) {
	switch {
	case typed && a.typ == reflect.TypeFor[[]string]():
		list, err := parseList(texts)
		return reflect.ValueOf(list), err
	case typed && a.typ == filesType:
		return h.files(texts)
	case typed:
		return h.single(a, texts[len(texts)-1])
	case a.fallback != nil:
		v := reflect.New(a.typ)
		return v.Elem(), json.Unmarshal([]byte(*a.fallback), v.Interface())
	case a.path != "":
		path, err := h.projectPath(a.path)
		if err != nil {
			return reflect.Value{}, err
		}
		return h.single(a, path)
	}
	return reflect.Zero(a.typ), nil
}

// files makes a list of files.
func (h host) files(texts []string) (reflect.Value, error) {
	paths, err := parseList(texts)
	files := make([]*engine.File, len(paths))
	for i, path := range paths {
		value, problem := h.single(&argument{typ: fileType}, path)
		err = errors.Join(err, problem)
		files[i], _ = value.Interface().(*engine.File)
	}
	return reflect.ValueOf(files), err
}

// single makes a value out of one text.
func (h host) single(a *argument, text string) (reflect.Value, error) {
	if isScalar(a.typ) {
		return scalar(a.typ, text)
	}
	if text == "" { // an unset variable of a shell, say; it must not come to mean the current directory
		return reflect.Value{}, errors.New("the value is empty")
	}
	var value any
	var err error
	switch path := h.abs(text); a.typ {
	case directoryType:
		directory := h.client.Host().Directory(path, engine.HostDirectoryOpts{Exclude: a.ignore})
		if len(a.ignore) == 0 {
			hostPaths[directory] = path
		}
		value, err = directory, exists(path, true)
	case fileType:
		value, err = h.client.Host().File(path), exists(path, false)
	case outputFileType:
		value, err = outputFile(path), canWrite(path)
	case outputDirectoryType:
		value, err = outputDirectory(path), canWriteIn(path)
	case secretType:
		value, err = h.secret(text)
	}
	return reflect.ValueOf(value), err
}

// hostPaths are the directories that were arguments, and where they are.
var hostPaths = map[*engine.Directory]string{}

// HostPath says where a directory is that was an argument, so that a function need not copy it to read it. On Dagger there is no such place: a
// module asks through a variable that only its stand-in of Dagger's generated code sets.
func HostPath(d *engine.Directory) (string, bool) {
	path, ok := hostPaths[d]
	return path, ok
}

// scalar makes a string, an int, a bool, or a pointer to one.
func scalar(t reflect.Type, text string) (reflect.Value, error) {
	if t.Kind() == reflect.Pointer {
		v, err := scalar(t.Elem(), text)
		if err != nil {
			return v, err
		}
		p := reflect.New(t.Elem())
		p.Elem().Set(v)
		return p, nil
	}
	switch t.Kind() {
	case reflect.Int:
		n, err := strconv.ParseInt(text, 0, 0) // as Dagger: 0x10 is 16
		if err != nil {
			err = fmt.Errorf("%q is not an int", text)
		}
		return reflect.ValueOf(int(n)), err
	case reflect.Bool:
		b, err := parseBool(text)
		return reflect.ValueOf(b), err
	}
	return reflect.ValueOf(text), nil
}

func parseBool(text string) (bool, error) {
	b, err := strconv.ParseBool(text)
	if err != nil {
		return false, fmt.Errorf("%q is neither true nor false", text)
	}
	return b, nil
}

// parseList reads texts as Dagger does: each is a line of comma-separated values, quoted where a comma belongs to one.
func parseList(texts []string) ([]string, error) {
	list := []string{}
	for _, text := range texts {
		if text == "" {
			continue
		}
		values, err := csv.NewReader(strings.NewReader(text)).Read()
		if err != nil {
			return nil, fmt.Errorf("%q is not a list of comma-separated values: %w", text, err)
		}
		list = append(list, values...)
	}
	return list, nil
}

func (h host) abs(path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(h.start, path)
}

// exists checks that path is there, and is a directory or not.
func exists(path string, directory bool) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s does not exist", path)
	case err != nil:
		return err
	case directory && !info.IsDir():
		return fmt.Errorf("%s is a file, and a directory is wanted", path)
	case !directory && info.IsDir():
		return fmt.Errorf("%s is a directory, and a file is wanted", path)
	}
	return nil
}

// canWrite checks that the file at path can be written, or files in it if it is a directory, so that a long build does
// not end with "permission denied".
func canWrite(path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return canWriteIn(path)
	}
	return canWriteIn(filepath.Dir(path))
}

// canWriteIn checks that files can be written in a directory, which need not exist yet.
func canWriteIn(directory string) error {
	info, err := os.Stat(directory)
	for errors.Is(err, fs.ErrNotExist) {
		directory = filepath.Dir(directory)
		info, err = os.Stat(directory)
	}
	const writeAccess = 2
	switch {
	case errors.Is(err, syscall.ENOTDIR):
		return canWriteIn(filepath.Dir(directory)) // which names the file in the way
	case err != nil:
		return err
	case !info.IsDir():
		return fmt.Errorf("%s is not a directory", directory)
	}
	if err := syscall.Access(directory, writeAccess); err != nil {
		return fmt.Errorf("%s can not be written: %w", directory, err)
	}
	return nil
}

// secret takes env://NAME or file://PATH, which become the secret's name.
func (h host) secret(uri string) (*engine.Secret, error) {
	provider, name, _ := strings.Cut(uri, "://")
	switch provider {
	case "env":
		value, ok := os.LookupEnv(name)
		if !ok {
			return nil, fmt.Errorf("the environment variable %s is not set", name)
		}
		return h.client.SetSecret(uri, value), nil
	case "file":
		if err := exists(h.abs(name), false); err != nil {
			return nil, err
		}
		value, err := os.ReadFile(h.abs(name))
		return h.client.SetSecret(uri, string(value)), err
	}
	// The text is not repeated: somebody may have typed the secret itself.
	return nil, errors.New("a secret is given as env://NAME or file://PATH")
}

// projectPath finds a +defaultPath: below the nearest directory, from the start upwards, that holds dagger.json.
func (h host) projectPath(path string) (string, error) {
	for dir := h.start; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "dagger.json")); err == nil {
			return filepath.Join(dir, path), nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("its default, %s of the project, was not found: neither %s nor a directory above it "+
				"holds dagger.json; change to the project, or give the path", path, h.start)
		}
	}
}
