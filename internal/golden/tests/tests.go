// Package tests is a golden for annotated interfaces in test files, of the package and outside of it.
package tests

import "context"

// ID names a thing.
type ID string

type secret int

// Store is an interface of the package itself; GuardedFake, which its tests declare, does not get into its way.
//
//guard:dependency name=store
type Store interface {
	//guard:probe
	Ping(ctx context.Context) error
}

// Client is a struct that has one more method in tests.
//
//guard:dependency name=client
type Client struct{ Store }
