package conn

import "context"

// GetC gets what c has.
func (c *Conn) GetC(ctx context.Context, id string) error { return nil }
