// SPDX-License-Identifier: Apache-2.0

// Package wheel reads, writes and audits Python wheels.
//
// A wheel is a zip file with a name that says where it installs ([ParseFilename]), metadata that says what it is ([Open]), and a list
// of its own files (RECORD). [Pack] makes one from a folder, the same bytes each time; [DecideTags] is where a wheel's tag is decided;
// [Audit] proves that it can be imported on a [Target], without running it: installers check next to nothing, so this is the only gate
// between a build and a robot.
//
// The audit's rules all have a code; [Codes] explains each of them.
//
// The package knows files and formats only. It builds nothing, runs nothing and downloads nothing, and it knows neither recipes nor
// engines; the pages that offer wheels to an installer are package index's.
//
// What is wrong with a wheel is a [Finding]; a file that is not a wheel at all is a [*FormatError], which converts to one.
package wheel
