package conn

import "context"

// GetB gets what b has.
func (c *Conn) GetB(ctx context.Context, id string) error { return nil }
