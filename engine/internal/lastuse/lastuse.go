// SPDX-License-Identifier: Apache-2.0

// Package lastuse lets a caller say that nobody needs an object after a call: then a folder of the program's own may be moved where it would
// otherwise be copied. It is no part of the engine's interface, which is Dagger's.
package lastuse

import "context"

type key struct{}

// With says that the call is the last one that uses its object.
func With(ctx context.Context) context.Context { return context.WithValue(ctx, key{}, true) }

// Is says whether that was said.
func Is(ctx context.Context) bool { return ctx.Value(key{}) != nil }
