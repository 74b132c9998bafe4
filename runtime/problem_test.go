package guard

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestProblemDetailsRoundTrip(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		isolated := unhealthy(nil, 20*time.Second)
		isolated.Isolated = "maintenance"
		shed := unhealthy(errDown, 5*time.Second)
		shed.State = Degraded
		refusals := map[string]error{
			"unhealthy": unhealthy(errDown, 10*time.Second), "without cause": unhealthy(nil, 10*time.Second), "isolated": isolated, "degraded": shed,
		}
		for _, reason := range []Reason{
			ReasonRegistryClosed, ReasonIsolated, ReasonUnhealthy, ReasonScope, ReasonKey, ReasonQuiet, ReasonHold, ReasonBudget, ReasonUnproven,
		} {
			refusals["denied: "+string(reason)] = denial(reason, errDown, 15*time.Second)
		}
		for name, refusal := range refusals {
			problem, ok := ProblemOf(fmt.Errorf("handling: %w", refusal))
			if !ok {
				t.Fatalf("%s: no problem", name)
			}
			body, err := json.Marshal(problem)
			if err != nil {
				t.Fatal(err)
			}
			var received Problem
			if err := json.Unmarshal(body, &received); err != nil {
				t.Fatalf("%s: %v in %s", name, err, body)
			}
			if received != problem {
				t.Errorf("%s: sent %+v, received %+v", name, problem, received)
			}
			back := received.Err()
			if back == nil {
				t.Fatalf("%s: no error from %s", name, body)
			}
			for _, sentinel := range []error{ErrUnhealthy, ErrDestructiveDenied} {
				if errors.Is(back, sentinel) != errors.Is(refusal, sentinel) {
					t.Errorf("%s: errors.Is(%v) is lost or made up", name, sentinel)
				}
			}
			if fmt.Sprintf("%T", back) != fmt.Sprintf("%T", refusal) {
				t.Errorf("%s: it is a %T now", name, back)
			}
			if got, want := cutRetry(back), cutRetry(refusal); got != want {
				t.Errorf("%s: it says %q, said %q", name, got, want)
			}
			type retryable interface{ RetryAfter() time.Duration }
			sent, now := refusal.(retryable).RetryAfter(), back.(retryable).RetryAfter()
			if now != time.Duration(problem.RetryAfter)*time.Second || now < sent {
				t.Errorf("%s: retry after %s, the problem said %d s, the error %s", name, now, problem.RetryAfter, sent)
			}
		}
	})
}

// cutRetry is the text of an error without its number.
func cutRetry(err error) string {
	_, why, _ := strings.Cut(err.Error(), "(")
	return why
}

func TestErrorMarshalsAsItsProblem(t *testing.T) {
	for _, err := range []error{unhealthy(errDown, time.Minute), denial(ReasonBudget, nil, time.Minute)} {
		body, marshalErr := json.Marshal(err)
		if marshalErr != nil {
			t.Fatal(marshalErr)
		}
		var problem Problem
		if err := json.Unmarshal(body, &problem); err != nil {
			t.Fatal(err)
		}
		if back := problem.Err(); back == nil || fmt.Sprintf("%T", back) != fmt.Sprintf("%T", err) {
			t.Errorf("%T became %T by way of %s", err, back, body)
		}
	}
}

func TestProblemHasTheMembersOfRFC9457(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		problem, _ := ProblemOf(denial(ReasonUnhealthy, errDown, 12*time.Second))
		wantJSON(t, problem, `{"type":"tag:github.com,2026:guardgen/guardgen:destructive-denied","title":"Destructive call denied","status":503,`+
			`"detail":"System unhealthy; retry in 12s (DeleteTopic denied: redis unhealthy: connection refused)","operation":"DeleteTopic",`+
			`"reason":"unhealthy","dependency":"redis","key":"topic:news","state":"unhealthy","cause":"connection refused"}`)
		problem, _ = ProblemOf(unhealthy(errDown, 12*time.Second))
		wantJSON(t, problem, `{"type":"tag:github.com,2026:guardgen/guardgen:dependency-unhealthy","title":"System unhealthy","status":503,`+
			`"detail":"System unhealthy; retry in 12s (redis unhealthy: connection refused)","dependency":"redis","state":"unhealthy",`+
			`"cause":"connection refused"}`)
	})
}

func TestProblemStatusIs429ForABudgetAnd503Otherwise(t *testing.T) {
	for _, reason := range []Reason{ReasonUnhealthy, ReasonScope, ReasonKey, ReasonQuiet, ReasonHold, ReasonBudget, ReasonUnproven, ReasonStart} {
		want := 503
		if reason == ReasonBudget {
			want = 429
		}
		if p, _ := ProblemOf(denial(reason, nil, time.Second)); p.Status != want {
			t.Errorf("%s: status %d, want %d", reason, p.Status, want)
		}
	}
	if p, _ := ProblemOf(unhealthy(nil, time.Second)); p.Status != 503 {
		t.Errorf("refused: status %d", p.Status)
	}
}

func TestProblemOfOtherErrorsIsNone(t *testing.T) {
	for _, err := range []error{nil, errDown, ErrUnhealthy, ErrDestructiveDenied, ErrClosed} {
		if _, ok := ProblemOf(err); ok {
			t.Errorf("%v has a problem", err)
		}
	}
	for _, p := range []Problem{{}, {Type: "about:blank", Status: 503, RetryAfter: 3}} {
		if err := p.Err(); err != nil {
			t.Errorf("a problem of another type %q became %v", p.Type, err)
		}
	}
}

func TestRetryAfterOfProblemsIsSpreadOverAFifthAbove(t *testing.T) {
	inBubble(t, func(*testing.T) {
		least, most := 1<<30, 0
		for range 2000 {
			p, _ := ProblemOf(denial(ReasonHold, nil, 100*time.Second))
			least, most = min(least, p.RetryAfter), max(most, p.RetryAfter)
		}
		if least < 100 || most > 120 {
			t.Errorf("2000 answers tell to come back after %d to %d s, want 100 to 120", least, most)
		}
		if least > 102 || most < 118 {
			t.Errorf("2000 answers only spread over %d to %d s", least, most)
		}
	})
}
