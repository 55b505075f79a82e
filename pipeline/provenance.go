// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"crosswheel/internal/lock"
	"crosswheel/internal/provenance"
	"crosswheel/internal/sbom"
	"crosswheel/internal/step"
	"crosswheel/internal/wheel"
	sdkimage "crosswheel/sdk-image"
)

// What provenance calls this kind of build, and its builder: docs/provenance.md says what they mean. A change of what the parameters
// mean is another build type.
const (
	buildType = "urn:crosswheel:build:v1"
	builderID = "urn:crosswheel:builder"
)

// provenanceSuffix is what is added to a wheel's name for that of its provenance.
const provenanceSuffix = ".provenance.json"

// finished is when the wheel was compiled, whichever run that was.
func (t timing) finished() time.Time {
	if t.Started == 0 {
		return time.Time{}
	}
	return time.UnixMicro(int64((t.Started + t.Seconds) * 1e6)).UTC().Truncate(time.Second)
}

// provenance says how the outcome's own wheel came to be.
func (o *outcome) provenance(ctx context.Context) ([]byte, error) {
	type parameters struct {
		Name    string `json:"name"`
		Version string `json:"version"`
		Target  string `json:"target"`
	}
	b := o.build
	made := provenance.Build{
		Type: buildType, External: parameters{b.Recipe.Name, b.Recipe.Version, o.pipeline.image.Target.Name}, Internal: map[string]any{"stages": o.commands()},
		Builder: o.pipeline.builder(), Finished: o.timing.finished(),
	}
	if !made.Finished.IsZero() {
		made.Started = time.UnixMicro(int64(o.timing.Started * 1e6))
	}
	for _, of := range append([]*Build{b}, b.libraries()...) {
		taken, err := o.pipeline.taken(ctx, of)
		if err != nil {
			return nil, err
		}
		made.Dependencies = append(made.Dependencies, taken...)
	}
	made.Dependencies = slices.Concat(made.Dependencies, scripts(b.compile), o.used(), o.pipeline.toolchains(b))
	return made.JSON(o.wheel.Filename, o.wheel.SHA256), nil
}

// ran is a stage as provenance tells of it.
type ran struct {
	Name        string            `json:"name"`
	Environment map[string]string `json:"environment,omitempty"`
	Commands    [][]string        `json:"commands"`
}

// commands are those that made the wheel's bytes. Of the stages before it what they have left is told: their commands name servers.
func (o *outcome) commands() []ran {
	var found []ran
	for _, s := range []*stage{o.build.native, o.build.compile, o.finish} {
		if s != nil {
			found = append(found, ran{s.name, s.env, s.execs})
		}
	}
	return found
}

// builder is this program.
func (p *Pipeline) builder() provenance.Builder {
	about := provenance.Builder{ID: builderID, Dependencies: []provenance.Descriptor{{Name: "crosswheel", Digest: provenance.SHA256(p.program.digest)}}}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		about.Version = map[string]string{"crosswheel": info.Main.Version}
	}
	return about
}

// taken is what one recipe is built from: its source, the recipe itself, what of its folder was taken, and its build requirements.
func (p *Pipeline) taken(ctx context.Context, b *Build) ([]provenance.Descriptor, error) {
	var found []provenance.Descriptor
	from := provenance.Descriptor{Name: "source of " + b.Recipe.Name + " " + b.Recipe.Version}
	switch source := sourceOf(b.Recipe); {
	case source.Commit != "":
		from.URI, from.Digest = "git+"+source.URI, map[string]string{"gitCommit": source.Commit}
		found = append(found, from)
	case source.URI != "":
		from.URI, from.Digest = source.URI, provenance.SHA256(source.SHA256)
		found = append(found, from)
	}
	names := []string{path.Join(b.Recipe.Dir, path.Base(b.Recipe.VersionRange.Filename))}
	for _, m := range b.unpack.mounts {
		if m.from == nil && m.path != "" {
			names = append(names, m.path)
		}
	}
	if b.requirements != nil && b.lock == nil {
		names = append(names, p.lockPath(b))
	}
	for _, name := range names {
		digest, err := digestOf(p.folder, name)
		if err != nil {
			return nil, err
		}
		found = append(found, provenance.Descriptor{Name: path.Join("recipes", name), Digest: digest})
	}
	locked, err := p.locked(ctx, b)
	for _, l := range locked.Packages {
		found = append(found, provenance.Descriptor{
			Name: l.Wheels[0].Name, URI: sbom.PURL("pypi", wheel.NormalizeProject(l.Name), l.Version), Digest: provenance.SHA256(l.Wheels[0].Hashes.SHA256),
		})
	}
	return found, err
}

