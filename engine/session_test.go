// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"context"
	"errors"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// The daemon may notice a deadline before the context does, and calls it one thing or the other.
func TestStopped(t *testing.T) {
	soon, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	later, cancelLater := context.WithTimeout(t.Context(), time.Hour)
	defer cancelLater()
	ended, end := context.WithCancel(t.Context())
	end()
	for _, test := range []struct {
		name string
		ctx  context.Context
		code codes.Code
		want error
	}{
		{"deadline, as such", later, codes.DeadlineExceeded, context.DeadlineExceeded},
		{"deadline, as a cancellation", soon, codes.Canceled, context.DeadlineExceeded},
		{"cancelled by somebody else", later, codes.Canceled, nil},
		{"no deadline", t.Context(), codes.Canceled, nil},
		{"cancelled", ended, codes.Canceled, context.Canceled},
		{"something else", soon, codes.Internal, nil},
	} {
		if got := stopped(test.ctx, status.Error(test.code, "")); !errors.Is(got, test.want) {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}
