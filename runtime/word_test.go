package guard

import (
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

func TestEpochsCompareAcrossTheWrapAround(t *testing.T) {
	const bits = 64 - epochShift
	rapid.Check(t, func(t *rapid.T) {
		older := rapid.Uint64().Draw(t, "word")
		failures := rapid.Uint64Range(1, 1<<(bits-1)-1).Draw(t, "failures")
		newer := older + failures*epochUnit
		switch {
		case !epochOf(newer).since(epochOf(older)):
			t.Fatalf("%d failures later does not count as later", failures)
		case epochOf(older).since(epochOf(newer)):
			t.Fatalf("%d failures earlier counts as later", failures)
		case !epochOf(older).since(epochOf(older)):
			t.Fatal("an epoch is not its own")
		case newer&(epochUnit-1) != older&(epochUnit-1):
			t.Fatal("a failure changed the rest of the word")
		}
	})
}

func TestGenerationsWrapAroundWithoutTouchingTheEpoch(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		d := w.guard("redis").dependency
		d.mu.Lock()
		defer d.mu.Unlock()
		d.word.Store(d.word.Load()&^generationMask | generationMask) // the last one
		before := d.word.Load()
		d.setFlags(true)
		after := d.word.Load()
		if after&generationMask != 0 || epochOf(after) != epochOf(before) || sameGeneration(before, after) {
			t.Errorf("the word went from %x to %x", before, after)
		}
	})
}

func TestProofOfAnEpochProvesNoOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.Uint64().Draw(t, "word")
		tick := rapid.Uint32Min(1).Draw(t, "tick")
		failures := rapid.Uint64Range(1, 1<<32-1).Draw(t, "failures")
		p := proofOf(word, tick)
		switch {
		case !p.proves(epochOf(word)):
			t.Fatal("a proof does not prove its own epoch")
		case p.proves(epochOf(word + failures*epochUnit)):
			t.Fatalf("it still proves %d failures later", failures)
		case p.tick() != tick:
			t.Fatalf("tick %d became %d", tick, p.tick())
		case proof(0).proves(epochOf(word)):
			t.Fatal("no proof proves")
		}
	})
}

func TestStampsOnlyEverLookOlder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		naps := rapid.SliceOfN(rapid.Int64Range(0, int64(time.Second)), 1, 20).Draw(rt, "naps")
		synctest.Test(t, func(*testing.T) {
			var c clock
			c.init()
			for _, nap := range naps {
				time.Sleep(time.Duration(nap))
				c.beat(c.read())
				now := c.now()
				if at := c.at(c.tick.Load()); at > now || now.sub(at) > tickLength || at <= 0 {
					rt.Errorf("at %d the stamp says %d", now, at)
				}
			}
		})
	})
}
