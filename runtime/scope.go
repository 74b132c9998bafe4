package guard

import (
	"context"
	"sync/atomic"
	"time"
)

// scopeKey finds the scope in a context.
type scopeKey struct{}

// scope is one unit of work. A failure in it taints it, until hold after the last one. Safe for concurrent use.
type scope struct {
	parent *scope
	taint  atomic.Pointer[taint]
}

// taint is an unresolved failure. Immutable.
type taint struct {
	until      time.Time
	dependency string
	cause      error
}

// NewScope returns a context that carries a scope of its own: a request, a job, or one turn of a loop; never a
// connection's or a program's whole life, which would be tainted for good. When a guarded call in the scope fails or is
// refused, destructive calls in it are denied until hold after the last failure, whatever the dependencies do
// meanwhile. Contexts derived from it, [context.WithoutCancel] included, stay in the scope.
//
// A scope within a scope does not wash: it is born with the taint that the outer one has then, and passes its own
// failures on to it.
//
// Calls without a scope are judged more coarsely: a destructive one is denied while a required dependency failed less
// than quiet ago.
func NewScope(ctx context.Context) context.Context {
	s := &scope{parent: scopeOf(ctx)}
	if s.parent != nil {
		s.taint.Store(s.parent.taint.Load())
	}
	return context.WithValue(ctx, scopeKey{}, s)
}

func scopeOf(ctx context.Context) *scope {
	s, _ := ctx.Value(scopeKey{}).(*scope)
	return s
}

// mark taints s, and the scopes around it.
func (s *scope) mark(t *taint) {
	for ; s != nil; s = s.parent {
		for {
			old := s.taint.Load()
			if old != nil && old.until.After(t.until) || s.taint.CompareAndSwap(old, t) {
				break
			}
		}
	}
}
