package e2e

import (
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

// The durations of a service whose TTL is short, so that a row takes some 20 s. A machine that stands still for a second
// misses none of them but the timeouts.
const (
	callTimeout  = time.Second              // of a call, and of a probe
	userDeadline = 800 * time.Millisecond   // of a handler that has one
	hangUpAfter  = 300 * time.Millisecond   // when a user who hangs up does
	heartbeat    = 500 * time.Millisecond   // between two of a client
	retryMin     = 200 * time.Millisecond   // a client's back-off, which doubles
	retryMax     = time.Second              // and no more
	reconnect    = retryMax + heartbeat     // the longest absence of a live client, but for the call that it waits for
	ttl          = 10400 * time.Millisecond // of which a quarter is what it takes to notice an outage; silence after which the reaper ends a session
	hold         = 3 * time.Second          // of the gate
	turn         = 300 * time.Millisecond   // of the reaper
	pace         = 200 * time.Millisecond   // between two handlings of a user
	outage       = ttl + 2*time.Second      // that a fault lasts at least
	patience     = 2 * time.Minute          // for what must happen
	pollEvery    = 20 * time.Millisecond    // between two looks at what says nothing by itself
)

// probing is how the guard of a row probes.
const (
	probeInterval = 500 * time.Millisecond
	probeSpacing  = 50 * time.Millisecond // of the probes that the gate asks for
	episodeTurn   = time.Second           // of the probes in an episode
	backoffMin    = 300 * time.Millisecond
	backoffMax    = 1500 * time.Millisecond
)

// policy changes what the annotations say to the tempo of a row.
func policy(p *guard.Policy) {
	p.Hold, p.Reconnect = hold, reconnect
	p.ProbeTimeout, p.ProbeInterval = callTimeout, probeInterval
	p.Backoff = guard.Backoff{Min: backoffMin, Max: backoffMax}
}

// probeBound is how many probes of one dependency the guard may start in that time when so many asks of the gate came to
// the evidence and so many probes failed. An ask waits for one, and for a second if the first took so long that another
// proof grew old; a failed one is repeated; the background probes what is idle; an episode is probed at its turns; and an
// open breaker after a delay that doubles, with jitter down to the half of it, and begins anew after a calm as long as the
// longest.
func probeBound(asks, failed int, lasted time.Duration) int {
	every := func(d time.Duration) int { return int(lasted/d) + 1 }
	doublings := 3 // from backoffMin to backoffMax
	reasonable := 2*asks + failed + every(probeInterval*4/5) + every(episodeTurn) + every(backoffMax/2) + doublings*every(backoffMax)
	return min(reasonable, every(probeSpacing)+failed) // those that follow each other sooner repeat a failed one
}
