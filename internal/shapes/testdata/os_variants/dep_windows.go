package os_variants

import "context"

//guard:dependency
type Dep interface {
	Complete(ctx context.Context, h Handle, overlapped uintptr) (uint32, error)
	Get(ctx context.Context, k string) error
}
