package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/guardgen/guardgen/runtime/status"
	"github.com/urfave/cli/v3"
)

// tailLength is how many events are shown before those that are followed.
const tailLength = 10

// events lists what happened, and with -f goes on.
func (s *session) events(ctx context.Context, cmd *cli.Command, c *client) (int, error) {
	past, err := c.past(ctx)
	if err != nil {
		return 0, err
	}
	asJSON := cmd.Bool("json")
	switch {
	case cmd.Bool("f"):
		return s.followEvents(ctx, c, past, asJSON)
	case asJSON:
		s.pass(past.raw)
	case len(past.entries) == 0:
		s.print("Nothing has happened since the service started.")
	default:
		for _, e := range past.entries {
			s.print(s.screen.event(e, time.Now())...)
		}
	}
	return exitHealthy, nil
}

// past is what a service remembers of its events.
type past struct {
	raw     []byte // as it came
	entries []status.Entry
}

func (c *client) past(ctx context.Context) (p past, err error) {
	p.raw, err = c.list(ctx, "/events", nil, &p.entries)
	return p, err
}

// last is the ID of the newest.
func (p past) last() string {
	if len(p.entries) == 0 {
		return "0"
	}
	return p.entries[len(p.entries)-1].ID
}

// tail is as if the newest came one after the other.
func (p past) tail() ([]news, error) {
	var raws []json.RawMessage
	if err := json.Unmarshal(p.raw, &raws); err != nil {
		return nil, err
	}
	var tail []news
	for i := max(0, len(raws)-tailLength); i < len(raws); i++ {
		tail = append(tail, news{entry: &p.entries[i], raw: raws[i]})
	}
	return tail, nil
}

// followEvents prints the last of what happened, and then what happens, until it is interrupted.
func (s *session) followEvents(ctx context.Context, c *client, past past, asJSON bool) (int, error) {
	tell := func(n news) error {
		switch {
		case !asJSON:
			s.print(s.screen.news(n, time.Now())...)
		case n.entry != nil:
			s.pass(n.raw)
		default: // not of the log
			s.say(n.text())
		}
		return s.stdout.err
	}
	tail, err := past.tail()
	if err != nil {
		return 0, err
	}
	for _, n := range tail {
		tell(n)
	}
	err = c.follow(ctx, past.last(), tell)
	if ctx.Err() != nil {
		return exitHealthy, nil
	}
	return 0, err
}

// event is an entry of the log in lines.
func (s screen) event(e status.Entry, now time.Time) []string {
	return s.wrap(clockTime(e.Time, now, s.zone)+"  "+s.mark(e.Level)+"  ", e.Text, textStyle(e.Level))
}

// news is what following brings, in lines.
func (s screen) news(n news, now time.Time) []string {
	if n.entry != nil {
		return s.event(*n.entry, now)
	}
	return s.wrap(clockTime(now, now, s.zone)+"  "+s.mark(status.LevelWarn)+"  ", "-- "+n.text(), plain)
}

// text puts what is not of the log in words.
func (n news) text() string {
	switch {
	case n.dropped:
		return "the service has ended this connection, because it was too slow"
	case n.gap != nil && n.gap.Restarted:
		return "the service was restarted: what happened before is gone"
	case n.gap != nil:
		return count(n.gap.Missed, "event is missing here", "events are missing here")
	case n.lost != nil:
		return fmt.Sprintf("connection lost, trying again: %s", clean(n.lost.Error()))
	case n.back:
		return "connected again"
	case n.entry != nil:
		return n.entry.Text
	default:
		return ""
	}
}
