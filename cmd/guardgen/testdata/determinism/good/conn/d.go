package conn

import "context"

// GetD gets what d has.
func (c *Conn) GetD(ctx context.Context, id string) error { return nil }
