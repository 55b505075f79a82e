// SPDX-License-Identifier: Apache-2.0

package base

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/opencontainers/go-digest"
	specs "github.com/opencontainers/image-spec/specs-go"
	oci "github.com/opencontainers/image-spec/specs-go/v1"
	"golang.org/x/sys/unix"
)

// store is an OCI layout. Its index names the images by the address that they stand for.
type store struct{ dir string }

// find reads the image that stands for an address, if there is one.
func (s store) find(ref string) (image Image, found bool, err error) {
	descriptor, found, err := s.lookup(ref)
	if !found || err != nil {
		return Image{}, false, err
	}
	image, err = s.image(ref, descriptor.Digest)
	return image, err == nil, err
}

func (s store) lookup(ref string) (descriptor oci.Descriptor, found bool, err error) {
	index, err := s.index()
	if err != nil {
		return oci.Descriptor{}, false, err
	}
	i := slices.IndexFunc(index.Manifests, func(d oci.Descriptor) bool { return d.Annotations[oci.AnnotationRefName] == ref })
	if i < 0 {
		return oci.Descriptor{}, false, nil
	}
	return index.Manifests[i], true, nil
}

func (s store) image(ref string, manifestDigest digest.Digest) (Image, error) {
	var manifest oci.Manifest
	if err := s.read(manifestDigest, &manifest); err != nil {
		return Image{}, err
	}
	var config oci.Image
	if err := s.read(manifest.Config.Digest, &config); err != nil {
		return Image{}, err
	}
	return Image{
		Ref:     ref,
		Digest:  manifestDigest.String(),
		Store:   s.dir,
		Env:     config.Config.Env,
		WorkDir: config.Config.WorkingDir,
	}, nil
}

// add stores an image of one layer, and lets refs stand for it.
func (s store) add(config oci.Image, layer oci.Descriptor, refs ...string) error {
	configDescriptor, err := s.write(oci.MediaTypeImageConfig, config)
	if err != nil {
		return err
	}
	manifest, err := s.write(oci.MediaTypeImageManifest, oci.Manifest{
		Versioned: specs.Versioned{SchemaVersion: 2},
		MediaType: oci.MediaTypeImageManifest,
		Config:    configDescriptor,
		Layers:    []oci.Descriptor{layer},
	})
	if err != nil {
		return err
	}
	manifest.Platform = &config.Platform
	return s.name(manifest, refs...)
}

// name lets refs stand for a manifest that is stored.
func (s store) name(manifest oci.Descriptor, refs ...string) error {
	index, err := s.index()
	if err != nil {
		return err
	}
	index.Manifests = slices.DeleteFunc(index.Manifests, func(d oci.Descriptor) bool {
		return slices.Contains(refs, d.Annotations[oci.AnnotationRefName])
	})
	for _, ref := range refs {
		manifest.Annotations = map[string]string{oci.AnnotationRefName: ref}
		index.Manifests = append(index.Manifests, manifest)
	}
	layout := oci.ImageLayout{Version: oci.ImageLayoutVersion}
	return errors.Join(s.replace(oci.ImageLayoutFile, layout), s.replace(oci.ImageIndexFile, index))
}

// index reads the store's table of contents, which is empty at first.
func (s store) index() (oci.Index, error) {
	index := oci.Index{Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: oci.MediaTypeImageIndex}
	path := filepath.Join(s.dir, oci.ImageIndexFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return index, nil
	}
	if err != nil {
		return index, err
	}
	if err := json.Unmarshal(text, &index); err != nil {
		return index, fmt.Errorf("reading %s: %w: remove the folder to make its images again", path, err)
	}
	return index, nil
}

func (s store) blob(d digest.Digest) string {
	return filepath.Join(s.dir, oci.ImageBlobsDir, d.Algorithm().String(), d.Encoded())
}

func (s store) read(d digest.Digest, value any) error {
	text, err := os.ReadFile(s.blob(d))
	if err == nil {
		err = json.Unmarshal(text, value)
	}
	if err != nil {
		return fmt.Errorf("reading an image from %s: %w: remove the folder to make its images again", s.dir, err)
	}
	return nil
}

// write stores a JSON document as a blob.
func (s store) write(mediaType string, value any) (oci.Descriptor, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return oci.Descriptor{}, err
	}
	return s.create(mediaType, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

// create stores what fill writes as a blob: whole, or not at all.
func (s store) create(mediaType string, fill func(io.Writer) error) (oci.Descriptor, error) {
	file, err := os.CreateTemp(s.temp(), "blob-")
	if err != nil {
		return oci.Descriptor{}, err
	}
	defer os.Remove(file.Name())
	defer file.Close()
	digester := digest.Canonical.Digester()
	if err := fill(io.MultiWriter(file, digester.Hash())); err != nil {
		return oci.Descriptor{}, err
	}
	size, err := file.Seek(0, io.SeekCurrent)
	if err != nil {
		return oci.Descriptor{}, err
	}
	if err := errors.Join(file.Chmod(0o444), file.Sync()); err != nil {
		return oci.Descriptor{}, err
	}
	path := s.blob(digester.Digest())
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return oci.Descriptor{}, err
	}
	descriptor := oci.Descriptor{MediaType: mediaType, Digest: digester.Digest(), Size: size}
	return descriptor, os.Rename(file.Name(), path)
}

// replace writes one of the layout's own files.
func (s store) replace(name string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	path := filepath.Join(s.temp(), name)
	if err := os.WriteFile(path, text, 0o644); err != nil {
		return err
	}
	return os.Rename(path, filepath.Join(s.dir, name))
}

// temp is for what is not whole yet. It is the lock's holder's alone.
func (s store) temp() string { return filepath.Join(s.dir, "tmp") }

// lock makes this process the only one that writes, and clears away what a killed one has left.
func (s store) lock(ctx context.Context, log io.Writer) (unlock func(), err error) {
	if err := os.MkdirAll(s.dir, 0o755); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(filepath.Join(s.dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	for told := false; ; told = true {
		err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil {
			break
		}
		if err != unix.EWOULDBLOCK {
			file.Close()
			return nil, fmt.Errorf("locking %s: %w", file.Name(), err)
		}
		if !told {
			fmt.Fprintf(log, "waiting for another run that makes an image in %s\n", s.dir)
		}
		select {
		case <-ctx.Done():
			file.Close()
			return nil, ctx.Err()
		case <-time.After(lockInterval):
		}
	}
	if err := errors.Join(os.RemoveAll(s.temp()), os.MkdirAll(s.temp(), 0o755)); err != nil {
		file.Close()
		return nil, err
	}
	return func() {
		_ = os.RemoveAll(s.temp())
		file.Close()
	}, nil
}

const lockInterval = 50 * time.Millisecond
