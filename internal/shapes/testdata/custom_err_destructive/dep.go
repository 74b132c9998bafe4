// custom_err_destructive: a custom error type of a destructive method, without refuse=.
// verdict: refused
// dep.go:16:2: Drop reports its error as *APIError, and nothing makes one of a refusal: write //guard:call refuse= with a func(error) *APIError
package custom_err_destructive

import "context"

// APIError is one.
type APIError struct{ Code int }

// Error is its text.
func (e *APIError) Error() string { return "code" }

//guard:dependency
type Dep interface {
	//guard:destructive budget=none key=k
	Drop(ctx context.Context, k string) *APIError
}
