// Package declaredby annotates types that are declared by others, whose directives hold for them.
package declaredby

import (
	"context"
	"io"
)

// Base is a store.
type Base[K comparable] interface {
	//guard:probe
	Ping(ctx context.Context) error
	//guard:heavy
	List(ctx context.Context) ([]K, error)
	//guard:destructive budget=none key=id
	Drop(ctx context.Context, id K) error
}

//guard:dependency name=alias
//guard:call List timeout=1s
type Alias = Base[string]

//guard:dependency name=generic
type Generic[K comparable] = Base[K]

//guard:dependency name=defined
//guard:safe Drop
type Defined Base[int]

//guard:dependency name=literal optional
type Literal = interface{ F(ctx context.Context) error }

//guard:dependency name=closer optional
//guard:skip Close
type Closer io.Closer

//guard:dependency name=nope
/* want "the interface has no method Nope: there are Ping, List and Drop" */ //guard:heavy Nope
type Nope = Alias
