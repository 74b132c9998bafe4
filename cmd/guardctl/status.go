package main

import (
	"context"
	"time"

	"github.com/urfave/cli/v3"
)

// status shows how things are, once.
func (s *session) status(ctx context.Context, cmd *cli.Command, c *client) (int, error) {
	if cmd.Bool("json") {
		p, err := c.report(ctx)
		if err != nil {
			return 0, err
		}
		s.pass(p.raw)
		return codeOf(p.State), nil
	}
	p, err := c.overview(ctx)
	if err != nil {
		return 0, err
	}
	shown := newShow(s.screen, p, time.Now())
	if cmd.Bool("all") {
		shown = shown.everything()
	}
	s.print(shown.lines()...)
	return codeOf(p.State), nil
}

// pass prints a document as the server sent it; a terminal gets it with nothing in it that would be obeyed.
func (s *session) pass(document []byte) {
	if s.screen.terminal {
		document = escape(document)
	}
	s.stdout.Write(document)
	if len(document) > 0 && document[len(document)-1] != '\n' {
		s.stdout.Write([]byte{'\n'})
	}
}
