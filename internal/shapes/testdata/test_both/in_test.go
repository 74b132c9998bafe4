package test_both

import "context"

//guard:dependency name=inner
type Inner interface {
	Dep
	Put(ctx context.Context, i Item) error
}
