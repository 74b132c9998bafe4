package service_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/guardgen/guardgen/examples/sessiond/rig"
	"github.com/guardgen/guardgen/examples/sessiond/session"
	"github.com/guardgen/guardgen/internal/faultproxy"
	guard "github.com/guardgen/guardgen/runtime"
)

// manyTimes is more often than it takes to open a breaker.
const manyTimes = 6

// contexts are the ways in which a handler may be called.
var contexts = map[string]func(*testing.T) context.Context{
	"scoped":   func(t *testing.T) context.Context { return guard.NewScope(t.Context()) },
	"unscoped": func(t *testing.T) context.Context { return t.Context() },
}

// faults are the outages that a handler may meet.
var faults = map[string]faultproxy.Fault{
	"black hole": {BlackHole: true},
	"refused":    {Refuse: true},
	"reset":      {Reset: true},
}

// inEachOutage runs a story in each outage and each way of calling, with guarded clients and, because a test of a
// safeguard proves nothing unless the same story ends badly without it, with raw ones.
func inEachOutage(t *testing.T, story func(ctx context.Context, t *testing.T, r *rig.Rig, fault faultproxy.Fault) (survived bool)) {
	t.Parallel()
	for name, fault := range faults {
		for way, ctx := range contexts {
			t.Run(name+"/"+way+"/guarded survives", func(t *testing.T) {
				t.Parallel()
				if !story(ctx(t), t, newRig(t, true), fault) {
					t.Error("destroyed in an outage")
				}
			})
			t.Run(name+"/"+way+"/raw does not", func(t *testing.T) {
				t.Parallel()
				if story(ctx(t), t, newRig(t, false), fault) {
					t.Error("survived without the guard, so the story proves nothing")
				}
			})
		}
	}
}

// The handler is: if err := api.Get(ctx, session); err != nil { transport.DeleteTopic(ctx, topic) }.
func TestHandlerThatClearsUpAtItsFirstErrorDeletesNoTopicInAnOutage(t *testing.T) {
	inEachOutage(t, func(ctx context.Context, t *testing.T, r *rig.Rig, fault faultproxy.Fault) bool {
		opened := open(t, r, "ann", "news")
		must(t, r.APIProxy.Set(fault))
		for range manyTimes {
			if err := r.Deliver(ctx, opened.ID, "news", nil); err == nil {
				t.Fatal("delivered through an outage")
			}
		}
		return r.Exists(t, "topic:news")
	})
}

// The handler terminates in a defer, with context.Background().
func TestHandlerThatTerminatesInADeferTerminatesNoSessionInAnOutage(t *testing.T) {
	inEachOutage(t, func(ctx context.Context, t *testing.T, r *rig.Rig, fault faultproxy.Fault) bool {
		opened := open(t, r, "ann", "")
		must(t, r.RedisProxy.Set(fault))
		for range manyTimes {
			if err := r.Notify(ctx, opened.ID, nil); err == nil {
				t.Fatal("sent through an outage")
			}
		}
		return r.Listed(opened.ID)
	})
}

func TestReaperEndsNobodyWhoFellSilentInAnOutage(t *testing.T) {
	inEachOutage(t, func(ctx context.Context, t *testing.T, r *rig.Rig, fault faultproxy.Fault) bool {
		opened := open(t, r, "ann", "news")
		must(t, r.Refresh(t.Context()))
		must(t, r.RedisProxy.Set(fault))
		for range manyTimes {
			if err := r.Heartbeat(ctx, opened.ID); err == nil {
				t.Fatal("a heartbeat through an outage")
			}
		}
		r.Clock.Advance(2 * rig.TTL)
		r.Reap(ctx)
		must(t, r.RedisProxy.Set(faultproxy.Fault{}))
		untilBack(t, r)
		r.Reap(t.Context())
		return r.Listed(opened.ID) && r.Exists(t, "topic:news")
	})
}

// One failure opens no breaker and begins no episode: only the key of the session tells that its silence may be ours. The
// topic has another key, and must not go first.
func TestReaperSparesASessionAndItsTopicWhoseOneHeartbeatFailed(t *testing.T) {
	story := func(t *testing.T, r *rig.Rig) (survived bool) {
		opened := open(t, r, "ann", "news")
		must(t, r.Refresh(t.Context()))
		must(t, r.RedisProxy.Set(faultproxy.Fault{Refuse: true}))
		if r.Heartbeat(t.Context(), opened.ID) == nil {
			t.Fatal("a heartbeat through an outage")
		}
		must(t, r.RedisProxy.Set(faultproxy.Fault{}))
		untilBack(t, r)
		r.Clock.Advance(2 * rig.TTL)
		r.Reap(t.Context())
		return r.Listed(opened.ID) && r.Exists(t, "topic:news")
	}
	if !story(t, newRig(t, true)) {
		t.Error("destroyed because of one failure")
	}
	if story(t, newRig(t, false)) {
		t.Error("survived without the guard, so the story proves nothing")
	}
}

func TestInHoldAPersonMayEndASessionAndTheServiceMayNot(t *testing.T) {
	r := newRig(t, true)
	opened := open(t, r, "ann", "news")
	over := make(chan struct{}, 1)
	defer r.Registry.Subscribe(func(e guard.Event) {
		if e.Kind == guard.EventEpisode {
			over <- struct{}{}
		}
	})()
	must(t, r.Registry.SetState("redis", guard.Unhealthy, "reported by a neighbour"))
	must(t, r.Registry.Probe(t.Context(), "redis"))
	select {
	case <-over:
	case <-time.After(30 * time.Second):
		t.Fatal("the episode does not end")
	}
	err := r.End(guard.NewScope(t.Context()), opened.ID, session.Ended, "", "")
	denied, ok := errors.AsType[*guard.DestructiveDeniedError](err)
	if !ok || denied.Reason != guard.ReasonHold {
		t.Errorf("inferred: error %v, want a denial because of hold", err)
	}
	if err := r.End(guard.NewScope(t.Context()), opened.ID, session.Ended, "ann", ""); err != nil || r.Listed(opened.ID) {
		t.Errorf("confirmed: error %v", err)
	}
}

// untilBack waits until Redis answers again, with a guard until that has seen it.
func untilBack(t *testing.T, r *rig.Rig) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if r.Registry != nil {
		must(t, r.Registry.WaitHealthy(ctx, "redis"))
		return
	}
	for r.Transport.Ping(ctx) != nil {
		must(t, ctx.Err())
	}
}
