package guard

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func glass(ctx context.Context, change func(*Override)) context.Context {
	o := Override{Actor: "ann", Reason: "incident 7", Expires: time.Now().Add(time.Minute)}
	change(&o)
	return BreakGlass(ctx, o)
}

func asItIs(*Override) {}

func recordNothing(context.Context, AuditRecord) error { return nil }

// TestInvalidOverrideIsNoOverride checks that each of them denies where the gate would have allowed, is not recorded and
// does not run, and that a broken one in an inner context does not fall back to a valid one around it.
func TestInvalidOverrideIsNoOverride(t *testing.T) {
	var records atomic.Int64
	audit := WithAudit(func(context.Context, AuditRecord) error { records.Add(1); return nil })
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		wantAllowed(t, g.Drop(NewScope(t.Context())))
		calls, _ := g.count()
		for name, spoil := range map[string]func(*Override){
			"no actor":            func(o *Override) { o.Actor = "" },
			"no reason":           func(o *Override) { o.Reason = "" },
			"no expiry":           func(o *Override) { o.Expires = time.Time{} },
			"expires now":         func(o *Override) { o.Expires = time.Now() },
			"expired long ago":    func(o *Override) { o.Expires = time.Unix(0, 0) },
			"too far ahead":       func(o *Override) { o.Expires = time.Now().Add(overrideLife + 1) },
			"never expires":       func(o *Override) { o.Expires = time.Unix(1<<40, 0) },
			"another operation":   func(o *Override) { o.Operation = "drop" },
			"nothing but an idea": func(o *Override) { *o = Override{} },
		} {
			t.Log(name)
			ctx := glass(glass(t.Context(), asItIs), spoil)
			wantDenied(t, g.Drop(NewScope(ctx)), ReasonOverride)
			wantDenied(t, w.AllowDestructive(ctx, "purge"), ReasonOverride)
			if d := w.Explain(ctx, "Drop"); d.Allowed || d.Reason != ReasonOverride {
				t.Errorf("explained: %+v", d)
			}
		}
		if after, _ := g.count(); after != calls || records.Load() != 0 {
			t.Errorf("%d calls ran, %d were recorded", after-calls, records.Load())
		}
	}, audit)
}

func TestOverrideExpiresWhileItIsHeld(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		ctx := glass(t.Context(), func(o *Override) { o.Uses = 100 })
		wantAllowed(t, g.Drop(ctx))
		sleep(time.Minute - 1)
		wantAllowed(t, g.Drop(ctx))
		sleep(1)
		wantDenied(t, g.Drop(ctx), ReasonOverride)
	}, WithAudit(recordNothing))
}

// TestOverrideCoversNoMoreThanItsUses has a thousand calls share one, in contexts derived from it; calls that it could not
// cover for another reason use none up, and what could not be recorded is used up.
func TestOverrideCoversNoMoreThanItsUses(t *testing.T) {
	var full atomic.Bool
	audit := WithAudit(func(context.Context, AuditRecord) error {
		if full.Load() {
			return errors.New("disk full")
		}
		time.Sleep(time.Millisecond)
		return nil
	})
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		g.fail(5) // the breaker is open
		ctx := glass(t.Context(), func(o *Override) { o.Uses = 7 })
		_ = w.Isolate("redis", "maintenance")
		wantDenied(t, g.Drop(ctx), ReasonIsolated)
		_ = w.Restore("redis")
		full.Store(true)
		wantDenied(t, g.Drop(ctx), ReasonAudit)
		full.Store(false)
		var allowed atomic.Int64
		var wg sync.WaitGroup
		for i := range 1000 {
			wg.Go(func() {
				if g.drop.Ask(NewScope(context.WithoutCancel(ctx)), session(i)).Admitted() {
					allowed.Add(1)
				}
			})
		}
		wg.Wait()
		if n := allowed.Load(); n != 6 {
			t.Errorf("%d calls passed with 6 uses left", n)
		}
	}, audit)
}

// TestAuditThatPanicsOrBlocksDeniesAndHoldsUpNobodyElse has the sink fail in each way.
func TestAuditThatPanicsOrBlocksDeniesAndHoldsUpNobodyElse(t *testing.T) {
	var sink func() error
	audit := WithAudit(func(context.Context, AuditRecord) error { return sink() })
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		sink = func() error { panic("bug in the sink") }
		wantDenied(t, g.Drop(glass(t.Context(), asItIs)), ReasonAudit)

		calls, _ := g.count()
		release := make(chan struct{})
		sink = func() error { <-release; return nil }
		late := make(chan error, 1)
		go func() { late <- g.Drop(glass(t.Context(), asItIs)) }()
		sleep(2 * time.Minute)
		if after, _ := g.count(); after != calls {
			t.Error("the call ran before it was recorded")
		}
		wantAllowed(t, g.Drop(NewScope(t.Context())))
		wantAllowed(t, w.AllowDestructive(NewScope(t.Context()), "purge"))
		w.System()
		close(release)
		wantDenied(t, <-late, ReasonOverride) // it expired while it was recorded
		for _, e := range w.Events() {
			if e.Kind == EventOverride {
				t.Errorf("told of an override that did not take place: %+v", e)
			}
		}

		again := make(chan struct{})
		sink = func() error { <-again; return nil }
		go func() { late <- g.Drop(glass(t.Context(), asItIs)) }()
		synctest.Wait()
		w.Close() // does not wait for the sink
		close(again)
		wantDenied(t, <-late, ReasonRegistryClosed)
	}, audit)
}
