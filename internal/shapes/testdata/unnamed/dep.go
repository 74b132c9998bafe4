// unnamed: parameters and results without names.
// verdict: guarded
package unnamed

import (
	"context"
	"net/url"
	"time"
)

// Type is a name that makes none for a parameter.
type Type struct{ N int }

//guard:dependency
type Dep interface {
	A(context.Context, string, string, int) (string, string, error)
	B(Type, *Type, []Type, map[string]Type, func(Type), chan Type) (Type, error)
	C(context.Context, *url.URL, time.Time, time.Duration, []byte, [3]int) (*url.URL, error)
	D(error, error) error
	E(context.Context, any, interface{}, struct{}, bool, float64, complex128) (bool, error)
}
