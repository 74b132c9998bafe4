package service

import (
	"context"
	"errors"
	"fmt"

	"github.com/guardgen/guardgen/examples/sessiond/api"
	"github.com/guardgen/guardgen/examples/sessiond/session"
	guard "github.com/guardgen/guardgen/runtime"
)

// End ends a session, with its channel and its topic. With an actor, the person who has just asked for it, the guard
// treats it as confirmed; without one ("") the service has inferred it, and the guard is stricter.
//
// A denied or interrupted ending leaves the session listed and can be asked for again. The error is api.ErrNotFound if
// the session does not exist.
func (s *Service) End(ctx context.Context, id string, how session.Ending, actor, reason string) error {
	ending, err := s.API.Get(ctx, id)
	if err != nil {
		return fmt.Errorf("session %s: %w", id, err)
	}
	if actor != "" {
		keys := guard.Keys("session", id)
		if ending.Topic != "" {
			keys = append(keys, guard.Keys("topic", ending.Topic)...)
		}
		ctx = guard.UserConfirmed(ctx, actor, keys...)
	}
	return s.dismantle(ctx, ending, func(ctx context.Context) error {
		switch how {
		case session.Closed:
			return s.API.CloseSession(ctx, id)
		case session.Terminated:
			return s.API.TerminateSession(ctx, id, reason)
		case session.Ended:
			return s.API.EndSession(ctx, id)
		}
		return fmt.Errorf("session %s cannot be %q: say closed, terminated or ended", id, how)
	})
}

// dismantle takes away what belongs to the session and then, by end, the session: what has been interrupted is still
// listed, and the next attempt begins again. The channel goes first because its key is the session's: if something about
// the session failed lately, the guard stops us here, while the topic, which the guard knows by another key, is still there.
func (s *Service) dismantle(ctx context.Context, gone session.Session, end func(context.Context) error) error {
	if err := s.Transport.DeleteChannel(ctx, gone.ID); err != nil {
		return fmt.Errorf("channel of session %s: %w", gone.ID, err)
	}
	if gone.Topic != "" {
		if err := s.Transport.DeleteTopic(ctx, gone.Topic); err != nil {
			return fmt.Errorf("topic of session %s: %w", gone.ID, err)
		}
	}
	if err := end(ctx); err != nil && !errors.Is(err, api.ErrNotFound) {
		return fmt.Errorf("session %s: %w", gone.ID, err)
	}
	return s.Transport.Forget(ctx, gone.ID)
}

// DeleteTopic deletes a topic on behalf of actor, or by inference if that is "".
func (s *Service) DeleteTopic(ctx context.Context, topic, actor string) error {
	if actor != "" {
		ctx = guard.UserConfirmed(ctx, actor, guard.Keys("topic", topic)...)
	}
	return s.Transport.DeleteTopic(ctx, topic)
}

// DeleteChannel deletes the channel of a session on behalf of actor, or by inference if that is "".
func (s *Service) DeleteChannel(ctx context.Context, id, actor string) error {
	if actor != "" {
		ctx = guard.UserConfirmed(ctx, actor, guard.Keys("session", id)...)
	}
	return s.Transport.DeleteChannel(ctx, id)
}
