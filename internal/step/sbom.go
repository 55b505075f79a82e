// SPDX-License-Identifier: Apache-2.0

package step

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"crosswheel/internal/sbom"
	"crosswheel/internal/wheel"
)

// contents are the software of others that the wheel in tree carries along: libraries, and crates.
func contents(o FinishOptions, carried []Bundled) ([]sbom.Component, error) {
	var found []sbom.Component
	for _, bundled := range carried {
		at := slices.IndexFunc(o.Libraries, func(l Library) bool { return l.Name == bundled.Name })
		found = append(found, sbom.Component{
			Name: bundled.Name, Version: bundled.Version, PURL: sbom.PURL("generic", bundled.Name, bundled.Version), License: bundled.License,
			Source: o.Libraries[at].Source, Linkage: bundled.Linkage, Files: bundled.Files,
		})
	}
	if o.Crates == "" {
		return found, nil
	}
	var crates Crates
	err := readJSON(o.Crates, &crates)
	return append(found, crates.Named...), err
}

// describeContents writes the bill of materials of what a wheel carries along into it (PEP 770). It says nothing of the target or the day:
// wheels that are the same without it are the same with it.
func describeContents(tree string, o FinishOptions, components []sbom.Component) error {
	if len(components) == 0 {
		return nil
	}
	distInfo, err := distInfoOf(tree)
	if err != nil {
		return err
	}
	dir := filepath.Join(tree, distInfo, "sboms")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	file, err := os.OpenFile(filepath.Join(dir, wheel.NormalizeProject(o.Subject.Name)+".cdx.json"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("the build backend has written what stands for the libraries that it does not know of: %w", err)
	}
	defer file.Close()
	_, err = file.Write(sbom.BOM{Wheel: o.Subject, Components: components}.JSON())
	return err
}
