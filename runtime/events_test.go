package guard

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestEverySubscriberGetsEveryEventInOrder(t *testing.T) {
	const dependencies, rounds, subscribers = 8, 200, 3
	inWorld(t, func(t *testing.T, w *world) {
		got := make([][]Event, subscribers)
		for i := range subscribers {
			w.events.subscribe(func(e Event) { got[i] = append(got[i], e) }, dependencies*rounds*4)
		}
		var wg sync.WaitGroup
		for i := range dependencies {
			name := fmt.Sprintf("redis-%d", i)
			w.guard(name)
			wg.Go(func() {
				for range rounds {
					_ = w.SetState(name, Unhealthy, "flapping")
					_ = w.SetState(name, Healthy, "flapping")
				}
			})
		}
		wg.Wait()
		synctest.Wait()
		for i, events := range got {
			if len(events) < dependencies*rounds*2 {
				t.Fatalf("subscriber %d got %d events, want at least %d", i, len(events), dependencies*rounds*2)
			}
			state := make(map[string]DependencyState)
			for n, e := range events {
				if e.Seq != uint64(n)+1 || e.Dropped != 0 {
					t.Fatalf("subscriber %d: event %d has number %d, %d dropped", i, n+1, e.Seq, e.Dropped)
				}
				if e.From != state[e.Dependency] {
					t.Fatalf("subscriber %d: %s went from %s to %s, and was %s", i, e.Dependency, e.From, e.To, state[e.Dependency])
				}
				state[e.Dependency] = e.To
			}
		}
	})
}

// TestEventsTellOfTimeThatGoesOn has denials that are held back, and told after what has happened meanwhile.
func TestEventsTellOfTimeThatGoesOn(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		g.fail(5)
		for range 40 {
			_ = g.Drop(t.Context())
			sleep(time.Second)
		}
		var last time.Time
		for _, e := range w.Events() {
			if e.Time.Before(last) {
				t.Errorf("event %d is of %s, the one before of %s", e.Seq, e.Time, last)
			}
			last = e.Time
		}
	})
}

func TestBlockedSubscriberMissesTheOldestAndIsToldHowMany(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.guard("redis")
		release := make(chan struct{})
		var blocked, free []Event
		w.Subscribe(func(e Event) {
			if len(blocked) == 0 {
				<-release
			}
			blocked = append(blocked, e)
		})
		w.Subscribe(func(e Event) { free = append(free, e) })
		const more = 100
		for range (1 + subscriberQueue + more) / 2 {
			_ = w.SetState("redis", Unhealthy, "flapping")
			_ = w.SetState("redis", Healthy, "flapping")
			synctest.Wait()
		}
		all := uint64(len(free))
		close(release)
		synctest.Wait()
		if len(blocked) != 1+subscriberQueue {
			t.Fatalf("%d events came through, want the first and %d", len(blocked), subscriberQueue)
		}
		if want := all - 1 - subscriberQueue; blocked[1].Dropped != want || want == 0 {
			t.Errorf("it was told of %d dropped events, want %d", blocked[1].Dropped, want)
		}
		if last := blocked[subscriberQueue]; last.Seq != all || last.Dropped != 0 {
			t.Errorf("the last event is number %d with %d dropped, want %d with none", last.Seq, last.Dropped, all)
		}
		for n, e := range free {
			if e.Seq != uint64(n)+1 || e.Dropped != 0 {
				t.Fatalf("the other subscriber was harmed: event %d has number %d", n+1, e.Seq)
			}
		}
	})
}

func TestThousandFailuresAtOnceFindRoom(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		const dependencies = 1000
		release, heard := make(chan struct{}), 0
		w.Subscribe(func(e Event) {
			<-release
			if e.Dropped > 0 {
				t.Errorf("%d events were dropped", e.Dropped)
			}
			heard++
		})
		for n := range dependencies {
			name := fmt.Sprintf("shard-%d", n)
			w.guard(name)
			_ = w.SetState(name, Unhealthy, "the network is down")
		}
		close(release)
		synctest.Wait()
		if heard != dependencies {
			t.Errorf("%d events were heard, want %d", heard, dependencies)
		}
	})
}

