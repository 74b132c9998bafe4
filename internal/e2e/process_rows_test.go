package e2e

import (
	"context"
	"errors"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

// Where our own process fails: the programs have processes of their own.

var processRows = []row{
	{
		fault: "SIGSTOP of the guarded process, for longer than the TTL", hits: ofProcess, own: true, ajar: true, fast: true,
		expect: []guard.Reason{guard.ReasonStalled, guard.ReasonRecovering, guard.ReasonHold},
		strike: again(2*outage, func(s *stage, _ int) error {
			err := each(s.children, func(c *child) error { return c.Stop() })
			wait(context.Background(), outage)
			return errors.Join(err, each(s.children, func(c *child) error { return c.Continue() }))
		}),
	},
	{
		fault: "kill -9 of the guarded process and its restart, Redis in a black hole", hits: ofProcess, own: true,
		expect: []guard.Reason{guard.ReasonUnhealthy, guard.ReasonStart, guard.ReasonRecovering, guard.ReasonUnproven},
		strike: both(poisoned(1, noRequests, noAnswers), done(func(s *stage) error {
			wait(context.Background(), 2*time.Second)
			return each(s.children, func(c *child) error { return errors.Join(c.kill(), c.start()) })
		})),
	},
}

// each does something with each child.
func each(children []*child, do func(*child) error) error {
	var failed error
	for _, c := range children {
		failed = errors.Join(failed, do(c))
	}
	return failed
}
