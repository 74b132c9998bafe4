package main

import (
	"math/rand/v2"
	"time"
)

const (
	mortalShare = 10 // one client in so many really dies
	notifyShare = 4  // one client in so many sends notes, by the handler that terminates
)

// cast is who appears, alike in each world.
type cast struct {
	sessions int
	topics   int                   // owned by the first sessions
	deaths   map[int]time.Duration // when after the start a session's client really dies
	seed     uint64
}

// newCast draws who dies and when: a third in the calm, the others at any time until the dependencies are back.
func newCast(sessions, topics int, t tempo, seed uint64) cast {
	c := cast{sessions: sessions, topics: topics, deaths: make(map[int]time.Duration), seed: seed}
	dice := rand.New(rand.NewPCG(seed, 0))
	calm, all := script[0].lasts, length()
	mortals := dice.Perm(sessions)[:sessions/mortalShare]
	for i, mortal := range mortals {
		from, to := calm, all
		if i < len(mortals)/3 {
			from, to = 0, calm/3
		}
		at := from + time.Duration(dice.Float64()*float64(to-from))
		c.deaths[mortal] = max(1, time.Duration(float64(at)/t.scale))
	}
	return c
}
