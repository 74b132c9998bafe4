package main

import (
	"fmt"
	"time"

	"github.com/guardgen/guardgen/examples/sessiond/service"
	guard "github.com/guardgen/guardgen/runtime"
)

// leastTimeout bounds the scaling of what measures this machine and not the story: with less, a busy machine would look
// like an outage.
const leastTimeout = 500 * time.Millisecond

// recovering is how long an episode of ill health may go on after the breaker has closed: three successes, up to a second
// apart. It does not scale.
const recovering = 3 * time.Second

// tempo holds the durations of the demo: those of a service with the guard's defaults, divided by scale.
type tempo struct {
	scale float64

	// The guard's.
	hold, reconnect, backoffMin, backoffMax, maxAge, probeInterval, probeTimeout, quiet, budgetWindow time.Duration

	// The service's.
	ttl, reapEvery, refreshEvery, pollEvery, callTimeout time.Duration

	// The clients'. The longest back-off and a heartbeat make up reconnect.
	heartbeat, retryMin, retryMax time.Duration
}

// newTempo is the tempo of a world that runs scale times as fast as a real one.
func newTempo(scale float64) tempo {
	scaled := func(d time.Duration) time.Duration { return time.Duration(float64(d) / scale) }
	const second = time.Second
	return tempo{
		scale:         scale,
		hold:          scaled(60 * second),
		reconnect:     scaled(45 * second),
		backoffMin:    scaled(1 * second),
		backoffMax:    scaled(60 * second),
		maxAge:        scaled(2 * second),
		probeInterval: scaled(2 * second),
		probeTimeout:  max(scaled(1*second), leastTimeout),
		quiet:         max(scaled(1*second), leastTimeout),
		budgetWindow:  scaled(60 * second),
		ttl:           scaled(30 * second),
		reapEvery:     scaled(10 * second),
		refreshEvery:  scaled(5 * second),
		pollEvery:     scaled(10 * second),
		callTimeout:   max(scaled(2*second), leastTimeout),
		heartbeat:     scaled(5 * second),
		retryMin:      scaled(1 * second),
		retryMax:      scaled(40 * second),
	}
}

// String says how fast the demo runs.
func (t tempo) String() string {
	return fmt.Sprintf(`time runs %g:1. What takes a minute in a service with the defaults takes %v here:
  guard    hold %v, back-off %v..%v, reconnect %v, max-age %v, probe-interval %v, quiet %v, budgets per %v
  service  TTL %v, a turn of the reaper %v, a call ends after %v
  clients  heartbeat %v, back-off %v..%v`,
		t.scale, t.budgetWindow,
		t.hold, t.backoffMin, t.backoffMax, t.reconnect, t.maxAge, t.probeInterval, t.quiet, t.budgetWindow,
		t.ttl, t.reapEvery, t.callTimeout,
		t.heartbeat, t.retryMin, t.retryMax)
}

// turn is one turn of the reaper: until it begins, and what it may take.
func (t tempo) turn() time.Duration { return t.reapEvery + t.callTimeout }

// owed is how long a dead session may stay in continuous health: TTL + hold + one turn.
func (t tempo) owed() time.Duration { return t.ttl + t.hold + t.turn() }

// wholeRun is about how long the demo runs, in whole seconds.
func (t tempo) wholeRun() time.Duration {
	script := time.Duration(float64(length()) / t.scale)
	return (script + t.backoffMax + recovering + t.owed()).Round(time.Second)
}

// pace sets the service's durations.
func (t tempo) pace(config *service.Config) {
	config.TTL, config.ReapEvery, config.RefreshEvery, config.PollEvery = t.ttl, t.reapEvery, t.refreshEvery, t.pollEvery
}

// options scale a wrapper: its policy, and the window of the budget of each destructive method.
func (t tempo) options(destructive ...string) []guard.Option {
	options := []guard.Option{guard.WithPolicy(func(p *guard.Policy) {
		p.Hold, p.Reconnect = t.hold, t.reconnect
		p.Backoff = guard.Backoff{Min: t.backoffMin, Max: t.backoffMax}
		p.MaxAge, p.ProbeInterval, p.ProbeTimeout, p.Quiet = t.maxAge, t.probeInterval, t.probeTimeout, t.quiet
	})}
	for _, method := range destructive {
		options = append(options, guard.WithMethod(method, func(m *guard.MethodSpec) { m.Budget.Window = t.budgetWindow }))
	}
	return options
}
