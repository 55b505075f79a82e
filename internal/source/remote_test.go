// SPDX-License-Identifier: Apache-2.0

package source

import (
	"archive/zip"
	"bytes"
	"fmt"
	"math/rand"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"
)

// TestRemoteNames: of a large archive the directory alone is fetched, from servers that give parts; others give all.
func TestRemoteNames(t *testing.T) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	var want []string
	for i := range 8000 { // a directory of more than one block
		name := fmt.Sprintf("numpy/%s%04d.cpython-311-x86_64-linux-gnu.so", "core", i)
		want = append(want, name)
		if _, err := w.Create(name); err != nil {
			t.Fatal(err)
		}
	}
	big, err := w.CreateHeader(&zip.FileHeader{Name: "big", Method: zip.Store})
	if err != nil {
		t.Fatal(err)
	}
	content := make([]byte, 8<<20)
	rand.New(rand.NewSource(1)).Read(content)
	big.Write(content)
	want = append(want, "big")
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for _, ranges := range []bool{true, false} {
		sent := 0
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !ranges {
				r.Header.Del("Range")
			}
			http.ServeContent(&counting{w, &sent}, r, "a.whl", time.Time{}, bytes.NewReader(b.Bytes()))
		}))
		names, err := RemoteNames(t.Context(), s.URL)
		s.Close()
		if err != nil || !slices.Equal(names, want) {
			t.Errorf("ranges %v: %d names, %v", ranges, len(names), err)
		}
		if ranges && sent > 2<<20 {
			t.Errorf("%d bytes of %d were sent", sent, b.Len())
		}
	}
	url, _ := server(t, says(404, ""))
	if _, err := RemoteNames(t.Context(), url); err == nil {
		t.Error("what is not there has names")
	}
	url, _ = server(t, says(200, "no archive"))
	if _, err := RemoteNames(t.Context(), url); err == nil {
		t.Error("what is no archive has names")
	}
}

// counting counts what is sent.
type counting struct {
	http.ResponseWriter
	sent *int
}

func (c *counting) Write(p []byte) (int, error) {
	*c.sent += len(p)
	return c.ResponseWriter.Write(p)
}
