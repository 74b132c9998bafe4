// Package tests is a golden for annotated interfaces in test files, of the package and outside of it.
package tests

import "context"

// Fake is only there for tests.
//
//guard:dependency name=fake
type Fake interface {
	Store
	Set(ctx context.Context, id ID, secret secret) error
}

// Extra is no method of the client outside of tests.
func (c *Client) Extra() error { return nil }
