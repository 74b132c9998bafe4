package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/urfave/cli/v3"
)

// probe has a dependency probed now.
func (s *session) probe(ctx context.Context, cmd *cli.Command, c *client) (int, error) {
	what := about(cmd)
	if what.Reason == "" {
		what.Reason = "probed by guardctl"
	}
	_, err := c.control(ctx, guard.ActionProbe, what)
	if refusal, ok := errors.AsType[*refusal](err); ok && refusal.code == http.StatusBadGateway {
		s.print(s.screen.wrap(s.screen.paint(red, "FAIL")+"  ", what.Dependency+" did not answer: "+refusal.Error(), plain)...)
		return exitUnhealthy, nil
	}
	if err != nil {
		return 0, refused(cmd, err)
	}
	s.print(s.screen.paint(green, "OK") + "  " + what.Dependency + " answered")
	return exitHealthy, nil
}

// isolate takes a dependency out.
func (s *session) isolate(ctx context.Context, cmd *cli.Command, c *client) (int, error) {
	done, err := s.act(ctx, cmd, c, guard.ActionIsolate)
	if err != nil {
		return 0, err
	}
	s.print(s.screen.wrap("", fmt.Sprintf("%s is isolated, by %s: its calls are refused, nothing probes it, and destructive operations that require it are blocked.",
		done.Dependency, done.Actor), plain)...)
	s.print("To end that: guardctl restore " + done.Dependency + " -reason TEXT")
	return exitHealthy, nil
}

// restore ends an isolation.
func (s *session) restore(ctx context.Context, cmd *cli.Command, c *client) (int, error) {
	done, err := s.act(ctx, cmd, c, guard.ActionRestore)
	if err != nil {
		return 0, err
	}
	s.print(s.screen.wrap("", fmt.Sprintf("%s is restored, by %s: it is used again as soon as it answers, and the gate opens when it has been well for its hold time.",
		done.Dependency, done.Actor), plain)...)
	return exitHealthy, nil
}

// act does what needs a dependency and a reason.
func (s *session) act(ctx context.Context, cmd *cli.Command, c *client, action guard.Action) (guard.Control, error) {
	done, err := c.control(ctx, action, about(cmd))
	return done, refused(cmd, err)
}

// about reads the dependency and the reason.
func about(cmd *cli.Command) command {
	return command{Dependency: cmd.Args().First(), Reason: strings.TrimSpace(cmd.String("reason"))}
}

// refused says which verb was.
func refused(cmd *cli.Command, err error) error {
	if refusal, ok := errors.AsType[*refusal](err); ok {
		return fmt.Errorf("%s: %w", cmd.Name, refusal)
	}
	return err
}
