// SPDX-License-Identifier: Apache-2.0

package provenance

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var sum = strings.Repeat("ab", 32)

// sample has something of everything.
func sample() Build {
	return Build{
		Type: "urn:example:build", External: map[string]string{"name": "demo"}, Internal: map[string]any{"stages": []any{map[string]any{"commands": [][]string{{"sh"}}}}},
		Dependencies: []Descriptor{{Name: "x", URI: "pkg:generic/x@1", Digest: SHA256(sum), Annotations: map[string]string{"key": "k"}}, {Name: "recipe", Digest: map[string]string{"dirHash": sum}}},
		Builder:      Builder{ID: "urn:example", Version: map[string]string{"demo": "v1"}, Dependencies: []Descriptor{{Name: "program", Digest: SHA256(sum)}}},
		Started:      time.Date(2026, 1, 2, 3, 4, 5, 999, time.FixedZone("", 3600)), Finished: time.Date(2026, 1, 2, 3, 5, 5, 0, time.UTC),
	}
}

func TestTimes(t *testing.T) {
	if text := sample().JSON("demo.whl", sum); !bytes.Contains(text, []byte(`"startedOn": "2026-01-02T02:04:05Z"`)) || !bytes.Contains(text, []byte(`"finishedOn": "2026-01-02T03:05:05Z"`)) {
		t.Errorf("got %s", text)
	}
	if text := (Build{}).JSON("demo.whl", sum); bytes.Contains(text, []byte("On\"")) {
		t.Errorf("of no times: %s", text)
	}
}

// TestSchema has the in-toto project's own bindings read statements. They refuse fields that they do not know.
func TestSchema(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it needs the network")
	}
	python := filepath.Join(t.TempDir(), "venv", "bin", "python")
	for _, command := range [][]string{
		{"python3", "-m", "venv", filepath.Dir(filepath.Dir(python))},
		{python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "in-toto-attestation==0.9.3"},
	} {
		if out, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%q: %v\n%s", command, err, out)
		}
	}
	const validate = `
import json, sys
from google.protobuf.json_format import Parse, MessageToJson
from in_toto_attestation.predicates.provenance.v1.provenance_pb2 import Provenance
from in_toto_attestation.v1.resource_descriptor import ResourceDescriptor
from in_toto_attestation.v1.statement import Statement
from in_toto_attestation.v1.statement_pb2 import Statement as Message
message = Parse(sys.stdin.read(), Message())
Statement.copy_from_pb(message).validate()
assert message.predicate_type == "https://slsa.dev/provenance/v1"
predicate = Parse(MessageToJson(message.predicate), Provenance())
assert predicate.build_definition.build_type and predicate.run_details.builder.id
for dependency in predicate.build_definition.resolved_dependencies:
    ResourceDescriptor.copy_from_pb(dependency).validate()
    assert dependency.uri or dependency.digest
`
	right := sample().JSON("demo.whl", sum)
	for name, c := range map[string]struct {
		text  []byte
		right bool
	}{
		"everything": {right, true}, "nothing of the file": {sample().JSON("demo.whl", ""), false},
		"another field": {bytes.Replace(right, []byte("startedOn"), []byte("begunOn"), 1), false},
	} {
		command := exec.Command(python, "-c", validate)
		command.Stdin = bytes.NewReader(c.text)
		if out, err := command.CombinedOutput(); (err == nil) != c.right {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}
