// same_named: packages of the same name.
// verdict: guarded
package same_named

import (
	"context"
	htmpl "html/template"
	"text/template"

	"github.com/guardgen/guardgen/shapes/same_named/context/guard"
	ctx2 "github.com/guardgen/guardgen/shapes/same_named/lib/context"
	runtime2 "github.com/guardgen/guardgen/shapes/same_named/lib/time"
)

//guard:dependency timeout=3s
type Dep interface {
	Render(ctx context.Context, t *template.Template, h *htmpl.Template) error
	Run(ctx context.Context, c ctx2.Context, g guard.Method, d runtime2.Duration) (guard.Spec, error)
	Free(c ctx2.Context) (g *guard.Method, err error)
}
