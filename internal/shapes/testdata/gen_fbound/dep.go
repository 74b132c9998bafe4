// gen_fbound: constraints that name the parameter itself, and each other.
// verdict: guarded
package gen_fbound

import "context"

// Node knows its next.
type Node[T any] interface{ Next() T }

// Link is a Node.
type Link struct{ N int }

// Next returns the next link.
func (l *Link) Next() *Link { return nil }

// Graph and Edge need each other.
type (
	Graph[E any] interface{ Edges() []E }
	Edge[G any]  interface{ Of() G }
)

// City and Road need each other, too.
type (
	City struct{ Name string }
	Road struct{ Name string }
)

// Edges are the roads.
func (c *City) Edges() []*Road { return nil }

// Of is the city.
func (r *Road) Of() *City { return nil }

//shape:args Dep *Link
//shape:args Atlas *City,*Road

//guard:dependency
type Dep[T Node[T]] interface {
	Walk(ctx context.Context, from T) (T, error)
}

//guard:dependency name=dep
type Atlas[G Graph[E], E Edge[G]] interface {
	Route(ctx context.Context, from, to G) ([]E, error)
}
