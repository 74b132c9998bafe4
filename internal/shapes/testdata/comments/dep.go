// comments: comments in every place, also ends of others, and directives between them.
// verdict: guarded
package comments

import "context"

// Dep is documented. It ends a comment: */ and begins one: /*
//
//	code := "indented"
//
//   - a list
//   - of two
//
// # Heading
//
// See [Dep.Get] and https://example.com/a?b=c#d.
//
//guard:dependency
type Dep interface { // behind the brace
	// floating comment

	/* Get has a general comment. */
	Get(ctx context.Context /* in */, key /* of */ string) ( /* out */ string, error) // behind

	/*
		Put has a long one,
		with go:build in it:
		//go:build never
	*/
	Put(ctx context.Context) error

	// Deprecated: use Get.
	Old(ctx context.Context) error
	// last, floating
}
