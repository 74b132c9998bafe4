package status

import (
	"sync"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

const (
	// cellLength is the time of one cell of a strip.
	cellLength = 30 * time.Second
	// cells is how many a strip has: an hour of them.
	cells = 120
)

// Letters of a strip: nothing recorded, and the states.
const noRecord = '.'

var letters = [...]byte{guard.Unknown: '?', guard.Healthy: 'h', guard.Degraded: 'd', guard.Unhealthy: 'u'}

// loudness orders what a cell may show: of all that happened in its time, the worst.
var loudness = map[byte]int{noRecord: 0, 'h': 1, 'd': 2, '?': 3, 'u': 4}

// history remembers the states of the last hour, in cells. Its size is fixed for each dependency. Safe for concurrent use.
type history struct {
	mu     sync.Mutex
	strips map[string]*strip
}

// strip is the last hour of one dependency.
type strip struct {
	cells [cells]byte // the cell number n is at n modulo cells
	last  int64       // number of the newest cell
	state byte        // since the last change
	since time.Time   // of the last change; zero if the clock was set back since
}

func (h *history) init() { h.strips = make(map[string]*strip) }

// event notes a transition.
func (h *history) event(e guard.Event) {
	if e.Kind == guard.EventTransition {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.strip(e.Dependency, e.Time).change(letters[e.To], e.Time)
	}
}

// show draws the strip of a dependency, oldest cell first, one letter each: "?", "h", "d", "u", "." for no record. What is
// known of the present makes up for events that were missed.
func (h *history) show(health guard.DependencyHealth, now time.Time) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.strip(health.Name, health.Since)
	s.rewind(cellOf(now))
	if state := letters[health.State]; s.state != state && !health.Since.Before(s.since) { // else an event has told of more
		s.change(state, health.Since)
	}
	s.advance(cellOf(now))
	drawn := make([]byte, cells)
	for i := range drawn {
		drawn[i] = s.cells[(s.last+1+int64(i))%cells]
	}
	return string(drawn)
}

// strip finds or begins a strip. Requires h.mu.
func (h *history) strip(name string, begin time.Time) *strip {
	s := h.strips[name]
	if s == nil {
		s = &strip{last: cellOf(begin), state: noRecord}
		for i := range s.cells {
			s.cells[i] = noRecord
		}
		h.strips[name] = s
	}
	return s
}

func cellOf(t time.Time) int64 { return t.Unix() / int64(cellLength/time.Second) }

// advance fills the cells up to number n with the state that lasts.
func (s *strip) advance(n int64) {
	s.last = max(s.last, n-cells) // older ones are overwritten all the same
	for s.last < n {
		s.last++
		s.cells[s.last%cells] = s.state
	}
}

// change enters a state at its time. One that comes late is entered where it belongs, if that is still remembered.
func (s *strip) change(state byte, at time.Time) {
	n := cellOf(at)
	s.advance(n)
	s.state, s.since = state, at
	s.enter(max(n, s.last-cells+1))
}

// enter shows the state in the cells from number n on, where nothing worse has happened.
func (s *strip) enter(n int64) {
	for ; n <= s.last; n++ {
		if c := &s.cells[n%cells]; loudness[s.state] > loudness[*c] {
			*c = s.state
		}
	}
}

// rewind forgets what was recorded of a time that is yet to come, because the clock was set back. The next cell may have
// begun while somebody looked.
func (s *strip) rewind(n int64) {
	if s.last <= n+1 {
		return
	}
	for last := s.last; last > max(n, s.last-cells); last-- {
		s.cells[last%cells] = noRecord
	}
	s.last, s.since = n, time.Time{}
	s.enter(n)
}
