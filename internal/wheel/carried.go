// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"bytes"
	"encoding/json"
	"path"
	"slices"
	"strings"
)

// GlibcFloor is the oldest glibc that has all that the wheel's shared libraries and extension modules ask for, by what they require by version. It is empty
// where they ask for nothing, and where one of them can not be read: what that is worth is [Audit]'s question.
func (w *Wheel) GlibcFloor() string {
	floor := "0"
	for _, m := range w.Members {
		if base := path.Base(m.Name); !strings.HasSuffix(base, ".so") && !strings.Contains(base, ".so.") {
			continue
		}
		content, err := w.ReadFile(m.Name)
		if err != nil {
			return ""
		}
		if !isELF(content) {
			continue
		}
		object, err := ReadObject(bytes.NewReader(content))
		if err != nil {
			return ""
		}
		if own := object.glibcFloor(); compareDotted(own, floor) > 0 {
			floor = own
		}
	}
	return strings.TrimPrefix(floor, "0")
}

// Bundles are the libraries of others that the wheel brings along, sorted: what the bills of materials in it list (PEP 770, CycloneDX), with their
// versions; where there is none, the files in a folder where auditwheel and the like put libraries.
func (w *Wheel) Bundles() []string {
	var listed, files []string
	for _, m := range w.Members {
		folder, base := path.Split(m.Name)
		switch {
		case folder == w.DistInfo+"/sboms/":
			listed = append(listed, w.components(m.Name)...)
		case strings.HasSuffix(folder, ".libs/") && strings.Contains(base, ".so"):
			files = append(files, base)
		}
	}
	if len(listed) == 0 {
		listed = files
	}
	slices.Sort(listed)
	return slices.Compact(listed)
}

// components are what a bill of materials lists; nothing where it can not be read.
func (w *Wheel) components(name string) []string {
	var bill struct {
		Components []struct{ Name, Version string }
	}
	content, err := w.ReadFile(name)
	if err != nil || json.Unmarshal(content, &bill) != nil {
		return nil
	}
	var listed []string
	for _, c := range bill.Components {
		if c.Name != "" {
			listed = append(listed, strings.TrimSpace(c.Name+" "+c.Version))
		}
	}
	return listed
}
