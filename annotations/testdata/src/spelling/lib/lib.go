// Package lib has an interface that others embed.
package lib

import "context"

// Store is annotated only for those who embed it.
type Store interface {
	/* want "not a directive as it is spelt: write //guard:destructive" */ //gaurd:destructive
	Del(ctx context.Context, id string) error
	/* want "//guard:heavy has no effect here: put it directly above a method" */ //guard:heavy

	List(ctx context.Context) error
}
