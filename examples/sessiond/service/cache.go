package service

import (
	"context"
	"fmt"
	"slices"

	"github.com/guardgen/guardgen/examples/sessiond/session"
)

// refreshLoop keeps the list of sessions fresh. While the API is unhealthy it waits, without asking again and again, and
// wakes when the API is back.
func (s *Service) refreshLoop(ctx context.Context) {
	turn := func(ctx context.Context) {
		if err := s.refreshWhenHealthy(ctx); err != nil && ctx.Err() == nil {
			s.Logger.Warn("list of sessions not refreshed", "error", err)
		}
	}
	turn(ctx)
	every(ctx, s.RefreshEvery, turn)
}

// refreshWhenHealthy waits for the API, as far as its health is known, and refreshes the list.
func (s *Service) refreshWhenHealthy(ctx context.Context) error {
	if s.Registry != nil {
		if err := s.Registry.WaitHealthy(ctx, "api"); err != nil {
			return err
		}
	}
	return s.Refresh(ctx)
}

// Refresh reads the list of sessions. If that fails, the list that we have stays.
func (s *Service) Refresh(ctx context.Context) error {
	sessions, err := s.API.List(ctx)
	if err != nil {
		return fmt.Errorf("list of sessions: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions = sessions
	return nil
}

// Sessions returns the sessions as of the last refresh, in the order of their creation.
func (s *Service) Sessions() []session.Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.sessions)
}

// drop takes a session that has ended off the list.
func (s *Service) drop(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions = slices.DeleteFunc(s.sessions, func(listed session.Session) bool { return listed.ID == id })
}
