package guard

import (
	"math"
	"strings"
	"testing"
	"time"
)

func TestNumbersThatNoticeTooLateAreRefused(t *testing.T) {
	const ttl = 32 * time.Second // a quarter is 8 s
	for name, row := range map[string]struct {
		change func(*Policy)
		says   []string // none: accepted
	}{
		"defaults": {func(*Policy) {}, nil},
		"just in time": {
			func(p *Policy) {
				p.ProbeInterval, p.ProbeTimeout, p.Timeout = 5*time.Second, time.Second, 8*time.Second
			}, nil,
		},
		"probed too seldom": {
			func(p *Policy) { p.ProbeInterval = 6 * time.Second },
			[]string{`"redis"`, "noticed after 9.2s", "probe-interval=6s", "probe-timeout=1s", "TTL of 32s to at least 36.8s", "25 %"},
		},
		"probed too patiently": {
			func(p *Policy) { p.ProbeTimeout = 3 * time.Second },
			[]string{"noticed after 8.4s", "probe-timeout=3s", "at least 33.6s"},
		},
		"proof too old": {
			func(p *Policy) { p.MaxAge, p.ProbeInterval = 9*time.Second, time.Second },
			[]string{"max-age=9s", "lower it", "at least 36s"},
		},
		"calls that hang": {
			func(p *Policy) { p.Timeout = 10 * time.Second },
			[]string{"timeout=10s", "lower it", "at least 40s"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				_, err := w.tryGuard("redis", policy(row.change))
				if (err != nil) != (row.says != nil) {
					t.Fatalf("error %v", err)
				}
				for _, words := range row.says {
					if !strings.Contains(err.Error(), words) {
						t.Errorf("%q does not say %q", err, words)
					}
				}
			}, WithTTL(ttl))
		})
	}
}

// The TTL that an error names is accepted.
func TestTTLThatIsAdvisedIsAccepted(t *testing.T) {
	for _, within := range []int{noticedWithin, stalledWithin} {
		for lasts := stallLimit; lasts < 10*time.Second; lasts += 77*time.Millisecond + 1 {
			if ttl := ttlFor(lasts, within); ttl/100*time.Duration(within) < lasts || ttl > lasts*100/time.Duration(within)+100*time.Millisecond {
				t.Fatalf("for %s within %d %% a TTL of %s is advised", lasts, within, ttl)
			}
		}
	}
}

func TestOptionalDependencyThatDestroysNothingMayNoticeLate(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		slow := policy(func(p *Policy) { p.Optional, p.ProbeInterval = true, time.Hour })
		if _, err := w.tryGuard("mail", slow); err == nil {
			t.Error("it destroys")
		}
		if _, err := w.tryGuard("mail", slow, func(s *Spec) { s.Methods = s.Methods[:2] }); err != nil {
			t.Error(err)
		}
	}, WithTTL(10*time.Second))
}

func TestTTLBelowWhatAStallTakesIsAnError(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		_, err := w.tryGuard("redis", policy(func(p *Policy) {
			p.ProbeInterval, p.ProbeTimeout, p.MaxAge = 100*time.Millisecond, 100*time.Millisecond, time.Second
		}))
		if err == nil || !strings.Contains(err.Error(), "TTL of 1s to at least 2.7s") || !strings.Contains(err.Error(), "stall") {
			t.Errorf("error %v", err)
		}
	}, WithTTL(time.Second))
}

func TestTTLThatIsNoTimeIsAMistake(t *testing.T) {
	defer func() {
		if said, _ := recover().(string); !strings.Contains(said, "TTL of 0s") {
			t.Errorf("panic %q", said)
		}
	}()
	NewHealthRegistry(WithTTL(0))
}

// Whoever shares a dependency without a policy gets the one in force.
func TestSharingIsCheckedByThePolicyInForce(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.guard("redis", policy(func(p *Policy) {
			p.ProbeInterval, p.ProbeTimeout, p.MaxAge = time.Second, 200*time.Millisecond, time.Second
		}))
		if _, err := w.Dependency("redis", Policy{}); err != nil {
			t.Error(err)
		}
		if _, err := w.tryGuard("api"); err == nil {
			t.Error("the defaults notice too late for this TTL, or nothing is shown")
		}
	}, WithTTL(8*time.Second))
}

func TestOptionalDependencyThatIsRequiredMustNoticeInTime(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		slow := policy(func(p *Policy) { p.Optional, p.ProbeInterval = true, time.Hour })
		if _, err := w.tryGuard("api", slow, func(s *Spec) { s.Methods = s.Methods[:2] }); err == nil {
			t.Error("an outage of what every destruction requires is noticed after an hour")
		}
	}, WithTTL(10*time.Second), Requires("api"))
}

func TestDetectionSaturates(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		for name, change := range map[string]func(*Policy){
			"never-probed":    func(p *Policy) { p.ProbeInterval = math.MaxInt64 },
			"probed-for-ever": func(p *Policy) { p.ProbeTimeout = math.MaxInt64 },
			"both":            func(p *Policy) { p.ProbeInterval, p.ProbeTimeout = math.MaxInt64/2, math.MaxInt64/4 },
		} {
			_, err := w.tryGuard(name, policy(change))
			if err == nil {
				t.Errorf("%s: noticed in time", name)
			}
		}
	}, WithTTL(10*time.Second))
}
