package guard

import (
	"context"
	"testing"
	"time"
)

// silence is Silence of a key that was seen so long ago, in whole seconds.
func (w *world) silence(key string, ago time.Duration) time.Duration {
	return w.Silence(key, w.clock.read().wall.Add(-ago)).Round(time.Second)
}

func (w *world) wantSilence(key string, ago, want time.Duration) {
	w.t.Helper()
	if got := w.silence(key, ago); got != want {
		w.t.Errorf("silence about %s, seen %s ago: %s, want %s", key, ago, got, want)
	}
}

// listening is a world that has listened for an hour through redis.
func listening(t *testing.T, test func(w *world, g *guarded), options ...RegistryOption) {
	t.Helper()
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		sleep(time.Hour)
		test(w, g)
	}, options...)
}

func TestSilenceInHealthIsTheTimeSinceTheLastSign(t *testing.T) {
	listening(t, func(w *world, _ *guarded) {
		w.wantSilence("session:1", 20*time.Second, 20*time.Second)
		w.wantSilence("session:1", 0, 0)
		w.wantSilence("session:1", -time.Hour, 0) // a clock that differs from ours
	})
}

func TestAfterOurStartNobodyHasBeenHeard(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		g.hangs()
		sleep(20 * time.Second)
		w.wantSilence("session:1", time.Hour, 0) // nothing is proven yet
		g.set(nil)
		sleep(2 * time.Minute)
		w.prove(g)
		h, _ := w.Health("redis")
		if got := w.Silence("session:1", time.Now().Add(-time.Hour)); got <= 0 || got > 2*time.Minute || h.Episode == 0 {
			t.Errorf("silence %s, two minutes after the first proof", got)
		}
	})
}

func TestSilenceIsNothingUntilAllThatIsRequiredIsProven(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		redis := w.guard("redis")
		w.prove(redis)
		sleep(time.Minute)
		w.wantSilence("session:1", time.Minute, 0) // api is required, and not there
		api := w.guard("api")
		w.wantSilence("session:1", time.Minute, 0) // nor proven
		w.prove(api)
		sleep(10 * time.Second)
		w.wantSilence("session:1", time.Minute, 10*time.Second)
	}, Requires("api"))
}

func TestSilenceDoesNotCountAnOutage(t *testing.T) {
	listening(t, func(w *world, g *guarded) {
		g.hangs()
		sleep(30 * time.Second)
		during := w.silence("session:1", 35*time.Second)
		if during < 3*time.Second || during > 5*time.Second {
			w.t.Errorf("half a minute into an outage the silence of 35 s counts for %s", during)
		}
		g.set(nil)
		sleep(2 * time.Minute)
		h, _ := w.Health("redis")
		if h.Recovering || h.Episode != 1 {
			w.t.Fatalf("%+v", h)
		}
		after := w.silence("session:1", 155*time.Second)
		if after < 60*time.Second || after > 122*time.Second {
			w.t.Errorf("two minutes after an outage of 30 s the silence of 155 s counts for %s", after)
		}
		w.wantSilence("session:1", 20*time.Second, 20*time.Second)
	})
}

func TestSilenceDoesNotCountAStallNorASuspend(t *testing.T) {
	listening(t, func(w *world, _ *guarded) {
		w.standStill(40 * time.Second)
		w.wantSilence("session:1", 45*time.Second, 5*time.Second) // asked before the ticker has seen it
		w.goOn()
		sleep(10 * time.Second)
		if got := w.silence("session:1", 55*time.Second); got < 11*time.Second || got > 15*time.Second {
			w.t.Errorf("ten seconds after a stall of 40 s the silence of 55 s counts for %s", got)
		}
		w.clock.wallShift.Store(int64(30 * time.Minute))
		w.wantSilence("session:1", 30*time.Minute, 0)
	})
}

func TestOptionalDependencyDoesNotDeafen(t *testing.T) {
	listening(t, func(w *world, _ *guarded) {
		mail := w.guard("mail", policy(func(p *Policy) { p.Optional = true }))
		mail.fail(5)
		w.wantSilence("session:1", 20*time.Second, 20*time.Second)
	})
}

