package e2e

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	guard "github.com/guardgen/guardgen/runtime"
)

const (
	living = 12 // users of each program that live on, each combination of snippet and way twice
	dying  = 6  // users of the guarded program that die: a third before the fault, a third in it, a third when it is over
)

// row is one fault of the catalogue.
type row struct {
	fault string     // in the words of the table
	hits  dependency // that it strikes, and that handlers ask

	// strike begins the fault, and returns what ends it.
	strike func(*stage) (mend func() error, err error)

	expect  []guard.Reason // at least one of them is among the denials
	exclude []guard.Reason // none of them is, on a machine that did not stand still
	ajar    bool           // the gate may open in the middle of it: it strikes now and then, or is soon over

	harmless string // why raw clients lose nobody, where they do not
	answers  bool   // the dependency gives answers, so that the dead are reaped in the middle of it

	arguments []string      // to redis-server
	pool      int           // connections of a program to Redis at most
	lifetime  time.Duration // of such a connection
	impatient bool          // users hang up
	own       bool          // the programs have processes of their own

	fast bool // one of those that `make test` runs
}

// handler is that of the user with this number.
func (r *row) handler(i int) handler {
	asked := asking[r.hits]
	h := handler{Snippet: asked[i%len(asked)], Way: i / len(asked) % usual}
	if r.impatient {
		h.Way = impatience
	}
	return h
}

// result is what a row comes to.
type result struct {
	row *row

	raw, guarded int // living sessions that were lost, or that a destructive call was let through about
	dead, reaped int
	denials      map[guard.Reason]int
	api, redis   flightCount
	bound        int // of the probes of one dependency
}

// run plays the row and checks the guarded program.
func (r *row) run(t *testing.T) *result {
	s := newStage(t, r.arguments...)
	began, calm := time.Now(), func() bool { return true }
	if len(r.exclude) > 0 {
		calm = watchMachine(t, s)
	}
	guarded := newWorld(t, s, r, true)
	r.proveHealth(t, guarded)
	raw := newWorld(t, s, r, false)
	before := r.play(t, s, guarded, raw)

	guarded.stop()
	raw.stop()
	must(t, guarded.follow())
	told, err := guarded.report()
	must(t, err)
	wrongful, sessions := guarded.ledger.wrongful()
	got := &result{
		row: r, raw: raw.lost(t), guarded: sessions, denials: told.Denials, api: told.API, redis: told.Redis,
	}
	got.dead, got.reaped = guarded.ledger.dead()
	if len(wrongful) > 0 {
		t.Errorf("of %d living sessions of the guarded program %d were lost: %s", living, sessions, strings.Join(wrongful, ", "))
	}
	if got.reaped != got.dead {
		t.Errorf("%d of %d dead sessions were reaped", got.reaped, got.dead)
	}
	r.checkDenials(t, before, got.denials, calm() && !told.Stalled)
	got.checkProbes(t, guarded.ledger.allowed(), time.Since(began))
	return got
}

// proveHealth has the first dead reaped, so that the gate is open before the fault.
func (r *row) proveHealth(t *testing.T, guarded *world) {
	t.Helper()
	_, before, _, _ := parts(guarded)
	for _, u := range guarded.users {
		u.born()
	}
	for _, u := range before {
		u.die()
	}
	until(t, "the dead are reaped before the fault", func() bool { return buried(before) })
}

// parts are the users who live on, and those who die before the fault, in it and after it.
func parts(guarded *world) (staying, before, during, after []*user) {
	staying, mortal := guarded.users[:living], guarded.users[living:]
	return staying, mortal[:dying/3], mortal[dying/3 : dying*2/3], mortal[dying*2/3:]
}

