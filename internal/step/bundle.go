// SPDX-License-Identifier: Apache-2.0

package step

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// BundleOptions are the options of the step "bundle", which writes Out/bundle.tar.gz.
type BundleOptions struct {
	Wheels       string // a folder
	Requirements string // the text of the file
	Target       string // its name
	Python       string // "3.11"
}

// installScript installs a bundle's wheels. It is for the sh of a robot, where busybox is all that there is.
//
//go:embed install.sh
var installScript string

// bundle packs wheels with what installs them: the same bytes for the same wheels.
func bundle(_ context.Context, o BundleOptions) error {
	script := strings.NewReplacer("@TARGET@", o.Target, "@PYTHON@", o.Python).Replace(installScript)
	names, err := filepath.Glob(filepath.Join(o.Wheels, "*.whl")) // sorted
	if err != nil {
		return err
	}
	if err := os.MkdirAll(Out, 0o755); err != nil {
		return err
	}
	file, err := os.Create(filepath.Join(Out, "bundle.tar.gz"))
	if err != nil {
		return err
	}
	compressed := gzip.NewWriter(file)
	archive := tar.NewWriter(compressed)
	add := func(name string, mode int64, content []byte) {
		header := &tar.Header{Name: path.Join("wheels-for-"+o.Target, name), Mode: mode, Size: int64(len(content)), ModTime: time.Unix(0, 0), Format: tar.FormatUSTAR}
		err = errors.Join(err, archive.WriteHeader(header))
		_, writeErr := archive.Write(content)
		err = errors.Join(err, writeErr)
	}
	var sums bytes.Buffer
	add("install.sh", 0o755, []byte(script))
	add("requirements.txt", 0o644, []byte(o.Requirements))
	for _, name := range names {
		content, readErr := os.ReadFile(name)
		err = errors.Join(err, readErr)
		name = "wheels/" + filepath.Base(name)
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(content), name)
		add(name, 0o644, content)
	}
	add("SHA256SUMS", 0o644, sums.Bytes())
	return errors.Join(err, archive.Close(), compressed.Close(), file.Close())
}
