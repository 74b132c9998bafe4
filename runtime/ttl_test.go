package guard

import (
	"strings"
	"testing"
	"time"
)

func TestNumbersThatNoticeTooLateAreRefused(t *testing.T) {
	const ttl = 10 * time.Second // three quarters are 7.5 s
	for name, row := range map[string]struct {
		change func(*Policy)
		says   []string // none: accepted
	}{
		"defaults": {func(*Policy) {}, nil},
		"just in time": {
			func(p *Policy) { p.ProbeInterval, p.ProbeTimeout = 5*time.Second, 750*time.Millisecond }, nil,
		},
		"probed too seldom": {
			func(p *Policy) { p.ProbeInterval = 5 * time.Second },
			[]string{`"redis"`, "noticed after 8s", "probe-interval=5s", "probe-timeout=1s", "TTL of 10s to at least 10.7s"},
		},
		"probed too patiently": {
			func(p *Policy) { p.ProbeTimeout = 3 * time.Second },
			[]string{"noticed after 8.4s", "probe-timeout=3s", "at least 11.2s"},
		},
		"proof too old": {
			func(p *Policy) { p.MaxAge, p.ProbeInterval = 8*time.Second, time.Second },
			[]string{"max-age=8s", "lower it", "TTL of 10s to at least 10.7s"},
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
	for detection := stallLimit; detection < 10*time.Second; detection += 77 * time.Millisecond {
		if ttl := ttlFor(detection); inTime(ttl) < detection || ttl > detection/3*4+200*time.Millisecond {
			t.Fatalf("for a detection of %s a TTL of %s is advised", detection, ttl)
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
