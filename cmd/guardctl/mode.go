package main

import (
	"context"
	"fmt"
	"slices"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/urfave/cli/v3"
)

// mode shows whether the gate enforces what it says, or changes that.
func (s *session) mode(ctx context.Context, cmd *cli.Command, c *client) (int, error) {
	if !cmd.Args().Present() {
		p, err := c.report(ctx)
		if err != nil {
			return 0, err
		}
		s.print(s.screen.mode(p)...)
		return exitHealthy, nil
	}
	action, operations := guard.Action(cmd.Args().First()), cmd.Args().Tail()
	done, err := c.control(ctx, action, command{Operations: operations, Reason: cmd.String("reason")})
	if err != nil {
		return 0, refused(cmd, err)
	}
	what := "every destructive operation"
	if len(done.Operations) > 0 {
		what = enumerate(done.Operations)
	}
	if done.Action == guard.ActionObserve {
		s.print(s.screen.wrap(s.screen.paint(loud, "NOT ENFORCING")+"  ", fmt.Sprintf("%s, by %s: only an open breaker still refuses it. To end that: guardctl mode enforce -reason TEXT", what, done.Actor), plain)...)
	} else {
		s.print(s.screen.wrap("", fmt.Sprintf("enforcing %s, by %s: it runs only if the gate allows it.", what, done.Actor), plain)...)
	}
	return exitHealthy, nil
}

// mode says what is enforced.
func (s screen) mode(p *picture) []string {
	var enforced []string
	for _, op := range p.Operations {
		if !slices.Contains(p.Observed, op.Decision.Operation) { // a decision says enforce too where only the breaker refuses
			enforced = append(enforced, op.Decision.Operation)
		}
	}
	enforced = slices.Compact(enforced)
	lines := []string{p.Mode.String()}
	if p.Mode == guard.Observe || len(p.Observed) > 0 {
		what := enumerate(p.Observed)
		if len(p.Observed) == 0 {
			what = "whatever is registered"
		}
		lines = append(lines, s.wrap(s.paint(loud, "NOT ENFORCING")+"  ", what, plain)...)
	}
	if len(enforced) > 0 {
		lines = append(lines, s.wrap("enforcing      ", enumerate(enforced), plain)...)
	}
	return lines
}
