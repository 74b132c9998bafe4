//go:build integration

package acceptance

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/guardgen/guardgen/examples/sessiond/rig"
	"github.com/guardgen/guardgen/internal/faultproxy"
	guard "github.com/guardgen/guardgen/runtime"
)

// courses are sequences of calls, x for one that fails, at the last of which the breaker opens, and not before.
var courses = []struct {
	threshold guard.Threshold
	course    string
}{
	{guard.Threshold{Failures: 3}, "xx.xx.xxx"},
	{guard.Threshold{Failures: 5}, "xxxx.xxxxx"},
	{guard.Threshold{Failures: 4, Period: 10 * time.Second}, "x.x..xx"},
}

func TestCriterion2BreakerOpensAfterTheConfiguredThreshold(t *testing.T) {
	t.Parallel()
	for _, row := range courses {
		for _, d := range dependencies {
			t.Run(fmt.Sprintf("%s/%s", row.threshold, d), func(t *testing.T) {
				t.Parallel()
				opensAtTheEnd(t, d, row.threshold, row.course)
			})
		}
	}
}

// opensAtTheEnd runs a course and checks that every call of it reaches the server, and none after it.
func opensAtTheEnd(t *testing.T, d dependency, threshold guard.Threshold, course string) {
	s := newStage(t, rig.Config{Guarded: true, Change: func(p *guard.Policy) {
		p.Threshold = threshold
		p.ProbeInterval = time.Hour // whose failures would count
		p.Backoff = guard.Backoff{Min: time.Hour, Max: time.Hour}
	}})
	about := s.open(t, "news")
	sent, seen := s.arrived(d), s.redis.seen(t, "xadd")
	for i, step := range course {
		fails := step == 'x'
		setRefusing(t, s, d, fails)
		err := s.ask(t.Context(), d, about)
		if (err != nil) != fails || errors.Is(err, guard.ErrUnhealthy) {
			t.Fatalf("call %d of %s: error %v", i+1, course, err)
		}
		want := "closed"
		if i == len(course)-1 {
			want = "open"
		}
		if health, _ := s.Registry.Health(string(d)); health.Breaker != want {
			t.Fatalf("after call %d of %s the breaker is %s, want %s", i+1, course, health.Breaker, want)
		}
	}
	for range 20 {
		if err := s.ask(t.Context(), d, about); !errors.Is(err, guard.ErrUnhealthy) {
			t.Fatalf("behind an open breaker: error %v, want a refusal", err)
		}
	}
	if n := s.arrived(d) - sent; n != len(course) {
		t.Errorf("%d calls passed the wrapper, want the %d of %s", n, len(course), course)
	}
	if n := s.redis.seen(t, "xadd") - seen; d == ofRedis && n != len(course) {
		t.Errorf("redis-server saw %d calls, want the %d of %s", n, len(course), course)
	}
}

// setRefusing makes the dependency fail at once, or work. Redis sees the calls that it refuses.
func setRefusing(t testing.TB, s *stage, d dependency, refusing bool) {
	t.Helper()
	switch {
	case d == ofAPI:
		must(t, s.APIProxy.Set(faultproxy.Fault{Refuse: refusing}))
	case refusing:
		must(t, s.redis.refuse())
	default:
		must(t, s.redis.serve())
	}
}
