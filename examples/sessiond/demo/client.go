package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/guardgen/guardgen/examples/sessiond/api"
	"github.com/guardgen/guardgen/examples/sessiond/service"
	"github.com/guardgen/guardgen/examples/sessiond/session"
)

// client simulates the client of one session: it heartbeats through the service, backs off when that fails, and sends
// messages by the handlers that were written without a thought of outages.
type client struct {
	service  *service.Service
	session  session.Session
	tempo    tempo
	dice     *rand.Rand
	lifetime time.Duration // until it dies; 0: it lives on
	notifies bool          // it sends to its own channel, by Notify
}

// run lives the client's life: until it dies, until its session turns out to be gone, or until ctx is done. It reports
// whether it died.
func (c *client) run(ctx context.Context) (died bool) {
	if c.lifetime > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.lifetime)
		defer cancel()
	}
	delay := time.Duration(c.dice.Float64() * float64(c.tempo.heartbeat))
	retry := c.tempo.retryMin
	for wait(ctx, delay) == nil {
		err := c.service.Heartbeat(context.WithoutCancel(ctx), c.session.ID)
		switch {
		case err == nil:
			c.talk(context.WithoutCancel(ctx))
			delay, retry = c.tempo.heartbeat, c.tempo.retryMin
		case errors.Is(err, api.ErrNotFound):
			return false
		default:
			delay = time.Duration((0.5 + c.dice.Float64()/2) * float64(retry))
			retry = min(2*retry, c.tempo.retryMax)
		}
	}
	return errors.Is(context.Cause(ctx), context.DeadlineExceeded)
}

// talk sends a message now and then. What becomes of it is no concern of the client's: its heartbeat will tell.
func (c *client) talk(ctx context.Context) {
	if c.dice.IntN(2) == 0 {
		return
	}
	if c.session.Topic != "" {
		c.service.Deliver(ctx, c.session.ID, c.session.Topic, []byte("a message"))
	}
	if c.notifies {
		c.service.Notify(ctx, c.session.ID, []byte("a note"))
	}
}
