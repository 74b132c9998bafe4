package guard

import (
	"context"
	"fmt"
	"runtime"
	"strconv"
	"testing"
	"time"
)

// heap is what is in use after everything unused has been collected.
func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// tenKeys are ten keys that no other n has.
func tenKeys(n int) []string {
	keys := make([]string, 10)
	for i := range keys {
		keys[i] = "session:" + strconv.Itoa(10*n+i)
	}
	return keys
}

// TestMillionFailingKeysAreDeniedInBoundedMemory lets calls about a million distinct keys fail, without an outage: one
// in a thousand succeeds and the threshold is high, so that the breaker stays closed and each failure marks its key.
func TestMillionFailingKeysAreDeniedInBoundedMemory(t *testing.T) {
	const keys = 1_000_000
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis", policy(func(p *Policy) { p.Threshold = Threshold{Failures: maxFailures} }))
		w.prove(g)
		before := heap()
		refused := 0
		for i := range keys / 10 {
			a := g.get.Begin(t.Context())
			if !a.Admitted() {
				refused++
			}
			_ = a.Settle(t.Context(), errDown, tenKeys(i)...)
			if i%1000 == 999 {
				w.prove(g)
			}
		}
		if grown := heap() - before; grown > 32<<20 {
			t.Errorf("%d MB for %d keys", grown>>20, keys)
		}
		s := w.System()
		if s.Suspects != suspectsLimit || s.Overflowed != keys-suspectsLimit || refused != 0 {
			t.Fatalf("%d are remembered, %d found no room, %d calls were refused", s.Suspects, s.Overflowed, refused)
		}
		sleep(2 * time.Second) // quiet, and proven again
		for _, key := range []string{"session:1", fmt.Sprintf("session:%d", keys-1), "session:never seen"} {
			wantDenied(t, g.Drop(NewScope(t.Context()), key), ReasonKey)
			if got := w.Silence(key, w.clock.read().wall.Add(-time.Hour)); got > 3*time.Second {
				t.Errorf("silence of %s about %s", got, key)
			}
		}
		wantAllowed(t, g.Drop(NewScope(t.Context()))) // about no key
		sleep(time.Minute + 2*time.Second)
		for _, key := range []string{"session:1", "session:never seen"} {
			wantAllowed(t, g.Drop(NewScope(t.Context()), key))
		}
		if size, _ := w.suspects.counts(); size != 0 || g.get.suspects.Load() != 0 {
			t.Errorf("%d are remembered after hold", size)
		}
	})
}

// TestManyMissingRecordsTakeBoundedMemory has a reaper ask about many more keys without a record than are remembered.
func TestManyMissingRecordsTakeBoundedMemory(t *testing.T) {
	const keys = 4 * unseenLimit
	inWorld(t, func(t *testing.T, w *world) {
		w.prove(w.guard("redis"))
		before := heap()
		for i := range keys {
			w.Silence("session:"+strconv.Itoa(i), time.Time{})
		}
		if grown := heap() - before; grown > 24<<20 || len(w.unseen.byKey) != unseenLimit {
			t.Errorf("%d MB, %d keys are remembered", grown>>20, len(w.unseen.byKey))
		}
		sleep(time.Minute)
		if got := w.Silence(fmt.Sprintf("session:%d", keys-1), time.Time{}); got != 0 {
			t.Errorf("silence of %s about a key that found no room", got)
		}
	})
}

// TestNamesThatVaryLeaveNothingBehind uses names that should be constants, and a scope for each of them.
func TestNamesThatVaryLeaveNothingBehind(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		before := heap()
		g.set(errDown)
		for i := range 20_000 {
			ctx := NewScope(t.Context())
			_, _ = Call(ctx, g.dependency, func(ctx context.Context) (int, error) { return 0, g.do(ctx) }, As(fmt.Sprint("read ", i)))
			_ = w.AllowDestructive(ctx, fmt.Sprint("purge ", i))
		}
		if grown := heap() - before; grown > 4<<20 {
			t.Errorf("%d MB are left", grown>>20)
		}
		if n := len(w.Denials()); n > denialLimit+10 {
			t.Errorf("%d kinds of denials", n)
		}
	})
}
