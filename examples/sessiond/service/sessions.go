package service

import (
	"context"
	"fmt"

	"github.com/guardgen/guardgen/examples/sessiond/session"
	"github.com/guardgen/guardgen/examples/sessiond/transport"
)

// Open opens a session for owner; topic names the topic it will own, "" for none.
func (s *Service) Open(ctx context.Context, owner, topic string) (session.Session, error) {
	opened, err := s.API.Create(ctx, owner, topic)
	if err != nil {
		return session.Session{}, fmt.Errorf("open session: %w", err)
	}
	if topic != "" {
		if err := s.Transport.CreateTopic(ctx, topic); err != nil {
			return opened, fmt.Errorf("topic of session %s: %w", opened.ID, err)
		}
	}
	if err := s.Transport.Beat(ctx, opened.ID, s.Now()); err != nil {
		return opened, fmt.Errorf("first heartbeat of session %s: %w", opened.ID, err)
	}
	return opened, nil
}

// Heartbeat notes that the client of the session is there. The error is api.ErrNotFound if the session is not.
func (s *Service) Heartbeat(ctx context.Context, id string) error {
	if err := s.API.Touch(ctx, id); err != nil {
		return fmt.Errorf("session %s: %w", id, err)
	}
	if err := s.Transport.Beat(ctx, id, s.Now()); err != nil {
		return fmt.Errorf("heartbeat of session %s: %w", id, err)
	}
	return nil
}

// History returns the last messages of the topic, the newest first.
func (s *Service) History(ctx context.Context, topic string, limit int) ([]transport.Message, error) {
	messages, err := s.Transport.History(ctx, topic, limit)
	if err != nil {
		return nil, fmt.Errorf("history of topic %s: %w", topic, err)
	}
	return messages, nil
}
