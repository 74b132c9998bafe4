// no_err_destructive: destructive and heavy methods that report no error.
// verdict: refused: cannot be refused
package no_err_destructive

import "context"

//guard:dependency
type Dep interface {
	//guard:destructive budget=none key=k
	Drop(ctx context.Context, k string)
	//guard:heavy
	Scan(ctx context.Context) []string
}
