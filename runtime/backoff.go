package guard

import (
	"math"
	"time"
)

// delay returns the open delay after attempt earlier openings without a stable closed period between them: exponential
// from Min, capped at Max, half of it fixed and half of it random ("equal jitter"), so that many processes that lost a
// dependency together do not come back together. Never above Max; never below half of Min. random returns [0, 1).
func (b Backoff) delay(attempt int, random func() float64) time.Duration {
	d := b.Max
	if attempt = max(0, attempt); attempt < 62 {
		if grown := b.Min << attempt; grown > 0 && grown>>attempt == b.Min && grown < b.Max {
			d = grown
		}
	}
	return d/2 + portion(d-d/2, random)
}

// jittered returns d changed by up to a fifth in either direction.
func jittered(d time.Duration, random func() float64) time.Duration {
	d = min(d, math.MaxInt64/6*5)
	return d - d/5 + portion(2*(d/5), random)
}

// portion returns a random part of d.
func portion(d time.Duration, random func() float64) time.Duration {
	return min(d, time.Duration(random()*float64(d)))
}
