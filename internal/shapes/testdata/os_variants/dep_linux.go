package os_variants

import "context"

//guard:dependency
type Dep interface {
	Epoll(ctx context.Context, h Handle) (int, error)
	Get(ctx context.Context, k string) error
}
