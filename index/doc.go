// SPDX-License-Identifier: Apache-2.0

// Package index makes a static package index of wheels: the folder simple/ that pip and its kin install from, on any host of
// files or from the disk.
//
// It is a pure function of what it is told: [Render] takes a [File] for each wheel and gives pages, the same bytes for the same files in any
// order, on any clock. It needs no wheel's bytes, since nothing but the pages is made here; [FromWheel] describes a wheel that is at hand.
// The wheels themselves belong beside the pages, at simple/{project}/{file name}, and a publisher puts them there before the pages.
//
// The package does not build, check or change wheels (package wheel does), and serves nothing.
//
// What is written, and why:
//
//   - simple/index.html and simple/{project}/index.html: PEP 503 and its successors, for every client and every dumb host.
//   - index.v1_json beside each of them: the same as JSON (PEP 691, 700), for hosts that can choose by Accept. HTML is frozen
//     (PEP 833), so that what is new in the standards comes only there.
//   - simple/{project}/{file name}.metadata: METADATA byte for byte (PEP 658), so that resolvers need not fetch wheels.
//
// All links are relative: the folder works under any prefix. The metadata hash is offered under the new name (core-metadata) alone,
// without the old alias that PEP 714 allows: the OT-2's pip 22.3.1 crashes on one form of the old name and misreads the other.
package index
