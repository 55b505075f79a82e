// SPDX-License-Identifier: Apache-2.0

package metayaml

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
)

// fileName is what Pyodide calls a recipe.
const fileName = "meta.yaml"

// Import converts every meta.yaml of a tree, at any depth, and returns the files of the result by name: recipes/NAME/recipe.hcl with
// the files that it names beside it, report.txt and report.json. Its error names every file that could not be read.
func Import(fsys fs.FS) (map[string][]byte, Report, error) {
	var conversions []*Conversion
	var problems []error
	from := map[string]string{}
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Base(name) != fileName {
			return err
		}
		converted, err := convertFile(fsys, name)
		switch {
		case err != nil:
			problems = append(problems, err)
		case from[converted.Folder] != "":
			problems = append(problems, fmt.Errorf("%s: the recipe would be %s, as that of %s: import one of them", name, converted.Folder, from[converted.Folder]))
		default:
			from[converted.Folder] = name
			conversions = append(conversions, converted)
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, Report{}, fmt.Errorf("looking for %s: %w", fileName, err)
	case len(problems) > 0:
		return nil, Report{}, errors.Join(problems...)
	case len(conversions) == 0:
		return nil, Report{}, fmt.Errorf("there is no %s in that folder, nor below it", fileName)
	}
	files, report := gather(conversions)
	return files, report, nil
}

func convertFile(fsys fs.FS, name string) (*Conversion, error) {
	src, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	beside, err := fs.Sub(fsys, path.Dir(name))
	if err != nil {
		panic(err) // the name came from fsys
	}
	return Convert(name, src, beside)
}

// gather lays the results out as a folder of recipes and its report.
func gather(conversions []*Conversion) (map[string][]byte, Report) {
	files := map[string][]byte{}
	var report Report
	for _, c := range conversions {
		files[c.Report.Recipe] = c.Recipe
		for name, contents := range c.Beside {
			files[path.Join(path.Dir(c.Report.Recipe), name)] = contents
		}
		report.Keys.add(c.Report.Keys)
		report.Files = append(report.Files, c.Report)
	}
	files["report.txt"], files["report.json"] = []byte(report.Text()), report.JSON()
	return files, report
}
