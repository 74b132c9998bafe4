package service

import (
	"sync"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

// silence is for how long a session has been silent by our clock: all that a service with raw clients can know. It does not
// tell a client that said nothing from one that we could not hear; [guard.HealthRegistry.Silence] does. Safe for
// concurrent use.
type silence struct {
	now func() time.Time

	mu      sync.Mutex
	missing map[string]time.Time // keys without a record, and since when we know
}

// missingLimit bounds the memory for keys without a record.
const missingLimit = 100_000

// ByTheClock measures silence by a clock. A record that is missing, a zero lastSeen, is no old record: Redis may have lost
// it, so the silence begins now.
func ByTheClock(now func() time.Time) func(key string, lastSeen time.Time) time.Duration {
	s := &silence{now: now, missing: make(map[string]time.Time)}
	return s.of
}

func (s *silence) of(key string, lastSeen time.Time) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if !lastSeen.IsZero() {
		delete(s.missing, key) // if it goes missing again, it begins to age anew
		return now.Sub(lastSeen)
	}
	since, known := s.missing[key]
	if !known {
		if len(s.missing) >= missingLimit {
			clear(s.missing) // all of them begin to age anew
		}
		since = now
		s.missing[key] = now
	}
	return now.Sub(since)
}

// keyOf is the key of a session, as the annotations of both clients say it.
func keyOf(session string) string { return guard.Keys("session", session)[0] }
