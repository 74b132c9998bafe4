package guard

import (
	"cmp"
	"slices"
	"sync"
	"time"
)

const (
	// denialLines is the least time between two lines about the same operation and reason.
	denialLines = 10 * time.Second
	// denialLimit bounds the operations and reasons that are told apart.
	denialLimit = 1024
)

// Denial counts what was not done, by operation and reason.
type Denial struct {
	Operation  string    `json:"operation"`
	Reason     Reason    `json:"reason"`
	Count      uint64    `json:"count"`
	WouldDeny  uint64    `json:"would_deny"` // part of Count that ran all the same, in observe mode
	First      time.Time `json:"first"`
	Last       time.Time `json:"last"`
	Dependency string    `json:"dependency,omitempty"` // at fault the last time
}

type denialKind struct {
	operation string
	reason    Reason
}

type denialCount struct {
	Denial

	unsaid uint64 // since the last line
	saidAt moment
	latest Event
}

// denials counts denials and holds back their lines: the first of a kind is said at once, then one line for each
// 10 s with a count. Safe for concurrent use.
type denials struct {
	mu     sync.Mutex
	byKind map[denialKind]*denialCount
}

func (d *denials) init() { d.byKind = make(map[denialKind]*denialCount) }

// denied counts a denial of op and returns its error, or nil if v allows or op is only observed. A closed registry, and
// break-glass that is not valid or cannot be recorded, deny in observe mode too; so does the breaker of op's own dependency,
// which refuses every call.
func (r *HealthRegistry) denied(op *operation, v verdict) *DestructiveDeniedError {
	if v.reason == "" {
		return nil
	}
	mode := r.effect(op, v)
	denial := r.denial(op, v)
	now := r.clock.now()
	event := Event{
		Kind: EventDenial, Dependency: v.dependency, Operation: op.name, Reason: string(v.reason), RetryAfter: denial.RetryAfter(),
		Key: v.key, Mode: mode, Err: v.cause,
	}
	if said := r.denials.count(event, now, r.clock.wall(now)); said != nil {
		r.events.publish(said)
	}
	if mode == Observe {
		return nil
	}
	return denial
}

// effect is the mode that holds for a verdict, whatever that of op is.
func (r *HealthRegistry) effect(op *operation, v verdict) Mode {
	switch v.reason {
	case ReasonRegistryClosed, ReasonOverride, ReasonAudit:
		return Enforce
	case ReasonIsolated, ReasonUnhealthy:
		if op.word()&refusing != 0 {
			return Enforce
		}
	}
	return r.modeOf(op)
}

// count counts a denial and returns the event to publish now, nil if none is due.
func (d *denials) count(event Event, now moment, wall time.Time) *Event {
	d.mu.Lock()
	defer d.mu.Unlock()
	kind := denialKind{event.Operation, Reason(event.Reason)}
	c := d.byKind[kind]
	if c == nil && len(d.byKind) >= denialLimit {
		kind.operation = "(others)"
		event.Operation = kind.operation
		c = d.byKind[kind]
	}
	if c == nil {
		c = &denialCount{Denial: Denial{Operation: kind.operation, Reason: kind.reason, First: wall}}
		d.byKind[kind] = c
	}
	c.Count++
	c.unsaid++
	c.Last, c.Dependency = wall, event.Dependency
	if event.Mode == Observe {
		c.WouldDeny++
	}
	c.latest = event
	if c.saidAt != 0 && now < c.saidAt.add(denialLines) {
		return nil
	}
	return c.say(now, wall)
}

// say makes the event of everything unsaid. Requires the lock of its denials.
func (c *denialCount) say(now moment, wall time.Time) *Event {
	event := c.latest
	event.Time, event.Count = wall, c.unsaid
	c.unsaid, c.saidAt = 0, now
	return &event
}

// flushDenials publishes what was held back for long enough.
func (r *HealthRegistry) flushDenials(now moment) {
	r.denials.mu.Lock()
	var due []*Event
	for _, c := range r.denials.byKind {
		if c.unsaid > 0 && now >= c.saidAt.add(denialLines) {
			due = append(due, c.say(now, r.clock.wall(now)))
		}
	}
	r.denials.mu.Unlock()
	for _, event := range due {
		r.events.publish(event)
	}
}

// Denials returns what was not done since the registry was made, by operation and reason, sorted; at most some
// thousand kinds are told apart.
func (r *HealthRegistry) Denials() []Denial {
	r.denials.mu.Lock()
	defer r.denials.mu.Unlock()
	all := make([]Denial, 0, len(r.denials.byKind))
	for _, c := range r.denials.byKind {
		all = append(all, c.Denial)
	}
	slices.SortFunc(all, func(a, b Denial) int {
		return cmp.Or(cmp.Compare(a.Operation, b.Operation), cmp.Compare(a.Reason, b.Reason))
	})
	return all
}
