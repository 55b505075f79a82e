// SPDX-License-Identifier: Apache-2.0

// Package buildroot opens the tarball that Buildroot's `make sdk` leaves: it is unpacked with suspicion, moved to its
// place by its own script, and looked at. Whatever does not make an SDK of it is an error that says what to do.
//
// It is not for what an SDK's toolchain can do, nor for what builds need around it: package sdkimage knows these.
package buildroot

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"crosswheel/internal/source"
)

// Options say what is opened.
type Options struct {
	Archive string // the tarball
	Name    string // what people call it: the name of the file that was handed in
	SHA256  string // what it must be; empty: anything
	To      string // where the SDK is to lie
}

// SDK is what is known of an SDK once it is opened.
type SDK struct {
	SHA256   string // of the tarball
	Location string // where it was made to lie before
	Triple   string // the folder that holds the sysroot
	Python   string // the target Python's minor version: "3.12"
	// Native is the SDK's own Python for the build machine, a path below it; empty where it has none of the target's
	// minor version.
	Native string
	// Lacks are modules of the standard library that the target's Python was made without, among those in [probed].
	Lacks []string `json:",omitempty"`
}

// tarBlock is the smallest archive that there is.
const tarBlock = 512

const (
	locationFile = "share/buildroot/sdk-location" // says where the SDK was made to lie
	script       = "relocate-sdk.sh"
)

// Open unpacks, relocates and checks an SDK.
func Open(ctx context.Context, o Options) (SDK, error) {
	s, err := open(ctx, o)
	if err != nil {
		return SDK{}, fmt.Errorf("the SDK %s: %w", o.Name, err)
	}
	return s, nil
}

func open(ctx context.Context, o Options) (s SDK, err error) {
	if s.SHA256, err = sum(o.Archive); err != nil {
		return s, err
	}
	if o.SHA256 != "" && o.SHA256 != s.SHA256 {
		return s, fmt.Errorf("its sha256 is %s, and the target declares %s: it is another SDK, or did not arrive whole", s.SHA256, o.SHA256)
	}
	if s.Location, err = unpack(o); err != nil {
		return s, err
	}
	if err := relocate(ctx, o.To, s.Location); err != nil {
		return s, err
	}
	err = s.check(ctx, o.To)
	return s, err
}

func sum(name string) (string, error) {
	file, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer file.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// unpack puts the SDK into o.To and says where it was made to lie. The top folder's name means nothing: whoever makes an
// SDK chooses it.
func unpack(o Options) (location string, err error) {
	temporary := o.To + ".unpacked"
	inside := func(link, target string) (string, bool) { return placeOf(temporary, link, target) }
	if info, err := os.Stat(o.Archive); err == nil && info.Size() < tarBlock {
		return "", fmt.Errorf("it is not an SDK: %d bytes are no archive", info.Size())
	}
	err = source.UnpackSystem(o.Archive, temporary, inside)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "", fmt.Errorf("it ends too early: it was cut off, or did not arrive whole. Fetch it again (%w)", err)
	case errors.Is(err, tar.ErrHeader):
		return "", fmt.Errorf("it is not an SDK: no archive that tar can read (%w)", err)
	case errors.Is(err, gzip.ErrChecksum):
		return "", fmt.Errorf("it is damaged. Fetch it again (%w)", err)
	case err != nil:
		return "", err
	}
	top, err := topFolder(temporary)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(o.To), 0o755); err != nil {
		return "", err
	}
	if err := os.Rename(filepath.Join(temporary, top), o.To); err != nil {
		return "", err
	}
	if err := os.RemoveAll(temporary); err != nil {
		return "", err
	}
	return readLocation(o.To)
}

// topFolder is the folder of an unpacked archive that is the SDK.
func topFolder(dir string) (string, error) {
	found, err := filepath.Glob(filepath.Join(dir, "*", script))
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(filepath.Join(dir, script)); err == nil {
		return ".", nil
	}
	if len(found) == 1 {
		return filepath.Base(filepath.Dir(found[0])), nil
	}
	return "", fmt.Errorf("it is not an SDK: no %s in its top folder. It must be what `make sdk` of Buildroot leaves in output/images, or what our own sdk function exports", script)
}

func readLocation(dir string) (string, error) {
	text, err := os.ReadFile(filepath.Join(dir, locationFile))
	location := strings.TrimSpace(string(text))
	if err == nil && !path.IsAbs(location) {
		err = fmt.Errorf("it says %q", location)
	}
	if err != nil {
		return "", fmt.Errorf("it is not an SDK: no %s that says where it was made to lie: %w", locationFile, err)
	}
	return location, nil
}

// placeOf says which place in an unpacked archive is meant by an absolute link: in a sysroot it is the sysroot's, and
// elsewhere the SDK's, if it begins with the path that the SDK was made to lie at.
func placeOf(unpacked, link, target string) (string, bool) {
	if before, _, ok := strings.Cut(link, "/sysroot/"); ok {
		return path.Join(before, "sysroot", target), true
	}
	top, err := topFolder(unpacked)
	if err != nil {
		return "", false
	}
	location, err := readLocation(filepath.Join(unpacked, top))
	if err != nil {
		return "", false
	}
	rest, ok := strings.CutPrefix(target+"/", location+"/")
	return path.Join(top, rest), ok
}
