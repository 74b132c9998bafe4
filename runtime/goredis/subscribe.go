package goredis

import (
	"context"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"
)

// Subscribe subscribes to channels as client.Subscribe does, and waits until the server has confirmed the first: what go-redis
// returns looks well in an outage. It is refused while the dependency is unhealthy; its failure counts. Without a deadline
// in ctx it waits for five seconds. What the subscription later receives, and its reconnections, are go-redis' own.
func (g *Guarded) Subscribe(ctx context.Context, channels ...string) (*redis.PubSub, error) {
	return g.subscribe(ctx, channels, g.client.Subscribe)
}

// PSubscribe is [Guarded.Subscribe] for patterns.
func (g *Guarded) PSubscribe(ctx context.Context, patterns ...string) (*redis.PubSub, error) {
	return g.subscribe(ctx, patterns, g.client.PSubscribe)
}

// SSubscribe is [Guarded.Subscribe] for shard channels.
func (g *Guarded) SSubscribe(ctx context.Context, channels ...string) (*redis.PubSub, error) {
	return g.subscribe(ctx, channels, g.client.SSubscribe)
}

// confirmation is how long a subscription may take without a deadline of the caller.
const confirmation = 5 * time.Second

func (g *Guarded) subscribe(ctx context.Context, names []string, send func(context.Context, ...string) *redis.PubSub) (*redis.PubSub, error) {
	if len(names) == 0 {
		return nil, errors.New("goredis: a subscription needs a channel")
	}
	attempt := g.pubsub.Begin(ctx)
	if !attempt.Admitted() {
		return nil, attempt.Settle(ctx, nil)
	}
	wait := confirmation
	if deadline, ok := attempt.Context(ctx).Deadline(); ok {
		wait = max(time.Millisecond, time.Until(deadline))
	}
	dials := g.dials.Load()
	subscription := send(g.inside(attempt.Context(ctx), false), names...)
	_, err := subscription.ReceiveTimeout(g.inside(attempt.Context(ctx), false), wait)
	if attempt.Succeeded(err) {
		return subscription, nil
	}
	if err == nil {
		_ = attempt.Settle(ctx, nil)
		return subscription, nil
	}
	_ = subscription.Close()
	_ = attempt.SettleAs(ctx, g.judge(ctx, err, dials), err)
	return nil, err
}
