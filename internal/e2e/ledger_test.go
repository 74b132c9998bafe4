package e2e

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/guardgen/guardgen/examples/sessiond/session"
	guard "github.com/guardgen/guardgen/runtime"
)

// ledger is the truth about the sessions of one program: who is really dead, who was ended, what was destroyed. Safe for
// concurrent use.
type ledger struct {
	mu     sync.Mutex
	fates  map[string]*fate // by ID
	topics map[string]*fate // by topic
	watch  []destruction    // what the gate told the watch, in order
}

// fate is what became of a session.
type fate struct {
	id     string
	died   time.Time // its client is silent for good since then; zero while it lives
	ended  time.Time // the server ended it; zero while it exists
	asked  []destruction
	harmed time.Time // something of it was destroyed first
}

// newLedger enters sessions, which live.
func newLedger(sessions []session.Session) *ledger {
	l := &ledger{fates: make(map[string]*fate), topics: make(map[string]*fate)}
	for _, s := range sessions {
		f := &fate{id: s.ID}
		l.fates[s.ID], l.topics[s.Topic] = f, f
	}
	return l
}

// died notes that a client is really dead from now on.
func (l *ledger) died(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fates[id].died = time.Now()
}

// ended notes that the server ended a session. One of another program is none of ours.
func (l *ledger) ended(s session.Session) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if f := l.fates[s.ID]; f != nil {
		f.ended = time.Now()
		f.harm(f.ended)
	}
}

// destroyed notes a destructive call that went on to the real client.
func (l *ledger) destroyed(d destruction) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if d.Operation == watching {
		l.watch = append(l.watch, d)
		return
	}
	f := l.fates[d.Session]
	if f == nil {
		f = l.topics[d.Topic]
	}
	if f == nil {
		return
	}
	if d.Done {
		f.harm(d.At)
		return
	}
	f.asked = append(f.asked, d)
}

// harm notes when something of a session was destroyed. Requires the lock of its ledger.
func (f *fate) harm(at time.Time) {
	if f.harmed.IsZero() || at.Before(f.harmed) {
		f.harmed = at
	}
}

// alive reports whether the client lived at that time.
func (f *fate) alive(at time.Time) bool { return f.died.IsZero() || at.Before(f.died) }

// lost counts the sessions that were ended, or lost their topic or channel, while their clients lived.
func (l *ledger) lost() (lost int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range l.fates {
		if !f.harmed.IsZero() && f.alive(f.harmed) {
			lost++
		}
	}
	return lost
}

// wrongful lists the destructive calls about sessions whose clients lived, whatever became of the calls, and the sessions
// that were ended while they did.
func (l *ledger) wrongful() (said []string, sessions int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range l.fates {
		before := len(said)
		for _, d := range f.asked {
			if f.alive(d.At) {
				said = append(said, fmt.Sprintf("%s of %s at %s", d.Operation, f.id, d.At.Format(clockTime)))
			}
		}
		if len(said) == before && !f.ended.IsZero() && f.alive(f.ended) {
			said = append(said, f.id+" ended")
		}
		if len(said) > before {
			sessions++
		}
	}
	return said, sessions
}

// opened reports whether the watch has found the gate open since then.
func (l *ledger) opened(since time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.ContainsFunc(l.watch, func(d destruction) bool { return d.Denied == "" && d.At.After(since) })
}

// reopened counts how often the watch found the gate open between two times although it had found it shut for the state of
// a dependency before.
func (l *ledger) reopened(from, to time.Time) (count int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	shut := false
	for _, d := range l.watch {
		switch {
		case d.At.Before(from) || d.At.After(to):
		case d.Denied == guard.ReasonUnhealthy || d.Denied == guard.ReasonRecovering:
			shut = true
		case d.Denied == "" && shut:
			count++
		}
	}
	return count
}

// allowed counts what the gate let through, to the watch too.
func (l *ledger) allowed() (count int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, d := range l.watch {
		if d.Denied == "" {
			count++
		}
	}
	for _, f := range l.fates {
		count += len(f.asked)
	}
	return count
}

// dead counts the sessions whose clients are dead, and those of them that are gone.
func (l *ledger) dead() (dead, reaped int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range l.fates {
		if f.died.IsZero() {
			continue
		}
		dead++
		if !f.ended.IsZero() {
			reaped++
		}
	}
	return dead, reaped
}

// buried reports whether a session is gone.
func (l *ledger) buried(id string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.fates[id].ended.IsZero()
}
