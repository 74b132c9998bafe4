package guard

import (
	"context"
	"testing"
	"time"
)

func TestEarlierDeadlineOfTheCallerIsLeftAlone(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis", func(s *Spec) { s.Policy.Timeout, s.Policy.MaxAge = 2*time.Second, time.Hour })
		w.prove(g)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var seen context.Context
		if n := testing.AllocsPerRun(100, func() {
			call := g.get.Begin(ctx)
			seen = call.Context(ctx)
			if !call.Succeeded(nil) {
				t.Error("it takes the long way")
			}
		}); n != 0 || seen != ctx {
			t.Errorf("%v allocations, and the context is the caller's: %t", n, seen == ctx)
		}
	})
}
