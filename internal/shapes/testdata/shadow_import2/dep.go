// shadow_import2: results that hide imports, and parameters that hide those of the generated file.
// verdict: guarded
package shadow_import2

import (
	"context"
	"net/url"
	"time"
)

//guard:dependency timeout=2s
type Dep interface {
	A(ctx context.Context, from time.Time) (time time.Time, url *url.URL, err error)
	B(runtime string, errors string) (context string, guard int, err error)
	//guard:destructive budget=none key=guard
	C(ctx context.Context, guard string, any int) (new []string, err error)
}
