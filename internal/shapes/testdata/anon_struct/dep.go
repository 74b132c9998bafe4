// anon_struct: structs without a name, with tags and embedded fields.
// verdict: guarded
package anon_struct

import (
	"context"
	"net/url"
)

// Base is embedded.
type Base struct{ ID int }

//guard:dependency
type Dep interface {
	A(ctx context.Context, req struct {
		Name string `json:"name,omitempty" db:"n"`
		*url.URL
		Base  `json:"base"`
		Inner struct {
			N int "a:\"b`c\""
		}
	}) error
	B(ctx context.Context, s struct{}, p *struct{ A, B int }) (struct {
		X, Y int
		F    func() `x:"y"`
	}, error)
	C(ctx context.Context, list []struct{ N int }, m map[struct{ K string }]struct{}) error
}
