package unread

import "context"

/* want "//guard:dependency has no effect here: interfaces in _test.go files are not supported yet" */ //guard:dependency
type InTest interface {
	F(ctx context.Context) error
}
