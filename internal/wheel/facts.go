// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// Facts are what is known of a target: the machine, its Python, and its libraries.
type Facts struct {
	Target    Target
	Libraries Libraries // nil where nothing is known of them
}

// ParseFacts reads the facts of an SDK, as the function facts prints them in JSON. What the audit has no use for it passes over.
func ParseFacts(text []byte) (Facts, error) {
	var read struct {
		Machine, Glibc, Python string
		ExtSuffix              string `json:"ext_suffix"`

		Libraries []struct {
			Soname   string
			Versions []string
		}
	}
	if err := json.Unmarshal(text, &read); err != nil {
		return Facts{}, fmt.Errorf("these are no facts of an SDK: %w", err)
	}
	parts := strings.SplitN(read.Python, ".", 3)
	if len(parts) < 2 || read.ExtSuffix == "" || read.Glibc == "" || read.Machine == "" {
		return Facts{}, errors.New("these are no facts of an SDK: machine, python, ext_suffix or glibc is missing")
	}
	f := Facts{Target: Target{Python: parts[0] + "." + parts[1], ExtSuffix: read.ExtSuffix, Platform: "linux_" + read.Machine, Glibc: read.Glibc}}
	if _, err := f.Target.machine(); err != nil {
		return Facts{}, err
	}
	if len(read.Libraries) > 0 {
		known := knownLibraries{}
		for _, l := range read.Libraries {
			known[l.Soname] = &Library{Path: l.Soname, Object: &Object{SONAME: l.Soname, Versions: l.Versions}, partly: true}
		}
		f.Libraries = known
	}
	return f, nil
}

// knownLibraries is Libraries of which names and versions are known, and not the symbols.
type knownLibraries map[string]*Library

// Library implements Libraries.
func (l knownLibraries) Library(soname string) (*Library, error) {
	if found := l[soname]; found != nil {
		return found, nil
	}
	if loader.MatchString(soname) {
		return &Library{Path: soname, Object: &Object{SONAME: soname}, partly: true}, nil
	}
	return nil, fmt.Errorf("%s among the SDK's libraries: %w", soname, fs.ErrNotExist)
}
