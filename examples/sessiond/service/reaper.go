package service

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/guardgen/guardgen/examples/sessiond/session"
	guard "github.com/guardgen/guardgen/runtime"
)

// examiners is how many sessions one turn of the reaper examines at a time.
const examiners = 16

// reapLoop runs a turn of the reaper at each interval.
func (s *Service) reapLoop(ctx context.Context) {
	every(ctx, s.ReapEvery, func(ctx context.Context) { s.Reap(ctx) })
}

// Reap runs one turn of the reaper over the sessions that the service knows, and returns how many it ended.
func (s *Service) Reap(ctx context.Context) (ended int) {
	sessions := s.Sessions()
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
	if !found {
		seen = time.Time{}
	}
	silent := s.Silence(keyOf(examined.ID), seen)
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
