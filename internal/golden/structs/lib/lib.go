// Package lib holds clients of somebody else.
package lib

import "context"

// Conn is a connection.
type Conn struct {
	Log func(method string, arguments ...any) error
}

func (c *Conn) log(method string, arguments ...any) error {
	if c.Log == nil {
		return nil
	}
	return c.Log(method, arguments...)
}

// Ping asks for a sign of life.
func (c *Conn) Ping(ctx context.Context) error { return c.log("Ping", ctx) }

// Drop drops a table.
func (c Conn) Drop(ctx context.Context, table string) error { return c.log("Drop", ctx, table) }

// Pool is a client of its own.
type Pool struct {
	Conn
	log func()
}

// Acquire waits for a connection.
func (p *Pool) Acquire(ctx context.Context) (*Conn, error) { return &p.Conn, nil }

// Size is what it says.
func (p *Pool) Size() int { return 1 }
