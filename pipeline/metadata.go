// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"crosswheel/internal/wheel"
)

var requirementName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?`)

// checkRequires holds what the recipe says of run-time requirements, where it says anything, against the wheel's METADATA: by name. What
// depends on a marker may be said or not; what is for an extra is not required.
func (o *outcome) checkRequires() error {
	if len(o.build.Recipe.Requires) == 0 {
		return nil
	}
	metadata, err := wheel.ParseMetadata([]byte(o.wheel.Metadata))
	if err != nil {
		return err
	}
	said := map[string]bool{}
	for _, requirement := range o.build.Recipe.Requires {
		said[projectOf(requirement)] = true
	}
	needed, possible := requirements(metadata)
	var wrong []string
	for _, name := range slices.Sorted(maps.Keys(needed)) {
		if !said[name] {
			wrong = append(wrong, fmt.Sprintf("the wheel requires %s, and the recipe does not say so", name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(said)) {
		if !needed[name] && !possible[name] {
			wrong = append(wrong, fmt.Sprintf("the recipe says that it requires %s, and the wheel does not", name))
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	return o.blame([]string{"requires"}, "Other requirements", "Of %s, %s. Correct the list, or patch the source where its metadata is wrong.", o.build.Label(), strings.Join(wrong, "; "))
}

// requirements are the projects that a wheel requires always, and those that it requires under a condition.
func requirements(metadata wheel.Metadata) (needed, possible map[string]bool) {
	needed, possible = map[string]bool{}, map[string]bool{}
	for _, requirement := range metadata.RequiresDist {
		_, marker, conditional := strings.Cut(requirement, ";")
		switch {
		case !conditional:
			needed[projectOf(requirement)] = true
		case !strings.Contains(marker, "extra"):
			possible[projectOf(requirement)] = true
		}
	}
	return needed, possible
}

// projectOf is the normalised name that a requirement begins with.
func projectOf(requirement string) string {
	return wheel.NormalizeProject(requirementName.FindString(strings.TrimSpace(requirement)))
}
