package struct_files

import "context"

// Get gets.
func (c *client) Get(ctx context.Context, key string) (value string, err error) {
	c.r.Called("Get", ctx, key).Into(&value, &err)
	return
}

// Drop drops.
//
//guard:destructive budget=none key=key
func (c *client) Drop(ctx context.Context, key string) (err error) {
	c.r.Called("Drop", ctx, key).Into(&err)
	return
}
