// shadow_import: parameters that hide the imports they need.
// verdict: guarded
package shadow_import

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

//guard:dependency
type Dep interface {
	A(ctx context.Context, url *url.URL, time time.Time, http *http.Request) (*url.URL, error)
	B(context context.Context, guard string) (time.Duration, error)
	C(guard int, context string) error
}
