// SPDX-License-Identifier: Apache-2.0

package metayaml

import (
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"strings"

	"crosswheel/internal/pep440"
	"crosswheel/internal/wheel"
)

var (
	// An index has its files below /packages: by the project's name, or by the file's checksum. Which host it is says nothing: there are mirrors.
	indexPath = regexp.MustCompile(`/packages/(?:(?:source|[a-z0-9]+(?:\.[a-z0-9]+)*)/[^/]+/[^/]+|[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{60})/([^/]+)$`)
	sdistName = regexp.MustCompile(`^(.+)-([^-]+)\.(?:tar\.gz|tar\.bz2|tgz|zip)$`)
	wheelName = regexp.MustCompile(`^([^-]+)-([^-]+)(?:-\d[^-]*)?-[^-]+-([^-]+)-([^-]+)\.whl$`)

	gitHubTag   = regexp.MustCompile(`^https://github\.com/([\w.-]+)/([\w.-]+)/archive/(?:refs/tags/)?([^/]+)\.tar\.gz$`)
	gitHubAsset = regexp.MustCompile(`^https://github\.com/([\w.-]+)/([\w.-]+)/releases/download/([^/]+)/([^/]+)$`)
	commitName  = regexp.MustCompile(`^[0-9a-f]{40}$`)
	gitAddress  = regexp.MustCompile(`^git\+|\.git(@|$)`)
)

// normalVersion is a version as recipes spell it: the one spelling of the standard for Python versions, else as it is.
func normalVersion(version string) string {
	if v, err := pep440.Parse(version); err == nil {
		return v.String()
	}
	return version
}

// address converts source.url into the block that says best where the source comes from.
func (c *converter) address(k key) {
	text, ok := k.text()
	if !ok {
		c.keep(k, "an address is expected")
		return
	}
	parsed, err := url.Parse(text)
	if err != nil {
		c.keep(k, "this is no address: %v", err)
		return
	}
	file := path.Base(parsed.Path)
	if m := wheelName.FindStringSubmatch(file); m != nil {
		c.wheelAddress(k, text, m, indexPath.MatchString(parsed.Path))
		return
	}
	m := sdistName.FindStringSubmatch(file)
	if indexPath.MatchString(parsed.Path) && m != nil && c.isThis(m[1], m[2]) && !c.isLibrary() {
		c.say(k, wordPyPI, nil).Note = "the sdist of this name and version"
		return
	}
	if gitAddress.MatchString(text) {
		c.keep(k, "a commit's whole id is asked for: source { git { url = … commit = … } }")
		return
	}
	c.archive(k, text)
}

// archive says where an archive is that is no project's sdist in an index.
func (c *converter) archive(k key, address string) {
	if m := gitHubAsset.FindStringSubmatch(address); m != nil {
		c.gitHub(k, m)
		return
	}
	if m := gitHubTag.FindStringSubmatch(address); m != nil && !commitName.MatchString(m[3]) {
		c.gitHub(k, m)
		return
	}
	c.say(k, wordURL, c.versioned(address))
}

// gitHub takes owner, repository, tag and asset.
func (c *converter) gitHub(k key, m []string) {
	e := c.say(k, wordGitHubOwner, m[1])
	c.draft.set(wordGitHubRepo, m[2], e)
	c.draft.set(wordGitHubTag, c.versioned(m[3]), e)
	if len(m) > 4 {
		c.draft.set(wordGitHubAsset, c.versioned(m[4]), e)
	}
	e.Into = "source.github"
}

// wheelAddress converts the address of a wheel: a pure one can be taken as it is.
func (c *converter) wheelAddress(k key, address string, m []string, inIndex bool) {
	name, version, abi, platform := m[1], m[2], m[3], m[4]
	switch {
	case abi != "none" || platform != "any":
		e := c.person(k, "", "the wheel is for WebAssembly alone, so the recipe names the sdist: write its sha256, or say where the source is")
		c.draft.set(wordPyPI, nil, e)
	case inIndex && c.isThis(name, version):
		e := c.say(k, wordPyPIWheel, true)
		e.Note = "the pure wheel of this name and version"
	default:
		c.say(k, wordURL, c.versioned(address))
	}
}

// isThis says whether a file's name and version are the recipe's.
func (c *converter) isThis(name, version string) bool {
	return wheel.NormalizeProject(name) == wheel.NormalizeProject(c.draft.name) && normalVersion(version) == c.draft.version
}

func (c *converter) checksum(k key) {
	text, ok := k.text()
	if sdist := c.draft.items[wordPyPI]; sdist != nil && sdist.entries[0].Outcome == Person {
		c.pyodide(k, "", "it is the checksum of a wheel for WebAssembly")
		return
	}
	if !ok {
		c.keep(k, "64 hexadecimal digits are expected")
		return
	}
	c.say(k, wordSHA256, strings.ToLower(text))
}

func (c *converter) folderPath(k key) {
	text, ok := k.text()
	if text = path.Clean(text); !ok || !fs.ValidPath(text) || text == "." {
		c.keep(k, "a folder beside the recipe is expected")
		return
	}
	e := c.say(k, wordPath, text)
	if !c.bring(text) {
		c.absent[text+"/"] = true
		e.Outcome, e.Note = Person, "bring the folder over: it was not beside the meta.yaml"
	}
}

// extractDir: Pyodide takes that folder of the archive and lets the rest be.
func (c *converter) extractDir(k key) {
	text, ok := k.text()
	if text = path.Clean(text); !ok || !fs.ValidPath(text) {
		c.keep(k, "a folder of the archive is expected")
		return
	}
	e := c.say(k, wordExtractDir, c.versioned(text))
	c.draft.set(wordStrip, 0, e).comment = nil
	e.Into = string(wordExtractDir)
}

func (c *converter) patches(k key) {
	names, ok := k.list()
	if !ok {
		c.keep(k, "a list of files is expected")
		return
	}
	for i := range names {
		names[i] = path.Clean(names[i])
	}
	c.besides(k, c.say(k, wordPatches, names), names)
}

func (c *converter) extras(k key) {
	pairs, ok := k.pairs()
	if !ok {
		c.keep(k, "a list of two names each is expected: from, to")
		return
	}
	copies := map[string]string{}
	var names []string
	for _, pair := range pairs {
		from, to := path.Clean(pair[0]), path.Clean(pair[1])
		if copies[from] != "" {
			c.keep(k, "%s goes to two places; the recipe can say one", from)
			return
		}
		copies[from] = to
		names = append(names, from)
	}
	c.besides(k, c.say(k, wordExtras, copies), names)
}

// besides brings files over that are beside the meta.yaml, and leaves the others to a person.
func (c *converter) besides(k key, e *Entry, names []string) {
	var missing []string
	for _, name := range names {
		if !c.bring(name) {
			missing = append(missing, name)
			c.absent[name] = true
		}
	}
	if len(missing) > 0 {
		e.Outcome, e.Note = Person, "bring over: "+strings.Join(missing, ", ")
	} else {
		e.Note = "brought over: read whether they are about WebAssembly alone"
	}
}

// bring takes a file, or all files of a folder, along. It says whether there was any.
func (c *converter) bring(name string) bool {
	if c.beside == nil || !fs.ValidPath(name) {
		return false
	}
	found := false
	err := fs.WalkDir(c.beside, name, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		contents, err := fs.ReadFile(c.beside, name)
		c.files[name], found = contents, true
		return err
	})
	return found && err == nil
}
