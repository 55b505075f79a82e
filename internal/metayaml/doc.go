// SPDX-License-Identifier: Apache-2.0

// Package metayaml turns meta.yaml files, the recipes of Pyodide, into recipes of ours, and reports of every key what became of it:
// converted, dropped with the reason, or left to a person.
//
// The way through it is [Import] for a tree of such files, [Convert] for one. keys.go has Pyodide's keys as a table, words.go those of our
// language that a conversion writes. Whatever our language refuses, as it is in this program, is kept in the recipe as a comment and
// goes to a person: nothing is lost, and what comes out loads.
//
// The package is not for building, nor for judging whether a converted recipe builds: a meta.yaml is about WebAssembly, and what its
// scripts and patches do there has to be read by somebody. It asks no network: whether a source is still where it was is found out by
// building. It does not follow meta.yaml of conda, which has templates and selectors.
package metayaml
