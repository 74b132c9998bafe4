package guard

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"
)

// outcome is what became of a story.
type outcome struct {
	sessions int
	wrongful int // live sessions ended, and topics of live sessions deleted, by anybody but their users
	dead     int // clients that died
	reaped   int // of those, sessions that ended
	overdue  []string
	asks     int // first questions about the dead in health
	passed   int // of those, allowed
	delays   []time.Duration
	hash     uint64
}

// sessionEnds is told when the API ends a session.
func (s *sim) sessionEnds(c *simClient, by string) {
	if !s.api.sessions[c.id] {
		return
	}
	s.api.sessions[c.id] = false
	c.ended = s.now
	s.judge("session", c, by)
}

// topicGoes is told when Redis deletes a topic.
func (s *sim) topicGoes(c *simClient, by string) {
	if !s.redis.topics[c.id] {
		return
	}
	s.redis.topics[c.id] = false
	s.judge("topic", c, by)
}

// judge is the first oracle: a live session or its topic is never destroyed by anybody but its user.
func (s *sim) judge(what string, c *simClient, by string) {
	if c.died != 0 || c.leaving {
		s.note("rightful "+what, c.id, by)
		return
	}
	s.result.wrongful++
	s.note("WRONGFUL "+what, c.id, by)
}

// reaperAsked counts the first question about each dead session whose answer must be yes: health was owed for as long as
// it takes the gate to open, and there is a budget for all.
func (s *sim) reaperAsked(c *simClient, allowed bool) {
	if c.died == 0 || c.asked || s.budget != NoBudget || !s.healthy(s.now, s.hold) {
		return
	}
	c.asked = true
	s.result.asks++
	if allowed {
		s.result.passed++
	}
}

// word is the gate's answer for the trace.
func (s *sim) word(answer pass) string {
	p, guarded := answer.(guardPass)
	switch {
	case answer.Admitted():
		return "allowed"
	case !guarded:
		return "open"
	}
	if denied, ok := errors.AsType[*DestructiveDeniedError](p.detail.refusal); ok {
		return string(denied.Reason)
	}
	return "refused"
}

// settle is the second oracle, at the end of the story: whoever died long enough ago has been reaped.
func (s *sim) settle() outcome {
	r := &s.result
	r.sessions = len(s.clients)
	for _, c := range s.clients {
		if c.died == 0 {
			continue
		}
		r.dead++
		due := s.due(c.died)
		if c.ended != 0 {
			r.reaped++
			r.delays = append(r.delays, c.ended-c.died)
		}
		if due <= s.length && (c.ended == 0 || c.ended > due) {
			r.overdue = append(r.overdue, fmt.Sprintf("session %d died at %s, was due at %s, ended at %s", c.id, c.died, due, c.ended))
		}
	}
	return *r
}

// row is what became of all stories of a scenario, by protection.
type row struct {
	scenario *scenario
	seeds    int
	denied   uint64     // the first seed in which a rightful question was not answered with yes at once
	by       [3]outcome // sums, by protection
}

func (r *row) add(kind protectionKind, o outcome) {
	sum := &r.by[kind]
	sum.sessions += o.sessions
	sum.wrongful += o.wrongful
	sum.dead += o.dead
	sum.reaped += o.reaped
	sum.asks += o.asks
	sum.passed += o.passed
	sum.delays = append(sum.delays, o.delays...)
}

// printRows prints the table of the documentation.
func printRows(w io.Writer, rows []*row) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "scenario\tseeds\tsessions\traw\tnaive\tguarded\tdead\treaped\tasks\tat once\tp50\tp95\t")
	for _, r := range rows {
		g := r.by[guardedBy]
		atOnce := "-"
		if g.asks > 0 {
			atOnce = fmt.Sprintf("%.1f%%", 100*float64(g.passed)/float64(g.asks))
		}
		slices.Sort(g.delays)
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%s\t%s\t%s\t\n", r.scenario.name, r.seeds, g.sessions,
			r.by[bare].wrongful, r.by[naive].wrongful, g.wrongful, g.dead, g.reaped, g.asks, atOnce, quantile(g.delays, 50), quantile(g.delays, 95))
	}
	t.Flush()
}

// quantile returns the given percentile of sorted durations, in words.
func quantile(sorted []time.Duration, percent int) string {
	if len(sorted) == 0 {
		return "-"
	}
	return sorted[(len(sorted)-1)*percent/100].Round(time.Second).String()
}
