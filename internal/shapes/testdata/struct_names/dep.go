// struct_names: a struct whose fields and methods are named like what is generated.
// verdict: guarded
package struct_names

import (
	"context"

	"github.com/guardgen/guardgen/internal/exercise"
)

// Guarded is a client.
//
//guard:dependency wrapper=Client
type Guarded struct {
	next, get, wrapped string
	r                  *exercise.Recorder
}

func fakeGuarded(r *exercise.Recorder) *Guarded { return &Guarded{r: r} }

// Next is a method.
func (g *Guarded) Next(ctx context.Context) (err error) {
	g.r.Called("Next", ctx).Into(&err)
	return
}

// Guarded is a method named like its type.
func (self *Guarded) Guarded(ctx context.Context, next, g string) (err error) {
	self.r.Called("Guarded", ctx, next, g).Into(&err)
	return
}
