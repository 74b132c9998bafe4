package main

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/urfave/cli/v3"
)

// explain says what the gate would say now, and why.
func (s *session) explain(ctx context.Context, cmd *cli.Command, c *client) (int, error) {
	operation, keys := cmd.Args().First(), cmd.Args().Tail()
	query := url.Values{"operation": {operation}}
	if len(keys) > 0 {
		query["key"] = keys
	}
	if cmd.Bool("confirmed") {
		query.Set("confirmed", "")
	}
	var d guard.Decision
	raw, err := c.list(ctx, "/explain", query, &d)
	if err != nil {
		return 0, err
	}
	if cmd.Bool("json") {
		s.pass(raw)
	} else {
		s.print(s.screen.decision(d, strings.Join(cmd.Args().Slice(), " "))...)
	}
	switch {
	case !d.Known:
		return exitUnknown, s.unknownOperation(ctx, c, operation)
	case shut(d):
		return exitUnhealthy, nil
	default:
		return exitHealthy, nil
	}
}

// unknownOperation says which are known.
func (s *session) unknownOperation(ctx context.Context, c *client, operation string) error {
	p, err := c.report(ctx)
	if err != nil {
		return err
	}
	var known []string
	for _, op := range p.Operations {
		known = append(known, op.Decision.Operation)
	}
	return fmt.Errorf("no operation is known as %s: %s", operation, didYouMean(operation, known))
}

// decision puts a decision in words, the verdict first.
func (s screen) decision(d guard.Decision, asked string) []string {
	verdict := s.verdict(d)
	lines := s.wrap(s.paint(verdict.as, verdict.text)+"  ", clean(asked), strong)
	if !d.Allowed {
		lines = append(lines, s.wrap("", fmt.Sprintf("why (%s): %s", d.Reason, d.Detail), plain)...)
	}
	if d.Key != "" {
		lines = append(lines, s.wrap("", "key: "+d.Key, plain)...)
	}
	if next := remedy(d); next != "" {
		lines = append(lines, s.wrap("", "then: "+next, plain)...)
	}
	return lines
}

func (s screen) verdict(d guard.Decision) cell {
	switch {
	case !d.Known:
		return cell{"UNKNOWN", red}
	case d.Mode == guard.Observe && shut(d):
		return cell{"NOT ENFORCED, would be blocked", loud}
	case d.Mode == guard.Observe:
		return cell{"NOT ENFORCED", loud}
	case d.Allowed:
		return cell{"allowed", green}
	case d.Reason == guard.ReasonUnproven:
		return cell{"allowed if a probe succeeds", green}
	default:
		return cell{"BLOCKED", red}
	}
}

// remedy says what would change a decision; "" if nothing needs to.
func remedy(d guard.Decision) string {
	switch {
	case d.Allowed:
		return ""
	case d.Reason == guard.ReasonUnproven:
		return fmt.Sprintf("the gate probes %s before it answers", d.Dependency)
	case d.Reason == guard.ReasonIsolated:
		return fmt.Sprintf("until somebody restores it: guardctl restore %s -reason TEXT", d.Dependency)
	case mends(d.Reason):
		return fmt.Sprintf("asking again makes sense %s", soon(d.RetryAfter))
	default:
		return "time does not mend this: it is for the program to do"
	}
}

// mends reports whether time mends what a reason says.
func mends(r guard.Reason) bool {
	switch r {
	case guard.ReasonIsolated, guard.ReasonNoDependency, guard.ReasonUnknownDependency, guard.ReasonRegistryClosed, guard.ReasonOverride, guard.ReasonAudit:
		return false
	}
	return true
}
