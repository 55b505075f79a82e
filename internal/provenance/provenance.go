// SPDX-License-Identifier: Apache-2.0

// Package provenance writes how a file came to be: an in-toto statement, version 1, with SLSA provenance, version 1.
//
// It is not for signing: whoever trusts a machine signs what that machine says.
package provenance

import (
	"bytes"
	"encoding/json"
	"time"
)

// Descriptor names something that a build took or made. One of URI and Digest must be there.
type Descriptor struct {
	Name        string            `json:"name,omitempty"`
	URI         string            `json:"uri,omitempty"`
	Digest      map[string]string `json:"digest,omitempty"` // by the algorithms' names in in-toto: "sha256", "gitCommit", "dirHash"
	Annotations map[string]string `json:"annotations,omitempty"`
}

// Build is what SLSA wants to know of a build.
type Build struct {
	Type         string       // a URI, which says what the parameters mean
	External     any          // parameters that whoever wanted the build has set
	Internal     any          // parameters that follow from these
	Dependencies []Descriptor // what it was made of
	Builder      Builder
	Started      time.Time // zero where nobody knows
	Finished     time.Time
}

// Builder is who built.
type Builder struct {
	ID           string            `json:"id"` // a URI
	Version      map[string]string `json:"version,omitempty"`
	Dependencies []Descriptor      `json:"builderDependencies,omitempty"`
}

// JSON is the statement that the build has made a file, which is called by its name and sha256. Times are told to the second.
func (b Build) JSON(name, sha256 string) []byte {
	type times struct {
		Started  time.Time `json:"startedOn,omitzero"`
		Finished time.Time `json:"finishedOn,omitzero"`
	}
	type definition struct {
		Type         string       `json:"buildType"`
		External     any          `json:"externalParameters"`
		Internal     any          `json:"internalParameters,omitempty"`
		Dependencies []Descriptor `json:"resolvedDependencies,omitempty"`
	}
	type run struct {
		Builder  Builder `json:"builder"`
		Metadata times   `json:"metadata"`
	}
	type predicate struct {
		Definition definition `json:"buildDefinition"`
		Run        run        `json:"runDetails"`
	}
	statement := struct {
		Type          string       `json:"_type"`
		Subject       []Descriptor `json:"subject"`
		PredicateType string       `json:"predicateType"`
		Predicate     predicate    `json:"predicate"`
	}{
		"https://in-toto.io/Statement/v1", []Descriptor{{Name: name, Digest: SHA256(sha256)}}, "https://slsa.dev/provenance/v1",
		predicate{definition{b.Type, b.External, b.Internal, b.Dependencies}, run{b.Builder, times{second(b.Started), second(b.Finished)}}},
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(statement); err != nil {
		panic("provenance: " + err.Error()) // it is made of strings
	}
	return text.Bytes()
}

// second is a time as SLSA wants it: UTC, and here without what is smaller.
func second(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }

// SHA256 is a digest.
func SHA256(hex string) map[string]string {
	if hex == "" {
		return nil
	}
	return map[string]string{"sha256": hex}
}
