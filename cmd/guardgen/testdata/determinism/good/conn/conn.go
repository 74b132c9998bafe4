// Package conn has a struct with methods in several files: their order is that of the files.
package conn

import "context"

// Conn is a connection.
//
//guard:dependency name=conn key=id
type Conn struct{}

// Ping asks for a sign of life.
//
//guard:probe
func (c *Conn) Ping(ctx context.Context) error { return nil }
