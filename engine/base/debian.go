// SPDX-License-Identifier: Apache-2.0

package base

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"time"

	"github.com/distribution/reference"
	"github.com/opencontainers/go-digest"
	oci "github.com/opencontainers/image-spec/specs-go/v1"
)

// epoch is the time of every file of an image that is made here.
var epoch = time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)

var suitePattern = regexp.MustCompile(`^([a-z]+)(-[0-9]{8})?(-slim)?$`)

// debianSuite is the suite of an address of Debian's official image. What else the address pins, a date or a digest,
// is the registry's: a mirror has only the suite as it is now.
func debianSuite(named reference.Named) (suite string, ok bool) {
	tagged, ok := named.(reference.Tagged)
	if !ok || reference.FamiliarName(named) != "debian" || tagged.Tag() == "latest" {
		return "", false
	}
	match := suitePattern.FindStringSubmatch(tagged.Tag())
	if match == nil {
		return "", false
	}
	return match[1], true
}

// makeDebian lets ref, an address of a suite's image, stand for it, and makes it unless it is there. All
// addresses of a suite share one image.
func (s store) makeDebian(ctx context.Context, suite string, ref reference.Named, log io.Writer) error {
	unlock, err := s.lock(ctx, log)
	if err != nil {
		return err
	}
	defer unlock()
	plain, err := reference.WithTag(reference.TrimNamed(ref), suite)
	if err != nil {
		return err
	}
	for _, name := range []string{ref.String(), plain.String()} {
		if descriptor, found, err := s.lookup(name); found || err != nil {
			return errors.Join(err, s.name(descriptor, ref.String()))
		}
	}
	fmt.Fprintf(log, "making Debian %s from its mirror with mmdebstrap, once: about half a minute\n", suite)
	start := time.Now()
	layer, err := s.create(oci.MediaTypeImageLayer, func(w io.Writer) error { return bootstrap(ctx, suite, s.temp(), w) })
	if err != nil {
		return err
	}
	fmt.Fprintf(log, "made Debian %s, %d MB, in %s\n", suite, layer.Size/1e6, time.Since(start).Round(time.Second))
	return s.add(oci.Image{
		Created:  &epoch,
		Platform: oci.Platform{Architecture: "amd64", OS: "linux"},
		Config: oci.ImageConfig{
			Env: []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
			Cmd: []string{"bash"},
		},
		RootFS: oci.RootFS{Type: "layers", DiffIDs: []digest.Digest{layer.Digest}},
	}, layer, ref.String(), plain.String())
}

// bootstrap writes a suite's minimal system to w as a layer.
func bootstrap(ctx context.Context, suite, temp string, w io.Writer) error {
	if _, err := exec.LookPath("mmdebstrap"); err != nil {
		return errors.New("mmdebstrap, which makes it from Debian's mirror, is not on PATH: " +
			"install it (`apt-get install mmdebstrap`)")
	}
	apt := readApt(ctx)
	args := []string{"--quiet", "--variant=minbase", "--include=ca-certificates", "--architectures=amd64"}
	for _, option := range apt.options {
		args = append(args, "--aptopt="+option)
	}
	args = append(append(args, suite, "-"), apt.sources(suite)...)

	running, stop := context.WithCancel(ctx)
	defer stop()
	cmd := exec.CommandContext(running, "mmdebstrap", args...)
	cmd.Env = append(os.Environ(), fmt.Sprintf("SOURCE_DATE_EPOCH=%d", epoch.Unix()), "LC_ALL=C.UTF-8", "TMPDIR="+temp)
	release := isolate(cmd)
	defer release()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	copyErr := normalise(w, stdout)
	if copyErr != nil {
		stop()
	}
	waitErr := cmd.Wait()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case waitErr != nil:
		return errors.Join(copyErr, fmt.Errorf("mmdebstrap: %w (can Debian's mirror be reached from here?):\n%s", waitErr, lastLines(stderr.String(), 10)))
	}
	return copyErr
}

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
