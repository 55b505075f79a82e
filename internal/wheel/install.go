// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Install unpacks the wheel into a folder of packages, for where no installer runs. Every file must be as RECORD says.
// Scripts, headers and data are left out: what is imported is what is installed.
func (w *Wheel) Install(to string) error {
	root, err := os.OpenRoot(to)
	if err != nil {
		return err
	}
	defer root.Close()
	rows := map[string]RecordEntry{}
	for _, row := range w.Record {
		rows[row.Path] = row
	}
	for _, m := range w.Members {
		content, err := m.read(nil)
		if err != nil {
			return fmt.Errorf("%s: %s: %w", w.Filename, m.Name, err)
		}
		row, listed := rows[m.Name]
		switch {
		case m.Name == w.DistInfo+"/RECORD" || !recorded(m.Name):
		case !listed:
			err = errors.New("RECORD does not list it")
		case row.Hash != recordHash(content):
			err = fmt.Errorf("its hash is %s, and RECORD says %s", recordHash(content), row.Hash)
		}
		if err != nil {
			return fmt.Errorf("%s: %s: %w", w.Filename, m.Name, err)
		}
		delete(rows, m.Name)
		if name := importable(m.Name); name != "" {
			if err := errors.Join(root.MkdirAll(filepath.Dir(name), 0o755), root.WriteFile(name, content, 0o644)); err != nil {
				return err
			}
		}
	}
	delete(rows, w.DistInfo+"/RECORD")
	for name := range rows {
		return fmt.Errorf("%s: RECORD lists %s, which is not there", w.Filename, name)
	}
	return nil
}

// importable is where a file of a wheel goes in a folder of packages; empty if it does not belong there.
func importable(name string) string {
	top, rest, _ := strings.Cut(name, "/")
	if !strings.HasSuffix(top, ".data") {
		return name
	}
	scheme, file, _ := strings.Cut(rest, "/")
	if scheme == "purelib" || scheme == "platlib" {
		return file
	}
	return ""
}
