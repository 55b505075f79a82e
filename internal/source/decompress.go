// SPDX-License-Identifier: Apache-2.0

package source

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// unpack tells formats apart by their first bytes, not by name.
func (u *unpacker) unpack(file *os.File) error {
	buffered := bufio.NewReader(file)
	head, _ := buffered.Peek(6)
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		info, err := file.Stat()
		if err != nil {
			return err
		}
		return u.zip(file, info.Size())
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		decompressed, err := gzip.NewReader(buffered)
		if err != nil {
			return err
		}
		if err := u.tar(decompressed); err != nil {
			return err
		}
		// The checksum stands behind the archive's end.
		_, err = io.Copy(io.Discard, io.LimitReader(decompressed, u.left.bytes))
		return err
	case bytes.HasPrefix(head, []byte("BZh")):
		return u.tar(bzip2.NewReader(buffered))
	case bytes.HasPrefix(head, []byte("\xfd7zXZ\x00")):
		return u.xz(buffered)
	case bytes.HasPrefix(head, []byte("\x28\xb5\x2f\xfd")):
		decompressed, err := zstd.NewReader(buffered, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(128<<20))
		if err != nil {
			return err
		}
		defer decompressed.Close()
		return u.tar(decompressed)
	}
	return u.tar(buffered)
}

// xz decompresses with the xz program: the standard library has none.
func (u *unpacker) xz(r io.Reader) error {
	command := exec.Command("xz", "-dc")
	var words bytes.Buffer
	command.Stdin, command.Stderr = r, &words
	out, err := command.StdoutPipe()
	if err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return err
	}
	if err := u.tar(out); err != nil {
		command.Process.Kill()
		command.Wait()
		if words.Len() > 0 {
			return fmt.Errorf("%w: %s", err, strings.TrimSpace(words.String()))
		}
		return err
	}
	// An archive is padded behind its end. What is not read xz would wait with for ever, unless the pipe is closed.
	io.Copy(io.Discard, io.LimitReader(out, u.left.bytes))
	out.Close()
	if err := command.Wait(); err != nil {
		return fmt.Errorf("xz: %w: %s", err, strings.TrimSpace(words.String()))
	}
	return nil
}
