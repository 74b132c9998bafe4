package main

import (
	"context"
	"fmt"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/urfave/cli/v3"
)

// waitTurn is how often somebody who waits asks.
const waitTurn = 500 * time.Millisecond

// goals are what can be waited for.
var goals = map[string]func(*picture) bool{
	"healthy":   func(p *picture) bool { return p.State == guard.Healthy },
	"degraded":  func(p *picture) bool { return p.State == guard.Healthy || p.State == guard.Degraded },
	"unhealthy": func(p *picture) bool { return p.State == guard.Unhealthy },
	"open": func(p *picture) bool {
		gate := p.Checks["gate:destructive"]
		return len(gate) > 0 && gate[0].ObservedValue == "open"
	},
}

// wait asks until the service is as it should be. One that cannot be reached may be about to start.
func (s *session) wait(ctx context.Context, cmd *cli.Command, c *client) (int, error) {
	goal, patience := cmd.String("for"), cmd.Duration("timeout")
	reached, ok := goals[goal]
	switch {
	case !ok:
		return 0, fmt.Errorf("-for %s: want healthy, degraded (which is: or better), unhealthy or open", goal)
	case patience < 0:
		return 0, fmt.Errorf("-timeout %s: want a time, such as 30s, or 0 to ask once", patience)
	}
	if patience > 0 {
		c.patience = min(c.patience, patience)
	}
	deadline := time.After(patience)
	ticker := time.NewTicker(waitTurn)
	defer ticker.Stop()
	for first := true; ; first = false {
		p, err := c.report(ctx)
		switch {
		case ctx.Err() != nil:
			return 0, ctx.Err()
		case err == nil && reached(p):
			s.print(newShow(s.screen, p, time.Now()).summary())
			return exitHealthy, nil
		case first && patience > 0:
			s.say(fmt.Sprintf("waiting for %s, %s at most; now: %s", goal, patience, s.how(p, err)))
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-deadline:
			s.say(fmt.Sprintf("not %s after %s: %s", goal, patience, s.how(p, err)))
			if err != nil || codeOf(p.State) == exitHealthy { // healthy, and not what was waited for
				return exitUnknown, nil
			}
			return codeOf(p.State), nil
		case <-ticker.C:
		}
	}
}

// how says how things are, if that is known.
func (s *session) how(p *picture, err error) string {
	if err != nil {
		return err.Error()
	}
	return newShow(s.screen, p, time.Now()).summary()
}
