// SPDX-License-Identifier: Apache-2.0

package engine

import "context"

// lazy is a value that is computed by the first get and kept. It is the whole of laziness in this package: values of
// the API hold one, and each With… wraps the one before.
type lazy[T any] struct {
	compute func(context.Context) (T, error)
	turn    chan struct{} // holds one token: who takes it may look at or write the fields below
	done    bool
	value   T
	err     error
}

func later[T any](compute func(context.Context) (T, error)) *lazy[T] {
	return &lazy[T]{compute: compute, turn: make(chan struct{}, 1)}
}

func now[T any](value T) *lazy[T] {
	l := later[T](nil)
	l.done, l.value = true, value
	return l
}

// get returns the value, computing it if it is not known. A failure is kept too, unless the context ended: that says
// nothing about the value.
func (l *lazy[T]) get(ctx context.Context) (T, error) {
	var none T
	select {
	case l.turn <- struct{}{}:
		defer func() { <-l.turn }()
	case <-ctx.Done():
		return none, ctx.Err()
	}
	if l.done {
		return l.value, l.err
	}
	value, err := l.compute(ctx)
	if ctx.Err() != nil && err != nil {
		return none, err
	}
	l.value, l.err, l.done, l.compute = value, err, true, nil
	return value, err
}

// peek returns the value if it is known. It waits for a computation under way.
func (l *lazy[T]) peek() (T, bool) {
	l.turn <- struct{}{}
	defer func() { <-l.turn }()
	return l.value, l.done && l.err == nil
}

// then is the value that f makes of l's.
func then[T, U any](l *lazy[T], f func(context.Context, T) (U, error)) *lazy[U] {
	return later(func(ctx context.Context) (U, error) {
		value, err := l.get(ctx)
		if err != nil {
			var none U
			return none, err
		}
		return f(ctx, value)
	})
}

func failed[T any](err error) *lazy[T] {
	return later(func(context.Context) (T, error) {
		var none T
		return none, err
	})
}
