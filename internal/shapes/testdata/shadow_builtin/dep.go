// shadow_builtin: parameters and results named like what Go predeclares.
// verdict: guarded
package shadow_builtin

import "context"

//guard:dependency key=string
type Dep interface {
	A(ctx context.Context, len int, append []string, nil *int, true bool) (string string, error error)
	B(ctx context.Context, string string, error string, any string, new string, make int) (panic int, recover error)
	C(error error, bool bool) (int int, nil error)
	D(ctx context.Context, iota, cap, copy, close, clear, min, max int) (false bool, print error)
}
