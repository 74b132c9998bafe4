package main

import (
	"context"
	"time"
)

// watchPlain prints how things are, and then what happens, a line each, until it is interrupted.
func (s *session) watchPlain(ctx context.Context, c *client, p *picture) (int, error) {
	now := time.Now()
	s.print(s.screen.wrap(clockTime(now, now, s.screen.zone)+"  ", newShow(s.screen, p, now).summary(), plain)...)
	err := c.follow(ctx, p.LastEvent, func(n news) error {
		s.print(s.screen.news(n, time.Now())...)
		return s.stdout.err
	})
	if ctx.Err() != nil {
		return exitHealthy, nil
	}
	return 0, err
}
