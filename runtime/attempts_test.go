package guard

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestAttemptsForgetTheOldestFirst(t *testing.T) {
	a := attempts{memory: time.Hour}
	const noted = 3*attemptsLimit + 7
	for i := range noted {
		a.note(Keys("session", i)[0], moment(i+1), moment(i+2))
	}
	remembered := 0
	for i := range noted {
		switch failed := a.last(Keys("session", i)[0], noted+2); {
		case failed == moment(i+1):
			remembered++
		case failed != 0 || remembered > 0:
			t.Fatalf("attempt %d: %d, although %d older ones are remembered", i, failed, remembered)
		}
	}
	if remembered < attemptsLimit/2 || remembered > attemptsLimit {
		t.Errorf("%d attempts are remembered", remembered)
	}
}

func TestAttemptsWithoutATTLAreNotRemembered(t *testing.T) {
	var a attempts
	a.note("session:1", 1, 1)
	if len(a.younger)+len(a.older) != 0 || a.last("session:1", 1) != 0 {
		t.Errorf("%+v", a)
	}
}

// TestAttemptsAgreeWithAListOfThem checks the two maps against one that never turns.
func TestAttemptsAgreeWithAListOfThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := attempts{memory: time.Duration(rapid.IntRange(3, 30).Draw(t, "memory"))}
		failed := make(map[string]moment)
		now := moment(1)
		drawn := rapid.SampledFrom([]string{"a", "b", "c", "d"})
		t.Repeat(map[string]func(*rapid.T){
			"time passes": func(t *rapid.T) { now += moment(rapid.IntRange(1, 20).Draw(t, "passes")) },
			"note": func(t *rapid.T) {
				key := drawn.Draw(t, "key")
				at := max(1, now-moment(rapid.IntRange(0, 40).Draw(t, "ago")))
				a.note(key, at, now)
				failed[key] = max(failed[key], at)
			},
			"": func(t *rapid.T) {
				for key, at := range failed {
					want := at
					if at.add(a.memory) <= now {
						want = 0
					}
					if got := a.last(key, now); got != want {
						t.Fatalf("at %d the last attempt about %s was at %d, want %d (%+v)", now, key, got, want, a)
					}
				}
			},
		})
	})
}
