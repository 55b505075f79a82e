// SPDX-License-Identifier: Apache-2.0

package base

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// normalise copies a system's archive to w as a layer that depends on nothing but the packages in it: no
// time, host, or log of its making. The archive's order, which is by name, is kept.
func normalise(w io.Writer, archive io.Reader) error {
	in, out := tar.NewReader(archive), tar.NewWriter(w)
	for {
		header, err := in.Next()
		if errors.Is(err, io.EOF) {
			// Padding follows the end; whoever writes it should find a reader.
			_, err := io.Copy(io.Discard, archive)
			return errors.Join(err, out.Close())
		}
		if err != nil {
			return fmt.Errorf("reading the system's archive: %w", err)
		}
		name := path.Clean(header.Name)
		if name == "." || !kept(name, header.Typeflag == tar.TypeDir) {
			continue
		}
		if err := out.WriteHeader(normalHeader(name, header)); err != nil {
			return fmt.Errorf("writing %s to the layer: %w", name, err)
		}
		if _, err := io.Copy(out, in); err != nil {
			return fmt.Errorf("writing %s to the layer: %w", name, err)
		}
	}
}

func normalHeader(name string, h *tar.Header) *tar.Header {
	normal := &tar.Header{
		Format:   tar.FormatPAX,
		Typeflag: h.Typeflag,
		Name:     name,
		Linkname: h.Linkname,
		Size:     h.Size,
		Mode:     h.Mode,
		Uid:      h.Uid,
		Gid:      h.Gid,
		ModTime:  epoch,
	}
	switch h.Typeflag {
	case tar.TypeDir:
		normal.Name += "/"
	case tar.TypeLink:
		normal.Linkname = path.Clean(h.Linkname)
	}
	for key, value := range h.PAXRecords {
		if strings.HasPrefix(key, "SCHILY.xattr.security.capability") {
			normal.PAXRecords = map[string]string{key: value}
		}
	}
	return normal
}

// kept reports whether a file belongs to the system, and not to its making or to the host.
func kept(name string, isDir bool) bool {
	dir, base := path.Split(name)
	switch name {
	case "etc/hostname", "etc/resolv.conf", "etc/machine-id", // the host's
		"etc/apt/apt.conf.d/99mmdebstrap", // the host's way to the mirror
		"var/cache/ldconfig/aux-cache":    // holds times
		return false
	}
	switch {
	case isDir:
		return true
	case dir == "dev/": // containers get their own
		return false
	case strings.HasPrefix(dir, "var/log/"), strings.HasPrefix(dir, "var/lib/apt/lists/"), strings.HasPrefix(dir, "var/cache/apt/"):
		return false
	case strings.HasPrefix(dir, "run/"), strings.HasPrefix(dir, "tmp/"):
		return false
	case dir == "var/cache/debconf/", dir == "var/lib/dpkg/": // backups
		return !strings.HasSuffix(base, "-old")
	}
	return true
}
