// pkg_named_any: imports packages named any, error and string under these names.
// verdict: guarded
package pkg_named_any

import (
	"context"

	"github.com/guardgen/guardgen/shapes/pkg_named_any/any"
	"github.com/guardgen/guardgen/shapes/pkg_named_any/string"
)

//guard:dependency key=name
type Dep interface {
	//guard:destructive budget=none
	Drop(ctx context.Context, name *any.Name) (string.Builder, error)
}
