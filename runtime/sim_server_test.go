package guard

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"strconv"
	"sync/atomic"
	"time"
)

var (
	errSimRefused  = errors.New("connection refused")
	errSimTimeout  = errors.New("i/o timeout")
	errSimReadOnly = errors.New("READONLY You can't write against a read only replica")
)

// classifySim knows the error of a write that a server refuses while it answers.
func classifySim(ctx context.Context, err error) Outcome {
	if errors.Is(err, errSimReadOnly) {
		return OutcomeDegraded
	}
	return Classify(ctx, err)
}

// request is what the servers see of a call or a probe.
type request struct {
	process int // of whom
	key     int // number of the session; -1 if it is about none
	writes  bool
	probe   bool
}

// fault is something wrong with a server for a while.
type fault struct {
	interval

	harm  harm
	share float64              // of the requests; 0: all
	hits  func(r request) bool // nil: all
	slow  [2]time.Duration     // latency, of slow
}

// harm is the kind of a fault.
type harm uint8

const (
	swallow  harm = iota // the request is lost, its caller waits until its deadline
	mute                 // the request arrives, the answer is lost
	refuse               // an error at once
	slow                 // the answer takes long
	readOnly             // writes are refused, with an answer
	hoard                // requests wait until the fault is over, and are all answered then
	bounce               // requests wait until the fault is over, and all fail then
)

// reply is what comes of a request.
type reply struct {
	after   time.Duration // until the caller has it
	err     error
	arrives bool // the server does what was asked, before
}

// simServer is a dependency as it really is: what it holds, and what is wrong with it.
type simServer struct {
	sim        *sim
	name       string
	faults     []fault
	noise      float64
	rnd        *rand.Rand // of calls
	generation atomic.Int64

	sessions []bool      // of the API: which of them exist
	topics   []bool      // of Redis: which of them exist
	records  []time.Time // of Redis: last heartbeats, as the wall clock said; zero: no record
}

func newSimServer(s *sim, name string) *simServer {
	return &simServer{
		sim: s, name: name, faults: s.faults[name], noise: s.noise,
		rnd:      rand.New(rand.NewPCG(s.seed, uint64(name[0]))),
		sessions: make([]bool, s.sessions), topics: make([]bool, s.sessions), records: make([]time.Time, s.sessions),
	}
}

// serve says what comes of a request that begins at a moment and has until its timeout.
func (v *simServer) serve(rnd *rand.Rand, at, timeout time.Duration, r request) reply {
	answer := reply{after: between(rnd, 200*time.Microsecond, 5*time.Millisecond), arrives: true}
	if v.noise > 0 && rnd.Float64() < v.noise {
		lost := reply{after: timeout, err: errSimTimeout, arrives: rnd.IntN(2) == 0}
		if rnd.IntN(2) == 0 {
			lost.after = min(timeout, answer.after)
			lost.err = errSimRefused
		}
		return lost
	}
	for i := range v.faults {
		if f := &v.faults[i]; f.from < at+answer.after && at < f.to && f.strikes(rnd, r) {
			answer = f.on(rnd, answer, at, timeout, r)
		}
	}
	if answer.after > timeout {
		answer.after, answer.err = timeout, cmp.Or(answer.err, errSimTimeout)
	}
	return answer
}

func (f *fault) strikes(rnd *rand.Rand, r request) bool {
	return (f.hits == nil || f.hits(r)) && (f.share == 0 || rnd.Float64() < f.share)
}

// on is what the fault makes of an answer to a request that began at a moment.
func (f *fault) on(rnd *rand.Rand, answer reply, at, timeout time.Duration, r request) reply {
	switch f.harm {
	case swallow:
		answer.after, answer.err = timeout, errSimTimeout
		answer.arrives = answer.arrives && at < f.from // it was there already: only the answer is lost
	case mute:
		answer.after, answer.err = timeout, errSimTimeout
	case refuse:
		answer.after, answer.err, answer.arrives = min(answer.after, time.Millisecond), errSimRefused, false
	case slow:
		answer.after = between(rnd, f.slow[0], f.slow[1])
	case readOnly:
		if r.writes {
			answer.err, answer.arrives = errSimReadOnly, false
		}
	case hoard:
		answer.after += max(0, f.to-at)
	case bounce:
		answer.after += max(0, f.to-at)
		answer.err, answer.arrives = errSimRefused, false
	}
	return answer
}

// probe is the health check: it takes the time that the answer takes, and ends with ctx. One that the runtime begins while
// its process stands still succeeds, which is the hardest case: nothing but the beat tells.
func (v *simServer) probe(p *process, writes bool) func(context.Context) error {
	rnd := rand.New(rand.NewPCG(v.sim.seed, uint64(v.name[0])<<16|uint64(p.number)<<8|uint64(p.incarnation))) // the driver has its own
	return func(ctx context.Context) error {
		begun := time.Since(v.sim.started)
		answer := v.serve(rnd, begun, time.Hour, request{process: p.number, key: -1, writes: writes, probe: true})
		if p.registry.standstill.Load() {
			answer = reply{after: time.Millisecond}
		}
		timer := time.NewTimer(answer.after)
		defer timer.Stop()
		select {
		case <-timer.C:
			return answer.err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// readGeneration tells which Redis this is; it changes when Redis is restarted.
func (v *simServer) readGeneration(context.Context) (string, error) {
	return strconv.FormatInt(v.generation.Load(), 10), nil
}
