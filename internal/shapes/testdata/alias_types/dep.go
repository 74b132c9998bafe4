// alias_types: aliases of types in signatures, of internal ones, too.
// verdict: guarded
package alias_types

import (
	"context"

	"github.com/guardgen/guardgen/shapes/alias_types/lib"
)

// ID is an alias.
type ID = string

// Row is an alias of a type without a name.
type Row = []struct{ N int }

type hidden struct{ n int }

// Shown is an alias of an unexported type.
type Shown = *hidden

//guard:dependency
type Dep interface {
	Get(ctx context.Context, id ID) (Row, error)
	See(ctx context.Context, s Shown, o lib.Opaque) (lib.Handle, error)
	Bytes(ctx context.Context, b byte, r rune, u uint8, i int32, a any, e interface{}) ([]byte, []rune, error)
}
