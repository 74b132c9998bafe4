// Package variadic is a golden for variadic parameters: they are passed on as they came, and can be a key.
package variadic

import "context"

// Option changes a call.
type Option func(*int)

// Cache holds values.
//
//guard:dependency name=cache
type Cache interface {
	//guard:probe
	Ping(ctx context.Context) error

	//guard:destructive budget=10/1m key=cache:keys
	Del(ctx context.Context, keys ...string) (int64, error)

	Eval(ctx context.Context, script string, args ...any) (any, error)

	Get(ctx context.Context, key string, options ...Option) (value string, err error)

	Each(ctx context.Context, functions ...func(key string, values ...int) error) error
}
