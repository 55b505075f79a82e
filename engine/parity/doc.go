// SPDX-License-Identifier: Apache-2.0

// Package parity holds the tests that keep one program working on two engines:
//
//   - what package engine exports is what dagger.io/dagger exports under the same names;
//   - what dagger.json lets Dagger see of the repository compiles against dagger.io/dagger alone;
//   - every function of the module has a form that Dagger's code generation accepts.
//
// They compare types and run nothing: what the calls do is the subject of package enginetest. The tests read files
// outside of their module, which go test's cache does not notice: run them with -count=1.
package parity
