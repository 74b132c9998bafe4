package main

import (
	"context"
	"time"

	"github.com/guardgen/guardgen/runtime/status"
	"github.com/urfave/cli/v3"
)

// denials lists what was not done, the most frequent first.
func (s *session) denials(ctx context.Context, cmd *cli.Command, c *client) (int, error) {
	var all []status.Denial
	raw, err := c.list(ctx, "/denials", nil, &all)
	if err != nil {
		return 0, err
	}
	if cmd.Bool("json") {
		s.pass(raw)
		return exitHealthy, nil
	}
	if len(all) == 0 {
		s.print("Nothing was denied since the service started.")
		return exitHealthy, nil
	}
	var denied, would uint64
	for _, d := range all {
		denied += d.Count - min(d.WouldDeny, d.Count)
		would += d.WouldDeny
	}
	shown := show{screen: s.screen, now: time.Now()}
	t := table{screen: s.screen}
	shown.addDenials(&t, mostFrequent(all))
	s.print(append(append(s.screen.wrap("", countDenials(denied, would)+".", plain), ""), t.lines()...)...)
	return exitHealthy, nil
}
