package guard

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// controls are the events of controls, with what else has happened since.
func (w *world) controls(since int) (controls, others []Event) {
	synctest.Wait()
	for _, e := range w.Events()[since:] {
		if e.Kind == EventControl {
			controls = append(controls, e)
		} else {
			others = append(others, e)
		}
	}
	return controls, others
}

func TestControlDoesWhatItSaysAndSaysWhoDidIt(t *testing.T) {
	for _, row := range []struct {
		control Control
		make    func(w *world, g *guarded)
		done    func(w *world) bool
		before  []EventKind // of the control, in order
	}{
		{Control{Action: ActionIsolate, Dependency: "redis"}, nil, func(w *world) bool {
			h, _ := w.Health("redis")
			return h.Isolated == "maintenance, by ana" && h.State == Unhealthy
		}, []EventKind{EventTransition}},
		{Control{Action: ActionRestore, Dependency: "redis"}, func(w *world, _ *guarded) { _ = w.Isolate("redis", "test") }, func(w *world) bool {
			h, _ := w.Health("redis")
			return h.Isolated == ""
		}, []EventKind{EventTransition}},
		{Control{Action: ActionProbe, Dependency: "redis"}, func(_ *world, g *guarded) { g.fail(5) }, func(w *world) bool {
			return w.State("redis") == Healthy
		}, []EventKind{EventTransition, EventTransition}}, // half-open, closed
		{Control{Action: ActionObserve}, nil, func(w *world) bool { return w.System().Mode == Observe }, []EventKind{EventMode}},
		{Control{Action: ActionObserve, Operations: []string{"Drop", "purge"}}, nil, func(w *world) bool {
			return w.System().Mode == Enforce && slices.Equal(w.System().Observed, []string{"Drop", "purge"})
		}, []EventKind{EventMode, EventMode}},
		{Control{Action: ActionEnforce}, func(w *world, _ *guarded) { _ = w.SetMode(Observe) }, func(w *world) bool {
			return w.System().Mode == Enforce
		}, []EventKind{EventMode}},
		{Control{Action: ActionEnforce, Operations: []string{"Drop"}}, func(w *world, _ *guarded) { _ = w.SetMode(Observe) }, func(w *world) bool {
			return w.System().Mode == Observe && slices.Equal(w.System().Observed, []string{"purge"})
		}, []EventKind{EventMode}},
	} {
		t.Run(fmt.Sprint(row.control.Action, row.control.Operations), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				g := w.guard("redis", policy(func(p *Policy) { p.ProbeInterval = time.Hour }))
				w.prove(g)
				_ = w.AllowDestructive(NewScope(t.Context()), "purge")
				if row.make != nil {
					row.make(w, g)
				}
				since := len(w.Events())
				row.control.Actor, row.control.Reason = "ana", "maintenance"
				at := time.Now()
				if err := w.Control(t.Context(), row.control); err != nil {
					t.Fatal(err)
				}
				if !row.done(w) {
					t.Errorf("it is not done: %+v", w.System())
				}
				controls, _ := w.controls(since)
				if len(controls) != 1 {
					t.Fatalf("%d events, want 1", len(controls))
				}
				e := controls[0]
				if e.Action != row.control.Action || e.Actor != "ana" || e.Reason != "maintenance" || e.Dependency != row.control.Dependency ||
					e.Err != nil || e.Time.Sub(at) > time.Second {
					t.Errorf("recorded as %+v", e)
				}
				if want := fmt.Sprint(row.control.Operations); e.Operation != want[1:len(want)-1] {
					t.Errorf("recorded about %q, want %s", e.Operation, want)
				}
				var before []EventKind
				for _, other := range w.Events()[since:] {
					if other.Seq < e.Seq {
						before = append(before, other.Kind)
					}
				}
				if !slices.Equal(before, row.before) {
					t.Errorf("before it happened %v, want %v", before, row.before)
				}
			})
		})
	}
}

