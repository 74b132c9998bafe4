package guard

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// TestDeadlineIsLikeTheStandardOne compares it with context.WithTimeout in all that a client can see, at each moment of its
// life: waited for or not, before the end, at it, after the call.
func TestDeadlineIsLikeTheStandardOne(t *testing.T) {
	type key struct{}
	for name, story := range map[string]func(t *testing.T, ctx context.Context, cancelParent, cancel func()){
		"passes":             func(_ *testing.T, _ context.Context, _, _ func()) { time.Sleep(time.Minute) },
		"passes, waited for": func(_ *testing.T, ctx context.Context, _, _ func()) { <-ctx.Done() },
		"call ends":          func(_ *testing.T, _ context.Context, _, cancel func()) { cancel() },
		"call ends, waited for": func(_ *testing.T, ctx context.Context, _, cancel func()) {
			done := ctx.Done()
			cancel()
			<-done
		},
		"caller goes": func(_ *testing.T, _ context.Context, cancelParent, _ func()) { cancelParent() },
		"caller goes, waited for": func(_ *testing.T, ctx context.Context, cancelParent, _ func()) {
			done := ctx.Done()
			cancelParent()
			<-done
		},
		"call ends, then the caller goes": func(_ *testing.T, _ context.Context, cancelParent, cancel func()) {
			cancel()
			cancelParent()
		},
		"passes, then the call ends": func(t *testing.T, ctx context.Context, _, cancel func()) {
			time.Sleep(time.Minute)
			if ctx.Err() == nil {
				t.Error("the deadline is past, and there is no error")
			}
			cancel()
		},
		"a context derived from it": func(t *testing.T, ctx context.Context, _, _ func()) {
			child, cancelChild := context.WithCancel(ctx)
			defer cancelChild()
			<-child.Done()
			if !errors.Is(child.Err(), context.DeadlineExceeded) {
				t.Errorf("the derived one ends with %v", child.Err())
			}
		},
		"nothing happens": func(*testing.T, context.Context, func(), func()) {},
	} {
		t.Run(name, func(t *testing.T) {
			type picture struct {
				err      error
				done     bool
				deadline time.Time
				has      bool
				value    any
			}
			run := func(make func(context.Context, time.Duration) (context.Context, context.CancelFunc)) (p picture) {
				synctest.Test(t, func(t *testing.T) {
					parent, cancelParent := context.WithCancel(context.WithValue(context.Background(), key{}, "value"))
					defer cancelParent()
					ctx, cancel := make(parent, 10*time.Second)
					defer cancel()
					story(t, ctx, cancelParent, cancel)
					p.err, p.value = ctx.Err(), ctx.Value(key{})
					p.deadline, p.has = ctx.Deadline()
					select {
					case <-ctx.Done():
						p.done = true
					default:
					}
					if p.err != ctx.Err() {
						t.Errorf("the error was %v and is %v", p.err, ctx.Err())
					}
				})
				return p
			}
			ours := func(ctx context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
				d := withDeadline(ctx, timeout)
				return d, d.cancel
			}
			if ours, theirs := run(ours), run(context.WithTimeout); ours != theirs {
				t.Errorf("ours is %+v, the standard one %+v", ours, theirs)
			}
		})
	}
}

func TestEarlierDeadlineOfTheCallerIsLeftAlone(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if got := withDeadline(ctx, time.Minute); got != nil {
		t.Errorf("an earlier deadline is replaced by %v", got)
	}
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

func TestTimeoutWithoutAWaiterCostsNoTimer(t *testing.T) {
	ctx := t.Context()
	const want = 1 // the context
	if n := testing.AllocsPerRun(1000, func() {
		d := withDeadline(ctx, time.Minute)
		_, _ = d.Deadline()
		_ = d.Err()
		d.cancel()
	}); n > want {
		t.Errorf("%v allocations, want %d", n, want)
	}
}

// TestDerivedContextOfADeadlineNeedsNoGoroutine holds that the context package knows the armed one for its own.
func TestDerivedContextOfADeadlineNeedsNoGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := withDeadline(t.Context(), time.Minute)
		child, cancelChild := context.WithCancel(ctx)
		defer cancelChild()
		ctx.cancel()
		if child.Err() == nil { // at once: no goroutine has to be scheduled for it
			t.Error("the derived context learns of the end through a goroutine")
		}
	})
}
