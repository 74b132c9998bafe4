package test_file

import "context"

type seen struct{ n int }

//guard:dependency
type Dep interface {
	Get(ctx context.Context, i Item) (seen, error)
}
