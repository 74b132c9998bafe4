package guard

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// inBubble runs test where time stands still unless it sleeps.
func inBubble(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, test)
}

func denial(reason Reason, cause error, in time.Duration) *DestructiveDeniedError {
	return &DestructiveDeniedError{
		Operation: "DeleteTopic", Reason: reason, Dependency: "redis", Key: "topic:news", Cause: cause, until: time.Now().Add(in),
	}
}

func unhealthy(cause error, in time.Duration) *DependencyUnhealthyError {
	return &DependencyUnhealthyError{Dependency: "redis", State: Unhealthy, Cause: cause, until: time.Now().Add(in)}
}

func TestErrorsSayWhatToDoAndThenWhy(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		isolated := unhealthy(errDown, time.Minute)
		isolated.Isolated = "maintenance"
		shed := unhealthy(errDown, 5*time.Second)
		shed.State = Degraded
		overflow := denial(ReasonKey, nil, time.Minute)
		overflow.Dependency = ""
		rows := map[string]struct {
			err  error
			want string
		}{
			"unhealthy":      {unhealthy(errDown, 12*time.Second), "System unhealthy; retry in 12s (redis unhealthy: connection refused)"},
			"without cause":  {unhealthy(nil, 12*time.Second), "System unhealthy; retry in 12s (redis unhealthy)"},
			"isolated":       {isolated, "System unhealthy; retry in 1m (redis isolated: maintenance)"},
			"degraded":       {shed, "System unhealthy; retry in 5s (redis degraded: connection refused)"},
			"two lines":      {unhealthy(errors.New("one\n\ttwo  three\n"), 90*time.Second), "System unhealthy; retry in 1m30s (redis unhealthy: one two three)"},
			"an hour":        {unhealthy(nil, time.Hour), "System unhealthy; retry in 1h (redis unhealthy)"},
			"denied":         {denial(ReasonUnhealthy, errDown, 12*time.Second), "System unhealthy; retry in 12s (DeleteTopic denied: redis unhealthy: connection refused)"},
			"scope":          {denial(ReasonScope, io.EOF, time.Second), "System unhealthy; retry in 1s (DeleteTopic denied: a call to redis failed in this scope: EOF)"},
			"key":            {denial(ReasonKey, io.EOF, time.Second), "System unhealthy; retry in 1s (DeleteTopic denied: a call to redis about topic:news failed: EOF)"},
			"too many keys":  {overflow, "System unhealthy; retry in 1m (DeleteTopic denied: topic:news cannot be told from keys that are suspect)"},
			"budget":         {denial(ReasonBudget, nil, 59*time.Second), "System unhealthy; retry in 59s (DeleteTopic denied: budget spent)"},
			"unknown reason": {denial("weather", nil, time.Second), "System unhealthy; retry in 1s (DeleteTopic denied: weather)"},
		}
		for name, row := range rows {
			if got := row.err.Error(); got != row.want {
				t.Errorf("%s:\n got %s\nwant %s", name, got, row.want)
			}
		}
	})
}

func TestEveryReasonIsPutInWords(t *testing.T) {
	reasons := []Reason{
		ReasonRegistryClosed, ReasonOverride, ReasonAudit, ReasonNoDependency, ReasonUnknownDependency, ReasonIsolated, ReasonUnhealthy, ReasonScope,
		ReasonKey, ReasonQuiet, ReasonRecovering, ReasonStart, ReasonHold, ReasonBudget, ReasonUnproven,
	}
	said := make(map[string]Reason)
	for _, reason := range reasons {
		words := reason.explain("redis", "topic:news")
		if words == string(reason) || !strings.Contains(words, " ") {
			t.Errorf("%s is explained by %q", reason, words)
		}
		if other, ok := said[words]; ok {
			t.Errorf("%s and %s are explained alike: %q", reason, other, words)
		}
		said[words] = reason
	}
}

