// Package transport moves messages between sessions: topics that many read, a channel for each session, and the record of
// each session's heartbeat. All of it lives in Redis.
package transport

import (
	"context"
	"time"
)

//go:generate go tool guardgen

// Message is one entry of a topic.
type Message struct {
	ID   string    `json:"id"`
	Body []byte    `json:"body"`
	At   time.Time `json:"at"`
}

// Transport moves messages between sessions.
//
//guard:dependency name=redis threshold=5 backoff=1s..60s reconnect=45s hold=60s key=topic,session classify=Classify
type Transport interface {
	// Ping asks for a sign of life.
	//
	//guard:probe
	Ping(ctx context.Context) error

	// CreateTopic makes the topic exist.
	CreateTopic(ctx context.Context, topic string) error

	// Publish appends body to the topic and returns the message's identity. A topic that does not exist is ErrNoTopic.
	Publish(ctx context.Context, topic string, body []byte) (id string, err error)

	// History returns the last messages of the topic, at most limit, the newest first.
	//
	//guard:heavy
	History(ctx context.Context, topic string, limit int) ([]Message, error)

	// Topics returns the names of all topics, sorted.
	//
	//guard:heavy
	Topics(ctx context.Context) ([]string, error)

	// Send appends body to the channel of the session.
	Send(ctx context.Context, session string, body []byte) (id string, err error)

	// Beat writes the heartbeat record of the session: its client was there at that time.
	Beat(ctx context.Context, session string, at time.Time) error

	// LastSeen reads the heartbeat record of the session. Found is false if there is none, which says nothing about the
	// session: a Redis that was restarted empty has none of anybody.
	LastSeen(ctx context.Context, session string) (at time.Time, found bool, err error)

	// Forget drops the heartbeat record of a session that has ended. Nobody dies of a missing record.
	Forget(ctx context.Context, session string) error

	// DeleteTopic deletes the topic and every message on it. Deleting it again is no error.
	//
	//guard:destructive budget=60/1m
	DeleteTopic(ctx context.Context, topic string) error

	// DeleteChannel deletes the channel of the session and what is on it. Deleting it again is no error.
	//
	//guard:destructive budget=60/1m
	DeleteChannel(ctx context.Context, session string) error
}