func TestFailedAttemptIsNoSilence(t *testing.T) {
	listening(t, func(w *world, g *guarded) {
		g.set(errDown)
		_ = g.Get(w.t.Context(), "session:1")
		g.set(nil)
		w.prove(g)
		sleep(10 * time.Second)
		w.wantSilence("session:1", 30*time.Second, 10*time.Second)
		w.wantSilence("session:2", 30*time.Second, 30*time.Second)
		_ = g.Get(w.t.Context(), "session:1") // the method that failed succeeds about it
		w.wantSilence("session:1", 30*time.Second, 30*time.Second)
	})
}

func TestFailedAttemptIsRememberedForTheTTL(t *testing.T) {
	listening(t, func(w *world, g *guarded) {
		g.set(errDown)
		_ = g.Get(w.t.Context(), "session:1")
		g.set(nil)
		w.prove(g)
		sleep(4 * time.Minute) // hold is one
		w.wantSilence("session:1", 6*time.Minute, 4*time.Minute)
		wantAllowed(w.t, g.Drop(NewScope(w.t.Context()), "session:1"))
		sleep(90 * time.Second)
		if size, _ := w.suspects.counts(); size != 0 {
			w.t.Errorf("%d failures are remembered beyond the TTL", size)
		}
	}, WithTTL(5*time.Minute))
}

func TestMissingRecordBeginsToAgeWhenFirstAskedAbout(t *testing.T) {
	listening(t, func(w *world, _ *guarded) {
		wantUnseen := func(want time.Duration) {
			w.t.Helper()
			if got := w.Silence("session:1", time.Time{}).Round(time.Second); got != want {
				w.t.Errorf("silence %s, want %s", got, want)
			}
		}
		wantUnseen(0)
		sleep(20 * time.Second)
		wantUnseen(20 * time.Second)
		w.wantSilence("session:1", time.Second, time.Second) // it has a record again
		wantUnseen(0)
		sleep(unseenLife + 2*time.Minute) // nobody asked
		wantUnseen(0)
	})
}

func TestRegistryThatRequiresNothingHearsNothing(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.prove(w.guard("mail", policy(func(p *Policy) { p.Optional = true })))
		sleep(time.Minute)
		w.wantSilence("session:1", 30*time.Second, 0)
	})
}

func TestUnreadableKeyIsNeverSilent(t *testing.T) {
	listening(t, func(w *world, _ *guarded) {
		w.wantSilence("session:?", 30*time.Second, 0)
	})
}

func TestFailureAboutAnUnreadableKeyConcernsItsWholeKind(t *testing.T) {
	listening(t, func(w *world, g *guarded) {
		g.set(errDown)
		_ = g.Get(w.t.Context(), "session:?")
		g.set(nil)
		w.wantSilence("session:1", 30*time.Second, 0)
		w.wantSilence("topic:1", 30*time.Second, 30*time.Second)
	})
}

func TestTooManyMissingRecordsAreNeverSilent(t *testing.T) {
	listening(t, func(w *world, _ *guarded) {
		for i := range unseenLimit {
			w.Silence(Keys("session", i)[0], time.Time{})
		}
		sleep(time.Minute)
		if got := w.Silence("session:more", time.Time{}); got != 0 {
			w.t.Errorf("silence %s", got)
		}
		if got := w.Silence("session:7", time.Time{}); got.Round(time.Second) != time.Minute {
			w.t.Errorf("silence %s", got)
		}
		sleep(time.Second)
		if got := w.Silence("session:more", time.Time{}); got != 0 {
			w.t.Errorf("silence %s of a key that found no room", got)
		}
		sleep(unseenLife + 2*time.Minute)
		if n := len(w.unseen.byKey); n != 0 {
			w.t.Errorf("%d keys are remembered that nobody asks about", n)
		}
	})
}

