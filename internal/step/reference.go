// SPDX-License-Identifier: Apache-2.0

package step

import (
	"context"

	"crosswheel/internal/source"
	"crosswheel/internal/wheel"
)

// ReferenceOptions are the options of the step "reference", which writes Out/reference.json.
type ReferenceOptions struct {
	Name, Version string
	Python        string // "3.11"
	Index         string // the package index; empty: pip's own
}

// Reference is what reference.json holds: what the same version's wheel for x86_64 has. It is empty where the index has no such wheel.
type Reference struct {
	Filename string
	Modules  []string // its extension modules
}

func reference(ctx context.Context, o ReferenceOptions) error {
	index, err := indexURL(ctx, o.Index)
	if err != nil {
		return err
	}
	files, err := source.Project(ctx, index, o.Name)
	if err != nil {
		return err
	}
	var r Reference
	if file, ok := source.ReferenceWheel(files, o.Name, o.Version, o.Python); ok {
		names, err := source.RemoteNames(ctx, file.URL)
		if err != nil {
			return err
		}
		r = Reference{Filename: file.Filename, Modules: wheel.ModulesOf(names)}
	}
	return writeJSON("reference.json", r)
}
