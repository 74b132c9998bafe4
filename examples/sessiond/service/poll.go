package service

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/guardgen/guardgen/examples/sessiond/transport"
	guard "github.com/guardgen/guardgen/runtime"
)

// latestCount is how many messages of each topic the service keeps at hand.
const latestCount = 3

// pollLoop keeps the topics' latest messages at hand. It is background work: with a guard it slows down while Redis is
// degraded and rests while it is unhealthy.
func (s *Service) pollLoop(ctx context.Context) {
	turn := func(ctx context.Context) {
		if err := s.Poll(ctx); err != nil {
			s.Logger.Debug("latest messages not read", "error", err)
		}
	}
	if s.Registry == nil {
		every(ctx, s.PollEvery, turn)
		return
	}
	if err := guard.NewPoller(s.Registry, s.PollEvery, "redis").Run(ctx, turn); ctx.Err() == nil {
		s.Logger.Error("latest messages are no longer read", "error", err)
	}
}

// Poll reads the latest messages of every topic, as far as that works.
func (s *Service) Poll(ctx context.Context) error {
	topics, err := s.Transport.Topics(ctx)
	if err != nil {
		return fmt.Errorf("topics: %w", err)
	}
	s.keepTopics(topics)
	var failed []error
	for _, topic := range topics {
		messages, err := s.History(ctx, topic, latestCount)
		if errors.Is(err, guard.ErrUnhealthy) || ctx.Err() != nil {
			return err // the other topics would fare no better
		}
		if err != nil {
			failed = append(failed, err)
			continue
		}
		s.keepLatest(topic, messages)
	}
	return errors.Join(failed...)
}

// keepTopics forgets the messages of topics that are gone.
func (s *Service) keepTopics(topics []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.latest, func(topic string, _ []transport.Message) bool { return !slices.Contains(topics, topic) })
}

// keepLatest notes the latest messages of a topic.
func (s *Service) keepLatest(topic string, messages []transport.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.latest[topic] = messages
}

// Latest returns the latest messages of the topic as of the last poll, the newest first.
func (s *Service) Latest(topic string) []transport.Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.latest[topic]
}
