// Package transport is a golden for the plain case: every class of method, documentation, one key for all.
package transport

import "context"

// Message is one entry of a topic.
type Message struct{ Body []byte }

// Transport moves messages between sessions.
//
// A topic lives until somebody deletes it:
//
//	err := transport.DeleteTopic(ctx, "orders")
//
//guard:dependency name=redis threshold=5 backoff=1s..60s reconnect=45s key=topic
type Transport interface {
	// Ping asks for a sign of life.
	//
	//guard:probe
	Ping(ctx context.Context) error

	// Publish appends body to topic.
	//
	// It returns the message's id.
	Publish(ctx context.Context, topic string, body []byte) (id string, err error)

	//guard:heavy
	History(ctx context.Context, topic string, limit int) ([]Message, error)

	// DeleteTopic removes topic and all that is in it.
	//
	//guard:destructive budget=20/1m
	DeleteTopic(ctx context.Context, topic string) error
}
