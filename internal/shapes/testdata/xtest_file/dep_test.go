package xtest_file_test

import (
	"context"

	"github.com/guardgen/guardgen/shapes/xtest_file"
)

//guard:dependency
type Dep interface {
	Get(ctx context.Context, i xtest_file.Item) (*xtest_file.Item, error)
}
