// SPDX-License-Identifier: Apache-2.0

// crosswheel:stand-in
//
// On Dagger, code that it generates takes the place of this file, in Dagger's own copy of the tree. This one makes the
// module a program of its own, on the embedded engine: `go run . FUNCTION …` is what `dagger call FUNCTION …` is there.
// Should generated code ever stand here in your tree (`dagger develop` writes it), take the stand-ins back:
//
//	git checkout dagger.gen.go internal/dagger/dagger.gen.go

package main

import (
	"embed"

	"crosswheel/engine/call"
	"crosswheel/internal/dagger"
)

var dag = dagger.Connect()

// source holds every file that declares New or an object of the module: their comments are the command line's help.
//
//go:embed audit.go bundle.go facts.go index.go main.go metayaml.go recipes.go sdk.go targets.go verify.go
var source embed.FS

func main() {
	hostPath = call.HostPath
	call.Main(call.Module{New: New, Source: source, Client: dag})
}
