package conn

import "context"

// GetA gets what a has.
func (c *Conn) GetA(ctx context.Context, id string) error { return nil }
