// Package happy is annotated as the documentation says.
package happy

import (
	"context"
	"io"
)

//go:generate go tool guardgen

// Message is one entry of a topic.
type Message struct{ ID string }

// Transport moves messages between sessions.
//
//guard:dependency name=redis threshold=5 backoff=1s..60s reconnect=45s key=topic
type Transport interface {
	// Ping asks for a sign of life.
	//
	//guard:probe
	Ping(ctx context.Context) error

	Publish(ctx context.Context, topic string, body []byte) (id string, err error)

	//guard:heavy
	History(ctx context.Context, topic string, limit int) ([]Message, error)

	//guard:destructive budget=20/1m
	DeleteTopic(ctx context.Context, topic string) error

	io.Closer //guard:skip Close
}
