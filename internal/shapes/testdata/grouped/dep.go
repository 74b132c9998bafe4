// grouped: a group of declarations, annotated above the group and above each, with empty lines and other types between.
// verdict: guarded
package grouped

import "context"

//guard:dependency
type (
	// First is one.
	First interface {
		Get(ctx context.Context) error
	}

	// Second is another.
	//
	//guard:heavy List
	Second interface {
		List(ctx context.Context) ([]string, error)
	}
)

type (
	// Item is none.
	Item struct{ N int }

	// Third is a third.
	//
	//guard:dependency name=fourth wrapper=thirdClient
	Third interface{ Get(ctx context.Context, i Item) error }
)