func TestClosedRegistryHearsNothing(t *testing.T) {
	listening(t, func(w *world, _ *guarded) {
		w.Close()
		w.wantSilence("session:1", 30*time.Second, 0)
	})
}

// While the machine is suspended only the wall clock runs, by which records are dated.
func TestSuspendWithinAnOutageIsNoSilence(t *testing.T) {
	listening(t, func(w *world, g *guarded) {
		seen := w.clock.read().wall
		sleep(5 * time.Second)
		g.hangs()
		sleep(10 * time.Minute)
		before := w.Silence("session:1", seen)
		w.clock.wallShift.Store(int64(10 * time.Minute))
		w.nextBeat()
		if after := w.Silence("session:1", seen); after != before {
			w.t.Errorf("suspended within an outage: silence of %s, and %s before", after, before)
		}
	})
}

// Its first owner's silence is not held against the second.
func TestKeyThatWasDestroyedAndIsUsedAgainBeginsAnew(t *testing.T) {
	listening(t, func(w *world, g *guarded) {
		w.Silence("session:ann", time.Time{})
		w.Silence("session:bob", time.Time{})
		sleep(30 * time.Second)
		wantAllowed(w.t, g.Drop(NewScope(w.t.Context()), "session:ann"))
		sleep(5 * time.Minute)
		if got := w.Silence("session:ann", time.Time{}); got != 0 {
			w.t.Errorf("used again: silent for %s", got)
		}
		if got := w.Silence("session:bob", time.Time{}); got.Round(time.Second) != 330*time.Second {
			w.t.Errorf("never destroyed: silent for %s", got)
		}
	})
}

func TestMissingRecordAgesForAReaperThatLooksSeldom(t *testing.T) {
	listening(t, func(w *world, _ *guarded) {
		for range 8 {
			w.Silence("session:1", time.Time{})
			sleep(15 * time.Minute)
		}
		if got := w.Silence("session:1", time.Time{}); got.Round(time.Second) != 2*time.Hour {
			w.t.Errorf("asked about each 15 min for two hours: silent for %s", got)
		}
	}, WithTTL(time.Hour))
}

func TestKeyDestroyedByBreakGlassBeginsAnew(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		sleep(time.Minute)
		w.Silence("session:ann", time.Time{})
		sleep(30 * time.Second)
		ctx := BreakGlass(NewScope(t.Context()), Override{Actor: "bob", Reason: "incident 7", Expires: time.Now().Add(time.Minute)})
		wantAllowed(t, g.Drop(ctx, "session:ann"))
		sleep(5 * time.Minute)
		if got := w.Silence("session:ann", time.Time{}); got != 0 {
			t.Errorf("used again: silent for %s", got)
		}
	}, WithAudit(func(context.Context, AuditRecord) error { return nil }))
}

func TestKeyDestroyedInObserveModeBeginsAnew(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis", budget(Budget{1, time.Hour}))
		w.prove(g)
		sleep(time.Minute)
		wantAllowed(t, g.Drop(NewScope(t.Context()), "session:bob"))
		w.Silence("session:ann", time.Time{})
		sleep(30 * time.Second)
		wantAllowed(t, g.Drop(NewScope(t.Context()), "session:ann")) // over the budget, and only observed
		sleep(5 * time.Minute)
		if got := w.Silence("session:ann", time.Time{}); got != 0 {
			t.Errorf("used again: silent for %s", got)
		}
	}, WithMode(Observe))
}

func TestFailureThatFoundNoRoomIsRememberedForTheTTL(t *testing.T) {
	listening(t, func(w *world, g *guarded) {
		now := w.clock.now()
		for i := range suspectsLimit {
			w.suspects.add(g.get, Keys("message", i), epochOf(g.dependency.word.Load()), now, now.add(time.Minute), errDown)
		}
		g.failAbout(w.t, "session:1")
		sleep(2 * time.Minute)
		w.wantSilence("session:1", 10*time.Minute, 2*time.Minute)
	}, WithTTL(5*time.Minute))
}
