// SPDX-License-Identifier: Apache-2.0

package source

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"crosswheel/internal/pep440"
	"crosswheel/internal/wheel"

	"golang.org/x/net/html"
)

// IndexFile is one file of a project on a package index.
type IndexFile struct {
	Filename string
	URL      string    // absolute, without fragment
	SHA256   string    // empty where the index does not say
	Uploaded time.Time // zero where the index does not say
}

const (
	simpleJSON = "application/vnd.pypi.simple.v1+json"
	simpleHTML = "application/vnd.pypi.simple.v1+html"
)

// Project lists the files of a project on a package index of the simple API, in either of its forms (PEP 503, PEP 691).
func Project(ctx context.Context, index, name string) ([]IndexFile, error) {
	page := strings.TrimSuffix(index, "/") + "/" + wheel.NormalizeProject(name) + "/"
	base, err := url.Parse(page)
	if err != nil {
		return nil, fmt.Errorf("package index %s: %w", index, err)
	}
	var text []byte
	err = retry(ctx, func() (again bool, err error) {
		body, again, err := get(ctx, page, simpleJSON+", "+simpleHTML+";q=0.2, text/html;q=0.1")
		if err != nil {
			return again, err
		}
		defer body.Close()
		if text, err = io.ReadAll(body); err != nil {
			return true, fmt.Errorf("fetching %s: %w", page, err)
		}
		return false, nil
	})
	if err != nil {
		return nil, err
	}
	return parseProject(text, base)
}

// parseProject tells the forms apart by their first byte: some servers send JSON or HTML under the other's type.
func parseProject(text []byte, base *url.URL) ([]IndexFile, error) {
	if text = bytes.TrimSpace(text); len(text) > 0 && text[0] == '{' {
		return parseJSON(text, base)
	}
	return parseHTML(text, base)
}

// parseJSON reads the form of PEP 691.
func parseJSON(text []byte, base *url.URL) ([]IndexFile, error) {
	var project struct {
		Files []struct {
			Filename   string
			URL        string
			Hashes     map[string]string
			UploadTime string `json:"upload-time"`
		}
	}
	if err := json.Unmarshal(text, &project); err != nil {
		return nil, fmt.Errorf("package index: %s: %w", base, err)
	}
	var files []IndexFile
	for _, f := range project.Files {
		file, err := indexFile(base, f.Filename, f.URL, f.UploadTime)
		if err != nil {
			return nil, err
		}
		if sum := f.Hashes["sha256"]; sum != "" {
			file.SHA256 = sum
		}
		files = append(files, file)
	}
	return files, nil
}

// parseHTML reads the form of PEP 503.
func parseHTML(text []byte, base *url.URL) ([]IndexFile, error) {
	var files []IndexFile
	tokens := html.NewTokenizer(bytes.NewReader(text))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			if err := tokens.Err(); err != io.EOF {
				return nil, fmt.Errorf("package index: %s: %w", base, err)
			}
			return files, nil
		case html.StartTagToken:
			token := tokens.Token()
			if token.Data != "a" {
				continue
			}
			attributes := map[string]string{}
			for _, a := range token.Attr {
				attributes[a.Key] = a.Val
			}
			if attributes["href"] == "" {
				continue
			}
			// data-upload-time is no standard, but the only way for this form to say it; uv reads it too.
			file, err := indexFile(base, "", attributes["href"], attributes["data-upload-time"])
			if err != nil {
				return nil, err
			}
			files = append(files, file)
		}
	}
}

// indexFile makes a file of what a page says of it. A page in HTML has its checksum in the link, and its name too.
func indexFile(base *url.URL, name, link, uploaded string) (IndexFile, error) {
	address, err := base.Parse(link)
	if err != nil {
		return IndexFile{}, fmt.Errorf("package index: %s: link %q: %w", base, link, err)
	}
	file := IndexFile{Filename: name, SHA256: strings.TrimPrefix(address.Fragment, "sha256=")}
	if len(file.SHA256) != 64 {
		file.SHA256 = ""
	}
	address.Fragment = ""
	file.URL = address.String()
	if name == "" {
		file.Filename = address.Path[strings.LastIndex(address.Path, "/")+1:]
	}
	if uploaded != "" {
		file.Uploaded, _ = time.Parse(time.RFC3339, uploaded) // a time that cannot be read is as good as none
	}
	return file, nil
}