func TestBlockedSubscriberHoldsUpNobody(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		release := make(chan struct{})
		defer close(release)
		w.Subscribe(func(Event) { <-release })
		g.fail(5)
		sleep(2 * time.Second)
		w.wantState("redis", Healthy)
		w.prove(g)
	})
}

func TestPanickingSubscriberGoesOn(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.guard("redis")
		var seen []uint64
		w.Subscribe(func(e Event) {
			seen = append(seen, e.Seq)
			panic("bug in a subscriber")
		})
		for range 3 {
			_ = w.SetState("redis", Unhealthy, "flapping")
			_ = w.SetState("redis", Healthy, "flapping")
		}
		synctest.Wait()
		if want := []uint64{1, 2, 3, 4, 5, 6}; !slices.Equal(seen, want) {
			t.Errorf("it saw %v, want %v", seen, want)
		}
	})
}

func TestNothingIsDeliveredAfterCancel(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.guard("redis")
		var before, during int
		cancel := w.Subscribe(func(Event) { before++ })
		var cancelMe func()
		cancelMe = w.Subscribe(func(Event) {
			during++
			_ = w.SetState("redis", Healthy, "another event while this one is delivered")
			cancelMe()
		})
		_ = w.SetState("redis", Unhealthy, "test")
		synctest.Wait()
		if before != 2 || during != 1 {
			t.Fatalf("%d and %d events before cancel, want 2 and 1", before, during)
		}
		cancel()
		cancel() // twice does nothing
		_ = w.SetState("redis", Unhealthy, "test")
		synctest.Wait()
		if before != 2 || during != 1 {
			t.Errorf("%d and %d events after cancel", before-2, during-1)
		}
		w.events.mu.Lock()
		defer w.events.mu.Unlock()
		if n := len(w.events.subscribers); n != 1 {
			t.Errorf("%d subscribers are left, want the log", n)
		}
	})
}

func TestCancelDropsWhatIsQueued(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.guard("redis")
		release, seen := make(chan struct{}), 0
		cancel := w.Subscribe(func(Event) {
			seen++
			<-release
		})
		for range 5 {
			_ = w.SetState("redis", Unhealthy, "flapping")
			_ = w.SetState("redis", Healthy, "flapping")
		}
		synctest.Wait()
		cancel()
		close(release)
		synctest.Wait()
		if seen != 1 {
			t.Errorf("%d events were delivered, want the one under way", seen)
		}
	})
}

func TestSubscriberMayUseTheRegistry(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		done := 0
		w.Subscribe(func(e Event) {
			if e.Breaker != "open" {
				return
			}
			_ = w.System()
			_ = w.Probe(context.Background(), e.Dependency)
			_ = w.AllowDestructive(context.Background(), "Drop")
			w.Subscribe(func(Event) {})()
			done++
		})
		g.fail(5)
		sleep(10 * time.Millisecond)
		if done != 1 {
			t.Fatal("the subscriber did not come back")
		}
		w.wantState("redis", Healthy)
	})
}

func TestEventsRemembersTheLast(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.guard("redis")
		const all = 500
		for range all / 2 {
			_ = w.SetState("redis", Unhealthy, "flapping")
			_ = w.SetState("redis", Healthy, "flapping")
		}
		events := w.Events()
		if len(events) != ringSize || events[0].Seq != all-ringSize+1 || events[ringSize-1].Seq != all {
			t.Fatalf("%d events, from number %d to %d", len(events), events[0].Seq, events[len(events)-1].Seq)
		}
		events[0].Seq = 0
		if w.Events()[0].Seq == 0 {
			t.Error("the caller can change what the registry remembers")
		}
	})
}