// scripts are the texts that a stage is given, by where it finds them.
func scripts(s *stage) []provenance.Descriptor {
	var found []provenance.Descriptor
	for _, m := range s.mounts {
		if m.from == nil && m.path == "" {
			found = append(found, provenance.Descriptor{Name: m.at, Digest: digestOfText([]byte(m.text))})
		}
	}
	return found
}

func digestOfText(text []byte) map[string]string {
	sum := sha256.Sum256(text)
	return provenance.SHA256(hex.EncodeToString(sum[:]))
}

// digestOf is the digest of a file, or of a folder as Go's dirhash has it: that of the lines that sha256sum prints of its files.
func digestOf(folder fs.FS, name string) (map[string]string, error) {
	info, err := fs.Stat(folder, name)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		text, err := fs.ReadFile(folder, name)
		return digestOfText(text), err
	}
	var names []string
	sums := map[string][sha256.Size]byte{}
	err = fs.WalkDir(folder, name, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		text, err := fs.ReadFile(folder, file)
		file = strings.TrimPrefix(file, name+"/")
		names, sums[file] = append(names, file), sha256.Sum256(text)
		return err
	})
	slices.Sort(names)
	hash := sha256.New()
	for _, file := range names {
		fmt.Fprintf(hash, "%x  %s\n", sums[file], file)
	}
	return map[string]string{"dirHash": hex.EncodeToString(hash.Sum(nil))}, err
}

// locked is the lock of a build's requirements.
func (p *Pipeline) locked(ctx context.Context, b *Build) (lock.Lock, error) {
	if b.requirements == nil {
		return lock.Lock{}, nil
	}
	if b.lock == nil {
		text, err := fs.ReadFile(p.folder, p.lockPath(b))
		if err != nil {
			return lock.Lock{}, err
		}
		return lock.Parse(text)
	}
	text, err := p.container(b.lock).File(step.Out + "/pylock.toml").Contents(ctx)
	if err != nil {
		return lock.Lock{}, err
	}
	return lock.Parse([]byte(text))
}

// used are the packages that a wheel was compiled against, and its crates.
func (o *outcome) used() []provenance.Descriptor {
	var found []provenance.Descriptor
	for _, use := range o.build.Uses {
		if made := use.outcome.wheel; made.Filename != "" {
			found = append(found, provenance.Descriptor{Name: made.Filename, URI: subject(use.Recipe).PURL, Digest: provenance.SHA256(made.SHA256)})
		}
	}
	for _, c := range o.wheel.Contains {
		if strings.HasPrefix(c.PURL, "pkg:cargo/") {
			d := provenance.Descriptor{Name: c.Name + " " + c.Version, URI: c.PURL, Digest: provenance.SHA256(c.Source.SHA256)}
			if c.Source.Commit != "" {
				d.Digest = map[string]string{"gitCommit": c.Source.Commit}
			}
			found = append(found, d)
		}
	}
	return found
}

// toolchains are the SDK, by what it says of itself and, where it came as a tarball, by that; and Rust, where it was there.
func (p *Pipeline) toolchains(b *Build) []provenance.Descriptor {
	target := p.image.Target
	found := []provenance.Descriptor{{
		Name: "facts of the SDK of " + target.Name, Digest: digestOfText(p.facts.JSON()),
		Annotations: map[string]string{"provider": target.Provider, "key": p.image.Key, "gcc": p.facts.GCC, "glibc": p.facts.Glibc, "python": p.facts.Python},
	}}
	if p.image.SHA256 != "" {
		found = append(found, provenance.Descriptor{Name: "SDK of " + target.Name, Digest: provenance.SHA256(p.image.SHA256)})
	}
	if b.crates != nil {
		found = append(found, provenance.Descriptor{Name: "Rust " + sdkimage.RustVersion, URI: sbom.PURL("generic", "rust", sdkimage.RustVersion),
			Digest: provenance.SHA256(sdkimage.RustDigest()), Annotations: map[string]string{"key": p.image.RustKey}})
	}
	return found
}

// beside is what lies beside the outcome's own wheel, by what is added to the wheel's name.
func (o *outcome) beside(ctx context.Context) (map[string][]byte, error) {
	text, err := o.provenance(ctx)
	if err != nil {
		return nil, fmt.Errorf("the provenance of %s: %w", cmp.Or(o.wheel.Filename, o.build.Label()), err)
	}
	return map[string][]byte{billSuffix: o.bill(), provenanceSuffix: text}, nil
}
