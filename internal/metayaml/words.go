// SPDX-License-Identifier: Apache-2.0

package metayaml

// word is something that a recipe can say: the blocks around it and its name, "build.cflags".
type word string

// The words of our language that conversions write. To follow a change of the language, change it here.
const (
	wordSummary     word = "summary"
	wordLicense     word = "license"
	wordHomepage    word = "homepage"
	wordTags        word = "tags"
	wordMaintainers word = "maintainers"
	wordTopLevel    word = "top_level"
	wordRunRequires word = "requires"
	wordDisabled    word = "disabled"
	wordPinned      word = "pinned"

	wordSHA256 word = "version.sha256"

	wordPyPI        word = "source.pypi"
	wordPyPIWheel   word = "source.pypi.wheel"
	wordGitHubOwner word = "source.github.owner"
	wordGitHubRepo  word = "source.github.repo"
	wordGitHubTag   word = "source.github.tag"
	wordGitHubAsset word = "source.github.asset"
	wordURL         word = "source.url.url"
	wordPath        word = "source.path.path"
	wordExtractDir  word = "source.extract_dir"
	wordStrip       word = "source.strip"
	wordPatches     word = "source.patches"
	wordExtras      word = "source.extras"

	wordRequires       word = "build.requires"
	wordConstraints    word = "build.constraints"
	wordExecutables    word = "build.executables"
	wordUses           word = "build.uses"
	wordEnv            word = "build.env"
	wordCFlags         word = "build.cflags"
	wordCXXFlags       word = "build.cxxflags"
	wordLDFlags        word = "build.ldflags"
	wordConfigSettings word = "build.config_settings"
	wordBefore         word = "build.before"
	wordScript         word = "build.script"
	wordPost           word = "build.post"
	wordExports        word = "build.exports"
	wordLinkage        word = "build.linkage"

	wordImports      word = "test.imports"
	wordCommands     word = "test.commands"
	wordTestRequires word = "test.requires"
	wordTestFiles    word = "test.files"
)

// order is that in which words are written.
var order = []word{
	wordSummary, wordLicense, wordHomepage, wordTags, wordMaintainers, wordTopLevel, wordRunRequires, wordDisabled, wordPinned,
	wordSHA256,
	wordPyPI, wordPyPIWheel, wordGitHubOwner, wordGitHubRepo, wordGitHubTag, wordGitHubAsset, wordURL, wordPath,
	wordExtractDir, wordStrip, wordPatches, wordExtras,
	wordRequires, wordConstraints, wordExecutables, wordUses, wordEnv, wordCFlags, wordCXXFlags, wordLDFlags, wordConfigSettings,
	wordBefore, wordScript, wordPost, wordExports, wordLinkage,
	wordImports, wordCommands, wordTestRequires, wordTestFiles,
}

// librariesFolder is where a build finds the libraries that it uses, each in a folder of its recipe's name.
const librariesFolder = "/crosswheel/libs/"
