package service

import (
	"context"
	"errors"
)

// The handlers in this file were written in a healthy week. They take any error for the end of whatever they were about,
// clear up at once, and know nothing of scopes. They are left as they were: what they do in an outage is what the guard
// is for.

// Deliver publishes body on the topic of the session. If the API does not return the session, the topic is deleted.
func (s *Service) Deliver(ctx context.Context, id, topic string, body []byte) error {
	if _, err := s.API.Get(ctx, id); err != nil {
		return errors.Join(err, s.Transport.DeleteTopic(ctx, topic))
	}
	_, err := s.Transport.Publish(ctx, topic, body)
	return err
}

// Notify sends body to the session. If that does not work, the session is terminated; so that a client that has hung up
// cannot keep its session alive, the request's context is not asked.
func (s *Service) Notify(ctx context.Context, id string, body []byte) (err error) {
	defer func() {
		if err != nil {
			err = errors.Join(err, s.API.TerminateSession(context.Background(), id, "unreachable"))
		}
	}()
	_, err = s.Transport.Send(ctx, id, body)
	return err
}
