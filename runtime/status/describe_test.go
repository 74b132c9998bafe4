package status

import (
	"errors"
	"fmt"
	"testing"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

func TestEventsInWords(t *testing.T) {
	down, long := errDown, errors.New("connection\n refused")
	for _, row := range []struct {
		event guard.Event
		level Level
		want  string
	}{
		{guard.Event{Kind: guard.EventTransition, Dependency: "redis", From: guard.Unknown, To: guard.Healthy, Breaker: "closed", Reason: "answered"},
			LevelOK, "redis healthy: answered"},
		{guard.Event{Kind: guard.EventTransition, Dependency: "redis", From: guard.Healthy, To: guard.Degraded, Reason: "3 consecutive failures", Err: down},
			LevelWarn, "redis degraded: 3 consecutive failures (connection refused)"},
		{guard.Event{Kind: guard.EventTransition, Dependency: "redis", From: guard.Degraded, To: guard.Unhealthy, Breaker: "open",
			Reason: "5 consecutive failures", Err: long, RetryAfter: 1500 * time.Millisecond},
			LevelFail, "redis unhealthy: 5 consecutive failures (connection refused); next try in 2 s"},
		{guard.Event{Kind: guard.EventTransition, Dependency: "redis", From: guard.Healthy, To: guard.Unhealthy, Reason: "down", Err: errors.New("down")},
			LevelFail, "redis unhealthy: down"},
		{guard.Event{Kind: guard.EventTransition, Dependency: "redis", From: guard.Healthy, To: guard.Unknown},
			LevelWarn, "redis unknown"},
		{guard.Event{Kind: guard.EventTransition, Dependency: "redis", From: guard.Unhealthy, To: guard.Unhealthy, Breaker: "half-open",
			Reason: "probing", Err: down},
			LevelInfo, "redis still unhealthy: breaker half-open, probing"},
		{guard.Event{Kind: guard.EventTransition, Dependency: "redis", From: guard.Unhealthy, To: guard.Unhealthy, Breaker: "open",
			Reason: "trial failed", RetryAfter: 4 * time.Second},
			LevelInfo, "redis still unhealthy: breaker open, trial failed; next try in 4 s"},
		{guard.Event{Kind: guard.EventEpisode, Dependency: "redis", Reason: "gate opens after hold", RetryAfter: time.Minute},
			LevelInfo, "redis has recovered: the gate opens in 1 min 0 s"},
		{guard.Event{Kind: guard.EventEpisode, Dependency: "redis", Reason: "probes fail: gate shut", Err: down},
			LevelWarn, "redis: probes fail: gate shut (connection refused)"},
		{guard.Event{Kind: guard.EventGeneration, Dependency: "redis", Err: errors.New(`its generation was "1" and is "2"`)},
			LevelWarn, `redis was restarted, emptied or replaced: gate shut (its generation was "1" and is "2")`},
		{guard.Event{Kind: guard.EventStall, Stall: 2500*time.Millisecond + 1},
			LevelWarn, "this process stood still for 2.5s, or its clock was set forward: gate shut"},
		{guard.Event{Kind: guard.EventDenial, Operation: "Drop", Reason: "unhealthy", Dependency: "redis", Count: 1, Err: down},
			LevelWarn, "Drop denied: a required dependency is unhealthy [redis] (connection refused)"},
		{guard.Event{Kind: guard.EventDenial, Operation: "Drop", Reason: "key", Dependency: "redis", Key: "topic:news", Count: 7},
			LevelWarn, "Drop denied 7 times: a call about the same target failed [redis], key topic:news"},
		{guard.Event{Kind: guard.EventDenial, Operation: "Drop", Reason: "budget", Count: 2, Mode: guard.Observe},
			LevelObserve, "Drop would have been denied (NOT ENFORCING) 2 times: the budget is spent"},
		{guard.Event{Kind: guard.EventOverride, Operation: "Drop", Actor: "ana", Reason: "ticket 7"},
			LevelWarn, "ana overrode the gate for Drop: ticket 7"},
		{guard.Event{Kind: guard.EventMode, Mode: guard.Observe}, LevelObserve, "the gate only observes: NOT ENFORCING"},
		{guard.Event{Kind: guard.EventMode, Mode: guard.Observe, Operation: "Drop"}, LevelObserve, "the gate only observes Drop: NOT ENFORCING"},
		{guard.Event{Kind: guard.EventMode, Mode: guard.Enforce}, LevelOK, "the gate enforces"},
		{guard.Event{Kind: guard.EventMode, Mode: guard.Enforce, Operation: "Drop"}, LevelOK, "the gate enforces Drop"},
		{guard.Event{Kind: guard.EventControl, Action: guard.ActionIsolate, Dependency: "redis", Actor: "ana", Reason: "maintenance"},
			LevelInfo, "ana: isolate redis (maintenance)"},
		{guard.Event{Kind: guard.EventControl, Action: guard.ActionObserve, Actor: "ana", Reason: "roll-out"},
			LevelInfo, "ana: observe everything (roll-out)"},
		{guard.Event{Kind: guard.EventControl, Action: guard.ActionProbe, Dependency: "redis", Actor: "ana", Reason: "is it back", Err: down},
			LevelWarn, "ana: probe redis (is it back), without effect (connection refused)"},
		{guard.Event{Kind: "a new one", Dependency: "redis", Reason: "why"}, LevelInfo, "a new one redis why"},
	} {
		if level, got := describe(row.event); got != row.want || level != row.level {
			t.Errorf("%s %q, want %s %q", level, got, row.level, row.want)
		}
	}
}

func TestEveryKindOfEventHasWords(t *testing.T) {
	for _, kind := range []guard.EventKind{
		guard.EventTransition, guard.EventEpisode, guard.EventDenial, guard.EventOverride, guard.EventGeneration, guard.EventStall,
		guard.EventMode, guard.EventControl,
	} {
		_, unknown := describe(guard.Event{Kind: "?", Dependency: "redis", Reason: "why"})
		if _, got := describe(guard.Event{Kind: kind, Dependency: "redis", Reason: "why"}); got == fmt.Sprintf("%s%s", kind, unknown[1:]) {
			t.Errorf("%s is not described: %q", kind, got)
		}
	}
}

func TestEveryReasonHasWords(t *testing.T) {
	seen := make(map[string]guard.Reason)
	for _, reason := range []guard.Reason{
		guard.ReasonRegistryClosed, guard.ReasonOverride, guard.ReasonAudit, guard.ReasonNoDependency, guard.ReasonUnknownDependency,
		guard.ReasonIsolated, guard.ReasonUnhealthy, guard.ReasonScope, guard.ReasonKey, guard.ReasonQuiet, guard.ReasonStalled,
		guard.ReasonRecovering, guard.ReasonStart, guard.ReasonHold, guard.ReasonBudget, guard.ReasonUnproven,
	} {
		why := Why(reason)
		if why == string(reason) || why == "" || seen[why] != "" {
			t.Errorf("%s means %q, and so does %q", reason, why, seen[why])
		}
		seen[why] = reason
	}
	if got := Why("a new one"); got != "a new one" {
		t.Errorf("a reason that is not known means %q", got)
	}
}
