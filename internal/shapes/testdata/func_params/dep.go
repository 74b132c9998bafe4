// func_params: functions as parameters and results.
// verdict: guarded
package func_params

import "context"

// Handler handles.
type Handler func(ctx context.Context, name string) error

//guard:dependency
type Dep interface {
	Each(ctx context.Context, fn func(key string, value []byte) (more bool, err error)) error
	Two(ctx context.Context, first, second func(int)) error
	Handle(ctx context.Context, h Handler) (func(), error)
	Deep(ctx context.Context, fn func(func(string) func(...int) error) (func(), error)) (undo func() (func(), error), err error)
	Map(ctx context.Context, fns map[string]func(a, b int) int) error
}
