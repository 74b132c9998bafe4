package guard

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestBackoffGrowsAndKeepsWithinItsBounds(t *testing.T) {
	check := func(t rapid.TB, b Backoff) {
		before := time.Duration(0)
		for attempt := range 70 {
			most := b.Max // of an attempt whose doubling would pass it
			if attempt < 62 && b.Min <= b.Max>>attempt {
				most = b.Min << attempt
			}
			d := b.delay(attempt, rand.Float64)
			if d < most/2 || d > most {
				t.Fatalf("%s: delay %d is %s, want %s to %s", b, attempt, d, most/2, most)
			}
			if most < b.Max && d < before {
				t.Fatalf("%s: delay %d is %s, after %s", b, attempt, d, before)
			}
			before = d
		}
		if d := b.delay(-1, rand.Float64); d < b.Min/2 || d > b.Min {
			t.Fatalf("%s: before the first opening the delay is %s", b, d)
		}
		if d := b.delay(1<<30, rand.Float64); d < b.Max/2 || d > b.Max {
			t.Fatalf("%s: after very many openings the delay is %s", b, d)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		shortest := time.Duration(rapid.Int64Range(1, int64(time.Hour)).Draw(t, "min"))
		check(t, Backoff{shortest, time.Duration(rapid.Int64Range(int64(shortest), 1<<63-1).Draw(t, "max"))})
	})
	check(t, Backoff{1<<40 | 1, 1<<63 - 1}) // doubling it 30 times leaves a small positive number
	check(t, Backoff{1, 1})
}

func TestBackoffSpreadsOverHalfOfTheDelay(t *testing.T) {
	b := Backoff{Min: time.Second, Max: time.Minute}
	least, most := b.Max, time.Duration(0)
	for range 1000 {
		d := b.delay(3, rand.Float64)
		least, most = min(least, d), max(most, d)
	}
	if least > 4100*time.Millisecond || most < 7900*time.Millisecond {
		t.Errorf("1000 delays lie between %s and %s, want nearly all of 4s to 8s", least, most)
	}
}

func TestJitterKeepsWithinAFifth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := time.Duration(rapid.Int64Range(0, int64(1000*time.Hour)).Draw(t, "d"))
		if j := jittered(d, rand.Float64); j < d-d/5 || j > d+d/5 {
			t.Fatalf("jittered(%s) = %s", d, j)
		}
	})
	least, most := time.Hour, time.Duration(0)
	for range 1000 {
		d := jittered(time.Minute, rand.Float64)
		least, most = min(least, d), max(most, d)
	}
	if least > 49*time.Second || most < 71*time.Second {
		t.Errorf("1000 times a minute lie between %s and %s, want nearly all of 48s to 72s", least, most)
	}
}

// TestDelayStaysBelowTheCapWhateverIsDrawn draws the random number too, up to the largest below 1.
func TestDelayStaysBelowTheCapWhateverIsDrawn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		least := time.Duration(rapid.Int64Range(1, 1<<63-1).Draw(t, "min"))
		b := Backoff{least, time.Duration(rapid.Int64Range(int64(least), 1<<63-1).Draw(t, "max"))}
		drawn := rapid.OneOf(rapid.Float64Range(0, math.Nextafter(1, 0)), rapid.Just(math.Nextafter(1, 0)), rapid.Just(0.)).Draw(t, "random")
		d := b.delay(rapid.Int().Draw(t, "attempt"), func() float64 { return drawn })
		if d > b.Max || d < b.Min/2 {
			t.Fatalf("%s: a delay of %s", b, d)
		}
	})
}
