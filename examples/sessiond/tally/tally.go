// Package tally counts calls by method: a layer that a test puts around a client, or between a wrapper and its client, to
// see which calls arrive.
package tally

import (
	"maps"
	"sync"
)

// Count is how often each method was called. The zero value is ready; safe for concurrent use.
type Count struct {
	mu    sync.Mutex
	calls map[string]int
}

// add notes a call.
func (c *Count) add(method string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.calls == nil {
		c.calls = make(map[string]int)
	}
	c.calls[method]++
}

// Calls returns how often each method was called; those never called are missing.
func (c *Count) Calls() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.calls)
}

// Total returns the number of all calls.
func (c *Count) Total() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	total := 0
	for _, calls := range c.calls {
		total += calls
	}
	return total
}