func TestControlThatComesToNothingIsRecordedWithItsError(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis", policy(func(p *Policy) { p.ProbeInterval = time.Hour }))
		w.guard("cache", withoutProbe)
		w.prove(g)
		g.set(errDown)
		for _, row := range []struct {
			control Control
			is      error // nil: any
		}{
			{Control{Action: ActionIsolate, Dependency: "mysql"}, ErrUnknownDependency},
			{Control{Action: ActionRestore, Dependency: "mysql"}, ErrUnknownDependency},
			{Control{Action: ActionProbe, Dependency: "mysql"}, ErrUnknownDependency},
			{Control{Action: ActionRestore, Dependency: "redis"}, nil},
			{Control{Action: ActionProbe, Dependency: "cache"}, nil},
			{Control{Action: ActionProbe, Dependency: "redis"}, errDown},
			{Control{Action: ActionObserve, Operations: []string{"Drop", "Dorp"}}, ErrUnknownOperation},
			{Control{Action: ActionEnforce, Operations: []string{"Dorp"}}, ErrUnknownOperation},
		} {
			since := len(w.Events())
			row.control.Actor, row.control.Reason = "ana", "maintenance"
			err := w.Control(t.Context(), row.control)
			if err == nil || row.is != nil && !errors.Is(err, row.is) {
				t.Errorf("%+v: %v, want %v", row.control, err, row.is)
			}
			controls, others := w.controls(since)
			if len(controls) != 1 || controls[0].Err != err || controls[0].Action != row.control.Action || controls[0].Actor != "ana" || len(others) != 0 {
				t.Errorf("%+v is recorded as %+v, beside %+v", row.control, controls, others)
			}
		}
		if s := w.System(); s.Mode != Enforce || len(s.Observed) != 0 {
			t.Errorf("the gate observes: %+v", s)
		}
	})
}

func TestControlThatCouldNotBeRecordedIsNotDone(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		since := len(w.Events())
		for _, c := range []Control{
			{},
			{Action: ActionIsolate, Dependency: "redis"},
			{Action: ActionIsolate, Dependency: "redis", Actor: "ana"},
			{Action: ActionIsolate, Dependency: "redis", Reason: "maintenance"},
			{Action: ActionProbe, Dependency: "redis", Reason: "maintenance"},
			{Action: ActionObserve, Actor: "ana"},
			{Action: "explode", Dependency: "redis", Actor: "ana", Reason: "maintenance"},
			{Action: "Isolate", Dependency: "redis", Actor: "ana", Reason: "maintenance"},
			{Dependency: "redis", Actor: "ana", Reason: "maintenance"},
		} {
			if err := w.Control(t.Context(), c); err == nil {
				t.Errorf("%+v is done", c)
			}
		}
		controls, others := w.controls(since)
		if _, probes := g.count(); len(controls)+len(others)+probes != 0 || w.State("redis") != Healthy || w.System().Mode != Enforce {
			t.Errorf("%d events of controls and %d others, %d probes, %+v", len(controls), len(others), probes, w.System())
		}
	})
}

func TestControlProbesNoLongerThanItsContext(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis", policy(func(p *Policy) { p.ProbeTimeout, p.ProbeInterval = time.Hour, time.Hour }))
		g.hangs()
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		begun := time.Now()
		err := w.Control(ctx, Control{Action: ActionProbe, Dependency: "redis", Actor: "ana", Reason: "is it back?"})
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(begun) != 3*time.Second {
			t.Errorf("%v after %s", err, time.Since(begun))
		}
		if controls, _ := w.controls(0); len(controls) != 1 || controls[0].Err != err {
			t.Errorf("recorded as %+v", controls)
		}
	})
}

func TestControlOfAClosedRegistry(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.guard("redis")
		w.Close()
		for _, action := range []Action{ActionIsolate, ActionRestore, ActionProbe} {
			if err := w.Control(t.Context(), Control{Action: action, Dependency: "redis", Actor: "ana", Reason: "late"}); !errors.Is(err, ErrClosed) {
				t.Errorf("%s: %v", action, err)
			}
		}
	})
}

func TestControlIsJSON(t *testing.T) {
	wantJSON(t, Control{Action: ActionIsolate, Dependency: "redis", Operations: []string{"Drop"}, Actor: "ana", Reason: "maintenance"},
		`{"action":"isolate","dependency":"redis","operations":["Drop"],"actor":"ana","reason":"maintenance"}`)
	wantJSON(t, Event{Kind: EventControl, Action: ActionRestore, Actor: "ana", Reason: "it is back", Operation: "Drop purge"},
		`{"kind":"control","action":"restore","actor":"ana","reason":"it is back","operation":"Drop purge"}`)
}
