// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"path"
	"regexp"
	"slices"
)

// checkTags compares what the tags promise with what is there.
func (a *audit) checkTags() {
	tags, info := a.wheel.Name.Tags(), path.Join(a.wheel.DistInfo, "WHEEL")
	if !slices.Equal(tags, a.wheel.Info.Tags) {
		a.reportOurs("TAG-FILE", info, "it has the tags %s, and the file name %s", tagList(a.wheel.Info.Tags), tagList(tags))
	}
	if len(a.content.Native) > 0 && a.wheel.Info.RootIsPurelib {
		a.reportOurs("TAG-CONTENT", info, "Root-Is-Purelib is true, and %s is not", a.content.Native[0])
	}
	if a.target.own {
		a.checkOwnTags(tags)
		return
	}
	if !slices.ContainsFunc(tags, a.target.installs) {
		a.report("TAG-TARGET", "", "the target (Python %s, %s, glibc %s) takes none of its tags: %s",
			a.target.Python, a.target.Platform, a.target.Glibc, tagList(tags))
		return // what the content asks for is another Python's or machine's then
	}
	content := a.content
	content.Built = tags
	right := DecideTags(content, a.target)
	if slices.ContainsFunc(tags, func(t Tag) bool { return t.Platform == "any" && len(content.Native) > 0 }) {
		a.report("TAG-CONTENT", content.Native[0], "it is native code, and the tag %s says that the wheel is for every platform", tagList(tags))
	} else if !slices.Equal(interpreters(tags), interpreters(right)) {
		a.report("TAG-CONTENT", "", "its tag is %s; by its content it should be %s", tagList(tags), tagList(right))
	}
	a.checkPromise(tags)
}

// checkOwnTags compares the content with the tags where no more is known of a target than that the tags are its.
func (a *audit) checkOwnTags(tags []Tag) {
	some := func(is func(Tag) bool) bool { return slices.ContainsFunc(tags, is) }
	forAll := some(func(t Tag) bool { return t.Platform == "any" })
	switch {
	case forAll && len(a.content.Modules) > 0:
		a.report("TAG-CONTENT", a.content.Modules[0], "it is native code, and the tag %s says that the wheel is for every platform", tagList(tags))
	case forAll && len(a.content.Native) > 0: // some have files for several machines, and load the right one
		a.reportOurs("TAG-CONTENT", a.content.Native[0], "it is native code, and the tag %s says that the wheel is for every platform", tagList(tags))
	case len(a.content.Modules) > 0 && some(func(t Tag) bool { return t.ABI == "none" }) && bearsVersion(a.content.Modules):
		a.report("TAG-CONTENT", "", "it has extension modules of one Python, and its tag is for others: %s", tagList(tags))
	case bearsVersion(a.content.Modules) && some(func(t Tag) bool { return t.ABI == "abi3" }):
		a.report("TAG-CONTENT", "", "its tag is %s, and not all of its extension modules keep to the stable ABI by their names", tagList(tags))
	}
}

// checkPromise compares the glibc that a manylinux tag promises to be enough with what the files need.
func (a *audit) checkPromise(tags []Tag) {
	for _, tag := range tags {
		promised, ok := parsePlatform(tag.Platform)
		if !ok || promised.libc != "glibc" {
			continue
		}
		for _, name := range a.paths {
			if floor := a.objects[name].Object.glibcFloor(); compareDotted(floor, promised.version) > 0 {
				a.report("TAG-CONTENT", name, "it needs glibc %s, and the tag %s promises that %s is enough", floor, tag.Platform, promised.version)
			}
		}
	}
}

// interpreters are the tags without their platforms.
func interpreters(tags []Tag) []Tag {
	var out []Tag
	for _, t := range tags {
		out = append(out, Tag{Python: t.Python, ABI: t.ABI})
	}
	return sortTags(out)
}

func tagList(tags []Tag) string {
	var names []string
	for _, t := range tags {
		names = append(names, t.String())
	}
	return shortList(names)
}

// checkExtensions looks for the extension modules that must be there, and whether the target's import system finds those that are.
func (a *audit) checkExtensions() {
	for _, pattern := range a.options.Extensions {
		found := false
		for _, name := range a.content.Native {
			ok, err := Match(pattern, name)
			if err != nil {
				a.report("EXTENSION-MISSING", "", "%v", err)
				break
			}
			found = found || ok
		}
		if !found {
			a.report("EXTENSION-MISSING", "", "no extension module matches %s; there are %s", pattern, orNone(a.content.Modules))
		}
	}
	a.checkReference()
	right := a.target.extensionSuffix(a.wheel.Name.Tags())
	for _, name := range a.content.Modules {
		if suffix := moduleSuffix(name); right == nil || right.MatchString(suffix) {
			continue
		} else if a.target.ExtSuffix != "" {
			a.report("EXTENSION-SUFFIX", name, "its suffix is %s; the target's Python looks for %s", suffix, a.target.ExtSuffix)
		} else {
			a.report("EXTENSION-SUFFIX", name, "its suffix is %s, which is not what the Pythons of the tag %s look for", suffix, tagList(a.wheel.Name.Tags()))
		}
	}
}

// oneMachine finds modules that only one kind of machine has: numpy's dispatch by processor, say.
var oneMachine = regexp.MustCompile(`(?i)(avx|sse[2-4]|x86|amd64|intel|neon|vsx|s390)`)

// checkReference looks for the extension modules that a wheel of the same version for another machine has.
func (a *audit) checkReference() {
	have := modulesOf(a.content.Native)
	var missing []string
	for _, module := range a.options.Reference {
		if !oneMachine.MatchString(module) && !slices.Contains(have, module) {
			missing = append(missing, module)
		}
	}
	if len(missing) > 0 {
		a.report("EXTENSION-MISSING", "", "the wheel that it is compared with has these extension modules too: %s", shortList(missing))
		if len(a.options.Extensions) > 0 {
			a.findings[len(a.findings)-1].Severity = Warning // somebody has thought about which there should be
		}
	}
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return shortList(names)
}
