// variadic: variadics of every kind.
// verdict: guarded
package variadic

import "context"

// Option is one.
type Option func(*int)

//guard:dependency
type Dep interface {
	Any(ctx context.Context, args ...any) error
	Funcs(ctx context.Context, fns ...func(int) error) error
	Contexts(ctx ...context.Context) error
	Options(ctx context.Context, name string, options ...Option) (int, error)
	Slices(rows ...[]string) error
	Variadics(ctx context.Context, fns ...func(...int)) error
	Channels(ctx context.Context, chans ...<-chan int) error
	Structs(ctx context.Context, s ...struct{ N int }) error
	Errors(errs ...error) (rest []error, err error)
	Unnamed(context.Context, ...int) error
}
