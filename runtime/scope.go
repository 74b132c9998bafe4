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
	own    atomic.Pointer[taint] // by a call in it
	below  atomic.Pointer[taint] // by a call in a scope within it
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
// A scope within a scope, such as one item of a turn, sees what fails in the outer one and passes its own failures on to
// it. Scopes beside each other do not see each other's: a new scope says that its work does not follow from theirs.
//
// Calls without a scope are judged more coarsely: a destructive one is denied while a required dependency failed less
// than quiet ago.
func NewScope(ctx context.Context) context.Context {
	return context.WithValue(ctx, scopeKey{}, &scope{parent: scopeOf(ctx)})
}

func scopeOf(ctx context.Context) *scope {
	s, _ := ctx.Value(scopeKey{}).(*scope)
	return s
}

// mark taints s, and the scopes around it.
func (s *scope) mark(t *taint) {
	later(&s.own, t)
	for s = s.parent; s != nil; s = s.parent {
		later(&s.below, t)
	}
}

// later replaces a taint by one that lasts longer.
func later(p *atomic.Pointer[taint], t *taint) {
	for {
		old := p.Load()
		if old != nil && old.until.After(t.until) || p.CompareAndSwap(old, t) {
			return
		}
	}
}

// worst returns the taint that lasts longest: of s, of the scopes within it, and of those around it.
func (s *scope) worst() *taint {
	worst := s.below.Load()
	for ; s != nil; s = s.parent {
		if t := s.own.Load(); worst == nil || t != nil && t.until.After(worst.until) {
			worst = t
		}
	}
	return worst
}
