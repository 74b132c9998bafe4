package service

import (
	"context"
	"errors"
	"maps"
	"sync"
	"time"

	"github.com/guardgen/guardgen/examples/sessiond/session"
	guard "github.com/guardgen/guardgen/runtime"
)

// examiners is how many sessions one turn of the reaper examines at a time.
const examiners = 16

// reaper remembers what one turn must know of the turns before.
type reaper struct {
	mu      sync.Mutex
	missing map[string]time.Time // sessions without a heartbeat record, and since when we know
}

// reapLoop runs a turn of the reaper at each interval.
func (s *Service) reapLoop(ctx context.Context) {
	every(ctx, s.ReapEvery, func(ctx context.Context) { s.Reap(ctx) })
}

// Reap runs one turn of the reaper over the sessions that the service knows, and returns how many it ended.
func (s *Service) Reap(ctx context.Context) (ended int) {
	sessions := s.Sessions()
	s.reaper.keepOnly(sessions)
	var (
		turn sync.WaitGroup
		mu   sync.Mutex
		next = make(chan session.Session)
	)
	for range min(examiners, len(sessions)) {
		turn.Go(func() {
			for examined := range next {
				if s.examine(guard.NewScope(ctx), examined) {
					mu.Lock()
					ended++
					mu.Unlock()
				}
			}
		})
	}
	for _, examined := range sessions {
		if ctx.Err() != nil {
			break
		}
		next <- examined
	}
	close(next)
	turn.Wait()
	return ended
}

// examine ends the session if its client has been silent for the TTL, and reports whether it did. Whatever stands in the
// way means "not now": the session is looked at again in the next turn.
func (s *Service) examine(ctx context.Context, examined session.Session) bool {
	seen, found, err := s.Transport.LastSeen(ctx, examined.ID)
	if err != nil {
		return false // we do not know, so nobody dies
	}
	if found {
		s.reaper.recorded(examined.ID)
	} else {
		seen = s.reaper.missedSince(examined.ID, s.Now())
	}
	silent := s.Now().Sub(seen)
	if silent < s.TTL {
		return false
	}
	err = s.dismantle(ctx, examined, func(ctx context.Context) error { return s.API.EndSession(ctx, examined.ID) })
	switch {
	case errors.Is(err, guard.ErrDestructiveDenied), errors.Is(err, guard.ErrUnhealthy):
		s.Logger.Debug("session not ended now", "session", examined.ID, "silent", silent, "why", err)
		return false
	case err != nil:
		s.Logger.Warn("session not ended", "session", examined.ID, "silent", silent, "error", err)
		return false
	}
	s.drop(examined.ID)
	s.Logger.Debug("session ended", "session", examined.ID, "silent", silent)
	return true
}

// missedSince returns when the session was first found without a record. A missing record is no old record: Redis may
// have lost it, so the silence begins now.
func (r *reaper) missedSince(id string, now time.Time) time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	since, known := r.missing[id]
	if !known {
		since = now
		r.missing[id] = now
	}
	return since
}

// recorded notes that the session has a record: if that goes missing again, it begins to age anew.
func (r *reaper) recorded(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.missing, id)
}

// keepOnly forgets the sessions that are no longer listed.
func (r *reaper) keepOnly(sessions []session.Session) {
	listed := make(map[string]bool, len(sessions))
	for _, s := range sessions {
		listed[s.ID] = true
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	maps.DeleteFunc(r.missing, func(id string, _ time.Time) bool { return !listed[id] })
}
