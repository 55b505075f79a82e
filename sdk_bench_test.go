// SPDX-License-Identifier: Apache-2.0

package main

import (
	"archive/tar"
	"compress/gzip"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"crosswheel/pipeline"
)

// BenchmarkSDKSize has nothing to do with an SDK of 1 GB, and with one of 250 MB: an SDK is sent to the engine once, and its
// checksum is known from one run to the next. Both are the same SDK, one with more in it that nobody reads.
func BenchmarkSDKSize(b *testing.B) {
	needEngine(b)
	b.Setenv("CROSSWHEEL_PROGRESS", "quiet")
	folder := b.TempDir()
	plain := filepath.Join(folder, "plain.tar.gz")
	succeed(b, "sdk", "export", "--path", plain)
	run := func(tarball string, want pipeline.Status) float64 {
		dist := filepath.Join(b.TempDir(), "dist")
		start := time.Now()
		succeed(b, "build", "--pkg", "six", "--sdk", tarball, "export", "--path", dist)
		seconds := time.Since(start).Seconds()
		demand(b, report(b, dist), want)
		return seconds
	}
	var sides []side
	var seconds [2][]float64
	for i, megabytes := range []int64{1000, 250} {
		tarball := filepath.Join(folder, fmt.Sprintf("%d.tar.gz", megabytes))
		padded(b, plain, tarball, megabytes)
		b.Logf("the first run with %d MB: %.1f s", megabytes, run(tarball, pipeline.Built))
		run(tarball, pipeline.Cached)
		sides = append(sides, side{fmt.Sprintf("%d MB", megabytes), func() float64 {
			took := run(tarball, pipeline.Cached)
			seconds[i] = append(seconds[i], took)
			return took
		}})
	}
	compare(b, "x-1GB/250MB", sides[0], sides[1])
	b.ReportMetric(median(seconds[0])-median(seconds[1]), "s-more")
}

// padded is the SDK in a tarball with random bytes beside it, so that it has a size.
func padded(b *testing.B, from, to string, megabytes int64) {
	b.Helper()
	in, err := os.Open(from)
	if err != nil {
		b.Fatal(err)
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		b.Fatal(err)
	}
	out, err := os.Create(to)
	if err != nil {
		b.Fatal(err)
	}
	defer out.Close()
	padding := megabytes*1e6 - info.Size()
	unpacked, err := gzip.NewReader(in)
	if err != nil {
		b.Fatal(err)
	}
	packed, err := gzip.NewWriterLevel(out, gzip.BestSpeed)
	if err != nil {
		b.Fatal(err)
	}
	archive := tar.NewWriter(packed)
	for entries := tar.NewReader(unpacked); ; {
		header, err := entries.Next()
		if err == io.EOF {
			break
		}
		if err == nil {
			err = archive.WriteHeader(header)
		}
		if err == nil {
			_, err = io.Copy(archive, entries)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	err = archive.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: "arm-linux-gnueabihf_sdk-buildroot/share/padding", Mode: 0o644, Size: padding})
	_, copied := io.CopyN(archive, rand.Reader, padding)
	if err := errors.Join(err, copied, archive.Close(), packed.Close()); err != nil {
		b.Fatal(err)
	}
}
