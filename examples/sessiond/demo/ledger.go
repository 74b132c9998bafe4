package main

import (
	"sync"
	"time"

	"github.com/guardgen/guardgen/examples/sessiond/session"
)

// ledger is the truth about one world, which its service does not know: who is really dead, who was ended, which topics
// are gone. Safe for concurrent use.
type ledger struct {
	mu       sync.Mutex
	sessions map[string]*fate  // by ID
	owners   map[string]string // of each topic, the ID of its session
	gone     map[string]bool   // topics that were deleted; true if their owner was alive then (it may have died since)
}

// fate is what became of a session.
type fate struct {
	died  time.Time // when its client really fell silent for good; zero while that lives
	ended time.Time // when the server ended it; zero while it exists
}

func newLedger() *ledger {
	return &ledger{sessions: make(map[string]*fate), owners: make(map[string]string), gone: make(map[string]bool)}
}

// opened enters a session.
func (l *ledger) opened(s session.Session) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sessions[s.ID] = new(fate)
	if s.Topic != "" {
		l.owners[s.Topic] = s.ID
	}
}

// died notes that the client of the session is really dead, from now on.
func (l *ledger) died(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if f := l.sessions[id]; f != nil && f.ended.IsZero() {
		f.died = time.Now()
	}
}

// ended notes that the server ended the session.
func (l *ledger) ended(s session.Session, _ session.Ending) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if f := l.sessions[s.ID]; f != nil {
		f.ended = time.Now()
	}
}

// topicKey is the key under which the transport keeps a topic.
func topicKey(topic string) string { return "topic:" + topic }

// topics notes which topics exist, by key.
func (l *ledger) topics(exists map[string]bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for topic, id := range l.owners {
		if _, known := l.gone[topic]; !known && !exists[topicKey(topic)] {
			l.gone[topic] = l.sessions[id].died.IsZero()
		}
	}
}

// topicKeys returns the key of every topic that ever was.
func (l *ledger) topicKeys() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	keys := make([]string, 0, len(l.owners))
	for topic := range l.owners {
		keys = append(keys, topicKey(topic))
	}
	return keys
}

// count is what the ledger adds up to.
type count struct {
	living  int // sessions whose clients did not die
	killed  int // of those, sessions that were ended
	topics  int // topics whose owners did not die, or not before them
	deleted int // of those, topics that were deleted
	dead    int // sessions whose clients really died
	reaped  int // of those, sessions that were ended
}

// add adds up.
func (l *ledger) add() (c count) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range l.sessions {
		switch {
		case !f.died.IsZero():
			c.dead++
			if !f.ended.IsZero() {
				c.reaped++
			}
		default:
			c.living++
			if !f.ended.IsZero() {
				c.killed++
			}
		}
	}
	for topic, id := range l.owners {
		if l.gone[topic] {
			c.deleted++
		}
		if l.gone[topic] || l.sessions[id].died.IsZero() {
			c.topics++
		}
	}
	return c
}

// overdue counts the dead that stayed longer than owed in one stretch of continuous health, as of now. The stretches
// are in order of time, and the last may still go on.
func (l *ledger) overdue(healthy []stretch, owed time.Duration, now time.Time) (late int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range l.sessions {
		if f.died.IsZero() {
			continue
		}
		left := f.ended
		if left.IsZero() {
			left = now
		}
		for _, h := range healthy {
			due := h.from.Add(owed)
			if f.died.After(h.from) {
				due = f.died.Add(owed)
			}
			if due.Before(h.to) && due.Before(left) {
				late++
				break
			}
		}
	}
	return late
}

// longest returns the longest time from a death to its session's end, of those that ended.
func (l *ledger) longest() (most time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range l.sessions {
		if !f.died.IsZero() && !f.ended.IsZero() {
			most = max(most, f.ended.Sub(f.died))
		}
	}
	return most
}
