// struct_alias: aliases of structs, instantiated and of other packages, and a struct defined by one that embeds.
// verdict: guarded
package struct_alias

import (
	"github.com/guardgen/guardgen/internal/exercise"
	"github.com/guardgen/guardgen/shapes/struct_alias/base"
)

//guard:dependency
//guard:destructive Drop budget=none key=name
type Dep = base.Client

func fakeDep(r *exercise.Recorder) *Dep { return base.New(r) }

//guard:dependency name=store
type Store = base.Store[string, *base.Item]

func fakeStore(r *exercise.Recorder) *Store { return &Store{R: r} }

//shape:args Any int

//guard:dependency name=any
type Any[T any] = base.Store[T, []T]

func fakeAny[T any](r *exercise.Recorder) *Any[T] { return &Any[T]{R: r} }

type outer struct{ *base.Client }

//guard:dependency name=defined
//guard:safe Drop
type Defined outer

func fakeDefined(r *exercise.Recorder) *Defined { return &Defined{base.New(r)} }
