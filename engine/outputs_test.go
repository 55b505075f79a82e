// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/moby/buildkit/client"
	"github.com/opencontainers/go-digest"
)

// The daemon cuts long reports in pieces: what a vertex wrote last comes after the news that it has ended.
func TestOutputComesInPieces(t *testing.T) {
	o, err := newOutputs(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	r := o.recorder()
	began, ended := time.Now(), time.Now()
	good, bad := digest.FromString("good"), digest.FromString("bad")
	input := []digest.Digest{digest.FromString("input")}
	say := func(v digest.Digest, text string) []*client.VertexLog {
		return []*client.VertexLog{{Vertex: v, Stream: 1, Data: []byte(text)}}
	}
	mark, seen := o.mark()
	marked := []*client.VertexWarning{{Short: []byte(mark)}}
	r.record(&client.SolveStatus{
		Vertexes: []*client.Vertex{
			{Digest: good, Inputs: input, Started: &began, Completed: &ended},
			{Digest: bad, Inputs: input, Started: &began, Completed: &ended, Error: "exit"},
		},
		Logs:     say(good, "one "),
		Warnings: marked,
	})
	<-seen
	last := &client.SolveStatus{Logs: append(say(good, "two"), say(bad, "three")...), Warnings: []*client.VertexWarning{{Short: []byte(mark)}}}
	r.record(last)
	if len(last.Warnings) != 0 {
		t.Error("a mark is left for people to see")
	}
	mark, seen = o.mark()
	r.record(&client.SolveStatus{Warnings: []*client.VertexWarning{{Short: []byte(mark)}}})
	<-seen
	if out, ok, err := o.find(good); !ok || err != nil || string(out.Stdout) != "one two" {
		t.Errorf("the good one wrote %q, %v, %v", out.Stdout, ok, err)
	}
	if out, _ := o.tails(bad); out != "three" {
		t.Errorf("the bad one wrote %q", out)
	}

	// A later solve that needs the same run tells of it again, without what it wrote.
	r.record(&client.SolveStatus{Vertexes: []*client.Vertex{{Digest: good, Inputs: input, Started: &began, Completed: &ended}}})
	r.close()
	if out, _, _ := o.find(good); string(out.Stdout) != "one two" {
		t.Errorf("after it was told again, the good one wrote %q", out.Stdout)
	}
}

func TestOldOutputsAreRemoved(t *testing.T) {
	dir := t.TempDir()
	o, err := newOutputs(dir)
	if err != nil {
		t.Fatal(err)
	}
	old, young := digest.FromString("old"), digest.FromString("young")
	for _, v := range []digest.Digest{old, young} {
		if err := writeFile(o.path(v), execOutput{Stdout: []byte("x")}); err != nil {
			t.Fatal(err)
		}
	}
	before := time.Now().Add(-2 * outputAge)
	if err := os.Chtimes(o.path(old), before, before); err != nil {
		t.Fatal(err)
	}
	if o, err = newOutputs(dir); err != nil {
		t.Fatal(err)
	}
	_, haveOld, _ := o.find(old)
	_, haveYoung, _ := o.find(young)
	if haveOld || !haveYoung {
		t.Errorf("old: %v, young: %v", haveOld, haveYoung)
	}
}

func TestTail(t *testing.T) {
	text := strings.Repeat("a", maxTail) + "end"
	if got := string(tail([]byte(text))); got != "[omitting 3 bytes]..."+text[3:] {
		t.Errorf("%.40q", got)
	}
	if got := string(tail([]byte("short"))); got != "short" {
		t.Errorf("%q", got)
	}
}
