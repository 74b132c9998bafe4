// single_line: interfaces on one line, methods separated by semicolons.
// verdict: guarded
package single_line

import "context"

//guard:dependency
type Dep interface{ Get(ctx context.Context) error; Put(ctx context.Context, a, b string) (n int, err error); Sync() error }