func TestErrorOfAnOutageNamesTheCallAndItsCause(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis", policy(func(p *Policy) { p.Backoff = Backoff{Min: 12 * time.Second, Max: 12 * time.Second} }))
		g.fail(5)
		h, _ := w.Health("redis")
		sleep(time.Until(h.OpenUntil) - 3*time.Second)
		if got, want := fmt.Sprint(g.Drop(t.Context())), "System unhealthy; retry in 3s (Drop denied: redis unhealthy: connection refused)"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if got, want := fmt.Sprint(g.Get(t.Context())), "System unhealthy; retry in 3s (redis unhealthy: connection refused)"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func TestRetryAfterIsInWholeSecondsRoundedUpAndAtLeastOne(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rows := []struct{ left, want time.Duration }{
			{-time.Hour, time.Second}, {0, time.Second}, {1, time.Second}, {time.Second, time.Second}, {time.Second + 1, 2 * time.Second},
			{11001 * time.Millisecond, 12 * time.Second}, {time.Minute, time.Minute},
		}
		for _, row := range rows {
			if got := unhealthy(nil, row.left).RetryAfter(); got != row.want {
				t.Errorf("unhealthy with %s left: %s, want %s", row.left, got, row.want)
			}
			if got := denial(ReasonHold, nil, row.left).RetryAfter(); got != row.want {
				t.Errorf("denied with %s left: %s, want %s", row.left, got, row.want)
			}
		}
		e := unhealthy(nil, 10*time.Second)
		time.Sleep(4 * time.Second)
		if got := e.RetryAfter(); got != 6*time.Second {
			t.Errorf("after 4 of 10 s it says %s", got)
		}
		if got := new(DestructiveDeniedError).RetryAfter(); got != time.Second {
			t.Errorf("without a time it says %s", got)
		}
	})
}

func TestErrorsAreFoundByTypeAndBySentinel(t *testing.T) {
	stateReasons := map[Reason]DependencyState{ReasonIsolated: Unhealthy, ReasonUnhealthy: Unhealthy, ReasonUnproven: Unknown}
	for _, reason := range []Reason{ReasonIsolated, ReasonUnhealthy, ReasonUnproven, ReasonScope, ReasonKey, ReasonQuiet, ReasonHold, ReasonBudget, ReasonStart} {
		err := fmt.Errorf("cleaning up: %w", denial(reason, errDown, 7*time.Second))
		if !errors.Is(err, ErrDestructiveDenied) {
			t.Errorf("%s: not ErrDestructiveDenied", reason)
		}
		denied, ok := errors.AsType[*DestructiveDeniedError](err)
		if !ok || denied.Reason != reason {
			t.Errorf("%s: the denial is not found by type", reason)
		}
		state, byState := stateReasons[reason]
		if errors.Is(err, ErrUnhealthy) != byState {
			t.Errorf("%s: errors.Is(ErrUnhealthy) is %t", reason, !byState)
		}
		inner, ok := errors.AsType[*DependencyUnhealthyError](err)
		if ok != byState {
			t.Errorf("%s: a DependencyUnhealthyError is found: %t", reason, ok)
		}
		if ok && (inner.Dependency != "redis" || inner.State != state || inner.RetryAfter() != denied.RetryAfter()) {
			t.Errorf("%s: it unwraps to %+v", reason, inner)
		}
	}
	err := fmt.Errorf("reading: %w", unhealthy(errDown, time.Second))
	if !errors.Is(err, ErrUnhealthy) || errors.Is(err, ErrDestructiveDenied) || errors.Is(err, ErrClosed) {
		t.Error("a refusal does not match ErrUnhealthy alone")
	}
	if _, ok := errors.AsType[*DependencyUnhealthyError](err); !ok {
		t.Error("a refusal is not found by type")
	}
}

func TestErrorsDoNotUnwrapToTheirCause(t *testing.T) {
	causes := []error{context.DeadlineExceeded, context.Canceled, io.EOF, net.ErrClosed, &net.OpError{Op: "dial", Err: errDown}}
	for _, cause := range causes {
		for _, err := range []error{unhealthy(cause, time.Second), denial(ReasonUnhealthy, cause, time.Second), denial(ReasonScope, cause, time.Second)} {
			if errors.Is(err, cause) {
				t.Errorf("%T is taken for its cause %v", err, cause)
			}
			if _, ok := errors.AsType[net.Error](err); ok {
				t.Errorf("%T is taken for a net.Error", err)
			}
			if !strings.Contains(err.Error(), cause.Error()) {
				t.Errorf("%T does not name its cause %v", err, cause)
			}
		}
	}
}

func TestClosedRegistryIsFoundInEveryRefusal(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.Close()
		for name, err := range map[string]error{
			"call":         g.Get(t.Context()),
			"heavy":        g.List(t.Context()),
			"destructive":  g.Drop(t.Context()),
			"by hand":      w.AllowDestructive(t.Context(), "Drop"),
			"wait":         w.WaitHealthy(t.Context()),
			"registration": func() error { _, err := w.tryGuard("api"); return err }(),
			"set state":    w.SetState("redis", Healthy, "test"),
			"probe":        w.Probe(t.Context(), "redis"),
		} {
			if !errors.Is(err, ErrClosed) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestOneLineIsOne(t *testing.T) {
	for text, want := range map[string]string{
		"connection refused":       "connection refused",
		"a  value as it was said":  "a  value as it was said",
		"first\nsecond\r\n\tthird": "first second third",
		"first\u2028second":        "first second",
		"first\u0085second\x00":    "first second\x00", // handlers quote what is left
	} {
		if got := oneLine(errors.New(text)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
