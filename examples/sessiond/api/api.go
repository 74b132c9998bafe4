// Package api is the client side of the session API, and its server: HTTP and JSON over a unix socket. The server holds
// the truth about which sessions exist.
package api

import (
	"context"

	"github.com/guardgen/guardgen/examples/sessiond/session"
)

//go:generate go tool guardgen

// SessionAPI keeps the sessions.
//
// A session that does not exist is ErrNotFound from every method that names one; whatever else goes wrong says nothing
// about the session.
//
//guard:dependency name=api threshold=5 backoff=1s..60s reconnect=45s hold=60s key=session:id classify=Classify
type SessionAPI interface {
	// Ping asks for a sign of life.
	//
	//guard:probe
	Ping(ctx context.Context) error

	// Create opens a session for owner, which owns topic ("" for none).
	Create(ctx context.Context, owner, topic string) (session.Session, error)

	// Get returns the session.
	Get(ctx context.Context, id string) (session.Session, error)

	// Touch notes that the session's client was seen.
	Touch(ctx context.Context, id string) error

	// List returns every session, in the order of their creation.
	//
	//guard:heavy
	List(ctx context.Context) ([]session.Session, error)

	// CloseSession ends the session because its owner said goodbye.
	//
	//guard:destructive budget=60/1m
	CloseSession(ctx context.Context, id string) error

	// TerminateSession ends the session at once, for a reason that the server records.
	//
	//guard:destructive budget=20/1m
	TerminateSession(ctx context.Context, id, reason string) error

	// EndSession ends the session because its client fell silent.
	//
	//guard:destructive budget=60/1m
	EndSession(ctx context.Context, id string) error
}
