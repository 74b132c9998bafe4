package tally

import (
	"context"

	"github.com/guardgen/guardgen/examples/sessiond/api"
	"github.com/guardgen/guardgen/examples/sessiond/session"
)

// API is a SessionAPI that counts the calls on their way to Next. Safe for concurrent use if Next is.
type API struct {
	Count
	Next api.SessionAPI
}

var _ api.SessionAPI = (*API)(nil)

// Ping implements [api.SessionAPI].
func (a *API) Ping(ctx context.Context) error {
	a.add("Ping")
	return a.Next.Ping(ctx)
}

// Create implements [api.SessionAPI].
func (a *API) Create(ctx context.Context, owner, topic string) (session.Session, error) {
	a.add("Create")
	return a.Next.Create(ctx, owner, topic)
}

// Get implements [api.SessionAPI].
func (a *API) Get(ctx context.Context, id string) (session.Session, error) {
	a.add("Get")
	return a.Next.Get(ctx, id)
}

// Touch implements [api.SessionAPI].
func (a *API) Touch(ctx context.Context, id string) error {
	a.add("Touch")
	return a.Next.Touch(ctx, id)
}

// List implements [api.SessionAPI].
func (a *API) List(ctx context.Context) ([]session.Session, error) {
	a.add("List")
	return a.Next.List(ctx)
}

// CloseSession implements [api.SessionAPI].
func (a *API) CloseSession(ctx context.Context, id string) error {
	a.add("CloseSession")
	return a.Next.CloseSession(ctx, id)
}

// TerminateSession implements [api.SessionAPI].
func (a *API) TerminateSession(ctx context.Context, id, reason string) error {
	a.add("TerminateSession")
	return a.Next.TerminateSession(ctx, id, reason)
}

// EndSession implements [api.SessionAPI].
func (a *API) EndSession(ctx context.Context, id string) error {
	a.add("EndSession")
	return a.Next.EndSession(ctx, id)
}
