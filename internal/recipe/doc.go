// SPDX-License-Identifier: Apache-2.0

// Package recipe reads recipes, the HCL files that say how a Python package or a C library is built, and targets.hcl, which names the
// firmwares that they are built for.
//
// The way through it is [Load], which parses a folder of recipes and checks all that no target is needed for; [Set.Evaluate], which
// gives every expression its value for one target; then [Select] or [Find], and [Order].
//
// Mistakes of the person who wrote a file are diagnostics: they have a position, they accumulate, and they come sorted and rendered by
// [WriteDiagnostics]. A mistake on a command line (an unknown name in a selector) is an error. A mistake of the calling program panics.
//
// The package is not for fetching, building or testing anything: it opens no file outside the folder that it is given, and knows no
// engine. It asks no index whether a version exists, and leaves requirements (PEP 508) to the tools that install them.
//
// # What a version block says again
//
// A version block may say anything that the package block says, but for other versions. Attributes and blocks are laid over the
// package's, attribute by attribute: what the version sets replaces the whole value (lists and maps are not joined), what it
// leaves out stays. An attribute set to null counts as left out, so a version can take a package's value back. Of the blocks that say where a source comes from
// there can be only one: a version's replaces the package's.
package recipe
