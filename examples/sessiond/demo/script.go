package main

import (
	"context"
	"time"

	"github.com/guardgen/guardgen/internal/faultproxy"
)

// noise strikes one request in fifty: half of them end with an error, half run into their deadline.
var noise = faultproxy.Fault{Fail: 0.01, Swallow: 0.01}

var (
	well      = faultproxy.Fault{}
	blackHole = faultproxy.Fault{BlackHole: true}
	refused   = faultproxy.Fault{Refuse: true}
)

// phase is a stretch of the script.
type phase struct {
	name       string
	lasts      time.Duration // unscaled
	api, redis faultproxy.Fault
	flap       time.Duration // unscaled; if not 0, the two are refused in turns, one turn so long
}

// script is what happens to both dependencies before they return for good. After the calm there is always noise on what
// has no stronger fault.
var script = []phase{
	{name: "calm", lasts: 90 * time.Second},
	{name: "2 % noise on both", lasts: 80 * time.Second, api: noise, redis: noise},
	{name: "api is a black hole", lasts: 45 * time.Second, api: blackHole, redis: noise},
	{name: "both are black holes", lasts: 20 * time.Second, api: blackHole, redis: blackHole},
	{name: "redis is a black hole", lasts: 40 * time.Second, api: noise, redis: blackHole},
	{name: "2 % noise on both", lasts: 15 * time.Second, api: noise, redis: noise},
	{name: "redis is refused", lasts: 30 * time.Second, api: noise, redis: refused},
	{name: "both are refused", lasts: 15 * time.Second, api: refused, redis: refused},
	{name: "api is refused", lasts: 30 * time.Second, api: refused, redis: noise},
	{name: "flapping, api and redis in turns", lasts: 60 * time.Second, api: noise, redis: noise, flap: 3 * time.Second},
}

// length is how long the script lasts, unscaled.
func length() (total time.Duration) {
	for _, p := range script {
		total += p.lasts
	}
	return total
}

// calm reports whether nothing is injected in the phase.
func (p phase) calm() bool { return p.api == well && p.redis == well && p.flap == 0 }

// play runs phases on the worlds and leaves them with both dependencies well. It announces each phase before it begins.
// The error is that of ctx, or of a proxy.
func play(ctx context.Context, phases []phase, t tempo, worlds []*world, announce func(phase)) error {
	for _, p := range phases {
		announce(p)
		if err := p.run(ctx, t, worlds); err != nil {
			return err
		}
	}
	return strike(worlds, well, well)
}

// run runs one phase.
func (p phase) run(ctx context.Context, t tempo, worlds []*world) error {
	scaled := func(d time.Duration) time.Duration { return time.Duration(float64(d) / t.scale) }
	if p.flap == 0 {
		if err := strike(worlds, p.api, p.redis); err != nil {
			return err
		}
		return wait(ctx, scaled(p.lasts))
	}
	for elapsed, redisTurn := time.Duration(0), true; elapsed < p.lasts; elapsed, redisTurn = elapsed+p.flap, !redisTurn {
		api, redis := refused, p.redis
		if redisTurn {
			api, redis = p.api, refused
		}
		if err := strike(worlds, api, redis); err != nil {
			return err
		}
		if err := wait(ctx, scaled(p.flap)); err != nil {
			return err
		}
	}
	return nil
}

// strike sets the faults in every world.
func strike(worlds []*world, api, redis faultproxy.Fault) error {
	for _, w := range worlds {
		if err := w.strike(api, redis); err != nil {
			return err
		}
	}
	return nil
}

// wait waits for d. The error is that of ctx, if it ends first.
func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
