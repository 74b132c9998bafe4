package main

import (
	"context"
	"errors"
)

// The clients do next to nothing, so that what is measured is what stands before them.

// answer is what a call returns that goes well.
const answer = 1789

// item is what all calls are about.
const item = "42"

var errDown = errors.New("connection refused")

// well is what Ping returns.
type well struct{}

func (well) Ping(context.Context) error { return nil }

// prompt answers at once.
type prompt struct {
	well
	n int
}

//go:noinline
func (c *prompt) Get(context.Context, string) (int, error) { return c.n, nil }

// asking looks at its context before it answers.
type asking struct {
	well
	n int
}

//go:noinline
func (c *asking) Get(ctx context.Context, _ string) (int, error) {
	select {
	case <-ctx.Done():
		return 0, ctx.Err()
	default:
		return c.n, nil
	}
}

// flaky fails every other time. Not for concurrent use.
type flaky struct {
	well
	calls int
}

//go:noinline
func (c *flaky) Get(context.Context, string) (int, error) {
	if c.calls++; c.calls%2 == 1 {
		return 0, errDown
	}
	return answer, nil
}