// NotReleasedError says that an index has not got what was asked for.
type NotReleasedError struct{ message string }

func (e *NotReleasedError) Error() string { return e.message }

func notReleased(format string, args ...any) error {
	return &NotReleasedError{fmt.Sprintf(format, args...)}
}

// Sdist picks a version's source distribution among a project's files. The archive's spelling of the name and of the
// version are the project's own ("PyYAML-6.0.1.tar.gz"), so they are compared normalised (PEP 503, PEP 440).
func Sdist(files []IndexFile, name, version string) (IndexFile, error) {
	want, err := pep440.Parse(version)
	if err != nil {
		return IndexFile{}, err
	}
	var others []pep440.Version
	for _, suffix := range []string{".tar.gz", ".zip", ".tar.bz2", ".tar.xz", ".tgz"} {
		for _, file := range files {
			stem, ok := strings.CutSuffix(file.Filename, suffix)
			// A name may hold hyphens, but its spellings have one length.
			if !ok || len(stem) <= len(name) || stem[len(name)] != '-' || wheel.NormalizeProject(stem[:len(name)]) != wheel.NormalizeProject(name) {
				continue
			}
			found, err := pep440.Parse(stem[len(name)+1:])
			if err != nil {
				continue // another project's, whose name begins with this one's
			}
			if found.Compare(want) == 0 {
				return file, nil
			}
			others = append(others, found)
		}
	}
	return IndexFile{}, noSdist(name, version, others)
}

// PureWheel picks a version's wheel for every platform among a project's files.
func PureWheel(files []IndexFile, name, version string) (IndexFile, error) {
	want, err := pep440.Parse(version)
	if err != nil {
		return IndexFile{}, err
	}
	var others []string
	for _, file := range files {
		parsed, err := wheel.ParseFilename(file.Filename)
		if err != nil || parsed.Project() != wheel.NormalizeProject(name) {
			continue
		}
		if found, err := pep440.Parse(parsed.Version); err != nil || found.Compare(want) != 0 {
			continue
		}
		if slices.Equal(parsed.Platform, []string{"any"}) && slices.Equal(parsed.ABI, []string{"none"}) {
			return file, nil
		}
		others = append(others, file.Filename)
	}
	if len(others) == 0 {
		return IndexFile{}, notReleased("the package index has no wheel of %s %s", name, version)
	}
	return IndexFile{}, notReleased("the package index has no pure wheel of %s %s: its %d wheels are each for one platform. Build it from its sdist: take \"wheel = true\" away", name, version, len(others))
}

// ReferenceWheel picks a version's wheel for x86_64 and a Python ("3.11"): what it has in it, one for another machine should have too. There
// may be none.
func ReferenceWheel(files []IndexFile, name, version, python string) (file IndexFile, ok bool) {
	want, err := pep440.Parse(version)
	if err != nil {
		return IndexFile{}, false
	}
	var candidates []IndexFile
	var names []wheel.Name
	for _, file := range files {
		parsed, err := wheel.ParseFilename(file.Filename)
		if err != nil || parsed.Project() != wheel.NormalizeProject(name) || parsed.Platform[0] == "any" {
			continue
		}
		if found, err := pep440.Parse(parsed.Version); err == nil && found.Compare(want) == 0 {
			candidates, names = append(candidates, file), append(names, parsed)
		}
	}
	best := wheel.Target{Python: python, Platform: "linux_x86_64"}.Preferred(names)
	if best < 0 {
		return IndexFile{}, false
	}
	return candidates[best], true
}

// noSdist names the newest versions that there are, for the one that is meant is likely to be among them.
func noSdist(name, version string, others []pep440.Version) error {
	if len(others) == 0 {
		return notReleased("the package index has no sdist of %s at all", name)
	}
	slices.SortFunc(others, pep440.Version.Compare)
	others = slices.CompactFunc(others, func(a, b pep440.Version) bool { return a.Compare(b) == 0 }) // a zip beside a tar.gz
	others = others[max(0, len(others)-8):]
	names := make([]string, len(others))
	for i, v := range others {
		names[i] = v.String()
	}
	return notReleased("the package index has no sdist of %s %s; the last versions that it has one of: %s", name, version, strings.Join(names, ", "))
}
