// SPDX-License-Identifier: Apache-2.0

// Package enginetest holds the conformance cases of package engine: what each call of the Dagger client does, shown on
// real containers.
package enginetest
