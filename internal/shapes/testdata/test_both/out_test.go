package test_both_test

import (
	"context"

	"github.com/guardgen/guardgen/shapes/test_both"
)

//guard:dependency name=outer
type Outer interface {
	test_both.Dep
	Put(ctx context.Context, i test_both.Item) error
}
