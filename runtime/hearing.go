package guard

import (
	"sync"
	"time"
)

// spanLimit bounds the memory of when we were deaf. Beyond it the two oldest spans become one, with what lies between
// them: too much deafness delays a destruction, too little hastens one.
const spanLimit = 1024

// span is an interval; the moment of its end does not belong to it.
type span struct{ from, to moment }

// hearing knows when the process could not hear whom it serves: before a required dependency was proven for the first
// time, and in its episodes. Safe for concurrent use; its lock is taken last.
type hearing struct {
	mu   sync.Mutex
	deaf map[*Dependency]moment // those that cannot be trusted now, and since when
	past []span                 // sorted and apart
}

func (h *hearing) init() { h.deaf = make(map[*Dependency]moment) }

// lose notes that nothing is heard through d since the given moment.
func (h *hearing) lose(d *Dependency, since moment) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if earlier, deaf := h.deaf[d]; !deaf || since < earlier {
		h.deaf[d] = since
	}
}

// regain notes that d is heard again from now on.
func (h *hearing) regain(d *Dependency, now moment) {
	h.mu.Lock()
	defer h.mu.Unlock()
	since, deaf := h.deaf[d]
	if !deaf {
		return
	}
	delete(h.deaf, d)
	s := span{since, now}
	for n := len(h.past); n > 0 && h.past[n-1].to >= s.from; n = len(h.past) {
		s.from = min(s.from, h.past[n-1].from)
		s.to = max(s.to, h.past[n-1].to)
		h.past = h.past[:n-1]
	}
	h.past = append(h.past, s)
	if len(h.past) > spanLimit {
		h.past[1].from = h.past[0].from
		h.past = h.past[1:]
	}
}

// heard returns how much of the time between two moments was not deaf.
func (h *hearing) heard(from, to moment) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, since := range h.deaf {
		to = min(to, since)
	}
	if to <= from {
		return 0
	}
	heard := to.sub(from)
	for i := len(h.past) - 1; i >= 0 && h.past[i].to > from; i-- {
		heard -= max(0, min(to, h.past[i].to).sub(max(from, h.past[i].from)))
	}
	return heard
}