// play has the users of both worlds live through the fault. It returns what was denied before.
func (r *row) play(t *testing.T, s *stage, guarded, raw *world) (before map[guard.Reason]int) {
	t.Helper()
	staying, _, during, after := parts(guarded)
	until := func(what string, holds func() bool) { // a live session that is lost ends the waiting: the rest may never come
		until(t, what, func() bool {
			must(t, guarded.follow())
			_, lost := guarded.ledger.wrongful()
			return lost > 0 || holds()
		})
	}
	talk := make(chan struct{})
	for _, u := range raw.users {
		u.talks = talk // from the fault on: without a guard a slow machine is enough to lose somebody
		u.born()
	}
	served := since(staying, 1, 1)
	until("all are served before the fault", func() bool {
		return served() && all(raw.users, func(u *user) bool { return u.beats.Load() > 0 })
	})
	told, err := guarded.report()
	must(t, err)
	struck := time.Now()
	t.Logf("struck at %s", struck.Format(clockTime))
	close(talk)
	acted := since(staying, 0, 3)
	mend, err := r.strike(s)
	must(t, err)
	for _, u := range during {
		u.die()
	}
	until("all handle something in the fault", acted)
	until("the fault lasts", func() bool { return time.Since(struck) >= outage })
	if r.answers {
		until("the dead are reaped in the fault", func() bool { return buried(during) })
	}
	if r.harmless == "" {
		until("raw clients lose somebody", func() bool { return raw.lost(t) > 0 })
	}
	until("the gate denies for it", func() bool {
		told, err := guarded.report() // a process that stands still tells nothing
		return err == nil && r.expected(told.Denials)
	})
	mended := time.Now()
	must(t, mend())
	served = since(staying, 2, 2)
	for _, u := range after {
		u.die()
	}
	until("all are served after the fault", served)
	until("the gate opens after the fault", func() bool { return guarded.ledger.opened(mended) })
	if n := guarded.ledger.reopened(struck, mended); n > 0 && !r.ajar {
		t.Errorf("the gate was found open %d times in the middle of the fault", n)
	}
	until("all dead are reaped after the fault", func() bool { return buried(guarded.users[living:]) })
	return told.Denials
}

// checkDenials compares the reasons of the denials with what the fault may give. Before it, a slow machine may have given
// any.
func (r *row) checkDenials(t *testing.T, before, denials map[guard.Reason]int, calm bool) {
	t.Helper()
	if !r.expected(denials) {
		t.Errorf("denials %v: want one of %v", denials, r.expect)
	}
	for reason, n := range denials {
		switch {
		case !slices.Contains(reasons, reason):
			t.Errorf("%d denials for %q, which is nobody's fault", n, reason)
		case calm && n > before[reason] && slices.Contains(r.exclude, reason):
			t.Errorf("%d denials for %q, which is not what was wrong", n-before[reason], reason)
		}
	}
}

// expected reports whether there is a denial with a reason that the fault must give.
func (r *row) expected(denials map[guard.Reason]int) bool {
	return len(r.expect) == 0 || slices.ContainsFunc(r.expect, func(reason guard.Reason) bool { return denials[reason] > 0 })
}

// checkProbes compares the probes with what the schedule allows: one at a time, and no more than there were reasons for.
// The gate let so many destructions through.
func (got *result) checkProbes(t *testing.T, passed int, lasted time.Duration) {
	t.Helper()
	asks := passed + got.denials[guard.ReasonUnproven] // the others were denied before anybody asked for evidence
	if got.redis.Started == 0 {
		t.Error("Redis was never probed, although its generation must be read") // the traffic may prove the API throughout
	}
	for _, probes := range []flightCount{got.api, got.redis} {
		bound := probeBound(asks, probes.Failed, lasted)
		got.bound = max(got.bound, bound)
		if probes.Started > bound {
			t.Errorf("%d probes, want at most %d", probes.Started, bound)
		}
		if probes.AtOnce > 1 {
			t.Errorf("%d probes of one dependency in the air at once", probes.AtOnce)
		}
	}
}

// reasons are those for which a fault may be denied something, in the order of the gate.
var reasons = []guard.Reason{
	guard.ReasonUnhealthy, guard.ReasonScope, guard.ReasonKey, guard.ReasonQuiet, guard.ReasonStalled, guard.ReasonRecovering,
	guard.ReasonStart, guard.ReasonHold, guard.ReasonUnproven,
}

// watchMachine looks how long a connection to Redis and a PING take again and again, and returns whether that was always
// less than half a timeout: on a machine that is slower, calls fail for no other reason.
func watchMachine(t *testing.T, s *stage) (calm func() bool) {
	var longest atomic.Int64
	ctx, cancel := context.WithCancel(context.Background())
	var watching sync.WaitGroup
	watching.Go(func() {
		for last := time.Now(); wait(ctx, pollEvery); {
			client := redis.NewClient(&redis.Options{Addr: s.door, PoolSize: 1, MaxRetries: -1, DialerRetries: 1})
			client.Ping(ctx)
			client.Close()
			now := time.Now()
			longest.Store(max(longest.Load(), int64(now.Sub(last))))
			last = now
		}
	})
	t.Cleanup(func() {
		cancel()
		watching.Wait()
	})
	return func() bool { return time.Duration(longest.Load()) < callTimeout/2 }
}

// sortedReasons lists what was denied, in the order of the gate.
func sortedReasons(denials map[guard.Reason]int) []guard.Reason {
	return slices.SortedFunc(maps.Keys(denials), func(a, b guard.Reason) int {
		return slices.Index(reasons, a) - slices.Index(reasons, b)
	})
}
