// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/sourcegraph/conc/iter"

	"crosswheel/internal/dagger"
	"crosswheel/internal/wheel"
)

// Audit says what would keep wheels, anybody's, from being installed and imported: against an SDK's facts, or else against what their own
// tags promise. It needs no engine.
//
// It fails if it finds an error; as JSON it only says so. The explain function says more of a finding's code.
//
//	go run . audit dist/simple/numpy/*.whl --sdk-facts facts.json
//	dagger call audit --wheel numpy.whl --wheel pandas.whl
func (m *Crosswheel) Audit(ctx context.Context, with struct {
	// A wheel; several times for several. Without Dagger the flag's name may be left out.
	// +optional
	Wheel []*dagger.File
	// A folder of wheels, all of which are audited.
	// +optional
	Wheels *dagger.Directory
	// The facts of the SDK that the wheels are for: what the facts function prints as JSON. Default: each wheel's own tags.
	// +optional
	SDKFacts *dagger.File
	// A wheel of the same version for another machine, PyPI's for x86_64, say: the extension modules that it has must be there.
	// +optional
	Reference *dagger.File
	// How to say it: "text" or "json".
	// +default="text"
	Format string
}) (string, error) {
	if with.Format != "text" && with.Format != "json" {
		return "", fmt.Errorf("there is no format %q; there are text and json", with.Format)
	}
	facts, err := readFacts(ctx, with.SDKFacts)
	if err != nil {
		return "", err
	}
	var options wheel.AuditOptions
	if with.Reference != nil {
		if options.Reference, err = modules(ctx, with.Reference); err != nil {
			return "", err
		}
	}
	paths, err := exportWheels(ctx, with.Wheel, with.Wheels)
	if err != nil {
		return "", err
	}
	reports, err := iter.MapErr(paths, func(path *string) (wheel.Report, error) {
		report, err := wheel.Examine(*path, facts, options)
		if err != nil {
			return report, fmt.Errorf("%s: %w", filepath.Base(*path), err)
		}
		return report, nil
	})
	if err != nil {
		return "", err
	}
	if with.Format == "json" {
		text, err := json.MarshalIndent(reports, "", "  ")
		return string(text) + "\n", err
	}
	return auditText(reports)
}

// readFacts reads the facts of an SDK, if there are any.
func readFacts(ctx context.Context, file *dagger.File) (*wheel.Facts, error) {
	if file == nil {
		return nil, nil
	}
	text, err := file.Contents(ctx)
	if err != nil {
		return nil, err
	}
	facts, err := wheel.ParseFacts([]byte(text))
	if err != nil {
		return nil, fmt.Errorf("sdk-facts: %w", err)
	}
	return &facts, nil
}

// exportWheels brings wheels to this side of the engine, and gives their places.
func exportWheels(ctx context.Context, files []*dagger.File, folder *dagger.Directory) ([]string, error) {
	var paths []string
	for i, file := range files {
		path, err := exportFile(ctx, file, fmt.Sprintf("wheel-%d", i))
		if err != nil {
			return nil, err
		}
		paths = append(paths, path)
	}
	if folder != nil {
		dir, err := folder.Export(ctx, "wheels")
		if err != nil {
			return nil, fmt.Errorf("reading the folder of wheels: %w", err)
		}
		found, err := filepath.Glob(filepath.Join(dir, "*.whl"))
		if err != nil {
			return nil, err
		}
		paths = append(paths, found...)
	}
	if len(paths) == 0 {
		return nil, errors.New("there is no wheel to audit: name files with --wheel, or a folder that has some with --wheels")
	}
	return paths, nil
}

// exportFile brings a file to this side of the engine, under its own name.
func exportFile(ctx context.Context, file *dagger.File, folder string) (string, error) {
	name, err := file.Name(ctx)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	return file.Export(ctx, filepath.Join(folder, name))
}

// modules are the extension modules of a wheel.
func modules(ctx context.Context, file *dagger.File) ([]string, error) {
	path, err := exportFile(ctx, file, "reference")
	if err != nil {
		return nil, err
	}
	opened, err := wheel.OpenFile(path)
	if err != nil {
		return nil, fmt.Errorf("reference: %w", err)
	}
	defer opened.Close()
	return opened.Modules(), nil
}

// auditText is the reports one after the other; an error if one of them has any.
func auditText(reports []wheel.Report) (string, error) {
	var b strings.Builder
	counts := map[wheel.Severity]int{}
	for _, r := range reports {
		b.WriteString(r.Text())
		for _, f := range r.Findings {
			counts[f.Severity]++
		}
	}
	fmt.Fprintf(&b, "wheels: %d, errors: %d, warnings: %d\n", len(reports), counts[wheel.Error], counts[wheel.Warning])
	if counts[wheel.Error] > 0 {
		return "", errors.New("the audit found errors:\n\n" + b.String() + "\nThe explain function says more of a code.")
	}
	return b.String(), nil
}
