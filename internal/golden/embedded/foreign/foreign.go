// Package foreign declares what package embedded embeds.
package foreign

import "context"

// Record is what a Reader reads.
type Record struct{ Name string }

// Reader reads records.
type Reader interface {
	// Read returns the record called name.
	Read(ctx context.Context, name string) (*Record, error)

	// Count returns how many records there are.
	Count(ctx context.Context) (int, error)
}
