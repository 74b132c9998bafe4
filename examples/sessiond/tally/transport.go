package tally

import (
	"context"
	"time"

	"github.com/guardgen/guardgen/examples/sessiond/transport"
)

// Transport is a Transport that counts the calls on their way to Next. Safe for concurrent use if Next is.
type Transport struct {
	Count
	Next transport.Transport
}

var _ transport.Transport = (*Transport)(nil)

// Ping implements [transport.Transport].
func (t *Transport) Ping(ctx context.Context) error {
	t.add("Ping")
	return t.Next.Ping(ctx)
}

// CreateTopic implements [transport.Transport].
func (t *Transport) CreateTopic(ctx context.Context, topic string) error {
	t.add("CreateTopic")
	return t.Next.CreateTopic(ctx, topic)
}

// Publish implements [transport.Transport].
func (t *Transport) Publish(ctx context.Context, topic string, body []byte) (id string, err error) {
	t.add("Publish")
	return t.Next.Publish(ctx, topic, body)
}

// History implements [transport.Transport].
func (t *Transport) History(ctx context.Context, topic string, limit int) ([]transport.Message, error) {
	t.add("History")
	return t.Next.History(ctx, topic, limit)
}

// Topics implements [transport.Transport].
func (t *Transport) Topics(ctx context.Context) ([]string, error) {
	t.add("Topics")
	return t.Next.Topics(ctx)
}

// Send implements [transport.Transport].
func (t *Transport) Send(ctx context.Context, session string, body []byte) (id string, err error) {
	t.add("Send")
	return t.Next.Send(ctx, session, body)
}

// Beat implements [transport.Transport].
func (t *Transport) Beat(ctx context.Context, session string, at time.Time) error {
	t.add("Beat")
	return t.Next.Beat(ctx, session, at)
}

// LastSeen implements [transport.Transport].
func (t *Transport) LastSeen(ctx context.Context, session string) (at time.Time, found bool, err error) {
	t.add("LastSeen")
	return t.Next.LastSeen(ctx, session)
}

// Forget implements [transport.Transport].
func (t *Transport) Forget(ctx context.Context, session string) error {
	t.add("Forget")
	return t.Next.Forget(ctx, session)
}

// DeleteTopic implements [transport.Transport].
func (t *Transport) DeleteTopic(ctx context.Context, topic string) error {
	t.add("DeleteTopic")
	return t.Next.DeleteTopic(ctx, topic)
}

// DeleteChannel implements [transport.Transport].
func (t *Transport) DeleteChannel(ctx context.Context, session string) error {
	t.add("DeleteChannel")
	return t.Next.DeleteChannel(ctx, session)
}
