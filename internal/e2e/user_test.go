package e2e

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/guardgen/guardgen/examples/sessiond/api"
	"github.com/guardgen/guardgen/examples/sessiond/session"
)

// service is a program as its users see it.
type service interface {
	Heartbeat(ctx context.Context, id string) error
	Handle(ctx context.Context, h handler, about session.Session) error
}

// user is one client of a service, with a session: it heartbeats, backs off where that fails, and uses a handler.
type user struct {
	service service
	session session.Session
	handler handler
	ledger  *ledger
	talks   <-chan struct{} // closed when it begins to use the handler; nil: when it is born

	beats, handlings atomic.Int64 // that succeeded; that ended
	cancel           context.CancelFunc
	living           sync.WaitGroup
}

// born begins a user's life.
func (u *user) born() {
	ctx, cancel := context.WithCancel(context.Background())
	u.cancel = cancel
	u.living.Go(func() { u.beat(ctx) })
	u.living.Go(func() { u.talk(ctx) })
}

// die ends a user's life. The session is dead from then on.
func (u *user) die() {
	u.leave()
	u.ledger.died(u.session.ID)
}

// leave ends a user's life without a word to the ledger.
func (u *user) leave() {
	u.cancel()
	u.living.Wait()
}

// beat heartbeats until ctx is done, or the session is gone.
func (u *user) beat(ctx context.Context) {
	delay, retry := rand.N(heartbeat), retryMin
	for wait(ctx, delay) {
		err := u.service.Heartbeat(context.WithoutCancel(ctx), u.session.ID)
		switch {
		case err == nil:
			u.beats.Add(1)
			delay, retry = heartbeat, retryMin
		case errors.Is(err, api.ErrNotFound):
			return
		default:
			delay = retry/2 + rand.N(retry/2)
			retry = min(2*retry, retryMax)
		}
	}
}

// talk uses the handler until ctx is done. What comes of it is no concern of the user's: its heartbeat will tell.
func (u *user) talk(ctx context.Context) {
	if u.talks != nil {
		select {
		case <-u.talks:
		case <-ctx.Done():
			return
		}
	}
	for wait(ctx, pace/2+rand.N(pace)) {
		u.service.Handle(context.WithoutCancel(ctx), u.handler, u.session)
		u.handlings.Add(1)
	}
}

// wait waits, and reports false if ctx is done before.
func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
