// no_err_destructive: destructive and heavy methods that report no error.
// verdict: refused
// dep.go:11:2: Drop reports no error and cannot be refused: give it an error result, or leave it out of the interface
// dep.go:13:2: Scan reports no error and cannot be refused: give it an error result, or leave it out of the interface
package no_err_destructive

import "context"

//guard:dependency
type Dep interface {
	//guard:destructive budget=none key=k
	Drop(ctx context.Context, k string)
	//guard:heavy
	Scan(ctx context.Context) []string
}
