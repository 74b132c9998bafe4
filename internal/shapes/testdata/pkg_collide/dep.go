// pkg_collide: declarations of the package named like imports of the generated file.
// verdict: guarded
package pkg_collide

import ctx "context"

var (
	context = 1
	errors  = 2
	sync    = 3
	time    = 4
	guard   = 5
)

// These are names that a generated file might use.
type (
	redis    struct{ n int }
	registry struct{ n int }
	next     struct{ n int }
	options  struct{ n int }
	wrapper  struct{ n int }
	err      struct{ n int }
	call     struct{ n int }
	g        struct{ n int }
	probe    struct{ n int }
)

func guardedDepSpec() []int { return []int{context, errors, sync, time, guard} }

//guard:dependency timeout=2s
type Dep interface {
	//guard:probe
	Ping(c ctx.Context) error
	Get(c ctx.Context, r redis, s registry, n next, o options) (*wrapper, error)
	Put(g, call) (err, *probe, error)
	//guard:destructive budget=none key=k
	Drop(k string) error
}

var _ = guardedDepSpec
