// SPDX-License-Identifier: Apache-2.0

// Package index makes a static package index of wheels: the folder simple/ that pip and its kin install from, on any host of
// files or from the disk.
//
// It is a pure function of what it is told: [Write] takes wheels, descriptions of wheels ([File]) and an index that is published already, and gives
// files, the same bytes for the same wheels in any order, on any clock. A project is the unit of work: its wheels are read, merged with what is
// published and written before the next one's, several projects side by side, so that memory does not grow with the number of wheels. The wheels
// themselves belong beside the pages, at simple/{project}/{file name}.
//
// The package does not build, check or change wheels (package wheel does), and serves nothing. Pages for people are package site's.
//
// What is written, and why:
//
//   - simple/index.html and simple/{project}/index.html: PEP 503 and its successors, for every client and every dumb host.
//   - index.v1_json beside each of them: the same as JSON (PEP 691, 700), for hosts that can choose by Accept. HTML is frozen
//     (PEP 833), so that what is new in the standards comes only there.
//   - simple/{project}/{file name}.metadata: METADATA byte for byte (PEP 658), so that resolvers need not fetch wheels.
//   - packages.json and SHA256SUMS: for programs; and what an index is merged by, a project to a line ([ParsePublished]).
//
// All links are relative: the folder works under any prefix. The metadata hash is offered under the new name (core-metadata) alone,
// without the old alias that PEP 714 allows: the OT-2's pip 22.3.1 crashes on one form of the old name and misreads the other.
package index
