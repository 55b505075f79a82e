// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// RecordEntry is one row of RECORD, the list of a wheel's files.
type RecordEntry struct {
	Path string
	// Hash is "sha256=" and the digest in URL-safe base64 without padding; empty for RECORD itself.
	Hash string
	Size int64 // -1 where the row has none
}

// ParseRecord reads RECORD.
func ParseRecord(raw []byte) ([]RecordEntry, error) {
	r := csv.NewReader(bytes.NewReader(raw))
	r.FieldsPerRecord, r.ReuseRecord = 3, true
	entries := make([]RecordEntry, 0, bytes.Count(raw, []byte("\n")))
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return entries, nil
		} else if err != nil {
			return nil, err
		}
		if strings.ContainsAny(row[0]+row[1], "\r\n\x00") { // no file can be called so, and readers differ in what they make of it
			return nil, fmt.Errorf("the row of %q has a line break in it", row[0])
		}
		e := RecordEntry{Path: row[0], Hash: row[1], Size: -1}
		if row[2] != "" {
			if e.Size, err = strconv.ParseInt(row[2], 10, 64); err != nil || e.Size < 0 {
				return nil, fmt.Errorf("the row of %s: %q is not a size", e.Path, row[2])
			}
		}
		entries = append(entries, e)
	}
}

// formatRecord writes RECORD as wheel builders do: commas, line feeds, quotes only where a name needs them.
func formatRecord(entries []RecordEntry) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	for _, e := range entries {
		size := ""
		if e.Size >= 0 {
			size = strconv.FormatInt(e.Size, 10)
		}
		// A bytes.Buffer never fails, and csv.Writer reports nothing else.
		_ = w.Write([]string{e.Path, e.Hash, size})
	}
	w.Flush()
	return b.Bytes()
}

// newRecordEntry describes a file of the given content.
func newRecordEntry(path string, content []byte) RecordEntry {
	return RecordEntry{Path: path, Hash: recordHash(content), Size: int64(len(content))}
}

func recordHash(content []byte) string {
	sum := sha256.Sum256(content)
	return "sha256=" + base64.RawURLEncoding.EncodeToString(sum[:])
}

// recorded says whether RECORD must list a file of a wheel: its own signatures, long deprecated, can not be in it.
func recorded(path string) bool {
	return !strings.HasSuffix(path, ".dist-info/RECORD.jws") && !strings.HasSuffix(path, ".dist-info/RECORD.p7s")
}
